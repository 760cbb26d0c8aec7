"""Decisions that end in an entitlement (受給資格の認定の試験; issue 7, section 6: the named cases)."""

from datetime import date
from typing import Any

import pytest

from municipal.applications.models import Case
from municipal.applications.operations import take_step
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.models import Cause, Entitlement, State

from .acting import CHIEF, CLERK, stepped
from .entitling import at, claimed, parents

pytestmark = pytest.mark.usefixtures("town")

BORN = date(2026, 11, 25)


def proposed(case: Case) -> Case:
    return stepped(case, "accept", "pass_form", "propose")


def approved(case: Case) -> Case:
    return stepped(proposed(case), "approve", actor=CHIEF)


def refusal(case: Case, action: str, actor: Any = CLERK, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        take_step(actor=actor, case=case.pk, seen=case.events.count(), action=action, **said)
    return found.value.code


def held() -> list[Entitlement]:
    return list(Entitlement.objects.filter(recorded__endswith__isnull=True).order_by("pk"))


@pytest.mark.parametrize(
    ("claimed_on", "paid_from"), [(date(2026, 12, 10), date(2026, 12, 1)), (date(2026, 12, 11), date(2027, 1, 1))]
)
def test_born_in_november_and_claimed_in_time_or_a_day_late(claimed_on: date, paid_from: date) -> None:
    with clock.stopped_at(at(claimed_on)):
        mother, _father, child = parents(BORN)
        case = approved(claimed(mother.addressee))
    assert case.state == "done"
    one = held()[0]
    assert (one.person, one.about, one.starts_on) == (mother.addressee, child.addressee, paid_from)
    assert (one.ends_on, one.amount_yen, one.decided_in) == (date(2045, 3, 31), None, case.number)


def test_decided_a_month_later_it_is_paid_from_the_same_month() -> None:
    with clock.stopped_at(at(date(2026, 12, 10))):
        mother, _father, _child = parents(BORN)
        case = proposed(claimed(mother.addressee))
    with clock.stopped_at(at(date(2027, 1, 20))):
        stepped(case, "approve", actor=CHIEF)
    assert held()[0].starts_on == date(2026, 12, 1)


def test_of_two_parents_who_claim_one_is_told_only_that_there_is_a_claim() -> None:
    with clock.stopped_at(at(date(2026, 12, 1))):
        mother, father, _child = parents(BORN)
        hers, his = claimed(mother.addressee), claimed(father.addressee)
        stepped(his, "accept", "pass_form")
        hers = proposed(hers)
        with pytest.raises(Refused) as said:
            take_step(actor=CLERK, case=his.pk, seen=his.events.count(), action="propose")
        assert (said.value.sentence, said.value.values) == ("すでに手続中・認定済みの請求があります。", {})
        stepped(hers, "approve", actor=CHIEF)
        assert refusal(his, "propose") == "already_claimed"
    assert [one.person for one in held()] == [mother.addressee]


def test_after_the_first_claim_was_rejected_the_second_one_is_open() -> None:
    with clock.stopped_at(at(date(2026, 12, 1))):
        mother, father, _child = parents(BORN)
        hers, his = proposed(claimed(mother.addressee)), claimed(father.addressee)
        stepped(hers, "reject", actor=CHIEF, reason="生計を主に支えている方ではありません。")
        assert approved(his).state == "done"
    refused, granted = held()
    assert (refused.state, refused.reason) == (State.REFUSED, "生計を主に支えている方ではありません。")
    assert (granted.person, granted.state) == (father.addressee, State.GRANTED)


def test_nobody_known_and_no_child_are_said_before_anything_is_decided() -> None:
    with clock.stopped_at(at(date(2026, 12, 1))):
        mother, _father, _child = parents(date(2008, 4, 1))  # eighteen, and past 31 March
        case = stepped(claimed(mother.addressee), "accept", "pass_form")
        assert refusal(case, "propose") == "no_child"
        unknown = approved(claimed(None))
    assert unknown.state == "approved"
    assert unknown.outcomes.get().sentence.startswith("だれについての申請か")
    assert held() == []


@pytest.mark.parametrize(("told", "state"), [(date(2026, 11, 24), "done"), (date(2026, 11, 25), "")])
def test_a_care_certification_is_transferred_within_fourteen_days(told: date, state: str) -> None:
    with clock.stopped_at(at(told)):
        person = parents(BORN, since=date(2026, 11, 10))[0].addressee
        case = claimed(person, "care-certificate-transfer")
        if state:
            assert approved(case).state == state
            assert (held()[0].kind, held()[0].starts_on) == ("care-certification", date(2026, 11, 10))
            assert held()[0].ends_on == date(2027, 5, 31)
        else:
            stepped(case, "accept", "pass_form")
            assert refusal(case, "propose") == "too_late"


def test_an_allowance_ends_with_the_month_in_which_its_ground_ceased() -> None:
    with clock.stopped_at(at(date(2026, 12, 10))):
        mother, _father, _child = parents(BORN)
        approved(claimed(mother.addressee))
    with clock.stopped_at(at(date(2027, 2, 12))):
        case = stepped(claimed(mother.addressee, "child-allowance-end"), "accept", "pass_form", "approve")
    assert case.state == "done"
    assert (held()[0].state, held()[0].ends_on, held()[0].cause) == (State.ENDED, date(2027, 2, 28), Cause.CEASED)


def test_who_holds_nothing_has_nothing_to_end() -> None:
    mother, _father, _child = parents(BORN)
    case = stepped(claimed(mother.addressee, "child-allowance-end"), "accept", "pass_form", "approve")
    assert case.state == "approved"
    assert case.outcomes.get().sentence.startswith("終わらせる受給資格")
