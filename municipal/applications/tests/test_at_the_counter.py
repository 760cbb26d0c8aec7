"""Staff takes applications in: the same cases, identity and signature noted, all or nothing (窓口受付の試験)."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.planning import plan
from municipal.applications.bundling.questions import given
from municipal.applications.counter.counting import Counts, counted
from municipal.applications.counter.offering import offers
from municipal.applications.counter.paper import LINE, values, write_blank, write_everything
from municipal.applications.counter.questions import once, spread
from municipal.applications.counter.sources import families, members
from municipal.applications.keys import token_digest
from municipal.applications.models import Attachment, Bundle, Case, Draft, Reception
from municipal.applications.operations import draft_of
from municipal.applications.operations.at_the_counter import (
    choose,
    desk_token,
    drafts_of,
    hand_in,
    let_go,
    reception_of,
)
from municipal.core import clock
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import by_id, shipped
from municipal.residents.models import ResidentRecord

from .acting import CLERK, a_case
from .receiving import FAMILY, HOME, IDENTITY, JOINED, PHONE, PLANNED, answered, family, handed_in, newcomers

pytestmark = pytest.mark.usefixtures("town")


def refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"identity_check": ""}, "no_identity"),
        ({"identity_check": "made_up"}, "no_identity"),
        ({"identity_document": " "}, "no_document"),
        ({"identity_check": "two_documents", "identity_document": ""}, "no_document"),
        ({"agreed": ""}, "not_agreed"),
        ({"agreed": "nodded"}, "not_agreed"),
    ],
)
def test_nothing_is_handed_in_without_identity_and_signature(said: dict[str, Any], code: str) -> None:
    reception = answered(newcomers("move-in"), {"move-in": JOINED})
    refused(code, lambda: handed_in(reception, **said))
    assert Case.objects.count() == 0


def test_one_incomplete_form_stops_all_of_them_and_nothing_is_lost() -> None:
    reception = answered(newcomers("move-in", "nhi-join"), {"move-in": JOINED})
    refused("incomplete", lambda: handed_in(reception))
    assert Case.objects.count() == 0
    assert [one.answers for one in drafts_of(reception)] == [JOINED, {}]
    assert reception_of(reception.public).handed_in_at is None


def test_what_has_not_come_yet_cannot_be_received() -> None:
    refused("not_yet_came", lambda: newcomers("move-in", received_on=clock.today() + timedelta(days=1)))
    assert Reception.objects.count() == Bundle.objects.count() == 0


def test_without_a_procedure_nothing_can_be_chosen_and_nothing_handed_in() -> None:
    reception = newcomers("move-in")
    refused("nothing_chosen", lambda: choose(actor=CLERK, reception=reception.public, event="moving", chosen=[]))
    refused("not_online", lambda: choose(actor=CLERK, reception=reception.public, event="moving", chosen=["passport"]))
    refused("no_reception", lambda: let_go(actor=CLERK, reception=uuid4()))


def test_a_draft_at_the_counter_opens_with_no_secret_that_a_browser_could_hold() -> None:
    (draft,) = drafts_of(newcomers("move-in"))
    for token in ("", str(draft.public), token_digest(str(draft.public))):
        refused("no_draft", lambda token=token: draft_of(draft.public, token))
    assert draft.bundle is not None
    assert draft_of(draft.public, desk_token(draft.bundle, "move-in")) == draft


def test_handed_in_twice_it_is_the_same_cases_and_then_nothing_changes_any_more() -> None:
    reception = answered(newcomers("move-in"), {"move-in": JOINED})
    first = handed_in(reception)
    assert handed_in(reception) == first
    assert Case.objects.count() == 1
    refused("handed_in", lambda: answered(reception, {"move-in": {}}))
    refused("handed_in", lambda: let_go(actor=CLERK, reception=reception.public))


def test_a_reception_that_is_given_up_leaves_nothing() -> None:
    reception = answered(newcomers("move-in", "water-start"), {"move-in": JOINED})
    let_go(actor=CLERK, reception=reception.public)
    assert [one.objects.count() for one in (Reception, Bundle, Draft, Case, Attachment)] == [0] * 5


def test_choosing_again_keeps_what_was_answered_for_what_stays() -> None:
    reception = answered(newcomers("move-in", "water-start"), {"move-in": JOINED})
    choose(actor=CLERK, reception=reception.public, event="moving", chosen=["move-in", "nhi-join"])
    again = drafts_of(reception_of(reception.public))
    assert {one.procedure: one.answers for one in again} == {"move-in": JOINED, "nhi-join": {}}


@pytest.mark.parametrize("channel", ["counter", "paper"])
def test_the_same_answers_make_the_same_case_by_every_way(channel: str) -> None:
    """CC-09: answers and people are those of the same form filled in alone, byte for byte."""
    people = {"movers-0": {"name": FAMILY[0][0], "kana": FAMILY[0][1], "born_on": FAMILY[0][2]}}
    said = {"moved_on": PLANNED, "new_address": HOME, "movers": ["movers-0"]}
    agreed = "posted" if channel == "paper" else "screen"
    reception = answered(newcomers("move-within", channel=channel), {"move-within": said}, people)
    (mine,) = handed_in(reception, agreed=agreed)
    alone = a_case("move-within", said)
    Case.objects.filter(pk=alone.pk).update(people=people)
    rows = list(Case.objects.order_by("pk").values_list("answers", "people", "procedure", "version", "state"))
    assert str(rows[0]) == str(rows[1])
    assert Case.objects.get(pk=mine.pk).channel == channel


def test_a_case_counts_from_the_day_on_which_the_letter_came() -> None:
    came = clock.today() - timedelta(days=20)
    reception = answered(newcomers("move-in", channel="paper", received_on=came), {"move-in": JOINED})
    (case,) = handed_in(reception, agreed="posted")
    assert case.due_on == add_business_days(came, 10)
    assert case.due_on < clock.today()


def test_received_data_are_taken_with_source_day_and_law_and_only_where_a_law_says_so() -> None:
    reception = answered(newcomers("move-in", "water-start"), {"move-in": JOINED})
    move_in, water = drafts_of(reception)
    held = move_in.filled["move_out_data"]
    assert (held["source"], held["as_of"], held["status"]) == ("received", "2026-11-18", "held")
    assert held["basis"]["law"] == "住民基本台帳法"
    assert [name in line for (name, *_), line in zip(FAMILY, held["lines"], strict=True)] == [True] * 4
    assert not any(one["source"] == "received" for one in water.filled.values())


def test_what_was_taken_counts_as_confirmed_only_with_the_signature() -> None:
    reception = answered(newcomers("move-in"), {"move-in": JOINED})
    (draft,) = drafts_of(reception)
    assert draft.filled["move_out_data"]["is_confirmed"] is None
    (case,) = handed_in(reception)
    assert case.filled["move_out_data"]["is_confirmed"] is True


def test_the_register_is_not_changed_by_taking_an_application_in() -> None:
    before = ResidentRecord.objects.count()
    handed_in(answered(newcomers("move-in"), {"move-in": JOINED}))
    assert ResidentRecord.objects.count() == before


def test_a_family_stands_together_and_others_apart() -> None:
    rows = family()
    other = family()[0]
    other.said |= {"city": "別の市"}
    other.save()
    found = [[row.pk for row in one] for one in families()]
    assert any(len(one) == 1 and one == [other.pk] for one in found)
    assert max(map(len, found)) == len(rows) + 3


def test_what_follows_a_move_in_is_what_the_rules_of_the_event_say() -> None:
    """Screen 2: the same rules as at home; what the sources answer is not asked, the rest is a perhaps."""
    people, day = members(newcomers("move-in").who, clock.today()), date(2026, 11, 20)
    found = offers(shipped(), "moving", people, day)
    rows = {one.entry.id: one for one in found.rows}
    assert rows["move-in"].due_on == date(2026, 12, 4)
    assert set(found.likely) == {"move-in", "child-allowance", "child-medical", "school-transfer"}
    assert "18歳まで" in rows["child-allowance"].reason("ja") or "子" in rows["child-allowance"].reason("ja")
    assert not rows["dog-registration"].is_likely
    answered_ = {"has_dog": ["yes"], "has_national_health_insurance": ["no"]}
    again = {one.entry.id: one for one in offers(shipped(), "moving", people, day, typed=answered_).rows}
    assert again["dog-registration"].is_likely
    assert again["nhi-join"].item is None
    life = life_events()["moving"]
    values = {"way": ["in"], "on": [day.isoformat()], "from_abroad": ["no"], "has_child": ["yes"], "has_pupil": ["yes"]}
    unknown = {one.id: ["unknown"] for one in life.questions if one.type == "yes_no" and one.id not in values}
    by_rule = plan(life, given(life, {**unknown, **values}, None), shipped())
    assert {one.entry.id for one in found.rows if one.item} == by_rule.ids()


def test_an_event_that_nobody_named_offers_nothing_by_itself_and_a_wrong_answer_is_told() -> None:
    people = members(newcomers("move-in").who, clock.today())
    assert offers(shipped(), "no-such-event", people, clock.today()).rows == ()
    wrong = offers(shipped(), "moving", people, clock.today(), typed={"way": ["through"]}).wrong
    assert wrong is not None
    assert wrong.code == "no_option"


def test_a_question_of_several_forms_is_asked_once_and_answered_everywhere() -> None:
    reception = newcomers("child-allowance", "child-medical", "care-certificate-transfer")
    asked = [(draft.procedure, one.name) for draft, fields in once(drafts_of(reception)) for one in fields]
    names = [name for _code, name in asked]
    assert names.count("contact") == 0
    account = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "オツノ"}
    labels = {one.label.ja for code in ("child-allowance", "child-medical")
              for one in by_id(shipped())[code].asks if one.name == "account"}  # fmt: skip
    assert names.count("account") == len(labels)
    said = spread(drafts_of(reception), {"child-allowance": ({"account": account}, {})}, {"phone": PHONE})
    assert said["child-medical"][0].get("account") == (account if len(labels) == 1 else None)
    assert said["care-certificate-transfer"][0]["contact"] == PHONE


def test_what_was_typed_is_counted_apart_from_what_was_taken() -> None:
    reception = answered(newcomers("move-in"), {"move-in": JOINED})
    people = members(reception.who, clock.today())
    (draft,) = drafts_of(reception)
    asked = [(one, draft.answers.get(one.name), draft.people) for _draft, fields in once([draft]) for one in fields]
    counts = counted(reception_of(reception.public).bundle.applicant, asked, people)
    # Typed: address and telephone. Ticked: who applies, the planned day, as what they came, two choices.
    assert (counts.typed, counts.ticked) == (2, 5)
    assert counts.taken == sum(len(one.taken) for one in people) == 28
    assert counts.typed <= counts.without_source


def test_overwriting_what_a_source_said_counts_as_typed() -> None:
    reception = answered(newcomers("move-in"), {"move-in": {**JOINED, "moved_on": "2026-11-22"}})
    (draft,) = drafts_of(reception)
    asked = [(one, draft.answers.get(one.name), draft.people) for _draft, fields in once([draft]) for one in fields]
    people = members(reception.who, clock.today())
    assert counted(reception_of(reception.public).bundle.applicant, asked, people).typed == 3


def words(file: BytesIO) -> str:
    document = pypdfium2.PdfDocument(file.getvalue())
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def test_one_print_holds_every_value_of_every_form_and_the_guide() -> None:
    member = {"joining-0-member": {"name": FAMILY[1][0], "born_on": FAMILY[1][2]}}
    cause = by_id(shipped())["nhi-join"].asks[0].fields[1].options[0].value
    joining = {"joining": [{"member": ["joining-0-member"], "cause": cause}], "wants_direct_debit": True}
    reception = answered(newcomers("move-in", "nhi-join"), {"move-in": JOINED, "nhi-join": joining}, member)
    people = members(reception.who, clock.today())
    guide = offers(shipped(), "moving", people, date(2026, 11, 20)).rows
    before = BytesIO()
    write_everything(before, reception_of(reception.public), guide)
    cases = handed_in(reception)
    after = BytesIO()
    write_everything(after, reception_of(reception.public), guide)
    said = words(after)
    for case in cases:
        assert case.number in said
        for label, lines in values(case):
            assert label in said, label
            for part in (line[at : at + LINE] for line in lines for at in range(0, len(line), LINE)):
                assert part in said, part
    assert "要介護" in said
    assert "受付番号" not in words(before)


def test_a_blank_form_asks_every_question() -> None:
    for entry in (by_id(shipped())[code] for code in ("move-in", "disaster-certificate", "nhi-join")):
        file = BytesIO()
        write_blank(file, entry)
        said = words(file)
        assert all(field.label.ja in said for field in entry.asks), entry.id


def test_an_unknown_kind_of_channel_is_no_reception() -> None:
    with pytest.raises(ValueError, match="online"):
        newcomers("move-in", channel="online")
    refused("no_reception", lambda: hand_in(actor=CLERK, reception=uuid4(), counts=Counts(), **IDENTITY))
