"""An applicant's pages: in with a card, out again, acting for others, and every wrong way in (申請者の画面の試験)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.applicants.models import ApplicantSession, Card, Delegation
from municipal.applicants.tests.holding import NOON, card_of, given_card, resident
from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter
from municipal.web.views.me import ASKING, COOKIE

from .holding import ME, accepted, answered, at_the_provider, code_on, delegated, signed_in


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def card(committed_db: str) -> Card:
    return given_card()


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def other(card: Card) -> Client:
    """Somebody else who is signed in."""
    found = Client(raise_request_exception=False)
    signed_in(found, given_card(name="乙野　介", resident_code="99900000010"))
    return found


def _sessions() -> int:
    with wall.within(TOWN):
        return ApplicantSession.objects.filter(ended_at=None).count()


def test_a_card_and_its_pin_lead_to_my_page_with_my_name_and_nothing_else(card: Card, browser: Client) -> None:
    shown = signed_in(browser, card)
    text = shown.content.decode()
    assert shown.redirect_chain == [(ME, 302)]
    assert "甲野　花子" in text
    assert "確認できました" in text
    assert not any(word in text for word in ("松町", "1985", "昭和60年", card.number))
    assert "no-store" in shown["Cache-Control"]


def test_without_a_session_the_page_is_the_way_in(card: Card, browser: Client) -> None:
    shown = browser.get(ME)
    assert "カードでサインインする" in shown.content.decode()
    assert browser.get(f"{ME}/delegations")["Location"] == ME
    assert browser.post(f"{ME}/delegations/1/end")["Location"] == ME


def test_staff_and_applicants_have_doors_of_their_own(card: Card, browser: Client) -> None:
    signed_in(browser, card)
    assert "/sign-in" in browser.get("/residents")["Location"]
    assert "kijun_session" not in browser.cookies
    assert browser.cookies[COOKIE]["httponly"]
    assert browser.cookies[COOKIE]["samesite"] == "Lax"


def test_the_answer_counts_in_the_browser_that_asked_and_once(card: Card, browser: Client) -> None:
    answer = answered(browser, card)["Location"]
    stranger = Client().get(answer)
    assert stranger.status_code == 422
    assert COOKIE not in stranger.cookies
    # The browser that asked may still come: the code was not touched.
    assert browser.get(answer).status_code == 302
    assert browser.get(answer).status_code == 422
    assert _sessions() == 1


def test_a_replayed_code_is_not_believed_even_with_the_cookie_of_the_question(card: Card, browser: Client) -> None:
    answer = answered(browser, card)["Location"]
    asked = browser.cookies[ASKING].value
    assert browser.get(answer).status_code == 302
    browser.cookies[ASKING] = asked
    assert browser.get(answer).status_code == 422


def test_another_state_or_an_old_question_is_not_believed(card: Card, browser: Client) -> None:
    answer = answered(browser, card)["Location"]
    state = parse_qs(urlsplit(answer).query)["state"][0]
    wrong = browser.get(answer.replace(state, state[::-1]))
    assert wrong.status_code == 422
    assert "確かめられませんでした" in wrong.content.decode()
    fresh = answered(browser, card)["Location"]
    browser.cookies[ASKING] = "forged:cookie"
    assert browser.get(fresh).status_code == 422
    assert _sessions() == 0


def test_going_back_without_giving_anything_opens_nothing(card: Card, browser: Client) -> None:
    back = browser.post(at_the_provider(browser), {"leave": "1"})["Location"]
    assert "error=access_denied" in back
    assert browser.get(back).status_code == 422
    assert _sessions() == 0


def test_wrong_pins_are_counted_on_the_page_until_the_card_is_locked(card: Card, browser: Client) -> None:
    page = at_the_provider(browser)
    said = [answered(browser, card, page, "9999").content.decode() for _ in range(3)]
    assert ["あと2回" in said[0], "あと1回" in said[1], "使えません" in said[2]] == [True, True, True]
    locked = answered(browser, card, page)
    assert locked.status_code == 422
    assert "1234" not in locked.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"number": "12"}, {"number": "1" * 99, "pin": "1234"}, {"number": "\0", "pin": "\0"}]
)
def test_bad_input_at_the_provider_is_one_clear_sentence(card: Card, browser: Client, said: dict[str, str]) -> None:
    shown = browser.post(at_the_provider(browser), said)
    assert shown.status_code == 422
    assert "k-error-summary" in shown.content.decode()


@pytest.mark.parametrize("change", [("state", ""), ("redirect_uri", "https://elsewhere.example/"), ("scope", "admin")])
def test_the_provider_sends_nobody_to_where_it_was_not_told(
    card: Card, browser: Client, change: tuple[str, str]
) -> None:
    page = at_the_provider(browser)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(page).query).items()}
    shown = browser.get(f"{ME}/card", asked | dict([change]))
    assert shown.status_code == 422
    assert "Location" not in shown.headers


def test_signing_in_leads_on_to_a_page_of_ours_and_never_elsewhere(card: Card, browser: Client) -> None:
    for wanted, there in ((f"{ME}/delegations", f"{ME}/delegations"), ("//elsewhere.example", ME)):
        page = browser.get(f"{ME}/start", {"next": wanted})["Location"]
        assert browser.get(answered(browser, card, page)["Location"])["Location"] == there


def test_signing_out_ends_it_for_the_key_too(card: Card, browser: Client) -> None:
    signed_in(browser, card)
    key = browser.cookies[COOKIE].value
    browser.post(f"{ME}/sign-out")
    browser.cookies[COOKIE] = key
    assert "カードでサインインする" in browser.get(ME).content.decode()
    assert _sessions() == 0


def test_half_an_hour_later_it_is_over(card: Card, browser: Client) -> None:
    signed_in(browser, card)
    with clock.stopped_at(NOON + timedelta(minutes=31)):
        assert "カードでサインインする" in browser.get(ME).content.decode()


def test_a_session_of_one_town_is_none_in_another(card: Card, browser: Client) -> None:
    signed_in(browser, card)
    assert "カードでサインインする" in browser.get(f"/me/{OTHER_TOWN}").content.decode()


def test_the_card_of_somebody_who_moved_is_told_to_come_and_no_more(card: Card, browser: Client) -> None:
    with wall.within(TOWN):
        newest = ResidentRecord.objects.get(addressee=card.holder_id)
        enter(newest, date(2026, 11, 20), address_lot="９９番地")
    text = signed_in(browser, card).content.decode()
    assert "確かめられませんでした" in text
    assert "９９番地" not in text


def test_the_dead_do_not_sign_in_again(card: Card, browser: Client) -> None:
    signed_in(browser, card)
    with wall.within(TOWN):
        enter(ResidentRecord.objects.get(addressee=card.holder_id), date(2026, 11, 20), status="3")
    assert "カードでサインインする" in browser.get(ME).content.decode()
    assert browser.get(answered(browser, card)["Location"]).status_code == 422


def test_a_real_town_has_neither_sign_in_nor_cards(committed_db: str, browser: Client) -> None:
    Municipality.objects.using("owner").filter(pk=TOWN).update(is_fictional=False)
    assert browser.get(f"{ME}/start").status_code == 503
    assert {browser.get(f"{ME}/{page}").status_code for page in ("card", "card/person", "card/keys.json")} == {404}
    assert browser.post(f"{ME}/card/token").status_code == 404


def test_what_machines_ask_of_the_provider_is_answered_as_the_standard_has_it(card: Card, browser: Client) -> None:
    keys = json.loads(browser.get(f"{ME}/card/keys.json").content)["keys"]
    assert [(one["kty"], one["alg"], "d" in one) for one in keys] == [("EC", "ES256", False)]
    token = Client(enforce_csrf_checks=True).post(f"{ME}/card/token", {"grant_type": "authorization_code"})
    assert (token.status_code, json.loads(token.content)) == (401, {"error": "invalid_client"})
    for header in ({}, {"HTTP_AUTHORIZATION": "Bearer guessed"}):
        person = browser.get(f"{ME}/card/person", **header)  # type: ignore[arg-type]
        assert (person.status_code, json.loads(person.content)) == (401, {"error": "invalid_token"})


def test_a_delegation_is_given_with_a_code_shown_once_and_taken_over(
    card: Card, browser: Client, other: Client
) -> None:
    signed_in(browser, card)
    key = uuid4().hex
    code = code_on(delegated(browser, key))
    assert len(code) == 14
    again = delegated(browser, key)
    assert code_on(again) == ""
    assert "登録済み" in again.content.decode()
    assert accepted(other, code)["Location"] == ME
    assert "甲野　花子" in other.get(ME).content.decode()
    assert "乙野　介" in browser.get(f"{ME}/delegations").content.decode()
    with wall.within(TOWN):
        assert Delegation.objects.count() == 1


def test_either_ends_it_and_it_is_gone_at_the_next_look(card: Card, browser: Client, other: Client) -> None:
    signed_in(browser, card)
    accepted(other, code_on(delegated(browser)))
    with wall.within(TOWN):
        number = Delegation.objects.get().pk
    stranger = Client()
    with wall.within(TOWN):
        third = card_of(resident(name="丙野　三", resident_code="99900000029").addressee)
    signed_in(stranger, third)
    assert stranger.post(f"{ME}/delegations/{number}/end", {"key": uuid4().hex}).status_code == 422
    assert browser.post(f"{ME}/delegations/{number}/end", {"key": uuid4().hex}).status_code == 302
    assert "甲野　花子" not in other.get(ME).content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"until": "2026-11-28"}, {"until": "2028-01-01"}, {"until": "9999-99-99"}, {"until": ""}, {"kind": "legal"},
        {"kind": ""}, {"procedures": "no-such-procedure"}, {"key": "\0"}, {"key": ""},
    ],
)  # fmt: skip
def test_bad_input_gives_no_delegation(card: Card, browser: Client, said: dict[str, str]) -> None:
    signed_in(browser, card)
    shown = delegated(browser, **said) if "key" not in said else browser.post(
        f"{ME}/delegations", {"kind": "family", "until": "2026-12-31"} | said
    )  # fmt: skip
    assert shown.status_code == 422
    with wall.within(TOWN):
        assert not Delegation.objects.exists()


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-2345", "x" * 31])
def test_a_wrong_code_is_answered_beside_its_field(card: Card, other: Client, code: str) -> None:
    shown = accepted(other, code)
    assert shown.status_code == 422
    assert "id_code_error" in shown.content.decode()


def test_who_is_linked_to_no_resident_gives_no_delegation(card: Card, browser: Client) -> None:
    with wall.within(TOWN):
        Card.objects.filter(pk=card.pk).update(name="甲野　花")
    signed_in(browser, card)
    assert "委任はできません" in delegated(browser).content.decode()
    assert "委任番号を作る" not in browser.get(f"{ME}/delegations").content.decode()


def test_a_protected_resident_signs_in_and_sees_nothing_that_was_not_brought(card: Card, browser: Client) -> None:
    from municipal.addressees.models import Protection

    with wall.within(TOWN):
        Protection.objects.create(addressee=Addressee.objects.get(pk=card.holder_id), starts_on=NOON.date())
    text = signed_in(browser, card).content.decode() + browser.get(f"{ME}/delegations").content.decode()
    assert "確認できました" in text
    assert "松町" not in text


def test_one_town_alone_is_not_asked_for(card: Card, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "模擬町" in browser.get("/me").content.decode()
    assert browser.get("/me/000000").status_code == 404
    assert settings.KIJUN_APPLICANT_IDLE_MINUTES == 30
