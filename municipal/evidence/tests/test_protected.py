"""People whose address is withheld: asked of and answered about with care only (支援措置対象者の照会の試験)."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.evidence.exchanges import exchanges_of
from municipal.evidence.models import IncomingQuestion, SimulatedMail
from municipal.evidence.operations import SERVER, attend, decide_question, show_exchanges, take_question, use
from municipal.evidence.operations.asking import code_of
from municipal.evidence.rules.payloads import Question, read_reply, write_question

from .acting import CLERK, NOON, after, asked, beats, played, resident

pytestmark = pytest.mark.usefixtures("town")
CARE = {"has_care_insurance": True, "care_insurance_from": date(2020, 4, 1)}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def insured(**items: object) -> Addressee:
    return resident(**CARE | items)


def protected() -> Addressee:
    person = insured()
    protect(actor=System(), addressee=person, starts_on=clock.today(), ends_on=None, is_own=True)
    return person


def question(code: str, kind: str = "care", public: UUID | None = None) -> Question:
    return Question(public or uuid4(), OTHER_TOWN, code, kind, "care-certificate-transfer", "介護保険法", "第36条")


def test_a_protected_person_is_asked_about_only_after_somebody_confirmed() -> None:
    person = protected()
    with pytest.raises(Refused) as said:
        asked(person)
    assert said.value.code == "protected"
    assert asked(person, is_confirmed=True).state == "created"


def test_what_comes_back_about_a_protected_person_is_for_the_desk_only() -> None:
    person = protected()
    found = asked(person, is_confirmed=True)
    beats(2)
    use(actor=CLERK, request=found.pk)
    assert after(found).is_withheld
    assert exchanges_of(person) == []
    assert show_exchanges(actor=System(), person=person) == []
    assert after(found).state == "used"


def test_an_answer_with_the_mark_of_the_other_office_is_shown_to_nobody_else() -> None:
    played("income", "withheld")
    person = resident()
    found = asked(person)
    beats(2)
    assert (after(found).state, after(found).is_withheld) == ("answered", True)
    assert exchanges_of(person) == []


def test_who_is_protected_after_the_answer_is_protected_in_the_history_too() -> None:
    person = resident()
    asked(person)
    assert len(exchanges_of(person)) == 1
    protect(actor=System(), addressee=person, starts_on=clock.today(), ends_on=None, is_own=True)
    assert exchanges_of(person) == []


def test_our_side_answers_about_anybody_else_by_itself_from_the_register_once() -> None:
    person = insured()
    ours = question(code_of(person))
    for _ in range(2):
        found = take_question(actor=SERVER, question=ours)
    assert IncomingQuestion.objects.count() == 1
    assert (found.state, found.as_of, found.asker) == ("answered", NOON.date(), "模擬町")
    assert found.answer == {"qualified_on": "2020-04-01"}


@pytest.mark.parametrize("kind", ["income", "pension"])
def test_what_we_keep_no_register_of_is_not_found(kind: str) -> None:
    assert take_question(actor=SERVER, question=question(code_of(insured()), kind)).state == "not_found"


def test_a_code_that_means_nobody_here_is_not_found() -> None:
    found = take_question(actor=SERVER, question=question("0" * 32))
    assert (found.state, found.subject) == ("not_found", None)


def test_our_side_says_nothing_of_a_protected_person_by_itself() -> None:
    """自動応答不可: until somebody decides, the other side hears nothing at all."""
    person = protected()
    said = question(code_of(person))
    SimulatedMail.objects.create(public=said.public, body=write_question(said).decode(), received_at=NOON)
    attend(town=TOWN)
    found = IncomingQuestion.objects.get()
    assert (found.state, found.answer, found.is_withheld) == ("held", None, True)
    assert SimulatedMail.objects.get().reply == ""
    decide_question(actor=CLERK, question=found.pk, is_answered=True)
    attend(town=TOWN)
    reply = read_reply(SimulatedMail.objects.get().reply.encode(), "care", NOON.date())
    assert (reply.is_withheld, reply.items) == (True, {"qualified_on": "2020-04-01"})
    assert exchanges_of(person) == []


def test_not_answering_needs_a_reason_and_happens_once() -> None:
    person = protected()
    found = take_question(actor=SERVER, question=question(code_of(person)))
    for said, code in (({}, "reason_missing"), ({"reason": "  "}, "reason_missing")):
        with pytest.raises(Refused) as refused:
            decide_question(actor=CLERK, question=found.pk, is_answered=False, **said)
        assert refused.value.code == code
    done = decide_question(actor=CLERK, question=found.pk, is_answered=False, reason="本人の安全のため。")
    assert (done.state, done.answer) == ("refused", None)
    with pytest.raises(Refused) as refused:
        decide_question(actor=CLERK, question=found.pk, is_answered=True)
    assert refused.value.code == "already_decided"
    with pytest.raises(Refused):
        decide_question(actor=CLERK, question=found.pk + 1, is_answered=True)


def test_the_history_of_a_person_says_who_asked_whom_for_what_and_no_content() -> None:
    person = insured()
    found = asked(person)
    take_question(actor=SERVER, question=question(code_of(person)))
    beats(2)
    use(actor=CLERK, request=found.pk)
    ours, theirs = sorted(show_exchanges(actor=System(), person=person), key=lambda one: one.direction, reverse=True)
    assert (ours.direction, ours.what.en, ours.office, ours.outcome) == (
        "asked", "Income and tax", "前の市区町村", "answered",
    )  # fmt: skip
    assert (theirs.direction, theirs.office, theirs.outcome) == ("answered", "模擬町", "answered")
    assert after(found).state == "disclosed"
    assert not hasattr(ours, "answer")
