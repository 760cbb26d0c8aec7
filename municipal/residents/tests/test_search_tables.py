"""Two tables that a clerk can read: ways of writing, and searches that list a population (検索の表の試験)."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from conftest import TOWN
from municipal.core.characters import kana_index, kana_key, name_key
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.loading import Life, Loader, Row
from municipal.residents.models import ResidentRecord
from municipal.residents.search import LIMIT, Conditions, Hits, find, find_by
from municipal.residents.tests.people import newcomer

HERE = Path(__file__).parent


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.clause(
    "resident-record/1.0#2.1.2/m1", "resident-record/1.0#2.1.2/m2", "resident-record/1.0#2.1.2/m3",
    "resident-record/1.0#2.1.2/m4", "resident-record/1.0#2.1.2/m7", "resident-record/1.0#2.1.2/m8",
    "resident-record/1.0#2.1.2/m9", "resident-record/1.0#2.1.2/m10", "resident-record/1.0#2.1.2/m11",
)  # fmt: skip
@pytest.mark.parametrize("row", table("characters.csv"), ids=lambda row: f"{row['name']}/{row['kana']}/{row['typed']}")
def test_a_name_is_found_however_it_is_written(row: dict[str, str]) -> None:
    if row["script"] == "kana":
        found = any(kana_key(row["typed"]) in key for key in kana_index(row["kana"]).split(" "))
    else:
        found = name_key(row["typed"]) in name_key(row["name"])
    assert found is (row["found"] == "yes"), row["why"]


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """Sixty people who are alike, and 甲野花子; rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with wall.within(TOWN):
            wanted = newcomer(valid_from=date(2025, 4, 1))
            Loader().load([_alike(wanted, index) for index in range(60)])
            yield wanted.addressee_id
        transaction.set_rollback(True)


def _alike(pattern: ResidentRecord, index: int) -> Life:
    items = {field.attname: getattr(pattern, field.attname) for field in ResidentRecord._meta.fields}
    own = ("id", "municipality_id", "addressee_id", "household_id", "event_id", "serial", "recorded_at", "source_at")
    for name in own:
        del items[name]
    items |= {
        "name": f"乙川　某{index}", "family_name": "乙川", "given_name": f"某{index}", "name_kana": "オツカワ　ボウ",
        "family_kana": "オツカワ", "given_kana": "ボウ", "born_on": RegisterDate(1990, 1, 1 + index % 28), "sex": "1",
        "address_block": "竹町", "resident_code": "",
    }  # fmt: skip
    items |= {"status": "2", "relationship": ""}
    items = {name: str(value) if isinstance(value, RegisterDate) else value for name, value in items.items()}
    return Life(str(9_000_000 + index), [Row(items, str(9_000_000 + index), date(2025, 4, 1), pattern.recorded_at)])


def _asked(text: str) -> Conditions:
    said: dict[str, Any] = dict(one.split("=", 1) for one in text.split(";") if one)
    return Conditions(**said | ({"blank": (said["blank"],)} if "blank" in said else {}))


def _outcome(wanted: int, search: Callable[[], Hits]) -> str:
    try:
        people = search().addressees
    except Refused as refused:
        return refused.code if refused.sentence.endswith("。") and refused.field else "a refusal without its place"
    assert len(people) <= LIMIT
    return "found" if wanted in people else "none"


@pytest.mark.clause(
    "resident-record/1.0#2.1.2/m5", "resident-record/1.0#2.1.2/m6", "resident-record/1.0#2.1.2/n1",
    "resident-record/1.0#2.1.3/m4", "resident-record/1.0#2.1.3/m6", "resident-record/1.0#2.1.3/m8",
)  # fmt: skip
@pytest.mark.parametrize("row", table("searches.csv"), ids=lambda row: f"{row['box']}/{row['conditions']}")
def test_a_search_finds_a_person_and_lists_no_population(crowd: int, row: dict[str, str]) -> None:
    is_box = not row["conditions"] and row["outcome"] != "search_too_broad"
    outcome = _outcome(crowd, (lambda: find(row["box"])) if is_box else lambda: find_by(_asked(row["conditions"])))
    assert outcome == row["outcome"], row["why"]
