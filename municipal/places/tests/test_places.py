"""Dictionary, buildings, offices, certifying officers (場所の試験)."""

import csv
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.places import finding
from municipal.places.demo import FOLDER, furnish
from municipal.places.models import (
    Block,
    Building,
    CertifyingOfficer,
    Country,
    DictionaryUpdate,
    District,
    InputPlace,
    Lot,
    Terminal,
)
from municipal.places.operations import (
    end_entry,
    load_blocks,
    load_countries,
    put_block,
    put_building,
    put_district,
    put_lot,
    put_officer,
    put_place,
    put_terminal,
)
from municipal.places.rules import is_due, refuse_unless_address_code, sort_code

HERE = Path(__file__).parent
TODAY = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
SINCE = date(2020, 4, 1)
AOBA = "99001010001"


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def furnished(town: int) -> Iterator[int]:
    with clock.stopped_at(TODAY):
        furnish(str(TOWN), "架空市")
        yield town


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
    asked = {
        "lookup": lambda typed: [one.code for one in finding.lookup(typed, str(TOWN))],
        "steps": lambda typed: [one.code for one in finding.steps(typed)],
        "former": lambda typed: [one.code for one in finding.steps(typed, with_former=True)],
    }[way]
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


@pytest.mark.clause("resident-record/1.0#1.3.3/m1")
def test_a_file_adds_changes_and_ends_entries_of_its_own_cities(furnished: int) -> None:
    lines = (FOLDER / "blocks.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("99001080", "97", "98"))]
    kept = [line.replace(",桜堤,サクラヅツミ,", ",桜土手,サクラドテ,") for line in kept]
    kept.append("99001110000,0110000,架空県,カクウケン,架空市,カクウシ,新町,ｼﾝﾏﾁ,,,0000120,0")
    update = load_blocks(
        actor=CLERK, content="\n".join(kept).encode("utf-8-sig"), as_of=date(2026, 12, 1), source="12月分"
    )
    assert (update.added, update.changed, update.ended) == (1, 1, 1)
    after, before = Block.objects.on(date(2026, 12, 1)), Block.objects.on(date(2026, 11, 30))
    assert not after.filter(code="99001080000").exists()
    assert before.filter(code="99001080000").exists()
    assert after.get(code="99001090000").large == "桜土手"
    assert before.get(code="99001090000").large == "桜堤"
    assert after.get(code="99001110000").large_kana == "シンマチ"
    assert after.filter(code__startswith="97").exists()
    again = load_blocks(actor=CLERK, content="\n".join(kept).encode(), as_of=date(2026, 12, 1), source="12月分")
    assert (again.added, again.changed, again.ended) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_column"),
        (b"\xff\xfe\x00", "not_utf8"),
        ("住所コード,国名\n1,2\n".encode(), "no_column"),
        ((FOLDER / "blocks.csv").read_bytes().splitlines()[0] + b"\n", "no_lines"),
        ((FOLDER / "blocks.csv").read_bytes() + b"9900100100,,,,,,,,,,,\n", "bad_line"),
        ((FOLDER / "blocks.csv").read_bytes() + b",,,,,,,,,,,\n", "bad_line"),
        ((FOLDER / "blocks.csv").read_bytes() + b"99001010001,,,,,,,,,,,\n", "code_twice"),
        ((FOLDER / "blocks.csv").read_bytes() + ("99001110000,,,,,," + "長" * 500 + ",,,,,\n").encode(), "bad_line"),
    ],
)
def test_a_file_that_cannot_be_taken_changes_nothing(furnished: int, content: bytes, code: str) -> None:
    before = Block.objects.count()
    with pytest.raises(Refused) as refused, transaction.atomic():
        load_blocks(actor=CLERK, content=content, as_of=date(2026, 12, 1), source="不良")
    assert refused.value.code == code
    assert Block.objects.count() == before


@pytest.mark.clause("resident-record/1.0#1.3.3/m2")
def test_country_names_come_as_a_file_and_are_due_after_a_year(furnished: int) -> None:
    content = "国名コード,国名,国名_カナ\nVNM,ベトナム社会主義共和国,ベトナム\n".encode()
    update = load_countries(actor=CLERK, content=content, as_of=date(2026, 11, 20), source="国名一覧")
    assert (update.added, update.changed, update.ended) == (0, 1, 6)
    assert Country.objects.on(date(2026, 11, 20)).get(code="VNM").name == "ベトナム社会主義共和国"
    assert {name: is_due_now for name, _last, is_due_now in finding.dictionaries()} == {
        "blocks": False, "countries": False
    }  # fmt: skip
    with clock.stopped_at(datetime(2027, 11, 20, tzinfo=clock.TOKYO)):
        assert [is_due_now for _name, _last, is_due_now in finding.dictionaries()] == [True, True]


