"""How a value stands in a cell, on the screen and in a file (セルの書き方)."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from municipal.core import clock
from municipal.core.characters import neutral_for_spreadsheet
from municipal.core.clauses import implements
from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.eras import wareki

from .items import Item


def plain(value: Any) -> str:
    """A value as the register's files write it: days as in ISO 8601, yes and no as 1 and 0, codes as codes (値の表記).

    A date that is not known is empty: its words stand in the item beside it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, RegisterDate):
        return "" if value.is_unknown else f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    if isinstance(value, datetime):
        return value.astimezone(clock.TOKYO).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return _digits(value) if isinstance(value, Decimal) else str(value)


def _digits(value: Decimal) -> str:
    said = f"{round(value, 6):f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def spoken(value: Any, item: Item | None) -> str:
    """A value as people read it: era dates, names for codes (画面の表記)."""
    if isinstance(value, RegisterDate):
        return value.shown()
    if isinstance(value, date) and not isinstance(value, datetime):
        return wareki(value)
    if isinstance(value, bool):
        return "有" if value else "無"
    said = plain(value)
    codes = table(item.codes) if item is not None and item.codes else {}
    return codes[said].name_ja if said in codes else said


def writer_for(*, is_spoken: bool) -> Callable[[Any, Item | None], str]:
    """How cells are written: as files between systems are, or as people read (書き方の選択)."""
    return spoken if is_spoken else lambda value, item: plain(value)


@implements("resident-record/1.0#10.1/m18")
def for_spreadsheet(text: str) -> str:
    """A text that no spreadsheet takes for a formula; otherwise to the letter, unusual characters too (無害化).

    A number with its sign stays a number: it can do nothing.
    """
    body = text[1:] if text[:1] == "-" else text
    is_number = body.isascii() and body.replace(".", "", 1).isdigit()
    return text if is_number else neutral_for_spreadsheet(text)
