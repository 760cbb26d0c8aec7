"""Accounts of the made-up towns (研修用アカウントの試験)."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.demo import ROLES, accounts, open_demo_accounts
from municipal.identity.middleware import COOKIE
from municipal.identity.models import Grant, Staff, permissions_of
from municipal.identity.operations import sign_in
from municipal.identity.permissions import ITEMS, PERMISSIONS
from municipal.identity.rules import fiscal_year_end
from municipal.municipalities import wall

HIDDEN = {code for code, permission in PERMISSIONS.items() if permission.group == ITEMS}


def held(login_name: str) -> frozenset[str]:
    with wall.within(TOWN):
        return permissions_of(Staff.objects.get(login_name=login_name))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.login_name)
@pytest.mark.parametrize("town", [TOWN, OTHER_TOWN])
def test_every_listed_account_opens_its_town(town: int, role: Any) -> None:
    open_demo_accounts(town)
    form = {"town": f"{town:06d}", "login_name": role.login_name, "password": role.password}
    assert Client().post("/sign-in", form).cookies[COOKIE].value.startswith(f"{town:06d}.")


@pytest.mark.django_db
def test_opening_them_twice_changes_nothing() -> None:
    open_demo_accounts(TOWN)
    with wall.within(TOWN):
        before = [list(model.objects.order_by("pk").values()) for model in (Staff, Grant)]
    open_demo_accounts(TOWN)
    with wall.within(TOWN):
        assert [list(model.objects.order_by("pk").values()) for model in (Staff, Grant)] == before
        assert Staff.objects.count() == len(ROLES)


@pytest.mark.django_db
def test_one_clerk_sees_every_item_and_one_sees_none_of_those_that_may_be_hidden() -> None:
    open_demo_accounts(TOWN)
    assert held("counter") >= HIDDEN
    assert not held("tax") & HIDDEN
    assert "residents.view" in held("tax")


@pytest.mark.django_db
def test_who_manages_staff_sees_no_resident_and_who_audits_manages_nobody() -> None:
    open_demo_accounts(TOWN)
    assert not {code for code in held("admin") if code.startswith(("residents.", "item."))}
    assert not {code for code in held("auditor") if code.startswith("staff.")}


@pytest.mark.django_db
def test_their_permissions_end_with_the_fiscal_year_too() -> None:
    open_demo_accounts(TOWN)
    with wall.within(TOWN):
        assert {(grant.valid.upper - fiscal_year_end(clock.today())).days for grant in Grant.objects.all()} == {1}


@pytest.mark.django_db
def test_they_are_listed_for_both_towns_with_their_passwords() -> None:
    listed = {(account.town, account.login_name) for account in accounts()}
    assert len(listed) == 2 * len(ROLES)
    assert all(account.password for account in accounts())


@pytest.mark.django_db
def test_with_a_secret_of_ones_own_none_is_opened_listed_or_let_in(settings: Any) -> None:
    open_demo_accounts(TOWN)
    settings.SECRET_KEY = "a secret of one's own"
    open_demo_accounts(OTHER_TOWN)
    with wall.within(OTHER_TOWN):
        assert not Staff.objects.exists()
    assert list(accounts()) == []
    with pytest.raises(Refused, match="このアカウントは今は使えません"):
        sign_in(town=TOWN, login_name=ROLES[0].login_name, password=ROLES[0].password)


def test_a_real_town_gets_none(committed_db: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE municipalities_municipality SET is_fictional = false WHERE id = %s", [TOWN])
    open_demo_accounts(TOWN)
    with wall.within(TOWN):
        assert not Staff.objects.exists()
