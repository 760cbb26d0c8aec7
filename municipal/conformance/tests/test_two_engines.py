"""The vectorised engine and the plain one find the same on hostile files (二つの方式の一致).

``KIJUN_HOSTILE_FILES`` sets how many files are tried (a short run by default; the full one is 1,000).
"""

import csv
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.conformance import packs
from municipal.conformance.engine import Asked, check, rows
from municipal.conformance.packs import Item, Pack

DAY = date(2026, 11, 23)
MANY = int(os.environ.get("KIJUN_HOSTILE_FILES", "40"))
EXAMPLE = Path(__file__).parent / "packs" / "example" / "1"
HOSTILE = st.one_of(
    st.sampled_from(
        [
            "", "0", "1", "2", "3", "9", "-1", "01", "1.5", "1.2E+11", "１", " ", "　", "甲野　一", "孫", "世帯主",
            "子の子の子の子の子", "1900-01-01", "1999-02-29", "2024-02-29", "2024-2-9", "9999-12-31", "0000-01-01",
            "2026/04/01", "令和8年", "昭和12年頃", "年月日不詳", "011002", "11002", "990019", "99900000002",
            "24727059608", "12:60", "23:59", "〓", "\ue000", "辻\U000e0100", "a\nb", "\ufeff", "=1+1", '"', "\u202e",
            "𠮷" * 11, "あ" * 200,
        ]
    ),
    st.text(max_size=6).filter(lambda text: "\r" not in text and "\x00" not in text),
)  # fmt: skip


@cache
def tables() -> list[tuple[Pack, str, tuple[Item, ...]]]:
    every = [packs.load(EXAMPLE), *packs.shipped().values()]
    return [(pack, name, pack.items_of(name)) for pack in every if pack.kind == "register" for name in pack.tables]


def write(path: Path, items: list[Item], lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([item.name_ja for item in items])
        writer.writerows(lines)


@st.composite
def hostile(draw: st.DrawFn) -> tuple[Pack, str, list[Item], list[list[str]]]:
    pack, name, items = draw(st.sampled_from(tables()))
    chosen = draw(st.permutations(items).map(lambda order: list(order[:12])))
    keys = [item for item in items if item.item in pack.tables[name].key and item not in chosen]
    columns = [*keys, *chosen]
    line = st.lists(HOSTILE, min_size=len(columns), max_size=len(columns))
    return pack, name, columns, draw(st.lists(line, max_size=8))


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile(), st.sampled_from([1, 3, 5_000]))
def test_both_engines_find_the_same_rule_in_the_same_place(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Pack, str, list[Item], list[list[str]]], at_once: int
) -> None:
    pack, name, items, lines = case
    folder = tmp_path_factory.mktemp("hostile")
    write(folder / f"{name}.csv", items, lines)
    before, rows.EXPLAINED_AT_ONCE = rows.EXPLAINED_AT_ONCE, at_once
    try:
        fast, plain = (check(Asked((folder,), DAY, DAY, (pack,), is_plain=is_plain)) for is_plain in (False, True))
    finally:
        rows.EXPLAINED_AT_ONCE = before
    places = [{finding.place for result in report.results for finding in result.samples} for report in (fast, plain)]
    assert places[0] == places[1]
    counts = [[(result.code, result.standing, result.count) for result in report.results] for report in (fast, plain)]
    assert counts[0] == counts[1]
