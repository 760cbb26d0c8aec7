"""Accounts and permissions through the screens (職員と権限の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.identity.models import Grant, Staff, permissions_of
from municipal.identity.operations.attempts import count_failure
from municipal.identity.operations.permissions import last_day
from municipal.identity.permissions import PERMISSIONS
from municipal.identity.rules import fiscal_year_end
from municipal.identity.tests.people import browser_of, opened_by, somebody
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db
CODES = list(PERMISSIONS)
SAID = {
    "login_name": "newcomer", "name": "新人　七葉", "kana": "シンジン　ナナハ", "department": "市民課",
    "valid_from": "", "valid_until": "", "is_active": "on", "act": "save",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.stopped_at(datetime(2026, 11, 23, 9, tzinfo=clock.TOKYO)):
        yield


@pytest.fixture
def manager() -> Client:
    return browser_of(somebody("staff.view", "staff.manage", "staff.items", login_name="manager", name="管理する人"))


def ticked(**until: str) -> dict[str, str]:
    """The form's boxes: permission code with ``__`` for the dot, and its last day as typed."""
    found = {"grants-TOTAL_FORMS": str(len(CODES)), "grants-INITIAL_FORMS": str(len(CODES))}
    for code, day in until.items():
        at = CODES.index(code.replace("__", "."))
        found |= {f"grants-{at}-is_granted": "on", f"grants-{at}-expires_on": day}
    return found


def newcomer() -> Staff:
    return Staff.objects.get(login_name="newcomer")


@pytest.mark.clause("resident-record/1.0#10.3/m1", "resident-record/1.0#10.3/m2")
def test_a_new_account_gets_its_permissions_and_a_password_that_is_shown_once(manager: Client) -> None:
    answer = manager.post("/staff/add", {**SAID, **ticked(residents__search="", audit__view="R9.1.31")})
    shown = answer.content.decode()
    assert answer.status_code == 200
    password = re.search(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", shown)
    assert password
    with wall.within(TOWN):
        until = {grant.permission: last_day(grant) for grant in Grant.objects.filter(staff=newcomer())}
        assert newcomer().must_change_password
        assert f'action="/staff/{newcomer().pk}"' in shown
    assert until == {"residents.search": fiscal_year_end(clock.today()), "audit.view": date(2027, 1, 31)}
    signed = Client().post("/sign-in", {"town": "990019", "login_name": "newcomer", "password": password[0]})
    assert signed.status_code == 302
    assert password[0] not in manager.get("/staff").content.decode()


def test_what_is_refused_for_one_permission_opens_no_account(manager: Client) -> None:
    answer = manager.post("/staff/add", {**SAID, **ticked(residents__search="R1.5.1")})
    assert answer.status_code == 422
    with wall.within(TOWN):
        assert not Staff.objects.filter(login_name="newcomer").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"login_name": "manager"}, "すでに使われています"),
        ({"login_name": "氏名"}, "半角の英小文字"),
        ({"login_name": "x" * 10_000}, "64文字以内"),
        ({"login_name": ""}, "id_login_name_error"),
        ({"name": "a\nb"}, "制御文字"),
        ({"name": "x" * 10_000}, "100文字以内"),
        ({"valid_from": "R8.2.30"}, "暦にない日付"),
        ({"valid_from": "明日"}, "読み取れません"),
        ({"valid_from": "R9.4.1", "valid_until": "R9.3.31"}, "利用開始日より前"),
        ({"grants-0-expires_on": "99999999999"}, "読み取れません"),
    ],
)
def test_what_makes_no_account_is_refused_in_one_sentence(
    manager: Client, said: dict[str, str], sentence: str
) -> None:  # fmt: skip
    answer = manager.post("/staff/add", {**SAID, **ticked(residents__search=""), **said})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with wall.within(TOWN):
        assert Staff.objects.count() == 1


