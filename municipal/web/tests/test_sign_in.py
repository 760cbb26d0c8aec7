"""Signing in through the screens (サインインの画面の試験)."""

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings, strategies

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.identity.middleware import COOKIE
from municipal.identity.models import Staff
from municipal.identity.operations.second_factor import secret_of
from municipal.identity.tests.people import PASSWORD, browser_of, somebody
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db
NEW = "a wholly different phrase"
RIGHT = {"town": "990019", "login_name": "clerk", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _cheap_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_a_sign_in_leads_to_the_first_page_with_a_cookie_that_only_we_can_read(settings: Any) -> None:
    somebody()
    settings.SESSION_COOKIE_SECURE = True
    answer = Client().post("/sign-in", RIGHT)
    cookie = answer.cookies[COOKIE]
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["max-age"] == cookie["expires"] == cookie["domain"] == ""
    assert cookie.value.startswith("990019.")


def test_the_town_is_chosen_and_the_same_name_is_somebody_else_there() -> None:
    somebody(name="架空の人")
    somebody(name="模擬の人", town=OTHER_TOWN)
    for town, name in (("990019", "架空の人"), ("990027", "模擬の人")):
        answer = Client().post("/sign-in", {**RIGHT, "town": town}, follow=True)
        assert name in answer.content.decode()


def test_where_the_town_is_preset_it_is_not_asked_for_and_cannot_be_slipped_in(settings: Any) -> None:
    settings.KIJUN_TOWN = "990027"
    somebody(town=OTHER_TOWN)
    assert 'name="town"' not in Client().get("/sign-in").content.decode()
    answer = Client().post("/sign-in", {**RIGHT, "town": "990019"})
    assert answer.cookies[COOKIE].value.startswith("990027.")


def test_a_failure_says_one_sentence_and_sends_no_password_back() -> None:
    somebody()
    answer = Client().post("/sign-in", {**RIGHT, "password": "not-the-password"})
    assert answer.status_code == 422
    assert "サインイン名かパスワードが違います" in answer.content.decode()
    assert "not-the-password" not in answer.content.decode()
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize("field", ["town", "login_name", "password"])
def test_every_missing_field_has_its_error_beside_it(field: str) -> None:
    answer = Client().post("/sign-in", {**RIGHT, field: ""})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil",
        "///evil.example", "/\t/evil.example", " //evil.example", "http:evil.example", "\x00//evil.example", "",
    ],
)  # fmt: skip
def test_no_address_of_another_site_is_ever_gone_to(target: str) -> None:
    somebody()
    answer = Client().post("/sign-in", {**RIGHT, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    shown = Client().get("/sign-in", {"next": target}).content.decode()
    # The one that is left belongs to the language switch, which checks for itself.
    assert shown.count('name="next"') == 1


def test_a_page_of_ours_is_come_back_to() -> None:
    somebody()
    answer = Client().post("/sign-in", {**RIGHT, "next": "/residents?q=%E3%81%82"})
    assert answer["Location"] == "/residents?q=%E3%81%82"


ODD = [
    "x" * 10_000,
    "a\0b",
    "\u202eabc",
    "\u200f",
    "=1+1",
    "'; DROP TABLE",
    "<script>",
    "\ud800".encode("utf-8", "surrogatepass"),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["town", "login_name", "password", "next"])
def test_odd_input_is_refused_in_one_page(field: str, odd: str | bytes) -> None:
    answer = Client(raise_request_exception=False).post("/sign-in", {**RIGHT, field: odd})
    assert answer.status_code == 422
    assert "Traceback" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.dictionaries(strategies.sampled_from([*RIGHT, "next"]), strategies.text(max_size=80)))
def test_whatever_is_sent_is_answered_with_the_form(said: dict[str, str]) -> None:
    answer = Client(raise_request_exception=False).post("/sign-in", said)
    assert answer.status_code in {200, 422}
    assert "サインイン" in answer.content.decode()


def forms() -> list[str]:
    """Every address of a page that takes a POST without a number in it."""
    return [
        "/sign-in",
        "/sign-in/code",
        "/sign-out",
        "/account/password",
        "/account/second-factor",
        "/staff/add",
        "/language",
    ]


@pytest.mark.parametrize("path", forms())
def test_no_form_is_taken_without_its_token(path: str) -> None:
    client = browser_of(somebody("staff.view", "staff.manage"), enforce_csrf_checks=True)
    answer = client.post(path, RIGHT)
    assert answer.status_code == 403
    assert "画面の有効期限が切れました" in answer.content.decode()


def test_no_page_of_ours_is_exempt_from_the_token() -> None:
    """What the payment provider, whoever relies on the simulated card, and a machine at the simulated portal send comes
    from no page; it is signed."""
    found = [
        pattern.name
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
        if getattr(pattern.callback, "csrf_exempt", False) and not hasattr(pattern.callback, "cls")
    ]
    assert sorted(found) == ["portal", "token", "webhook"]


def test_signing_out_ends_the_session_and_takes_only_a_post() -> None:
    client = browser_of(somebody())
    key = client.cookies[COOKIE].value
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    client.cookies[COOKIE] = key
    assert client.get("/").status_code == 302


def test_a_temporary_password_is_changed_and_work_begins() -> None:
    client = browser_of(somebody(must_change_password=True))
    said = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert "仮のパスワード" in client.get("/account/password").content.decode()
    assert client.post("/account/password", said)["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"old_password": "wrong"}, "old_password"),
        ({"new_password1": "short", "new_password2": "short"}, "new_password1"),
        ({"new_password2": "another"}, "new_password2"),
    ],
)
def test_a_change_that_is_refused_says_why_beside_its_field(said: dict[str, str], field: str) -> None:
    right = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    answer = browser_of(somebody()).post("/account/password", {**right, **said})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_old_passwords_cannot_be_guessed_from_an_unlocked_screen() -> None:
    client = browser_of(somebody())
    wrong = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    for _ in range(5):
        client.post("/account/password", wrong)
    answer = client.post("/account/password", {**wrong, "old_password": PASSWORD})
    assert "受付を止めています" in answer.content.decode()


def test_the_app_is_set_up_from_the_image_and_asked_for_at_the_next_sign_in() -> None:
    moment = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)
    staff = somebody()
    with clock.stopped_at(moment):
        client = browser_of(staff)
        shown = client.get("/account/second-factor").content.decode()
        assert "<svg" in shown
        assert "style=" not in shown
        with wall.within(TOWN):
            app = pyotp.TOTP(secret_of(Staff.objects.get(pk=staff.pk)))
        assert client.get("/account/second-factor").content.decode().count(app.secret[:4]) > 0
        assert client.post("/account/second-factor", {"code": "000000"}).status_code == 422
        assert client.post("/account/second-factor", {"code": app.at(moment)}).status_code == 302
        again = Client()
        assert again.post("/sign-in", RIGHT, follow=True).redirect_chain[-1][0] == "/sign-in/code"
        assert again.post("/sign-in/code", {"code": app.at(moment)}).status_code == 422
        answer = again.post(
            "/sign-in/code", {"code": app.at(moment + timedelta(seconds=30)), "next": "/account/password"}
        )
        assert answer["Location"] == "/account/password"
        assert again.get("/").status_code == 200


def test_the_second_step_without_the_first_leads_back() -> None:
    assert Client().post("/sign-in/code", {"code": "123456"})["Location"] == "/sign-in"