@pytest.mark.clause("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m2")
@pytest.mark.parametrize(
    ("dictionary", "last", "today", "due"),
    [
        ("blocks", None, date(2026, 11, 1), True),
        ("blocks", date(2026, 10, 15), date(2026, 11, 14), False),
        ("blocks", date(2026, 10, 15), date(2026, 11, 15), True),
        ("countries", date(2026, 10, 15), date(2027, 10, 14), False),
        ("countries", date(2026, 10, 15), date(2027, 10, 15), True),
        ("countries", None, date(2026, 11, 1), True),
    ],
)
def test_a_dictionary_is_due_after_its_time(dictionary: str, last: date | None, today: date, due: bool) -> None:
    assert is_due(dictionary, last, today) is due


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


@pytest.mark.clause("resident-record/1.0#1.3.1/m1", "resident-record/1.0#1.3.1/m2")
def test_offices_wards_and_terminals_are_registered(furnished: int) -> None:
    ward = InputPlace(code="W1", name="中央区役所", kind="ward", ward_code="990019000001")
    put_place(actor=CLERK, entry=ward, valid_from=SINCE)
    terminal = Terminal(code="T9", name="区窓口9番", place_code="W1", address="10.1.2.3")
    put_terminal(actor=CLERK, entry=terminal, valid_from=SINCE)
    found = finding.terminal_at("10.1.2.3")
    assert found is not None
    assert (found.name, found.place_code) == ("区窓口9番", "W1")
    assert finding.terminal_at("10.1.2.4") is None
    assert finding.terminal_at(None) is None
    with pytest.raises(Refused) as refused:
        put_terminal(actor=CLERK, entry=Terminal(code="T8", name="迷子", place_code="Z"), valid_from=SINCE)
    assert refused.value.field == "place_code"


@pytest.mark.clause("resident-record/1.0#1.3.9/m1", "resident-record/1.0#1.3.9/m2", "resident-record/1.0#1.3.9/m3")
def test_whoever_acts_for_the_mayor_certifies_during_that_period_only(furnished: int) -> None:
    acting = CertifyingOfficer(seat="acting", title="架空市長職務代理者　副市長", name="架空　次郎")
    put_officer(actor=CLERK, entry=acting, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 11))
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 11)]
    assert [finding.certifying_officer(day).seat for day in days] == ["head", "acting", "acting", "head"]
    for seat, name in (("head", "区長　一"), ("acting", "代理　一")):
        entry = CertifyingOfficer(seat=seat, ward_code="990019000001", title="区長", name=name)
        until = date(2026, 12, 11) if seat == "acting" else None
        put_officer(actor=CLERK, entry=entry, valid_from=date(2026, 12, 1), valid_until=until)
    assert finding.certifying_officer(date(2026, 12, 5), ward_code="990019000001").name == "代理　一"
    assert finding.certifying_officer(date(2026, 12, 11), ward_code="990019000001").name == "区長　一"


@pytest.mark.clause("resident-record/1.0#1.3.9/n1")
@pytest.mark.parametrize(("title", "name"), [("架空市長", ""), ("架空市長", "　"), ("", "架空　首一")])
def test_nobody_certifies_without_a_name(furnished: int, title: str, name: str) -> None:
    with pytest.raises(Refused) as refused:
        entry = CertifyingOfficer(seat="acting", title=title, name=name)
        put_officer(actor=CLERK, entry=entry, valid_from=SINCE)
    assert refused.value.code == "officer_has_title_and_name"


@pytest.mark.clause("resident-record/1.0#1.3.9/n1")
def test_the_database_itself_refuses_an_officer_without_a_name(furnished: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CertifyingOfficer.objects.create(
            seat="acting", title="長", name="", valid=(SINCE, None), recorded=(clock.now(), None)
        )


def test_a_day_without_any_officer_is_refused(town: int) -> None:
    with pytest.raises(Refused) as refused:
        finding.certifying_officer(date(2026, 11, 20))
    assert refused.value.code == "no_certifying_officer"


def test_an_entry_ends_and_its_code_may_be_used_again(furnished: int) -> None:
    one = InputPlace.objects.known().get(code="02")
    end_entry(actor=CLERK, entry=one, ends_on=date(2026, 12, 1))
    assert not InputPlace.objects.on(date(2026, 12, 1)).filter(code="02").exists()
    assert InputPlace.objects.on(date(2026, 11, 30)).filter(code="02").exists()
    put_place(actor=CLERK, entry=InputPlace(code="02", name="新支所", kind="branch"), valid_from=date(2026, 12, 1))
    with pytest.raises(Refused) as refused:
        end_entry(actor=CLERK, entry=InputPlace.objects.on(SINCE).get(code="02"), ends_on=date(2010, 1, 1))
    assert refused.value.code == "outside_validity"


def test_a_period_that_ends_before_it_begins_is_refused(furnished: int) -> None:
    with pytest.raises(Refused) as refused:
        put_place(actor=CLERK, entry=InputPlace(code="9", name="逆", kind="main"), valid_from=SINCE, valid_until=SINCE)
    assert refused.value.field == "valid_until"


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
