"""Cards and legal representatives at the counter (カードと法定代理人の画面の試験; issue 7, section 3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.applicants.models import Card, Delegation, Revocation
from municipal.applicants.tests.holding import given_card
from municipal.applications.tests.filling import carded
from municipal.core import clock
from municipal.municipalities import wall

from .holding import accepted, answered, at_the_provider
from .keeping import key_in, staff

PAPERS = {"until": (clock.today() + timedelta(days=900)).isoformat(), "is_seen": "on"}


@pytest.fixture
def card(committed_db: str) -> Card:
    return given_card()


@pytest.fixture
def clerk(card: Card) -> Client:
    return staff("residents.view", "applicants.manage")


def page_of(card: Card) -> str:
    with wall.within(TOWN):
        return f"/residents/{Addressee.objects.get(pk=card.holder_id).number}/cards"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_only_whoever_may_enters_anything(card: Card) -> None:
    viewer, page = staff("residents.view"), page_of(card)
    assert viewer.get(page).status_code == 403
    for path in ("legal", f"{card.pk}/lost", f"{card.pk}/pin"):
        assert viewer.post(f"{page}/{path}", PAPERS).status_code == 403, path


@pytest.mark.parametrize("said", [{"is_seen": ""}, {"until": ""}, {"until": "2001-01-01"}, {"until": "9999-12-31"}])
def test_nobody_is_a_legal_representative_without_papers_or_for_ever(
    card: Card, clerk: Client, said: dict[str, str]
) -> None:
    page = page_of(card)
    assert clerk.post(f"{page}/legal", PAPERS | {"key": key_in(clerk.get(page))} | said).status_code == 422
    with wall.within(TOWN):
        assert not Delegation.objects.exists()


def test_a_legal_representative_is_entered_once_and_takes_over_with_the_code(card: Card, clerk: Client) -> None:
    page = page_of(card)
    said = PAPERS | {"key": key_in(clerk.get(page))}
    code = clerk.post(f"{page}/legal", said).context["code"]
    assert clerk.post(f"{page}/legal", said).context["code"] == ""
    guardian = Client()
    carded(guardian, name="乙野　介", resident_code="99900000010")
    assert accepted(guardian, code).status_code == 302
    with wall.within(TOWN):
        one = Delegation.objects.get()
        assert (one.kind, one.given_by_kind) == ("legal", "staff")
    assert "乙野　介" in text(clerk.get(page))


def test_a_lost_card_signs_in_no_more_and_another_s_card_is_not_found(card: Card, clerk: Client) -> None:
    page = page_of(card)
    other = given_card(name="乙野　介", resident_code="99900000010")
    assert clerk.post(f"{page}/{other.pk}/lost", {"key": "a"}).status_code == 404
    for _time in range(2):
        assert clerk.post(f"{page}/{card.pk}/lost", {"key": "b"}).status_code == 302
    with wall.within(TOWN):
        assert Revocation.objects.filter(why="lost").count() == 2
    browser = Client()
    assert answered(browser, card, at_the_provider(browser)).status_code == 422
    assert card.number not in text(clerk.get(page))


@pytest.mark.parametrize("pin", ["", "12", "abcd", "\0\0\0\0", "1" * 40])
def test_a_pin_of_another_form_is_refused_beside_its_field(card: Card, clerk: Client, pin: str) -> None:
    shown = clerk.post(f"{page_of(card)}/{card.pk}/pin", {"use": "user", "pin": pin})
    assert shown.status_code == 422
    assert "id_pin_error" in text(shown)


def test_a_new_pin_opens_a_locked_card(card: Card, clerk: Client) -> None:
    with wall.within(TOWN):
        Card.objects.update(failures_user=3)
    page = page_of(card)
    assert "ロック中" in text(clerk.get(page))
    assert clerk.post(f"{page}/{card.pk}/pin", {"use": "user", "pin": "4321"}).status_code == 302
    browser = Client()
    assert answered(browser, card, at_the_provider(browser), "4321").status_code == 302
