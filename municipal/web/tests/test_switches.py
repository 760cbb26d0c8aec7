"""Functions outside the standard are switched off and on (標準外の機能の試験)."""

import pytest
from django.test import Client
from django.urls import reverse

from municipal.identity.permissions import BEYOND, PERMISSIONS
from municipal.identity.tests.people import browser_of, somebody

pytestmark = pytest.mark.django_db
PAGE = "register:switches"


@pytest.fixture
def admin() -> Client:
    return browser_of(somebody("register.settings", login_name="admin"))


def test_what_is_switched_off_is_open_to_nobody_and_offered_nowhere(admin: Client) -> None:
    clerk = browser_of(somebody("inspect_files", login_name="clerk"))
    assert clerk.get(reverse("inspections:list")).status_code == 200
    answer = admin.post(reverse(PAGE), {"permission": "inspect_files", "is_on": "0"}, follow=True)
    assert "「適合検査」を止めました。" in answer.content.decode()
    assert clerk.get(reverse("inspections:list")).status_code == 403
    assert reverse("inspections:list") not in clerk.get(reverse("home")).content.decode()
    admin.post(reverse(PAGE), {"permission": "inspect_files", "is_on": "1"})
    assert clerk.get(reverse("inspections:list")).status_code == 200


@pytest.mark.parametrize("code", ["residents.view", "item.resident_code", "", "nothing", "x" * 5000, "\x00"])
def test_what_the_standard_asks_for_stays_on(admin: Client, code: str) -> None:
    answer = admin.post(reverse(PAGE), {"permission": code, "is_on": "0"})
    assert answer.status_code == 422


def test_the_page_lists_everything_outside_the_standard(admin: Client) -> None:
    shown = admin.get(reverse(PAGE)).content.decode()
    assert all(f'value="{one.code}"' in shown for one in PERMISSIONS.values() if one.clause == BEYOND)
    assert 'value="residents.view"' not in shown


def test_only_who_sets_the_register_may_switch() -> None:
    clerk = browser_of(somebody("residents.enter", "inspect_files", login_name="clerk"))
    assert clerk.get(reverse(PAGE)).status_code == 403
    assert clerk.post(reverse(PAGE), {"permission": "inspect_files", "is_on": "0"}).status_code == 403
