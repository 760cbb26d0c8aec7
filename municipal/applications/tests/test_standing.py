"""Who may apply, for whom, and for how long (申請者の立場の試験; issue 7, sections 2, 3 and 6)."""

from datetime import timedelta
from typing import Any

import pytest

from municipal.addressees.models import Protection
from municipal.applicants.models import Applicant, Card
from municipal.applicants.operations import end_delegation
from municipal.applicants.tests.holding import refusal
from municipal.applications.keys import code_of
from municipal.applications.models import Case, Channel, Draft
from municipal.applications.operations import (
    APPLICANT,
    adopt,
    begin,
    case_of,
    correct,
    own_case,
    resume,
    save,
    submit,
    withdraw,
)  # fmt: skip
from municipal.applications.operations.drafting import draft_of, refuse_unless_theirs
from municipal.applications.standing import known_of, principal_of
from municipal.core import clock
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .applying import CARD_ONLY, LEFT, PENSION, another, lets_act, sent, somebody, written
from .test_paper import receipt

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def mother(town: int) -> tuple[Applicant, Card]:
    return somebody()


@pytest.fixture
def helper(mother: tuple[Applicant, Card]) -> Applicant:
    return another()[0]


def begun(account: Applicant | None, **said: Any) -> Any:
    return begin(**{"actor": account or APPLICANT, "procedure": CARD_ONLY, "language": "ja"} | said)


def died(card: Card) -> None:
    enter(ResidentRecord.objects.get(addressee=card.holder_id), clock.today(), status="3")


@pytest.mark.parametrize("procedure", [CARD_ONLY, PENSION])
def test_a_guest_begins_only_where_nobody_need_be_identified(procedure: str) -> None:
    assert refusal(lambda: begun(None, procedure=procedure)) == "card_needed"
    assert not Draft.objects.exists()
    assert begun(None, procedure="bulky-waste").draft.account is None


@pytest.mark.parametrize("channel", [Channel.COUNTER, Channel.PAPER, Channel.NATIONAL])
def test_where_staff_checks_who_applies_no_card_is_asked_for(channel: str) -> None:
    assert begun(None, channel=channel).draft.channel == channel


def test_a_guest_speaks_for_nobody_in_the_register(mother: tuple[Applicant, Card]) -> None:
    person = mother[0].person
    assert refusal(lambda: begun(None, procedure="bulky-waste", about=person)) == "not_for_them"


def test_whoever_applies_for_themselves_is_the_person_concerned(mother: tuple[Applicant, Card]) -> None:
    draft = begun(mother[0]).draft
    assert draft.about == mother[0].person
    assert principal_of(draft) is None


def test_nobody_applies_for_somebody_who_did_not_let_them(mother: tuple[Applicant, Card], helper: Applicant) -> None:
    person = mother[0].person
    assert person is not None
    assert refusal(lambda: begun(helper, about=person)) == "not_for_them"
    lets_act(person, helper, procedures=["move-out"])
    assert refusal(lambda: begun(helper, about=person)) == "not_for_them"
    assert begun(helper, about=person, procedure="move-out").draft.about == person


def test_another_account_opens_no_draft_even_with_its_secret(mother: tuple[Applicant, Card], helper: Applicant) -> None:
    made = written(mother[0], CARD_ONLY)
    said: dict[str, Any] = {"draft": made.draft.public, "token": made.token}
    assert refusal(lambda: refuse_unless_theirs(made.draft, helper)) == "no_draft"
    assert refusal(lambda: refuse_unless_theirs(made.draft, None)) == "sign_in_needed"
    assert refusal(lambda: submit(actor=helper, **said)) == "no_draft"
    assert refusal(lambda: submit(actor=APPLICANT, **said)) == "sign_in_needed"
    write: dict[str, Any] = {"page": "you", "applicant": {}, "answers": {}, "people": {}}
    assert refusal(lambda: save(actor=helper, **said, **write)) == "no_draft"
    assert refusal(lambda: adopt(actor=helper, **said)) == "no_draft"
    assert refusal(lambda: resume(actor=helper, draft=made.draft.public)) == "no_draft"
    assert Draft.objects.get().account == mother[0]
    assert not Case.objects.exists()


def test_what_is_sent_after_the_session_ended_is_kept_and_not_submitted(mother: tuple[Applicant, Card]) -> None:
    made = written(mother[0], CARD_ONLY)
    kept = save(
        actor=APPLICANT, draft=made.draft.public, token=made.token, page="you", applicant={"phone": "111"},
        answers={"is_unchanged": True}, people={},
    )  # fmt: skip
    assert kept.applicant == {"phone": "111"}
    assert refusal(lambda: sent(None, made)) == "sign_in_needed"
    assert sent(mother[0], made).applicant["phone"] == "111"


def test_the_register_and_nobody_else_says_who_a_signed_in_person_is(mother: tuple[Applicant, Card]) -> None:
    made = written(mother[0], CARD_ONLY, name="乙野　偽", born_on="1900-01-01", address="架空市0")
    case = sent(mother[0], made)
    assert case.applicant["name"] == "甲野　花子"
    assert case.applicant["born_on"] == "1985-04-01"
    assert (case.applicant["source"], "address" in case.applicant) == ("register", False)


