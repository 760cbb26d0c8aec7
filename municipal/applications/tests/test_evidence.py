"""A case waits for other offices, and asks the applicant only where they do not answer (情報連携による照会の試験)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from municipal.addressees.operations import protect
from municipal.applications.linked import askable, papers_of, replaced
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, attach, correct, take_step
from municipal.applications.operations.evidence import ask_evidence, evidence_came, request_papers
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.evidence.models import EvidenceRequest
from municipal.evidence.operations import attend, change_settings
from municipal.evidence.tests.acting import NOON, beats, played, resident
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next

from .acting import CLERK, a_case, stepped
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")
AID: dict[str, Any] = {"is_unchanged": True}
PAPER = "evidence-income-certificate"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def checked(*, about: bool = True) -> Case:
    """An application of a parent, whose income another office knows, as far as the substance check."""
    case = a_case("nursery-status", AID)
    if about:
        case.about = resident()
        case.save(update_fields=["about"])
    return stepped(case, "accept", "pass_form")


def asked(case: Case, *kinds: str, **said: Any) -> Case:
    done = ask_evidence(
        actor=CLERK, case=case.pk, seen=case.events.count(), kinds=kinds or ("income",), **said
    )  # fmt: skip
    return Case.objects.get(pk=done.pk)


def delivered(hours: int = 0) -> None:
    beats(3, NOON + timedelta(hours=hours))
    with clock.stopped_at(NOON + timedelta(hours=hours + 4)):
        while deliver_next():
            pass


def code_of(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(**said)
    return found.value.code


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_a_case_waits_for_the_answer_and_goes_on_by_itself() -> None:
    case = asked(checked())
    assert case.state == "waiting_evidence"
    delivered()
    assert state_of(case) == "substance_check"
    last = case.events.latest("number")
    assert (last.action, last.actor_kind) == ("evidence_came", "system")


def test_not_found_leads_to_the_certificate_being_asked_for() -> None:
    """The named case: linkage "not found" → certificate requested; before that nobody may ask for it."""
    played("income", "not_found")
    case = checked()
    back: dict[str, Any] = {
        "reason": "照会しましたが確かめられませんでした。",
        "correct_by": clock.today() + timedelta(days=14),
    }
    early = {"actor": CLERK, "case": case.pk, "seen": case.events.count()}
    assert code_of(request_papers, **early, documents=["income-certificate"], **back) == "no_paper"
    assert code_of(take_step, **early, action="send_back", fields=[PAPER], **back) == "no_fields"
    asked(case)
    delivered()
    assert [one.id for one in replaced(case)] == ["income-certificate"]
    seen = case.events.count()
    request_papers(actor=CLERK, case=case.pk, seen=seen, documents=["income-certificate"], **back)
    assert state_of(case) == "correction"
    assert EvidenceRequest.objects.get().state == "used"
    assert code_of(correct, actor=APPLICANT, case=case.pk, seen=seen + 1, answers={}, people={}) == "incomplete"
    attach(actor=APPLICANT, to=case, field=PAPER, name="a.png", content=picture())
    assert correct(actor=APPLICANT, case=case.pk, seen=seen + 1, answers={}, people={}).state == "form_check"


@pytest.mark.parametrize("behaviour", ["refused", "broken", "never"])
def test_every_way_of_not_answering_lets_the_paper_be_asked_for(behaviour: str) -> None:
    played("income", behaviour)
    case = asked(checked())
    assert PAPER not in {one.name for one in papers_of(case)}
    delivered()
    delivered(hours=9)
    if behaviour == "never":
        assert state_of(case) == "waiting_evidence"
        with clock.stopped_at(NOON + timedelta(days=8)):
            attend(town=wall.current())
            while deliver_next():
                pass
    assert state_of(case) == "substance_check"
    assert PAPER in {one.name for one in papers_of(case)}


def test_what_was_answered_is_not_asked_again_of_anybody() -> None:
    case = asked(checked())
    delivered()
    assert (askable(case), replaced(case)) == ([], [])
    case.refresh_from_db()
    assert code_of(
        ask_evidence, actor=CLERK, case=case.pk, seen=case.events.count(), kinds=["income"]
    ) == "nothing_to_ask"  # fmt: skip
    assert stepped(case, "approve").state in ("approved", "done")
    assert EvidenceRequest.objects.get().state == "used"


def test_what_failed_may_be_asked_anew() -> None:
    played("income", "not_found")
    case = asked(checked())
    delivered()
    played("income", "answer")
    case = asked(Case.objects.get(pk=case.pk))
    delivered(hours=9)
    assert [one.outcome for one in EvidenceRequest.objects.order_by("pk")] == ["not_found", "answered"]
    assert replaced(case) == []


def test_while_the_server_is_away_the_case_can_be_worked_on() -> None:
    played("income", "down")
    case = asked(checked())
    delivered()
    assert state_of(case) == "waiting_evidence"
    case = stepped(case, "evidence_came")
    assert case.state == "substance_check"
    assert (EvidenceRequest.objects.get().outcome, EvidenceRequest.objects.get().code) == ("expired", "given_up")
    assert [one.id for one in replaced(case)] == ["income-certificate"]


def test_whom_nobody_knows_is_not_asked_about_and_brings_the_paper() -> None:
    case = checked(about=False)
    said = {"actor": CLERK, "case": case.pk, "seen": case.events.count()}
    assert code_of(ask_evidence, **said, kinds=["income"]) == "not_known"
    assert code_of(take_step, **said, action="ask_evidence") == "not_known"
    assert state_of(case) == "substance_check"
    assert PAPER in {one.name for one in papers_of(case)}


@pytest.mark.parametrize("kinds", [[], ["pension"], ["income", "pension"], ["no-such"], ["'; --"]])
def test_only_what_the_procedure_needs_is_asked(kinds: list[str]) -> None:
    case = checked()
    assert code_of(
        ask_evidence, actor=CLERK, case=case.pk, seen=case.events.count(), kinds=kinds
    ) == "nothing_to_ask"  # fmt: skip
    assert not EvidenceRequest.objects.exists()


def test_two_clerks_at_the_same_time_ask_once() -> None:
    case = checked()
    seen = case.events.count()
    asked(case)
    assert code_of(ask_evidence, actor=CLERK, case=case.pk, seen=seen, kinds=["income"]) == "case_changed"
    assert EvidenceRequest.objects.count() == 1


def test_a_protected_person_is_asked_about_only_when_somebody_confirmed() -> None:
    case = checked()
    assert case.about is not None
    protect(actor=System(), addressee=case.about, starts_on=clock.today(), ends_on=None, is_own=True)
    said = {"actor": CLERK, "case": case.pk, "seen": case.events.count()}
    assert code_of(take_step, **said, action="ask_evidence") == "protected"
    assert code_of(ask_evidence, **said, kinds=["income"]) == "protected"
    assert asked(case, is_confirmed=True).state == "waiting_evidence"


def test_the_button_of_the_table_asks_for_everything() -> None:
    case = stepped(checked(), "ask_evidence")
    assert [one.kind for one in EvidenceRequest.objects.all()] == ["income"]
    assert case.state == "waiting_evidence"


def test_a_withdrawn_case_waits_for_nobody() -> None:
    from municipal.applications.operations import withdraw

    case = asked(checked())
    withdraw(actor=APPLICANT, case=case.pk, seen=case.events.count())
    assert EvidenceRequest.objects.get().state == "expired"
    delivered()
    assert state_of(case) == "withdrawn"


def test_hearing_of_an_answer_twice_moves_a_case_once() -> None:
    case = asked(checked())
    delivered()
    count = case.events.count()
    for _ in range(2):
        evidence_came(actor=System(), case=case.pk)
    assert case.events.count() == count


@pytest.mark.parametrize(("is_on", "state"), [(True, "waiting_evidence"), (False, "substance_check")])
def test_a_town_may_have_it_asked_right_after_the_form_check(is_on: bool, state: str) -> None:
    change_settings(actor=CLERK, asks_automatically=is_on, patience_days=3)
    case = checked()
    while deliver_next():
        pass
    assert state_of(case) == state
    if is_on:
        found = EvidenceRequest.objects.get()
        assert found.answer_by == NOON + timedelta(days=3)
        assert found.asked_by_kind == "system"


def test_of_protected_people_nothing_is_asked_automatically() -> None:
    change_settings(actor=CLERK, asks_automatically=True, patience_days=3)
    case = a_case("nursery-status", AID)
    person = resident()
    protect(actor=System(), addressee=person, starts_on=clock.today(), ends_on=None, is_own=True)
    Case.objects.filter(pk=case.pk).update(about=person)
    stepped(Case.objects.get(pk=case.pk), "accept", "pass_form")
    while deliver_next():
        pass
    assert state_of(case) == "substance_check"
