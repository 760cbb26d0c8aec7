"""A field of a table as columns of a file, without loss in either direction (項目と列の対応).

A date that may be unknown takes three columns as in the published lists, and a fourth for the two days that registers
write in the old era (明治45年7月30日, 大正15年12月25日); a stretch of time takes two; a reference is written as the
number that people know. Nothing stands for nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import models

from municipal.addressees.fields import RegisterDateField
from municipal.addressees.models import Addressee, SupportMeasure
from municipal.core.eras import eras
from municipal.residents.models import Household, Memo, Received, Remark, ResidentEvent, ResidentRecord

UNKNOWN, WORDS, ERA = "_不詳フラグ", "_不詳表記", "_元号"
BEGIN, END = "_開始", "_終了"

OLD_ERAS = {str(era.code): era.letter for era in eras() if era.register_until}
"""Codes of the eras that have a day which the calendar gives to the next one, with their letters (旧元号)."""


class Shape(Enum):
    """How the values of a field are written (値の形)."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    REGISTER_DATE = "register_date"
    DAYS = "days"
    MOMENTS = "moments"
    PEOPLE = "people"
    TREE = "tree"
    LINK = "link"


class Link(Enum):
    """What a reference leads to, with its heading (参照先)."""

    ADDRESSEE = "宛名番号"
    HOUSEHOLD = "世帯番号"
    RECORD = "個人履歴番号"
    EVENT = "異動番号"
    MEASURE = "支援措置番号"
    RECEIVED = "受信番号"
    REMARK = "記載番号"
    MEMO = "メモ番号"


LINKS: dict[Any, Link] = {
    Addressee: Link.ADDRESSEE,
    Household: Link.HOUSEHOLD,
    ResidentRecord: Link.RECORD,
    ResidentEvent: Link.EVENT,
    SupportMeasure: Link.MEASURE,
    Received: Link.RECEIVED,
    Remark: Link.REMARK,
    Memo: Link.MEMO,
}
LINK_SQL = {
    Link.ADDRESSEE: ("addressees_addressee", "number"),
    Link.HOUSEHOLD: ("residents_household", "number"),
    Link.RECORD: ("residents_residentrecord", "serial::text"),
    Link.EVENT: ("keys_events", "key"),
    Link.MEASURE: ("addressees_supportmeasure", "number"),
    Link.RECEIVED: ("keys_received", "key"),
    Link.REMARK: ("keys_remarks", "key"),
    Link.MEMO: ("keys_memos", "key"),
}
"""The table and the expression that give a reference its number."""

_MOMENT = """to_char({} AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD"T"HH24:MI:SS.US"+09:00"')"""
_PEOPLE = (
    "(SELECT string_agg(one.number, ' ' ORDER BY said.place) FROM unnest({}) WITH ORDINALITY AS said (id, place)"
    " JOIN addressees_addressee one ON one.id = said.id)"
)


@dataclass(frozen=True)
class Cell:
    """One column of a file: its heading, and the SQL that writes it; ``{}`` stands for the column (列)."""

    heading: str
    sql: str


def shape_of(field: Any) -> Shape:
    """How a field is written. Raises TypeError for a kind of field that no part has had so far (値の形の判定)."""
    kinds: list[tuple[type[Any], Shape]] = [
        (RegisterDateField, Shape.REGISTER_DATE), (models.ForeignKey, Shape.LINK), (models.CharField, Shape.TEXT),
        (models.TextField, Shape.TEXT), (models.BooleanField, Shape.FLAG), (models.DateTimeField, Shape.MOMENT),
        (models.DateField, Shape.DAY), (models.IntegerField, Shape.WHOLE), (DateRangeField, Shape.DAYS),
        (DateTimeRangeField, Shape.MOMENTS), (ArrayField, Shape.PEOPLE), (models.JSONField, Shape.TREE),
    ]  # fmt: skip
    for kind, shape in kinds:
        if isinstance(field, kind):
            return shape
    raise TypeError(f"{field} cannot be handed over yet: say in parts/cells.py how it is written.")


def heading_of(field: Any) -> str:
    """The item name of a field: its label; a reference has the name of what it leads to, said of which (項目名)."""
    label = str(field.verbose_name)
    if not isinstance(field, models.ForeignKey):
        return label
    link = LINKS[field.related_model]
    is_plain = label in (link.value, str(field.related_model._meta.verbose_name))
    return link.value if is_plain else f"{label}_{link.value}"


def cells_of(field: Any) -> Iterator[Cell]:
    """The columns of a field, in the order in which they stand (項目の列)."""
    heading, shape = heading_of(field), shape_of(field)
    if shape is Shape.REGISTER_DATE:
        yield from _of_register_date(heading)
    elif shape is Shape.DAYS:
        yield Cell(heading + BEGIN, "lower({})")
        yield Cell(heading + END, "upper({})")
    elif shape is Shape.MOMENTS:
        yield Cell(heading + BEGIN, _MOMENT.format("lower({})"))
        yield Cell(heading + END, _MOMENT.format("upper({})"))
    else:
        written = {
            Shape.TEXT: "nullif({}, '')", Shape.FLAG: "{}::int", Shape.MOMENT: _MOMENT, Shape.PEOPLE: _PEOPLE,
        }  # fmt: skip
        yield Cell(heading, written.get(shape, "{}"))


def _of_register_date(heading: str) -> Iterator[Cell]:
    """The day only if it is one, in the calendar or written in full; never a day in place of words."""
    yield Cell(heading, "CASE WHEN strpos({0}, '/') = 0 THEN nullif(left({0}, 10), '') END")
    yield Cell(heading + UNKNOWN, "CASE WHEN {0} <> '' THEN (strpos({0}, '/') > 0)::int END")
    yield Cell(heading + WORDS, "CASE WHEN strpos({0}, '/') > 0 THEN split_part({0}, '/', 2) END")
    cases = " ".join(f"WHEN '{letter}' THEN '{code}'" for code, letter in OLD_ERAS.items())
    yield Cell(heading + ERA, f"CASE split_part({{0}}, '@', 2) {cases} END")
