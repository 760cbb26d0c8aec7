"""A register for tests: a made-up town laid out as the files of a hand-over (テスト用の住民データ)."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fixtures.handover.lines import DAY, Line, line
from fixtures.town import build, town
from fixtures.town.model import Person
from municipal.conformance.packs import Item, find
from municipal.core.numbers import number_of, own_check_digit

PACK = find("resident-record-data")
__all__ = ["DAY", "PACK", "Line", "copied", "hand_over", "items", "line", "register", "write"]


def items(name: str) -> dict[str, Item]:
    return {item.item: item for item in PACK.items_of(name)}


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
