"""Dictionaries that come as files (辞書の取込みの試験)."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import transaction

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.places import finding
from municipal.places.demo import FOLDER
from municipal.places.models import (
    Block,
    Country,
)
from municipal.places.operations import (
    load_blocks,
    load_countries,
)
from municipal.places.rules import is_due

HERE = Path(__file__).parent
TODAY = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
SINCE = date(2020, 4, 1)
AOBA = "99001010001"


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
