"""Dictionary, buildings, offices, certifying officers (場所の試験)."""

import csv
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.places import finding
from municipal.places.demo import furnish
from municipal.places.models import (
    Block,
    Building,
    CertifyingOfficer,
    DictionaryUpdate,
    District,
    Lot,
)
from municipal.places.operations import (
    put_block,
    put_building,
    put_district,
    put_lot,
)
from municipal.places.rules import refuse_unless_address_code, sort_code

HERE = Path(__file__).parent
TODAY = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
SINCE = date(2020, 4, 1)
AOBA = "99001010001"


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def block(code: str = AOBA, **said: object) -> Block:
    usual = {
        "municipality_code": "990019",
        "prefecture": "架空県",
        "city": "架空市",
        "large": "青葉",
        "small": "一丁目",
    }
    return Block(code=code, **usual | said)


@pytest.mark.clause("resident-record/1.0#1.3.2/m2")
@pytest.mark.parametrize("row", table("lots.csv"), ids=lambda row: row["lot"] + row["building"])
def test_numbers_of_a_lot_are_digits_that_sort(row: dict[str, str]) -> None:
    assert sort_code(row["lot"], row["building"]) == row["code"]


@pytest.mark.clause(
    "resident-record/1.0#1.3.3/m9", "resident-record/1.0#1.3.3/m10", "resident-record/1.0#1.3.3/m11",
    "resident-record/1.0#1.3.3/m3",
)  # fmt: skip
@pytest.mark.parametrize("way", ["lookup", "steps", "former"])
def test_an_address_is_called_up_as_the_table_says(furnished: int, way: str) -> None:
    asks: dict[str, Callable[[str], list[str]]] = {
        "lookup": lambda typed: [one.code for one in finding.lookup(typed, str(TOWN))],
        "steps": lambda typed: [one.code for one in finding.steps(typed)],
        "former": lambda typed: [one.code for one in finding.steps(typed, with_former=True)],
    }
    asked = asks[way]
    wrong = [(row["typed"], asked(row["typed"])) for row in table("addresses.csv")
             if row["way"] == way and asked(row["typed"]) != row["codes"].split()]  # fmt: skip
    assert wrong == []


@pytest.mark.clause("resident-record/1.0#1.3.3/m10", "resident-record/1.0#1.3.3/m8")
def test_a_block_says_the_parts_of_an_address_with_its_postal_code(furnished: int) -> None:
    (found,) = finding.lookup("000-0102", str(TOWN))
    assert finding.parts_of(found) == {
        "postal_code": "0000102", "prefecture": "架空県", "city": "架空市", "block": "本陣町",
        "municipality_code": "990019", "block_code": "0020000",
    }  # fmt: skip


@pytest.mark.clause("resident-record/1.0#1.3.3/m5", "resident-record/1.0#1.3.3/m6", "resident-record/1.0#1.3.3/m7")
@pytest.mark.parametrize(
    ("code", "municipality", "refusal"),
    [
        ("99001010001", "990019", ""),
        ("13201000000", "132012", ""),
        ("9900100100", "990019", "address_code"),
        ("990010010011", "990019", "address_code"),
        ("9900100100a", "990019", "address_code"),
        ("９９００１００１００１", "990019", "address_code"),
        ("99002010001", "990019", "address_code_elsewhere"),
        ("13001001001", "990019", "address_code_elsewhere"),
    ],
)  # fmt: skip
def test_an_address_code_has_eleven_digits_and_begins_with_its_municipality(
    code: str, municipality: str, refusal: str
) -> None:
    with pytest.raises(Refused, match="コード") if refusal else nullcontext() as refused:
        refuse_unless_address_code(code, municipality)
    assert refusal == (refused.value.code if refused else "")


