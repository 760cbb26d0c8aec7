"""A register for tests: a made-up town laid out as the files of a hand-over (テスト用の住民データ)."""

import csv
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fixtures.town import build, town
from fixtures.town.model import Person, State
from municipal.conformance.packs import Item, find
from municipal.core.dates import RegisterDate
from municipal.core.numbers import number_of, own_check_digit

PACK = find("resident-record-data")
DAY = date(2026, 11, 23)

Line = dict[str, str]


def items(name: str) -> dict[str, Item]:
    return {item.item: item for item in PACK.items_of(name)}


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


def cells(slug: str, value: Any) -> Line:
    item = items("history").get(slug)
    if item is None:
        return {}
    if not isinstance(value, RegisterDate):
        return {item.name_ja: written(value)}
    day = "" if value.is_unknown else f"{value.year:04}-{value.month:02}-{value.day:02}"
    flags = {f"{item.name_ja}_不詳フラグ": str(int(value.is_unknown)), f"{item.name_ja}_不詳表記": value.notation}
    return {item.name_ja: day, **(flags if item.may_be_unknown else {})}


def line(number: str, state: State) -> Line:
    own = {"市区町村コード": "990019", "宛名番号": number, "個人履歴番号": str(state.serial)}
    own["世帯番号"] = number_of(state.household_serial, 10)
    for column in fields(State):
        own |= cells(column.name, getattr(state, column.name))
    return own


@cache
def register() -> tuple[tuple[Line, ...], ...]:
    """Every row of the histories of a made-up town, its cast included, person by person."""
    people: Iterable[Person] = build(town("990019"), 320, 7, DAY)
    serials = (serial for serial in range(1, 100_000) if own_check_digit(serial))
    return tuple(
        tuple(line(number_of(serial, 10), state) for state in person.states)
        for serial, person in zip(serials, people, strict=False)
    )


def copied() -> list[list[Line]]:
    return [[dict(row) for row in rows] for rows in register()]


def write(path: Path, lines: list[Line]) -> None:
    headings = list(dict.fromkeys(heading for row in lines for heading in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="")
        writer.writeheader()
        writer.writerows(lines)


def hand_over(folder: Path, people: list[list[Line]]) -> Path:
    """Lay out the three files of a register: the rows as they stand, every row, and the households."""
    write(folder / "history.csv", [row for rows in people for row in rows])
    write(folder / "residents.csv", [rows[-1] for rows in people])
    homes = dict.fromkeys(row["世帯番号"] for rows in people for row in rows)
    write(folder / "households.csv", [{"市区町村コード": "990019", "世帯番号": home} for home in homes])
    return folder
