"""Giving and taking permissions (権限の付与と取消の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.identity.models import Grant, Staff, permissions_of
from municipal.identity.operations import grant, regrant, revoke
from municipal.identity.operations.permissions import current_grants, last_day
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)
TODAY = NOW.date()
YEAR_END = date(2027, 3, 31)
SYSTEM = System("test")


@pytest.fixture
def clerk(town: int) -> Staff:
    return somebody()


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.stopped_at(NOW):
        yield


def test_a_grant_runs_to_the_end_of_the_fiscal_year_if_no_day_is_named(clerk: Staff) -> None:
    made = grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    assert (made.valid.lower, last_day(made)) == (TODAY, YEAR_END)
    assert clerk.may("residents.search", YEAR_END)
    assert not clerk.may("residents.search", YEAR_END + timedelta(days=1))


@pytest.mark.clause("resident-record/1.0#10.3/m7")
def test_a_grant_may_be_prepared_for_a_later_day(clerk: Staff) -> None:
    first = date(2027, 4, 1)
    made = grant(actor=SYSTEM, staff=clerk, permission="residents.search", starts_on=first)
    assert last_day(made) == date(2028, 3, 31)
    assert not clerk.may("residents.search")
    assert clerk.may("residents.search", first)


def test_a_revoked_grant_is_gone_at_once_and_can_be_given_again_the_same_day(clerk: Staff) -> None:
    first = grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    revoke(actor=SYSTEM, grant=first)
    assert permissions_of(clerk) == frozenset()
    grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    assert permissions_of(clerk) == {"residents.search"}
    assert Grant.objects.filter(staff=clerk).count() == 2


def test_a_grant_is_revoked_once(clerk: Staff) -> None:
    made = grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    revoke(actor=SYSTEM, grant=made)
    with pytest.raises(Refused, match="すでに取り消されて"):
        revoke(actor=SYSTEM, grant=made)


def test_spans_of_one_permission_never_overlap(clerk: Staff) -> None:
    grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    with pytest.raises(Refused, match="重なって") as refused:
        grant(actor=SYSTEM, staff=clerk, permission="residents.search", starts_on=YEAR_END)
    assert refused.value.code == "grants_never_overlap"
    grant(actor=SYSTEM, staff=clerk, permission="residents.search", starts_on=YEAR_END + timedelta(days=1))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"permission": "residents.hide_relationship"}, "permission"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"reason": "改行\n"}, "reason"),
        ({"reason": "\0"}, "reason"),
    ],
)
def test_what_makes_no_grant_is_refused_beside_its_field(clerk: Staff, said: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        grant(actor=SYSTEM, staff=clerk, **{"permission": "residents.search", **said})  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Grant.objects.filter(staff=clerk).exists()


def test_nobody_changes_their_own_permissions(town: int) -> None:
    manager = somebody("staff.manage", login_name="manager")
    with pytest.raises(Refused, match="自分の"):
        grant(actor=manager, staff=manager, permission="item.individual_number")
    with pytest.raises(Refused, match="自分の"):
        revoke(actor=manager, grant=Grant.objects.get(staff=manager))
    assert permissions_of(manager) == {"staff.manage"}


def test_it_is_recorded_who_gave_and_who_took(committed_db: str) -> None:
    manager, clerk = somebody(login_name="manager"), somebody()
    with wall.within(TOWN):
        revoke(actor=manager, grant=grant(actor=manager, staff=clerk, permission="residents.search"))
    with wall.within(TOWN):
        found = Grant.objects.get(staff=clerk)
        assert (found.granted_by_id, found.revoked_by_id) == (manager.pk, manager.pk)
        acts = list(Entry.objects.order_by("seq").values_list("act", "actor_id", "fields", "purpose"))
    assert acts == [
        ("identity.grant", manager.pk, ["residents.search"], f"職員 {clerk.pk}"),
        ("identity.revoke", manager.pk, ["residents.search"], f"職員 {clerk.pk}"),
    ]


def test_many_are_changed_together_and_what_stays_is_left_alone(clerk: Staff) -> None:
    regrant(actor=SYSTEM, staff=clerk, wanted={"residents.search": None, "residents.view": None})
    kept = Grant.objects.get(permission="residents.search")
    soon = TODAY + timedelta(days=5)
    regrant(actor=SYSTEM, staff=clerk, wanted={"residents.search": None, "audit.view": soon})
    held = {found.permission: found for found in current_grants(clerk, TODAY)}
    assert set(held) == {"residents.search", "audit.view"}
    assert held["residents.search"].pk == kept.pk
    assert last_day(held["audit.view"]) == soon


def test_one_refusal_undoes_the_whole_change(clerk: Staff) -> None:
    regrant(actor=SYSTEM, staff=clerk, wanted={"residents.search": None})
    with pytest.raises(Refused):
        regrant(actor=SYSTEM, staff=clerk, wanted={"audit.view": None, "no.such": None})
    assert permissions_of(clerk) == {"residents.search"}


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"valid_from": TODAY + timedelta(days=1)}, {"valid_until": TODAY}]
)
def test_an_account_that_cannot_be_used_holds_nothing(town: int, state: dict[str, Any]) -> None:
    staff = somebody("residents.search", **{"valid_from": TODAY - timedelta(days=9), **state})
    day = TODAY + timedelta(days=1) if "valid_until" in state else TODAY
    assert permissions_of(staff, day) == frozenset()


def test_a_permission_that_does_not_exist_is_an_error_and_not_a_no(clerk: Staff) -> None:
    with pytest.raises(KeyError):
        clerk.may("residents.serach")


@pytest.mark.parametrize(
    "change", [{"permission": "staff.manage"}, {"valid": DateRange(TODAY, date(2099, 1, 1))}, {"reason": "x"}]
)
def test_the_database_lets_the_application_change_nothing_of_a_grant_but_its_end(
    clerk: Staff, change: dict[str, object]
) -> None:
    made = grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Grant.objects.filter(pk=made.pk).update(**change)


def test_the_database_lets_nobody_delete_a_grant(clerk: Staff) -> None:
    grant(actor=SYSTEM, staff=clerk, permission="residents.search")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Grant.objects.all()._raw_delete("default")


@pytest.mark.parametrize("valid", [DateRange(TODAY, TODAY), DateRange(None, TODAY), DateRange(TODAY, None)])
def test_the_database_refuses_a_grant_without_two_ends(clerk: Staff, valid: DateRange) -> None:
    with pytest.raises(IntegrityError, match="grant_has_a_first_and_a_last_day"), transaction.atomic():
        Grant.objects.create(staff=clerk, permission="residents.search", valid=valid)


def test_a_grant_cannot_point_to_somebody_of_another_town(committed_db: str) -> None:
    clerk = somebody()
    span = DateRange(TODAY, YEAR_END)
    with pytest.raises(IntegrityError, match="grant_staff_in_town"), wall.within(OTHER_TOWN):
        Grant.objects.create(staff_id=clerk.pk, permission="residents.search", valid=span)