@pytest.mark.clause("resident-record/1.0#1.3.3/m7")
@pytest.mark.parametrize("municipality", ["990018", "99001", "", "abcdef"])
def test_a_municipality_code_with_a_wrong_check_digit_is_refused(municipality: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_unless_address_code("99001010001", municipality)
    assert refused.value.field == "municipality_code"


@pytest.mark.clause("resident-record/1.0#1.3.3/m4", "resident-record/1.0#1.3.3/m3")
def test_staff_correct_an_entry_and_the_former_name_stays(furnished: int) -> None:
    put_block(actor=CLERK, entry=block(large="若葉", postal_code="0000111"), valid_from=date(2026, 11, 1))
    assert str(finding.block(AOBA)) == "架空県架空市若葉一丁目"
    assert [one.large for one in Block.objects.on(date(2026, 10, 31)).filter(code=AOBA)] == ["青葉"]
    # What was known before the change is still there, closed.
    assert Block.objects.filter(code=AOBA, recorded__endswith__isnull=False).count() == 1


@pytest.mark.clause("resident-record/1.0#1.3.2/m1", "resident-record/1.0#1.3.2/m2")
def test_lots_are_listed_in_the_order_of_their_numbers(furnished: int) -> None:
    put_lot(actor=CLERK, entry=Lot(block=AOBA, lot="甲3番地", kind="special"), valid_from=SINCE)
    shown = [one.lot for one in finding.lots_of(AOBA)]
    assert shown == ["1番", "2番", "3番", "甲3番地", *(f"{index}番" for index in range(4, 13))]


@pytest.mark.clause("resident-record/1.0#1.3.4/m1", "resident-record/1.0#1.3.4/m2")
def test_a_building_belongs_to_its_address(furnished: int) -> None:
    put_building(actor=CLERK, entry=Building(code="0002", block=AOBA, lot="3番", name="汐見寮"), valid_from=SINCE)
    assert [one.name for one in finding.buildings_at(AOBA)] == ["コーポ月見", "汐見寮"]
    assert [one.name for one in finding.buildings_at(AOBA, "3番")] == ["汐見寮"]
    assert finding.buildings_at("99001020000") == []


@pytest.mark.clause("resident-record/1.0#1.3.5/o1")
def test_a_district_is_made_of_blocks_of_the_dictionary(furnished: int) -> None:
    entry = District(code="02", name="東地区", block_codes=[AOBA, "99001020000"])
    assert put_district(actor=CLERK, entry=entry, valid_from=SINCE).pk
    with pytest.raises(Refused) as refused:
        put_district(actor=CLERK, entry=District(code="03", name="無", block_codes=["00000000000"]), valid_from=SINCE)
    assert refused.value.code == "no_block"


@pytest.mark.parametrize(
    ("place", "unknown"),
    [
        ({"municipality_code": "990019", "block": "青葉一丁目"}, False),
        ({"municipality_code": "990019", "block": "本陣町"}, False),
        ({"municipality_code": "990019", "block": "青葉三丁目"}, True),
        ({"municipality_code": "990019", "block": "旧本陣"}, True),
        ({"municipality_code": "980013", "block": "知らない町"}, False),
        ({"municipality_code": "990019", "block": ""}, False),
        ({}, False),
    ],
)
def test_an_address_that_is_not_in_the_dictionary_is_known_as_such(
    furnished: int, place: dict[str, str], unknown: bool
) -> None:
    assert finding.is_unknown(place, str(TOWN)) is unknown


def test_a_town_without_a_dictionary_knows_no_unknown_address(town: int) -> None:
    assert not finding.is_unknown({"municipality_code": "990019", "block": "青葉三丁目"}, str(TOWN))


def test_a_town_sees_its_own_dictionary_only(committed_db: str) -> None:
    with wall.within(TOWN), clock.stopped_at(TODAY):
        furnish(str(TOWN), "架空市")
        assert DictionaryUpdate.objects.count() == 2
    with wall.within(OTHER_TOWN):
        assert finding.steps("") == []
        assert not CertifyingOfficer.objects.exists()
