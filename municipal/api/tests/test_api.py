"""The API shows what the screens show, to whom they show it, and says so in the audit (APIの試験)."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from conftest import AS_OF, OTHER_TOWN, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from fixtures.town.cast import PROTECTED_MARKER
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.numbers import number_of
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

from .conftest import Caller

PEOPLE = {person.cast: person for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}


def number(key: str) -> str:
    return number_of(PEOPLE[key].serial, 10)


def disclosures() -> list[Entry]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(kind="disclosure").order_by("seq"))


def test_the_schema_is_valid_and_names_every_problem() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue().count("application/problem+json") >= 35


def test_a_list_is_paged_by_number_and_everybody_in_it_is_disclosed(call: Caller) -> None:
    first = call("residents?limit=10&purpose=internal").json()
    second = call(f"residents?limit=10&cursor={first['next']}").json()
    numbers = [row["number"] for row in first["results"] + second["results"]]
    assert len(numbers) == 20
    assert numbers == sorted(set(numbers))
    shown = disclosures()
    assert [(len(entry.subjects), entry.purpose) for entry in shown] == [(10, "internal"), (10, "counter")]


def test_pages_stay_where_they_are_while_people_are_added(call: Caller) -> None:
    before = call("residents?limit=10").json()
    with wall.within(TOWN), clock.stopped_at(clock.now()):
        newcomer(valid_from=date(2026, 11, 23))
    assert call("residents?limit=10").json() == before


def test_every_page_together_is_everybody_once(call: Caller) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = call(f"residents?limit=100&cursor={cursor}").json()
        seen += [row["number"] for row in page["results"]]
        cursor = page["next"]
    with wall.within(TOWN):
        assert seen == sorted(set(ResidentRecord.objects.values_list("addressee__number", flat=True)))


def test_a_search_finds_as_the_screen_does(call: Caller) -> None:
    found = call("residents?q=庚森").json()
    assert {row["number"] for row in found["results"]} == {
        number(key) for key in ("five_head", "five_wife", "five_son", "five_daughter", "five_mother")
    }


def test_one_resident_with_items_by_permission(call: Caller) -> None:
    full = call(f"residents/{number('five_head')}").json()
    less = call(f"residents/{number('five_head')}", login="tax").json()
    assert full["items"]["domicile"]
    # The serials of certificates are shown to nobody (#7.1.1.3/n2).
    assert set(full["hidden_items"]) == {"signature_certificate_serial", "authentication_certificate_serial"}
    assert less["items"]["domicile"] is None
    assert {"domicile", "resident_code", "residence_status"} <= set(less["hidden_items"])
    assert less["items"]["relationship"] == "世帯主"


def test_an_unknown_date_is_what_is_known_and_no_stand_in(call: Caller) -> None:
    born = call(f"residents/{number('birth_year_only')}").json()["items"]["born_on"]
    assert born == {"value": "1945-00-00", "text": "昭和20年 月日不詳", "is_exact": False}


@pytest.mark.parametrize("tab", ["", "/history", "/as-of?valid_on=R8.11.1"])
@pytest.mark.parametrize("key", ["protected_mother", "protected_child"])
def test_a_protected_address_is_in_no_byte(call: Caller, key: str, tab: str) -> None:
    answer = call(f"residents/{number(key)}{tab}")
    assert answer.status_code == 200
    assert b'"address_withheld":true' in answer.content
    assert PROTECTED_MARKER.encode() not in answer.content


def test_a_protected_address_is_in_no_list_and_no_household(call: Caller) -> None:
    household = call(f"residents/{number('protected_mother')}").json()["household_number"]
    for path in (f"residents?q={number('protected_mother')}", f"households/{household}", "residents?limit=100"):
        answer = call(path)
        assert b'"address_withheld":true' in answer.content
        assert PROTECTED_MARKER.encode() not in answer.content


def test_a_household_has_its_members_in_stored_order(call: Caller) -> None:
    home = call(f"households/{call('residents/' + number('five_head')).json()['household_number']}").json()
    assert home["members"][0]["relationship"] == "世帯主"
    assert len(home["members"]) == 5


def test_both_times_can_be_asked(call: Caller) -> None:
    corrected = number("corrected")
    now = call(f"residents/{corrected}").json()["items"]["born_on"]["value"]
    first = PEOPLE["corrected"].states[0]
    then = call(f"residents/{corrected}/as-of?valid_on={first.valid_from}&known_on={first.processed_on}").json()
    assert (now, then["items"]["born_on"]["value"]) == ("1983-01-12", "1983-12-01")
    assert call(f"residents/{corrected}/as-of?valid_on=S50.1.1").status_code == 404


PATHS = ["residents", "residents/{n}", "residents/{n}/history", "residents/{n}/as-of", "households/{h}"]


@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_or_with_a_wrong_one_nothing_is_said(call: Caller, path: str) -> None:
    asked = path.format(n=number("five_head"), h="0000000019")
    for headers in ({}, {"Authorization": "Bearer 990019.wrong"}, {"Authorization": "Bearer "}, {"Authorization": "x"}):
        answer = call(asked, login="", **headers)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["messages"]["en"]


@pytest.mark.parametrize("path", PATHS)
def test_without_the_permission_every_resource_says_which_is_missing(call: Caller, path: str) -> None:
    answer = call(path.format(n=number("five_head"), h="0000000019"), login="admin")
    assert answer.status_code == 403
    assert set(answer.json()["messages"]) == {"ja", "en"}
    with wall.within(TOWN):
        assert Entry.objects.filter(kind="refusal", code="forbidden").exists()


def test_the_other_town_is_not_there(call: Caller) -> None:
    numbers = {}
    for town in (TOWN, OTHER_TOWN):
        with wall.within(town):
            numbers[town] = set(ResidentRecord.objects.values_list("addressee__number", flat=True))
    ours = max(numbers[TOWN] - numbers[OTHER_TOWN])
    assert call(f"residents/{ours}").status_code == 200
    assert call(f"residents/{ours}", town=OTHER_TOWN).status_code == 404
    assert call(f"residents/{ours}/history", town=OTHER_TOWN).status_code == 404
    assert call(f"residents?q={ours}", town=OTHER_TOWN).json()["results"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("residents?nonsense=1", 400),
        ("residents?limit=0", 422),
        ("residents?limit=99999999999999999999", 422),
        ("residents?limit=１０", 422),
        ("residents?cursor=abc", 422),
        ("residents?cursor=' OR 1=1", 422),
        ("residents?purpose=curiosity", 422),
        ("residents?q=", 422),
        ("residents?q=%00", 422),
        ("residents?q=%ED%A0%80", 200),
        ("residents?q=" + "x" * 10_000, 422),
        ("residents?q=甲%E2%80%AE野", 422),
        ("residents/%00", 404),
        ("residents/-1", 404),
        ("residents/" + "9" * 400, 404),
        ("residents/0000000000", 404),
        ("households/x", 404),
        ("nothing", 404),
        ("residents/0000000086/as-of?valid_on=2023-02-30", 422),
        ("residents/0000000086/as-of?known_on=9999-12-31", 200),
        ("residents/0000000086/as-of?valid_on=0001-01-01", 422),
    ],
)
def test_bad_input_of_every_kind_gets_one_clear_sentence(call: Caller, path: str, status: int) -> None:
    answer = call(path)
    assert answer.status_code == status, answer.content[:300]
    if status != 200:
        said = answer.json()
        assert said["status"] == status
        assert said["messages"]["ja"].endswith("。")
        assert said["messages"]["en"].endswith(".")
        assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(two_towns: str, method: str) -> None:
    answer: Any = getattr(Client(raise_request_exception=False), method)("/api/v1/residents")
    assert answer.status_code in (401, 403, 405)
    assert answer["Content-Type"] == "application/problem+json"


def test_only_json_is_spoken(call: Caller) -> None:
    assert call("residents", Accept="text/html").status_code == 406
    assert call("residents", Accept="application/json").status_code == 200
