"""Who may act for whom: codes, scope, spans, and what death ends (委任の試験)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant, Delegation
from municipal.applicants.operations import (
    REGISTER,
    Offered,
    accept_delegation,
    close_for_the_dead,
    delegate,
    end_delegation,
    held_by,
    principals,
)
from municipal.applicants.rules import Kind
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .holding import CLERK, NOON, resident

TODAY = NOON.date()
UNTIL = TODAY + timedelta(days=100)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def record(town: int) -> ResidentRecord:
    return resident()


@pytest.fixture
def mother(record: ResidentRecord) -> Applicant:
    return _account("mother", record.addressee)


@pytest.fixture
def manager(town: int) -> Applicant:
    return _account("manager")


def _account(subject: str, person: Addressee | None = None) -> Applicant:
    linked_at = NOON if person else None
    return Applicant.objects.create(issuer="https://id.example", subject=subject, person=person, linked_at=linked_at)


def _offered(by: Applicant, kind: Kind = Kind.CARE_MANAGER, until: date = UNTIL, *procedures: str) -> Offered:
    assert by.person is not None
    return delegate(actor=by, principal=by.person, kind=kind, until=until, procedures=procedures)


def _accepted(by: Applicant, code: str) -> Delegation:
    return accept_delegation(actor=by, code=code, name="乙野　介")


def test_who_brings_the_code_may_act_and_the_principal_sees_the_name(mother: Applicant, manager: Applicant) -> None:
    offered = _offered(mother)
    assert principals(manager, "care-certification") == []
    made = _accepted(manager, offered.code)
    assert principals(manager, "care-certification") == [mother.person]
    assert made.delegate_name == "乙野　介"


def test_a_code_may_be_typed_with_hyphens_and_small_letters_and_counts_once(
    mother: Applicant, manager: Applicant
) -> None:
    code = _offered(mother).code.lower()
    _accepted(manager, f"{code[:4]}-{code[4:8]} {code[8:]}")
    with pytest.raises(Refused, match="使えません"):
        _accepted(_account("other"), code)


@pytest.mark.parametrize("code", ["", "A" * 12, "\0", "委任" * 6])
def test_a_guessed_code_opens_nothing(mother: Applicant, manager: Applicant, code: str) -> None:
    _offered(mother)
    with pytest.raises(Refused, match="使えません"):
        _accepted(manager, code)


def test_codes_are_kept_as_hashes(mother: Applicant) -> None:
    code = _offered(mother).code
    assert code not in str(Delegation.objects.values())


def test_a_code_waits_for_seven_days(mother: Applicant, manager: Applicant) -> None:
    code = _offered(mother).code
    with clock.stopped_at(NOON + timedelta(days=7)), pytest.raises(Refused, match="7日"):
        _accepted(manager, code)


def test_nobody_takes_over_their_own_delegation(mother: Applicant) -> None:
    with pytest.raises(Refused, match="ご自分"):
        _accepted(mother, _offered(mother).code)


def test_the_same_is_not_accepted_twice_from_one_person(mother: Applicant, manager: Applicant) -> None:
    _accepted(manager, _offered(mother).code)
    with pytest.raises(Refused, match="すでに受け取って"):
        _accepted(manager, _offered(mother).code)


def test_a_delegation_of_some_procedures_reaches_no_other(mother: Applicant, manager: Applicant) -> None:
    _accepted(manager, _offered(mother, Kind.CARE_MANAGER, UNTIL, "care-plan", "care-certification").code)
    assert principals(manager, "care-plan") == [mother.person]
    assert principals(manager, "move-out") == []


def test_it_holds_on_its_last_day_and_not_on_the_next(mother: Applicant, manager: Applicant) -> None:
    _accepted(manager, _offered(mother).code)
    for later, count in ((100, 1), (101, 0)):
        with clock.stopped_at(NOON + timedelta(days=later)):
            assert len(held_by(manager)) == count


@pytest.mark.parametrize(("kind", "days"), [(Kind.FAMILY, -1), (Kind.FAMILY, 367), (Kind.CARE_MANAGER, 367)])
def test_a_span_that_is_over_or_too_long_is_refused(mother: Applicant, kind: Kind, days: int) -> None:
    with pytest.raises(Refused, match="366日以内"):
        _offered(mother, kind, TODAY + timedelta(days=days))


def test_a_legal_representative_is_entered_by_staff_only(mother: Applicant, manager: Applicant) -> None:
    with pytest.raises(Refused, match="職員だけ"):
        _offered(mother, Kind.LEGAL)
    assert mother.person is not None
    made = delegate(actor=CLERK, principal=mother.person, kind=Kind.LEGAL, until=TODAY + timedelta(days=1830))
    assert _accepted(manager, made.code).kind == Kind.LEGAL


@pytest.mark.parametrize("by_principal", [True, False])
def test_either_may_end_it_at_once_and_says_who_did(mother: Applicant, manager: Applicant, by_principal: bool) -> None:
    made = _accepted(manager, _offered(mother).code)
    who = mother if by_principal else manager
    end_delegation(actor=who, delegation=made.pk)
    end_delegation(actor=who, delegation=made.pk)
    made.refresh_from_db()
    assert made.ended_because == ("principal" if by_principal else "delegate")
    assert principals(manager, "move-out") == []


def test_a_stranger_cannot_end_it_nor_learn_that_it_is_there(mother: Applicant, manager: Applicant) -> None:
    made = _accepted(manager, _offered(mother).code)
    said = []
    for number in (made.pk, made.pk + 1000):
        with pytest.raises(Refused) as refused:
            end_delegation(actor=_account(f"stranger{number}"), delegation=number)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert len(held_by(manager)) == 1


def test_an_offer_that_was_ended_is_not_accepted(mother: Applicant, manager: Applicant) -> None:
    offered = _offered(mother)
    end_delegation(actor=mother, delegation=offered.delegation.pk)
    with pytest.raises(Refused, match="使えません"):
        _accepted(manager, offered.code)


def test_the_principal_s_death_ends_it_before_and_after_the_news(
    mother: Applicant, manager: Applicant, record: ResidentRecord
) -> None:
    made = _accepted(manager, _offered(mother).code)
    enter(record, TODAY, status="3")
    assert held_by(manager) == []
    assert close_for_the_dead(actor=REGISTER, people=[record.addressee_id]) == 1
    assert close_for_the_dead(actor=REGISTER, people=[record.addressee_id]) == 0
    made.refresh_from_db()
    assert made.ended_because == "dead"


def test_the_delegate_s_death_ends_it_too(mother: Applicant, town: int) -> None:
    other = resident(resident_code="99900000010", name="乙野　介")
    helper = _account("helper", other.addressee)
    made = _accepted(helper, _offered(mother, Kind.FAMILY).code)
    enter(other, TODAY, status="3")
    assert held_by(Applicant.objects.get(pk=helper.pk)) == []
    close_for_the_dead(actor=REGISTER, people=[other.addressee_id])
    made.refresh_from_db()
    assert made.ended_because == "dead"


def test_the_dead_give_no_delegation(mother: Applicant, record: ResidentRecord) -> None:
    enter(record, TODAY, status="3")
    with pytest.raises(Refused, match="亡くなった"):
        delegate(actor=CLERK, principal=Addressee.objects.get(pk=record.addressee_id), kind=Kind.FAMILY, until=UNTIL)


def test_a_care_manager_acts_for_twenty_people(town: int, manager: Applicant) -> None:
    for count in range(20):
        client = _account(f"client{count}", resident(resident_code=f"9990000{count:04}").addressee)
        _accepted(manager, _offered(client).code)
    assert len(principals(manager, "care-plan")) == 20
