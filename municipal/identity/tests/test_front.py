"""Signing in through a front that has checked who it is (シングルサインオンの試験)."""

from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.models import Staff
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall

SECRET = "s" * 40
pytestmark = pytest.mark.django_db


@pytest.fixture
def front(settings: Any) -> None:
    settings.KIJUN_SSO_HEADER, settings.KIJUN_SSO_SECRET = "X-Remote-User", SECRET
    settings.KIJUN_TOWN = str(TOWN)


def asked(name: str, secret: str = SECRET, **said: str) -> Any:
    client = Client(raise_request_exception=False)
    answer = client.get("/sign-in/front", headers={"X-Remote-User": name, "X-Kijun-Front": secret}, data=said)
    return client, answer


@pytest.mark.clause("resident-record/1.0#10.3/m4")
def test_whom_the_front_names_is_signed_in_and_it_is_logged(front: None) -> None:
    somebody("residents.search", second_factor_set_at=clock.now())
    client, answer = asked("CLERK")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/residents").status_code == 200
    with wall.within(TOWN):
        assert Entry.objects.get(kind="sign_in").code == "front"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("clerk", ""), ("clerk", "s" * 39), ("clerk", SECRET + "s"), ("nobody", SECRET), ("", SECRET),
        ("x" * 500, SECRET), ("clerk\x7f", SECRET), ("closed", SECRET),
    ],
)  # fmt: skip
def test_nobody_else_is_let_in_and_one_sentence_is_said(front: None, name: str, secret: str) -> None:
    somebody()
    somebody(login_name="closed", is_active=False)
    client, answer = asked(name, secret)
    assert answer.status_code in (401, 409, 422)
    assert "シングルサインオンでは入れません" in answer.content.decode()
    assert client.get("/residents").status_code == 302


@pytest.mark.parametrize(("header", "secret"), [("", SECRET), ("X-Remote-User", ""), ("X-Remote-User", "short")])
def test_without_a_front_of_its_own_an_installation_has_no_such_door(
    settings: Any, header: str, secret: str
) -> None:  # fmt: skip
    settings.KIJUN_SSO_HEADER, settings.KIJUN_SSO_SECRET = header, secret
    somebody()
    assert asked("clerk", secret)[1].status_code == 404


def test_a_temporary_password_opens_nothing_once_the_front_did(front: None) -> None:
    somebody(must_change_password=True)
    client, _ = asked("clerk")
    assert client.get("/").status_code == 200
    with wall.within(TOWN):
        assert not Staff.objects.get(login_name="clerk").password.startswith(("pbkdf2", "md5"))


@pytest.mark.parametrize("town", ["", "x", "1", "9" * 50, "٣"])
def test_with_several_towns_the_front_names_one_that_is_there(front: None, settings: Any, town: str) -> None:
    settings.KIJUN_TOWN = ""
    somebody(town=OTHER_TOWN)
    assert asked("clerk", town=town)[1].status_code in (401, 409, 422)
    assert asked("clerk", town=str(OTHER_TOWN))[1].status_code == 302