def test_a_protected_person_s_address_is_in_nothing_that_an_applicant_gets(mother: tuple[Applicant, Card]) -> None:
    made = written(mother[0], CARD_ONLY)
    before = known_of(made.draft)
    assert before is not None
    assert "松町" in before.address
    Protection.objects.create(addressee=mother[1].holder, starts_on=clock.today())
    after = known_of(made.draft)
    assert after is not None
    assert (after.address, after.is_withheld) == ("", True)
    assert "松町" not in str(sent(mother[0], made).applicant)


def test_a_guest_s_draft_is_taken_over_with_what_was_written_by_who_signs_in(mother: tuple[Applicant, Card]) -> None:
    made = begun(None, procedure="bulky-waste")
    save(
        actor=APPLICANT, draft=made.draft.public, token=made.token, page="you", applicant={"phone": "1"},
        answers={"place": "front"}, people={},
    )  # fmt: skip
    taken = adopt(actor=mother[0], draft=made.draft.public, token=made.token)
    assert (taken.account, taken.about, taken.answers) == (mother[0], mother[0].person, {"place": "front"})
    assert refusal(lambda: submit(actor=APPLICANT, draft=made.draft.public, token=made.token)) == "sign_in_needed"


def test_a_draft_is_resumed_elsewhere_with_a_new_secret_and_the_old_one_is_spent(
    mother: tuple[Applicant, Card],
) -> None:
    made = written(mother[0], CARD_ONLY)
    again = resume(actor=mother[0], draft=made.draft.public)
    assert again.token != made.token
    assert refusal(lambda: draft_of(made.draft.public, made.token)) == "no_draft"
    assert draft_of(made.draft.public, again.token).answers == {"is_unchanged": True}


def test_a_delegation_that_ends_between_the_check_page_and_submitting_ends_the_access(
    mother: tuple[Applicant, Card], helper: Applicant
) -> None:
    person = mother[1].holder
    given = lets_act(person, helper)
    made = written(helper, CARD_ONLY, about=person)
    end_delegation(actor=mother[0], delegation=given.pk)
    assert refusal(lambda: sent(helper, made)) == "delegation_ended"
    assert refusal(lambda: draft_of(made.draft.public, made.token)) == "delegation_ended"
    assert refusal(lambda: resume(actor=helper, draft=made.draft.public)) == "delegation_ended"
    assert not Case.objects.exists()


@pytest.mark.parametrize("end", ["ended", "expired", "dead"])
def test_a_case_goes_on_without_who_may_act_no_longer(
    mother: tuple[Applicant, Card], helper: Applicant, end: str
) -> None:
    given = lets_act(mother[1].holder, helper)
    made = written(helper, CARD_ONLY, about=mother[1].holder)
    case = sent(helper, made)
    assert own_case(case.number, helper) == case
    if end == "ended":
        end_delegation(actor=helper, delegation=given.pk)
    if end == "dead":
        died(mother[1])
    with clock.stopped_at(clock.now() + timedelta(days=31 if end == "expired" else 0)):
        account = Applicant.objects.get(pk=helper.pk)
        seen = case.events.count()
        for act in (
            lambda: own_case(case.number, account), lambda: case_of(case.number, code_of(made.token)),
            lambda: withdraw(actor=account, case=case.pk, seen=seen),
            lambda: correct(actor=account, case=case.pk, seen=seen, answers={}, people={}),
        ):  # fmt: skip
            assert refusal(act) == "delegation_ended"
    case.refresh_from_db()
    assert case.state == "submitted"


def test_the_dead_neither_begin_nor_submit(mother: tuple[Applicant, Card]) -> None:
    made = written(mother[0], CARD_ONLY)
    died(mother[1])
    account = Applicant.objects.get(pk=mother[0].pk)
    assert refusal(lambda: begun(account)) == "not_for_them"
    assert refusal(lambda: sent(account, made)) == "delegation_ended"


def test_a_case_is_opened_by_its_owner_only(mother: tuple[Applicant, Card], helper: Applicant) -> None:
    case = sent(mother[0], written(mother[0], CARD_ONLY))
    assert own_case(case.number, mother[0]) == case
    assert own_case(case.number, helper) is None
    assert own_case("000000-0000-0000", mother[0]) is None


def test_who_is_linked_to_no_resident_says_who_they_are(town: int) -> None:
    account = Applicant.objects.create(issuer="https://id.example", subject="stranger")
    made = begun(account)
    assert (made.draft.about, known_of(made.draft)) == (None, None)
    assert refusal(lambda: sent(account, written(account, CARD_ONLY))) == "incomplete"
    said = {"name": "丙野　三", "born_on": "1990-01-01", "address": "模擬町1"}
    assert sent(account, written(account, CARD_ONLY, None, **said)).applicant["name"] == "丙野　三"


def test_answers_of_a_submitted_draft_are_the_case_s_alone(mother: tuple[Applicant, Card]) -> None:
    made = written(mother[0], PENSION)
    case = sent(mother[0], made, mother[1])
    left = Draft.objects.get()
    assert (case.answers, left.answers, left.applicant, left.filled) == (LEFT, {}, {}, {})


def test_the_receipt_on_paper_says_for_whom(mother: tuple[Applicant, Card], helper: Applicant) -> None:
    lets_act(mother[1].holder, helper)
    for about, is_said in ((None, False), (mother[1].holder, True)):
        said = receipt(sent(helper, written(helper, CARD_ONLY, about=about)))
        assert ("甲野" in said) == is_said
