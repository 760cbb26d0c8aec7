"""Cells of workbooks and objects as the text a CSV file would hold (セルの文字列化)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time

import numpy as np
import numpy.typing as npt
import polars as pl

from municipal.conformance.reading.damage import Damages, Odd

BATCH = 50_000
"""Rows handed on at a time by the readers that go cell by cell."""


class Written(float):
    """A number that remembers how it was written (表記を保つ数値)."""

    text: str

    def __new__(cls, text: str) -> Written:
        number = super().__new__(cls, text)
        number.text = text
        return number


def text_of(value: object) -> str:
    """Whole numbers without ``.0``, others with 15 digits as spreadsheets keep them, days as ISO 8601 (文字列)."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case Written():
            return value.text
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime() | date() | time():
            return _moment(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() and not value.tzinfo else value.isoformat()
    return value.isoformat()


def frame_of(rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int) -> pl.DataFrame:
    """Rows of texts, all of this width, with their row numbers (行の束)."""
    frame = pl.DataFrame(rows, schema={f"c{index}": pl.String for index in range(width)}, orient="row")
    return numbered(frame, np.array(numbers, np.uint32))


def numbered(frame: pl.DataFrame, rows: npt.NDArray[np.uint32]) -> pl.DataFrame:
    """With ``_row`` in front (行番号の付与)."""
    return frame.insert_column(0, pl.Series("_row", rows, dtype=pl.UInt32))


def without_idle_rows(
    frame: pl.DataFrame, columns: Sequence[str], damages: Damages, odd: Sequence[Odd] = ()
) -> pl.DataFrame:
    """Without rows that say nothing; they and the other ``odd`` ones go to the damages in order (空行などの除去).

    Idle are: all cells empty, the heading again, and where the heading itself begins with ``#`` all rows that do.
    """
    idle: dict[int, str] = {}
    if columns[0].startswith("#"):
        comments = frame.filter(pl.col("c0").str.starts_with("#"))["_row"]
        idle = dict.fromkeys(comments.to_list(), "comment_row")
    if (frame["c0"] == "").any():
        idle |= dict.fromkeys(_rows_with(frame, [""] * len(columns)), "blank_row")
    if any(columns) and (frame["c0"] == columns[0]).any():
        idle |= dict.fromkeys(_rows_with(frame, columns), "repeated_heading")
    for one in sorted([*odd, *(Odd(row, kind) for row, kind in idle.items())]):
        damages.add(one)
    return frame.filter(~pl.col("_row").is_in(list(idle))) if idle else frame


def _rows_with(frame: pl.DataFrame, cells: Sequence[str]) -> list[int]:
    same = [pl.col(f"c{index}") == cell for index, cell in enumerate(cells)]
    return frame.filter(pl.all_horizontal(same))["_row"].to_list()
