"""Tokens of the API on the screen (APIの鍵の画面の試験)."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conftest import TOWN
from municipal.core import clock
from municipal.identity.models import Session
from municipal.identity.models.sessions import TOKEN
from municipal.identity.operations import sessions
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.TOKYO)
KEY = re.compile(r"990019\.[A-Za-z0-9_-]{43}")
pytestmark = pytest.mark.django_db


def issued(client: Client, **said: str) -> str:
    """The page after the form was sent."""
    answer = client.post(reverse("identity:tokens"), {"label": "集計", "expires_on": "", **said})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_key_is_shown_once_and_opens_the_door_for_machines() -> None:
    client = browser_of(somebody("api.use"))
    found = KEY.findall(issued(client))
    assert len(found) == 1
    with wall.within(TOWN):
        assert sessions.find(found[0], kind=TOKEN) is not None
    assert KEY.search(client.get(reverse("identity:tokens")).content.decode()) is None


def test_a_token_lasts_to_the_end_of_the_fiscal_year_if_no_day_is_named() -> None:
    with clock.stopped_at(NOON):
        assert "令和9年3月31日" in issued(browser_of(somebody("api.use")))


@pytest.mark.parametrize(
    ("field", "typed"),
    [("label", ""), ("label", "x" * 61), ("expires_on", "R9.4.1"), ("expires_on", "R8.11.22"), ("expires_on", "soon")],
)
def test_what_makes_no_token_is_refused_beside_its_field(field: str, typed: str) -> None:
    with clock.stopped_at(NOON):
        form = {"label": "集計", "expires_on": "", field: typed}
        answer = browser_of(somebody("api.use")).post(reverse("identity:tokens"), form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with wall.within(TOWN):
        assert not Session.objects.filter(kind=TOKEN).exists()


def test_a_revoked_token_opens_nothing_any_more() -> None:
    client = browser_of(somebody("api.use"))
    key = KEY.findall(issued(client))[0]
    with wall.within(TOWN):
        number = Session.objects.get(kind=TOKEN).pk
    answer = client.post(reverse("identity:revoke_token", args=[number]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("identity:tokens"))
    with wall.within(TOWN):
        assert sessions.find(key, kind=TOKEN) is None


def test_somebody_elses_token_and_ones_own_session_are_not_there_to_be_revoked() -> None:
    holder, other = somebody("api.use"), somebody("api.use", login_name="other")
    issued(browser_of(holder))
    client = browser_of(other)
    with wall.within(TOWN):
        numbers = list(Session.objects.values_list("pk", flat=True))
    codes = [client.post(reverse("identity:revoke_token", args=[number])).status_code for number in numbers]
    assert codes == [404] * len(numbers)
    with wall.within(TOWN):
        assert not Session.objects.exclude(ended_at=None).exists()


def test_only_tokens_in_force_are_listed() -> None:
    with clock.stopped_at(NOON):
        staff = somebody("api.use")
        client = browser_of(staff)
        issued(client, expires_on="R8.11.23")
        assert [token["label"] for token in client.get(reverse("identity:tokens")).context["tokens"]] == ["集計"]
    with clock.stopped_at(NOON + timedelta(days=1)):
        assert browser_of(staff).get(reverse("identity:tokens")).context["tokens"] == []


@pytest.mark.parametrize("permissions", [(), ("staff.manage",)])
def test_without_the_permission_there_is_no_page_and_no_way_to_it(permissions: tuple[str, ...]) -> None:
    client = browser_of(somebody(*permissions))
    assert client.post(reverse("identity:tokens"), {"label": "集計"}).status_code == 403
    assert reverse("identity:tokens") not in client.get(reverse("home")).content.decode()
