"""Rules about who lives together and how it is written (世帯の規則)."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from municipal.conformance.rules import Kept, Row
from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.core.relationships import STANDING_ALONE, parse

RESIDENT = "1"
WHETHER_LIVING = {"resident_status": Kept.TEXT, "is_latest": Kept.TEXT, "is_deleted": Kept.TEXT}
"""What has to be read to know whether a row speaks of somebody who lives here now."""

# Half-width brackets are another way to type the same word; the spouse of a child has two spellings in the text.
_SPELLINGS = {"(": "（", ")": "）", "子（子の夫）": "子の夫", "子（子の妻）": "子の妻"}


def lives_here(row: Row) -> bool:
    """Whether a row says that somebody is a resident now: a current row, not deleted, status 1 (現存者)."""
    return row["resident_status"] == RESIDENT and row["is_latest"] != "0" and row["is_deleted"] != "1"


def living(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of people who live here now, the same as ``lives_here`` (現存者の行)."""
    status, latest, deleted = (text(frame, item) for item in WHETHER_LIVING)
    return frame.filter((status == RESIDENT) & (latest != "0") & (deleted != "1"))


def text(frame: pl.DataFrame, item: str) -> pl.Expr:
    """A column that was kept as text, "" where empty and where no file has it (文字の列)."""
    return pl.col(item).fill_null("") if item in frame.columns else pl.lit("")


def spelled(relationship: str) -> str:
    """A relationship in the one spelling that the grammar knows (続柄の表記の統一)."""
    for spelling, usual in _SPELLINGS.items():
        relationship = relationship.replace(spelling, usual)
    return relationship


def spelled_column(relationship: pl.Expr) -> pl.Expr:
    """The same as ``spelled`` for a column (続柄の表記の統一)."""
    for spelling, usual in _SPELLINGS.items():
        relationship = relationship.str.replace_all(spelling, usual, literal=True)
    return relationship


def refusal_code(written: str) -> str:
    """Why the grammar refuses a relationship, "" for a right or an empty one (続柄の誤りの種類)."""
    try:
        if written:
            parse(spelled(written))
    except Refused as refusal:
        return refusal.code
    return ""


@cache
def chain(*, linking: bool) -> str:
    """A pattern for words chained with 「の」: all words, or only the ``linking`` ones (続柄の連なり)."""
    words = [code.name_ja for code in table("relationship").values()]
    wanted = [word for word in words if not linking or word not in STANDING_ALONE]
    word = "(?:" + "|".join(map(re.escape, sorted(wanted, key=len, reverse=True))) + ")"
    return f"{word}(?:の{word})*"
