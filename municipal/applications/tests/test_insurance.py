"""Joining and leaving the town's insurance, the category of the pension (国保の得喪・年金の種別の試験).

National Health Insurance Act, articles 7 to 9; National Pension Act, article 12; issue 7, section 4.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from municipal.applications.models import Case
from municipal.applications.operations.carrying_out import try_again
from municipal.applications.operations.findings import find, found_of, may_find
from municipal.applications.rules.findings import CAUSES, OF_THE_REGISTER
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.models import Entitlement, State
from municipal.entitlements.rules.health_insurance import JOINING, LOSING, lost_on, qualified_on
from municipal.entitlements.rules.pension import first_category_on
from municipal.procedures.catalogue import shipped
from municipal.residents.models import Draft
from municipal.residents.operations import decide, withdraw
from municipal.residents.tests.acting import ACTS_ON, act, member, newest
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF

from .acting import CLERK
from .carrying import a_family, about, approved, as_said, delivered, draft_of

DAY = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("cause", "day"),
    [
        ("left_employer", date(2024, 2, 29)), ("left_dependants", date(2024, 2, 28)), ("moved_in", date(2024, 2, 28)),
        ("born", date(2024, 2, 28)), ("welfare_ended", date(2024, 2, 28)),
    ],
)  # fmt: skip
def test_insured_from_the_day_itself_or_after_the_last_day_of_work(cause: str, day: date) -> None:
    """National Health Insurance Act, article 7; Health Insurance Act, article 36 (unverified)."""
    assert qualified_on(cause, date(2024, 2, 28)) == day
    assert qualified_on("left_employer", date(2026, 12, 31)) == date(2027, 1, 1)


@pytest.mark.parametrize("cause", sorted(LOSING))
def test_lost_on_the_day_after_but_for_welfare(cause: str) -> None:
    """National Health Insurance Act, article 8, paragraphs 1 and 2 (unverified)."""
    after = {"welfare": date(2026, 3, 31)}.get(cause, date(2026, 4, 1))
    assert lost_on(cause, date(2026, 3, 31)) == after
    assert first_category_on(date(2028, 2, 28)) == date(2028, 2, 29)


def test_every_cause_that_a_form_asks_has_its_day() -> None:
    for procedure, known in (("nhi-join", JOINING), ("nhi-loss", LOSING)):
        entry = next(one for one in shipped() if one.id == procedure)
        asked = [o.value for field in entry.asks for one in field.fields if one.name == "cause" for o in one.options]
        assert set(asked) == set(known)
        assert set(asked) <= {*CAUSES, *OF_THE_REGISTER}


@pytest.fixture
def may(town: int) -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture
def family(may: None) -> list[Any]:
    return a_family()


def held() -> list[Entitlement]:
    return list(Entitlement.objects.filter(recorded__endswith__isnull=True).order_by("pk"))


def joining(people: list[Any], *causes: str) -> Case:
    rows = [{"member": [f"m{at}"], "cause": cause} for at, cause in enumerate(causes)]
    return about("nhi-join", people[0], {"joining": rows, "wants_direct_debit": False}, *people)


def leaving(people: list[Any], *causes: str) -> Case:
    rows = [{"member": [f"m{at}"], "cause": cause} for at, cause in enumerate(causes)]
    return about("nhi-loss", people[0], {"leaving": rows}, *people)


def refusal(operation: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        operation(actor=CLERK, **said)
    return found.value.code


def found_out(case: Case, **values: str) -> None:
    find(actor=CLERK, case=case.pk, seen=case.events.count(), values=values)


def confirmed(case: Case) -> None:
    draft = draft_of(case)
    decide(actor=REGISTER_CHIEF if draft.entered_by_id == CLERK.actor_id else CLERK, draft=draft.pk)
    delivered()
    case.refresh_from_db()


def test_nobody_is_insured_from_a_day_that_nobody_found_out(family: list[Any]) -> None:
    """All or nothing: who moved in is not insured alone, and the sentence says what lacks."""
    case = approved(joining(family[:2], "moved_in", "left_employer"))
    assert (case.state, case.outcomes.get().kind, held()) == ("approved", "obstacle", [])
    assert not Draft.objects.filter(act="correction_ex_officio").exists()
    assert "前の保険が終わった日" in case.outcomes.get().sentence
    assert may_find(case)
    ahead = (clock.today() + timedelta(days=1)).isoformat()
    for bad in ("", "2026-02-30", ahead, "1899-12-31", "２０２６-０５-０１x"):
        assert refusal(find, case=case.pk, seen=case.events.count(), values={"day_1": bad}) == "invalid", bad
    assert refusal(find, case=case.pk, seen=0, values={"day_1": "2026-05-01"}) == "case_changed"
    found_out(case, day_1="2026-05-17", day_0="2000-01-01", degree="total")
    found_out(case, day_1="2026-05-17")
    assert (found_of(case), case.findings.count()) == ({"day_1": "2026-05-17"}, 1)
    try_again(actor=CLERK, case=case.pk, seen=case.events.count())
    assert [one.starts_on for one in held()] == [date(2026, 5, 11), date(2026, 5, 18)]
    assert not may_find(case)


def test_a_family_joins_and_the_record_says_so_once_somebody_else_confirmed(family: list[Any]) -> None:
    case = approved(joining(family, "moved_in", "moved_in", "moved_in", "moved_in"))
    assert (case.state, draft_of(case).act) == ("approved", "correction_ex_officio")
    assert [(one.about_id, one.person_id, one.kind) for one in held()] == [
        (row.addressee_id, row.addressee_id, "nhi") for row in family
    ]
    assert not newest(family[0]).has_national_health_insurance
    confirmed(case)
    said = newest(family[3])
    assert (case.state, said.has_national_health_insurance) == ("done", True)
    assert said.national_health_insurance_from == date(2026, 5, 11)
    again = approved(joining(family[:1], "moved_in"))
    assert (again.state, again.outcomes.get().kind) == ("approved", "obstacle")
    assert len(held()) == 4


def test_an_entry_that_was_withdrawn_is_made_again_and_the_entitlement_is_the_same(family: list[Any]) -> None:
    case = approved(joining(family[:1], "moved_in"))
    withdraw(actor=REGISTER_CHIEF, draft=draft_of(case).pk)
    try_again(actor=CLERK, case=case.pk, seen=case.events.count())
    assert list(case.outcomes.order_by("pk").values_list("kind", flat=True)) == ["entry", "entry"]
    assert [one.version for one in held()] == [1]


def test_leaving_ends_the_entitlement_on_the_day_before_the_loss(family: list[Any]) -> None:
    confirmed(approved(joining(family[:2], "moved_in", "moved_in")))
    case = leaving(family[:2], "joined_employer", "welfare")
    found_out_at = case.events.count()
    assert not may_find(case)
    assert refusal(find, case=case.pk, seen=found_out_at, values={"day_0": "2026-05-17"}) == "not_now"
    case = approved(case)
    found_out(case, day_0=DAY.isoformat(), day_1=DAY.isoformat())
    try_again(actor=CLERK, case=case.pk, seen=case.events.count())
    assert [(one.state, one.ends_on) for one in held()] == [(State.ENDED, DAY), (State.ENDED, date(2026, 5, 16))]
    decide(actor=REGISTER_CHIEF, draft=case.outcomes.latest("pk").reference or 0)
    delivered()
    first, second = newest(family[0]), newest(family[1])
    assert (first.has_national_health_insurance, first.national_health_insurance_until) == (False, date(2026, 5, 18))
    assert second.national_health_insurance_until == DAY
    assert Case.objects.get(pk=case.pk).state == "done"


def test_who_never_was_insured_cannot_leave_and_a_death_ended_it_already(family: list[Any]) -> None:
    never = approved(leaving(family[:1], "moves_out"))
    assert never.outcomes.get().sentence.startswith("始まりの日が")
    confirmed(approved(joining(family[2:3], "moved_in")))
    act("death", people=(member(family[2]),), notified_on=ACTS_ON.date(), basis="family_register")
    delivered()
    before = [(one.version, one.state) for one in held()]
    died = about("nhi-loss", family[0], {"leaving": [{"member": ["m0"], "cause": "died"}]}, family[2])
    case = approved(died)
    assert [(one.version, one.state) for one in held()] == before == [(2, State.ENDED)]
    assert (case.state, case.outcomes.get().kind) == ("done", "entitlement")
    stranger = approved(leaving([family[1]], "joined_employer"))
    found_out(stranger, day_0=DAY.isoformat())
    try_again(actor=CLERK, case=stranger.pk, seen=stranger.events.count())
    assert stranger.outcomes.latest("pk").sentence.startswith("終わらせる受給資格")


def test_a_category_changes_on_the_day_after_the_last_day_of_work(family: list[Any]) -> None:
    ahead = about("pension-category", family[1], {"left_on": ACTS_ON.date().isoformat()}, family[1])
    assert approved(ahead).outcomes.get().kind == "obstacle"
    case = approved(about("pension-category", family[0], {"left_on": DAY.isoformat()}, family[0]))
    confirmed(case)
    said = newest(family[0])
    assert (said.has_pension, said.pension_class, said.pension_class_changed_on) == (True, "1", date(2026, 5, 18))
    assert [(one.kind, one.starts_on) for one in held()] == [("national-pension", date(2026, 5, 18))]
    assert as_said(family[0])["name"] == said.name
