"""Foreign residents, names, nationality and special moves, each from its form to the decision (入力画面の試験)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.places.demo import furnish

from .entering import CAME, decided, entered, fields, moved_in, newcomer, newest, opened, sent, signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)
LATER = {"event_on": "R8.11.16"}
STAY = {
    "people-0-family_name": "", "people-0-given_name": "", "people-0-family_kana": "", "people-0-given_kana": "",
    "people-0-roman_name": "EXAMPLE ANNA", "people-0-nationality": "ブラジル", "people-0-domicile": "",
    "people-0-register_head": "", "people-0-article30_45_class": "mid_long_term",
    "people-0-residence_card_number": "AB12345678CD", "people-0-residence_status": "artist",
    "people-0-stay_years": "3", "people-0-stay_expires_on": "2028-05-06",
}  # fmt: skip
HERE = {"place-prefecture": "架空県", "place-city": "架空市", "place-block": "松町", "place-lot": "７番地"}


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


@pytest.fixture
def numbers(clerk: Client, chief: Client) -> list[str]:
    return moved_in(clerk, chief)


@pytest.fixture
def act(clerk: Client, chief: Client) -> Any:
    def do(name: str, number: str, **typed: Any) -> Any:
        decided(chief, entered(clerk, opened(clerk, name, person=number), **{**LATER, **typed}))
        return newest(number)

    return do


@pytest.fixture
def anna(clerk: Client, chief: Client) -> Any:
    """EXAMPLE ANNA, entered by article 30-46 without an address before."""
    shown = clerk.get("/entries/article30_46")
    assert fields(shown)["people-0-kind"] == ["2"]
    typed = newcomer(0, "", "世帯主", "1990-05-06") | STAY | HERE | {"event_on": "R8.11.10"}
    typed = {**typed, "came_from-prefecture": "", "came_from-city": "", "came_from-block": "", "came_from-lot": ""}
    decided(chief, entered(clerk, shown, **typed))
    page = clerk.get("/residents", {"q": "EXAMPLE ANNA"})
    return newest(page.context["people"][0]["number"])


@pytest.mark.clause("resident-record/1.0#4.1.0.2/m2")
def test_the_filing_day_opens_with_today_and_the_event_day_empty(clerk: Client) -> None:
    shown = clerk.get("/entries/article30_46")
    assert (fields(shown)["notified_on"], fields(shown)["event_on"]) == (["R8.11.25"], [""])


def test_a_first_entry_an_alias_and_a_place_notification(anna: Any, act: Any, clerk: Client) -> None:
    number = anna.addressee.number
    assert (anna.kind, anna.address_before_city, anna.became_foreign_resident_on.shown_gregorian()) == (
        "2", "", "2026年11月10日",
    )  # fmt: skip
    row = act("alias_entry", number, **{"item-alias": "見本　杏", "item-alias_kana": "ミホン　アンズ"})
    assert (row.alias, row.alias_entered_on, row.alias_entered_at) == ("見本　杏", date(2026, 11, 16), "架空市")
    page = clerk.get(f"/residents/{number}").content.decode()
    assert 'value="alias_deletion"' in page
    assert 'value="alias_entry"' not in page
    row = act("place_notification", number)
    assert row.is_place_notified
    row = act("alias_deletion", number)
    assert (row.alias, row.alias_deleted_at) == ("", "架空市")


def test_the_agency_tells_a_new_period_and_then_the_end(anna: Any, act: Any, clerk: Client) -> None:
    number = anna.addressee.number
    shown = opened(clerk, "immigration_correction", person=number)
    offered = {name for name, _label in shown.context["form"].fields["fix-0-item"].choices if name}
    assert {"stay_expires_on", "residence_status", "nationality"} <= offered
    assert not {"address_lot", "relationship", "resident_code"} & offered
    row = act("immigration_correction", number, **{"fix-0-item": "stay_expires_on", "fix-0-value": "2031-05-06"})
    assert (row.stay_expires_on, row.event.basis) == (date(2031, 5, 6), "immigration")
    row = act("immigration_removal", number)
    assert (row.status, row.event.basis) == ("9", "immigration")
    assert "転入通知の受理" in text(clerk.get(f"/residents/{number}"))


def test_somebody_is_naturalised_and_loses_the_nationality_again(anna: Any, act: Any, clerk: Client) -> None:
    number = anna.addressee.number
    shown = opened(clerk, "naturalisation", person=number)
    checked = sent(clerk, shown, "check", **LATER)
    assert "氏名を入力してください。" in text(checked)
    typed = {"item-family_name": "見本", "item-given_name": "杏", "item-domicile": "架空県架空市松町７番地"}
    row = act("naturalisation", number, **typed, **{"item-register_head": "見本　杏"})
    assert (row.kind, row.name, row.became_resident_on.shown()) == ("1", "見本　杏", "令和8年11月10日")
    assert row.serial == 3
    typed = {"item-roman_name": "EXAMPLE ANNA", "item-nationality": "ブラジル"}
    row = act("nationality_lost", number, event_on="R8.11.20", **typed)
    assert (row.kind, row.name, row.article30_45_class) == ("2", "EXAMPLE ANNA", "transitional_nationality_loss")


def test_a_former_surname_is_entered_amended_and_deleted(
    numbers: list[str], act: Any, clerk: Client, chief: Client
) -> None:
    shown = opened(clerk, "former_surname_entry", person=numbers[1])
    draft = entered(clerk, shown, **LATER, **{"item-former_family_name": "旧野"})
    again = clerk.get(f"/entries/former_surname_entry?draft={draft}&version=1")
    assert fields(again)["item-former_family_name"] == ["旧野"]
    decided(chief, draft)
    assert newest(numbers[1]).former_family_name == "旧野"
    row = act("former_surname_change", numbers[1], **{"item-former_family_name": "新野"})
    assert row.former_family_name == "新野"
    assert act("former_surname_deletion", numbers[1]).former_family_name == ""


def test_a_household_leaves_by_card(numbers: list[str], act: Any, clerk: Client) -> None:
    assert "特例による転出" not in text(clerk.get(f"/residents/{numbers[0]}"))
    act("correction_ex_officio", numbers[0], **{"fix-0-item": "has_individual_number_card", "fix-0-value": "有"})
    assert "特例による転出" in text(clerk.get(f"/residents/{numbers[0]}"))
    there = {"place-prefecture": "見本県", "place-city": "見本市", "event_on": "R8.12.10"}
    row = act("move_out_by_card", numbers[0], **there)
    assert (row.event.act, row.event.document, row.move_out_planned_on) == ("move_out_by_card", "", date(2026, 12, 10))


def test_a_move_in_after_an_unreported_one(clerk: Client, chief: Client) -> None:
    shown = clerk.get("/entries/move_in_unreported")
    typed = newcomer(0, "未届", "世帯主", "1990-05-06") | CAME | LATER
    missing = sent(clerk, shown, "check", **typed)
    assert "最終登録住所地を入力してください。" in text(missing)
    decided(chief, entered(clerk, shown, **typed, **{"people-0-last_registered_address": "見本県例示町１番地"}))
    page = clerk.get("/residents", {"q": "未届"})
    row = newest(page.context["people"][0]["number"])
    assert "（未届）" in row.address_before_lot + row.address_before_block + row.address_before_city
    assert row.last_registered_address == "見本県例示町１番地"


@pytest.mark.clause("resident-record/1.0#4.1.3.0.2/m2", "resident-record/1.0#4.1.3.0.2/m3")
def test_a_destination_comes_from_the_dictionary_or_is_typed(numbers: list[str], clerk: Client, chief: Client) -> None:
    with wall.within(TOWN):
        furnish(str(TOWN), "架空市")
    shown = sent(clerk, opened(clerk, "move_out", person=numbers[0]), "call:place", **{"place-call": "000-0102"})
    assert fields(shown)["place-block"] == ["本陣町"]
    decided(chief, entered(clerk, shown, event_on="R8.12.10", **{"place-lot": "どこかの番地"}))
    row = newest(numbers[0])
    assert (row.planned_destination_block, row.planned_destination_lot) == ("本陣町", "どこかの番地")