@pytest.mark.walk
@pytest.mark.parametrize("field", ["login_name", "name", "kana", "department", "valid_from", "grants-0-expires_on"])
@pytest.mark.parametrize(
    "odd", ["a\0b", "\u202e\u2066", "=cmd|' /C calc'!A0", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_odd_input_is_answered_with_a_page(manager: Client, field: str, odd: str | bytes) -> None:
    answer = manager.post("/staff/add", {**SAID, **ticked(), field: odd})
    assert answer.status_code in {200, 422}
    assert "Traceback" not in answer.content.decode()


@pytest.mark.clause("resident-record/1.0#10.3/m1", "resident-record/1.0#10.3/m6", "resident-record/1.0#10.3/m8")
def test_an_account_is_changed_and_its_permissions_follow_the_boxes(manager: Client) -> None:
    clerk = somebody("residents.search", "residents.view")
    said = {**SAID, "login_name": "clerk", "name": "改めた名", **ticked(residents__view="", item__resident_code="")}
    assert manager.post(f"/staff/{clerk.pk}", said).status_code == 302
    with wall.within(TOWN):
        found = Staff.objects.get(pk=clerk.pk)
        assert found.name == "改めた名"
        assert permissions_of(found) == {"residents.view", "item.resident_code"}


def test_taking_the_tick_away_closes_the_account_and_its_sessions(manager: Client) -> None:
    clerk = somebody()
    client = browser_of(clerk)
    said = {**SAID, "login_name": "clerk", **ticked()}
    del said["is_active"]
    assert manager.post(f"/staff/{clerk.pk}", said).status_code == 302
    assert client.get("/").status_code == 302
    assert manager.post(f"/staff/{clerk.pk}", {**said, "is_active": "on"}).status_code == 302
    with wall.within(TOWN):
        assert Staff.objects.get(pk=clerk.pk).is_active


def test_the_buttons_reset_unlock_and_take_the_device_away(manager: Client) -> None:
    clerk = somebody(second_factor_set_at=clock.now())
    key = opened_by(clerk, passed=True)
    with wall.within(TOWN):
        for _ in range(5):
            count_failure("clerk", None)
    assert "ロック中" in manager.get(f"/staff/{clerk.pk}").content.decode()
    for act, status in (("unlock", 302), ("reset_second_factor", 302), ("reset_password", 200)):
        assert manager.post(f"/staff/{clerk.pk}", {"act": act}).status_code == status
    with wall.within(TOWN):
        found = Staff.objects.get(pk=clerk.pk)
        assert found.must_change_password
        assert not found.has_second_factor
        key.session.refresh_from_db()
        assert key.session.ended_at is not None
    assert "ロック中" not in manager.get(f"/staff/{clerk.pk}").content.decode()
    assert manager.post(f"/staff/{clerk.pk}", {"act": "promote"}).status_code == 422


def test_nobody_gives_themselves_a_permission(manager: Client) -> None:
    with wall.within(TOWN):
        own = Staff.objects.get(login_name="manager")
    said = {**SAID, "login_name": "manager", **ticked(staff__view="", staff__manage="", item__individual_number="")}
    answer = manager.post(f"/staff/{own.pk}", said)
    assert answer.status_code == 422
    assert "自分では変えられません" in answer.content.decode()
    with wall.within(TOWN):
        assert permissions_of(own) == {"staff.view", "staff.manage", "staff.items"}


def test_the_list_shows_the_town_and_nobody_else(manager: Client) -> None:
    somebody("residents.search", name="窓口の人", valid_until=clock.today() + timedelta(days=1))
    somebody(name="よその人", town=OTHER_TOWN)
    shown = manager.get("/staff").content.decode()
    assert "窓口の人" in shown
    assert "住民の検索" in shown
    assert "令和" in shown
    assert "よその人" not in shown


def test_somebody_of_another_town_is_not_found(manager: Client) -> None:
    other = somebody(town=OTHER_TOWN)
    assert manager.get(f"/staff/{other.pk}").status_code == 404
    assert manager.post(f"/staff/{other.pk}", {"act": "reset_password"}).status_code == 404
    assert manager.get("/staff/99999999999999999999").status_code in {404, 422}


@pytest.mark.clause("resident-record/1.0#10.3/m6")
def test_who_may_only_look_cannot_change() -> None:
    client, clerk = browser_of(somebody("staff.view", login_name="reader")), somebody()
    assert client.get("/staff").status_code == 200
    assert client.get(f"/staff/{clerk.pk}").status_code == 403
    assert client.post("/staff/add", {**SAID, **ticked()}).status_code == 403


def test_a_long_list_has_pages(manager: Client) -> None:
    for number in range(51):
        somebody(login_name=f"clerk{number:02d}", password="!")
    assert "?page=2" in manager.get("/staff").content.decode()
    assert "?page=1" in manager.get("/staff?page=2").content.decode()
    assert manager.get("/staff?page=nonsense").status_code == 200
