"""One receipt number is one case; on any doubt nobody is matched; what stops is kept for a clerk (取込みの試験)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.applicants.operations import report_loss
from municipal.applications.models import Attachment, Case
from municipal.applications.operations.keeping import forget as forget_case
from municipal.applications.tests.acting import stepped
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.intake.conversion import candidates
from municipal.intake.making import filled
from municipal.intake.models import Received, ReceivedState
from municipal.intake.operations import (
    PORTAL,
    accept_change,
    choose,
    dismiss,
    give_back,
    note_refusal,
    retry,
)
from municipal.intake.operations.deciding import payload_of
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next

from .coming import (
    CLERK,
    NOON,
    OPEN_ENTRY,
    RECEIPT,
    SIGNED_ENTRY,
    a_zip,
    certificate,
    entry,
    person,
    resident,
    taken,
)


@pytest.fixture(autouse=True)
def _noon(town: int) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def refusal(act: Any) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value.code


def test_a_sound_application_is_a_case_of_its_signer_in_the_same_queue() -> None:
    signed = certificate()
    row = taken(a_zip(signed=signed))
    case = row.case
    assert case is not None
    assert (row.state, row.person, row.is_signature_good, row.doubt) == ("imported", signed.card.holder, True, "")
    assert (case.channel, case.about, case.state, case.procedure) == (
        "national", signed.card.holder, "submitted", SIGNED_ENTRY,
    )  # fmt: skip
    assert [one.name for one in case.attachments.filter(field="national-form")] == ["form.pdf"]
    assert bytes(row.content) == b""


def test_who_applied_is_forgotten_with_the_case_and_the_same_offered_again_is_still_known() -> None:
    signed = certificate()
    content = a_zip(signed=signed)
    row = taken(content)
    assert row.serial == signed.serial
    stepped(stepped(Case.objects.get(), "accept"), "refuse_form", reason="対象外です。")
    with clock.stopped_at(NOON + timedelta(days=4000)):
        forget_case(actor=CLERK, case=Case.objects.get().pk, takes_unverified=True)
        while deliver_next():
            pass
        row.refresh_from_db()
        assert (row.person, row.serial, row.error) == (None, "", {})
        assert taken(content).pk == row.pk
        assert Case.objects.count() == 1


def test_fetched_twice_it_is_one_case() -> None:
    content = a_zip(signed=certificate())
    first, again = taken(content), taken(content)
    assert first.pk == again.pk
    assert (Received.objects.count(), Case.objects.count()) == (1, 1)


def test_changed_content_under_a_known_number_waits_for_a_clerk_and_changes_no_case() -> None:
    signed = certificate()
    first = taken(a_zip(signed=signed))
    other = taken(a_zip(signed=signed, who={**person(signed), "kana": "コウノ"}))
    assert (other.state, other.case, Case.objects.count()) == (ReceivedState.CHANGED, None, 1)
    assert refusal(lambda: accept_change(actor=CLERK, received=other.pk)) == "not_sent_back"
    dismiss(actor=CLERK, received=other.pk, reason="同じ内容の再送")
    other.refresh_from_db()
    assert (other.state, bytes(other.content), other.reason) == ("dismissed", b"", "同じ内容の再送")
    assert first.case is not None


def test_a_correction_that_was_asked_for_is_taken_over_and_nothing_else() -> None:
    signed = certificate()
    case = taken(a_zip(signed=signed)).case
    assert case is not None
    stepped(case, "accept")
    stepped(
        case, "send_back", reason="別居の有無を確かめてください", fields=["lives_apart"],
        correct_by=clock.today() + timedelta(days=10),
    )  # fmt: skip
    before, said = dict(case.answers), filled(entry(SIGNED_ENTRY))
    said.answers["lives_apart"], said.answers["account"] = False, {"registered": True}
    other = taken(a_zip(signed=signed, said=said))
    accept_change(actor=CLERK, received=other.pk)
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, case.answers["lives_apart"], other.state) == ("form_check", False, "imported")
    assert case.answers["account"] == before["account"]


DOUBTS = ["no_signature", "unknown_serial", "bad_signature", "revoked", "not_resident", "differs"]


@pytest.mark.parametrize("doubt", DOUBTS)
def test_on_any_doubt_nobody_is_matched_and_a_clerk_decides(doubt: str) -> None:
    signed = certificate()
    holder, who = signed.card.holder, person(signed)
    if doubt == "revoked":
        with clock.stopped_at(NOON - timedelta(minutes=1)):
            report_loss(actor=CLERK, card=signed.card)
    if doubt == "not_resident":
        Addressee.objects.filter(pk=holder.pk).update(life_state="2")
    content = {
        "no_signature": lambda: a_zip(who=who), "unknown_serial": lambda: a_zip(signed=signed, serial="0" * 32),
        "bad_signature": lambda: a_zip(signed=signed, serial=certificate_of_somebody_else()),
        "differs": lambda: a_zip(signed=signed, who={**who, "born_on": "1985-04-02"}),
    }.get(doubt, lambda: a_zip(signed=signed))()  # fmt: skip
    row = taken(content)
    assert (row.state, row.person, row.case, row.doubt) == (ReceivedState.TO_CONVERT, None, None, doubt)
    assert Case.objects.count() == 0
    found = candidates(payload_of(row))
    assert holder in [one.person for one in found]
    choose(actor=CLERK, received=row.pk, number=holder.number)
    row.refresh_from_db()
    assert row.case is not None
    assert (row.state, row.case.about) == ("imported", holder)
    assert refusal(lambda: choose(actor=CLERK, received=row.pk, number=holder.number)) == "not_open"


def certificate_of_somebody_else() -> str:
    from municipal.applicants.tests.holding import card_of

    other = resident(name="乙川　次郎", family_name="乙川", given_name="次郎", resident_code="99900000019")
    return certificate(card_of(other.addressee)).serial


def test_a_certificate_that_was_lost_after_the_application_still_speaks_for_it() -> None:
    signed = certificate()
    content = a_zip(signed=signed)
    with clock.stopped_at(NOON + timedelta(minutes=1)):
        report_loss(actor=CLERK, card=signed.card)
        assert taken(content).state == "imported"


def test_where_nobody_need_be_identified_nobody_is_looked_for() -> None:
    row = taken(a_zip(OPEN_ENTRY))
    assert row.case is not None
    assert (row.state, row.case.about) == ("imported", None)


def test_a_clerk_may_say_that_the_town_knows_nobody_like_that() -> None:
    row = taken(a_zip())
    assert refusal(lambda: choose(actor=CLERK, received=row.pk, number="999999999")) == "no_person"
    choose(actor=CLERK, received=row.pk, number="")
    row.refresh_from_db()
    assert row.case is not None
    assert (row.state, row.case.about) == ("imported", None)


@pytest.mark.parametrize("fault", ["answer missing", "answer wrong", "question unknown", "file unknown", "procedure"])
def test_what_the_form_check_refuses_is_kept_with_its_sentence(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = filled(entry(OPEN_ENTRY))
    first = next(iter(said.answers))
    if fault == "answer missing":
        del said.answers[first]
    elif fault == "answer wrong":
        said.answers[first] = {"x": [1]}
    elif fault == "question unknown":
        said.answers["no-such"] = "x"
    elif fault == "file unknown":
        from municipal.applications.tests.filling import picture

        said.files.append(("no-such", picture()))
    content = a_zip(OPEN_ENTRY, said=said)
    if fault == "procedure":
        monkeypatch.setattr("municipal.intake.operations.taking_in.current", lambda _code: None)
    row = taken(content)
    assert (row.state, row.case) == (ReceivedState.FAULTY, None)
    assert row.error["sentence"].endswith("。") or "。" in row.error["sentence"]
    assert (Case.objects.count(), Attachment.objects.count()) == (0, 0)
    retry(actor=CLERK, received=row.pk)
    row.refresh_from_db()
    assert row.state == ReceivedState.FAULTY


def test_when_the_procedure_is_offered_again_the_same_data_become_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_zip(OPEN_ENTRY)
    with monkeypatch.context() as patched:
        patched.setattr("municipal.intake.operations.taking_in.current", lambda _code: None)
        row = taken(content)
    assert row.state == ReceivedState.FAULTY
    retry(actor=CLERK, received=row.pk)
    row.refresh_from_db()
    assert row.state == "imported"


def test_a_clerk_may_close_it_after_the_form_check_alone_and_says_why() -> None:
    row = taken(a_zip())
    assert refusal(lambda: give_back(actor=CLERK, received=row.pk, reason=" ")) == "reason_missing"
    give_back(actor=CLERK, received=row.pk, reason="別の自治体の手続です")
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == ("dismissed", b"")
    assert [(one.number, one.word, one.message, one.state) for one in row.reports.all()] == [
        (0, "error", "別の自治体の手続です", "waiting")
    ]


def test_of_what_is_refused_nothing_but_the_refusal_is_kept() -> None:
    content = a_zip()
    with pytest.raises(Refused) as refused, transaction.atomic():
        taken(content[: len(content) // 2])
    assert Received.objects.count() == 0
    for _ in range(2):
        note_refusal(actor=PORTAL, receipt=RECEIPT, refused=refused.value)
    row = Received.objects.get()
    assert (row.state, row.attempts, row.digest, bytes(row.content), row.error["code"]) == (
        "refused", 2, "", b"", "payload_zip",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="of_what_was_refused"), transaction.atomic():
        Received.objects.update(content=b"x")
    # Sent again and whole, the same row goes on.
    assert taken(a_zip(signed=certificate())).pk == row.pk
    assert Received.objects.get().state == "imported"


def test_the_address_of_a_protected_person_is_in_nothing_that_is_kept() -> None:
    signed = certificate()
    who = {**person(signed), "address": "ハナミズキ荘八八号"}
    protect(actor=System(), addressee=signed.card.holder, starts_on=clock.today(), ends_on=None, is_own=True)
    row = taken(a_zip(signed=signed, who=who))
    case = row.case
    assert case is not None
    assert case.about == signed.card.holder
    assert "ハナミズキ" not in str(Case.objects.values().get()) + str(Received.objects.values().get())


def test_applications_of_one_town_are_not_there_for_another(town: int) -> None:
    row = taken(a_zip())
    wall_of_this = wall.current()
    assert wall_of_this == TOWN
    with pytest.raises(wall.NoMunicipality), wall.within(OTHER_TOWN):
        Received.objects.get(pk=row.pk)


def test_candidates_are_those_of_the_same_name_or_day_and_the_best_first() -> None:
    hanako = resident()
    same_day = resident(name="乙川　次郎", family_name="乙川", given_name="次郎", resident_code="99900000019")
    resident(name="丙山　三郎", resident_code="99900000027", born_on=replace(hanako.born_on, day=9))
    row = taken(a_zip(who={"name": "甲野花子", "born_on": "1985-04-01", "address": "架空県架空市松町１番地"}))
    found = candidates(payload_of(row))
    assert [(one.person, one.is_same_name, one.is_same_birth) for one in found] == [
        (hanako.addressee, True, True), (same_day.addressee, False, True),
    ]  # fmt: skip
