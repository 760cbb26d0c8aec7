"""What was typed or is recorded is offered again (一括入力・本籍入力補助・方書入力補助の試験)."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import municipal.api
import municipal.web
from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.addressees.outputs import outputs
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.places.demo import furnish
from municipal.places.models import Block, Building
from municipal.residents.models import ResidentRecord

from .entering import CAME, decided, entered, fields, moved_in, newcomer, newest, opened, sent, signed_in

V1 = "resident-record/1.0"
NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


def offered(answer: Any, name: str) -> list[str]:
    """The words of a list of suggestions."""
    found = re.search(rf'<datalist id="{name}">(.*?)</datalist>', answer.content.decode(), re.S)
    return re.findall(r'value="([^"]*)"', found[1]) if found else []


@pytest.mark.clause(f"{V1}#4.0.10/m1", f"{V1}#4.0.10/m3", f"{V1}#4.0.10/m5")
def test_the_next_person_takes_over_what_a_family_shares(clerk: Client) -> None:
    shown = sent(clerk, clerk.get("/entries/move_in"), "add", **newcomer(0, "太郎", "世帯主", "S60.4.1"))
    typed = fields(shown)
    assert [typed[f"people-1-{name}"] for name in ("family_name", "family_kana", "domicile", "register_head")] == [
        ["転入"], ["テンニュウ"], ["見本県見本市本通２番地"], ["転入　太郎"],
    ]  # fmt: skip
    assert (typed["people-1-given_name"], typed["people-1-born_on"]) == ([""], [""])
    assert not [name for name in typed if "former_family" in name and typed[name] != [""]]
    foreigner = {"people-0-kind": "2", "people-0-roman_name": "DOE JOHN", "people-0-family_name": "DOE"}
    other = fields(sent(clerk, clerk.get("/entries/move_in"), "add", **foreigner))
    assert (other["people-1-kind"], other["people-1-family_name"], other["people-1-roman_name"]) == (["2"], [""], [""])


@pytest.mark.clause(f"{V1}#4.0.10/m2", f"{V1}#4.0.1/m3")
def test_one_day_of_the_event_and_of_the_notice_is_everybodys_and_the_history_writes_itself(
    clerk: Client, chief: Client
) -> None:
    rows = [newest(number) for number in moved_in(clerk, chief)]
    assert {(row.event_on, row.notified_on, row.reason, row.event_id) for row in rows} == {
        (rows[0].event_on, rows[0].notified_on, "move_in", rows[0].event_id)
    }


@pytest.mark.clause(f"{V1}#4.0.10/m4", f"{V1}#4.0.2/m3")
def test_who_joins_a_household_takes_over_the_head_s_surname(clerk: Client, chief: Client) -> None:
    home = newest(moved_in(clerk, chief)[0]).household.number
    shown = sent(clerk, clerk.get("/entries/move_in"), "look", joins=home)
    assert fields(shown)["people-0-family_name"] == ["転入"]
    assert "転入　太郎" in shown.content.decode()
    kept = sent(clerk, clerk.get("/entries/move_in"), "look", joins=home, **{"people-0-family_name": "別姓"})
    assert fields(kept)["people-0-family_name"] == ["別姓"]


@pytest.mark.clause(f"{V1}#4.0.10/m6", f"{V1}#4.0.10/m7", f"{V1}#4.0.6/m1")
def test_names_and_places_that_were_typed_are_offered_for_each_other(clerk: Client) -> None:
    said = {**newcomer(0, "太郎", "世帯主", "S60.4.1"), **CAME, "came_from-lot": "５番地"}
    shown = sent(clerk, clerk.get("/entries/move_in"), "add", **said)
    assert "転入　太郎" in offered(shown, "names")
    assert set(offered(shown, "domiciles")) >= {
        "見本県見本市本通２番地",
        "架空県架空市松町１番地",
        "見本県見本市本通５番地",
    }
    page = shown.content.decode()
    assert re.search(r'name="people-0-register_head"[^>]*list="names"', page)
    assert re.search(r'name="people-1-domicile"[^>]*list="domiciles"', page)


@pytest.mark.clause(f"{V1}#4.0.10/n1")
def test_no_address_field_offers_what_another_household_has(clerk: Client, chief: Client) -> None:
    number = moved_in(clerk, chief)[0]
    for shown in (opened(clerk, "move_within", person=number), clerk.get("/entries/move_in")):
        addresses = re.findall(r'<input[^>]*name="place-[^>]*>', shown.content.decode())
        assert addresses
        assert not [one for one in addresses if "list=" in one]
        assert not [
            name for name, (value, *_) in fields(shown).items() if name.startswith("place-") and "番地" in value
        ]


@pytest.mark.clause(f"{V1}#4.0.6/m1", f"{V1}#4.0.1/m1", f"{V1}#4.0.1/m2")
def test_the_household_s_registers_and_addresses_are_offered_but_a_protected_one_s(
    clerk: Client, chief: Client
) -> None:
    numbers = moved_in(clerk, chief)
    shown = opened(clerk, "marriage", person=numbers[1])
    assert set(offered(shown, "domiciles")) == {
        "見本県見本市本通２番地", "架空県架空市松町１番地", "見本県見本市本通",
    }  # fmt: skip
    with wall.within(TOWN):
        for number in numbers:
            person = Addressee.objects.get(number=number)
            protect(actor=System(), addressee=person, starts_on=NOW.date(), ends_on=None, is_own=True)
    clerk.post("/entries/leave", {"person": numbers[1], "lease": fields(shown)["lease"][0]})
    again = opened(clerk, "marriage", person=numbers[1])
    assert offered(again, "domiciles") == []


@pytest.mark.clause(f"{V1}#4.0.6/m4")
@pytest.mark.parametrize(("code", "is_offered"), [
    ("", True), ("131016", True), ("990019", True), ("131300", False), ("082384", False),
])  # fmt: skip
def test_a_domicile_in_a_municipality_that_is_no_more_is_not_offered(code: str, is_offered: bool) -> None:
    from municipal.web.views.quoting import _places_of

    row = ResidentRecord(municipality_id=TOWN, domicile="旧町一番地", domicile_municipality_code=code)
    assert ("旧町一番地" in list(_places_of(row))) == is_offered


@pytest.mark.clause(f"{V1}#4.0.7/m1", f"{V1}#4.0.7/n1", f"{V1}#4.0.6/m2", f"{V1}#4.0.6/n1")
def test_a_called_address_offers_its_buildings_and_no_building_an_address(clerk: Client) -> None:
    with wall.within(TOWN):
        furnish(f"{TOWN:06}", "架空市")
        block = Block.objects.filter(code__in=Building.objects.values("block"))[0]
    called = sent(clerk, clerk.get("/entries/move_in"), f"take:place:{block.code}")
    assert fields(called)["place-block"] != [""]
    assert offered(called, "buildings") == ["コーポ月見"]
    # Of a building nothing can be called: the aid has a field and buttons for addresses and domiciles only.
    named = re.findall(r'name="([^"]*)-call"', called.content.decode())
    assert set(named) == {"people-0-domicile", "place", "came_from"}
    assert fields(sent(clerk, called, "call:place", **{"place-call": "コーポ月見"}))["place-lot"] == [""]
    former = sent(clerk, clerk.get("/entries/move_in"), f"take:people-0-domicile:{block.code[:5]}901000")
    assert fields(former)["people-0-domicile"][0].endswith("旧本陣")
    # The handbook of codes is asked whether a municipality exists, and printed nowhere.
    screens = [*Path(municipal.web.__path__[0]).rglob("*.py"), *Path(municipal.api.__path__[0]).rglob("*.py")]
    asking = {one.name for one in screens if "tests" not in one.parts and "local_governments" in one.read_text("utf-8")}
    assert asking == {"quoting.py"}
    assert not [name for name in outputs if "handbook" in name]


@pytest.mark.clause(f"{V1}#4.0.3/m2", f"{V1}#4.2.0.4/m2", f"{V1}#4.2.0.5/m3")
def test_the_day_of_the_event_is_empty_at_first_and_that_of_the_notice_is_today(clerk: Client, chief: Client) -> None:
    number = moved_in(clerk, chief)[0]
    for act in ("death", "marriage", "correction_ex_officio"):
        shown = opened(clerk, act, person=number)
        assert (fields(shown)["event_on"], fields(shown)["notified_on"]) == ([""], ["R8.11.25"])
        clerk.post("/entries/leave", {"person": number, "lease": fields(shown)["lease"][0]})


@pytest.mark.clause(f"{V1}#4.2.0.5/m1", f"{V1}#4.2.0.5/m2", f"{V1}#4.2.0.4/m1")
@pytest.mark.parametrize(("basis", "column"), [
    ("application", "applied_on"), ("family_register", "notice_on"), ("municipality", "notice_on"),
    ("notice", "notified_on"),
])  # fmt: skip
def test_the_ground_of_an_act_and_its_day_stay_visible(clerk: Client, chief: Client, basis: str, column: str) -> None:
    number = moved_in(clerk, chief)[3]
    shown = opened(clerk, "correction_ex_officio", person=number)
    said = {"fix-0-item": "name_kana", "fix-0-value": "テンニュウ　ニコ", "event_on": "R8.11.20", "basis": basis}
    decided(chief, entered(clerk, shown, notified_on="R8.11.24", **said))
    row = newest(number)
    assert row.event.basis == basis
    days = {name: getattr(row, name) for name in ("notified_on", "notice_on", "applied_on")}
    assert {name for name, value in days.items() if value} == {column}
    assert days[column].isoformat() == "2026-11-24"
    assert str(row.event.get_basis_display()) in clerk.get(f"/residents/{number}/history").content.decode()
