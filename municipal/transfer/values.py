"""The cells of a file as the database reads them, a whole block at a time, and every cell that is none (値の読取り)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import models

from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused

from .faults import Fault
from .parts import Cell, Part, Shape, cells_of, shape_of
from .parts.cells import OLD_ERAS
from .queries import TOWN

DAY = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
ZONE = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
MOMENT = rf"\A[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-5][0-9](\.[0-9]{{1,6}})?)?{ZONE}?\z"
NO_YEAR = "0000-"
NUMBERS = r"\A[0-9]{1,15}( [0-9]{1,15})*\z"
MOST_FAULTS = 1_000
"""So many of one kind are kept; all are counted."""

NO_WORDS = ("", "0")


def is_day(column: pl.Expr) -> pl.Expr:
    """Whether a cell is a day of the calendar (暦上日か)."""
    is_there = column.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return column.str.contains(DAY) & ~column.str.starts_with(NO_YEAR) & is_there


def is_moment(column: pl.Expr) -> pl.Expr:
    """Whether a cell is a moment (日時か)."""
    begin = column.str.replace(" ", "T").str.slice(0, 16)
    is_there = begin.str.to_datetime("%Y-%m-%dT%H:%M", strict=False).is_not_null()
    return column.str.contains(MOMENT) & ~column.str.starts_with(NO_YEAR) & is_there


def moment(column: pl.Expr) -> pl.Expr:
    """A moment without a zone is one of Japan (日時の補完)."""
    has_zone = column.str.contains(rf"{ZONE}\z")
    return pl.when((column == "") | has_zone).then(column).otherwise(column + "+09:00")


@dataclass
class Reading:
    """Turns blocks of one file into rows for the table of a part; remembers what it could not read (読取り)."""

    part: Part
    file: str
    columns: tuple[str, ...]
    town: str
    row: Callable[[int], int] = lambda row: row
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _dates: dict[tuple[str, str, str, str], str | None] = field(default_factory=dict)

    def rows(self, block: pl.DataFrame) -> pl.DataFrame:
        """``_row`` and the columns of the table, as text; null where the database shall say null (行の変換)."""
        made: dict[str, pl.Expr] = {"_row": pl.col("_row")}
        wrong: dict[tuple[str, str], pl.Expr] = {}
        lists: dict[str, pl.Series] = {}
        for one in self.part.fields:
            cells = [self._cell(cell) for cell in cells_of(one)]
            shape = shape_of(one)
            if shape is Shape.REGISTER_DATE:
                lists[one.column] = self._register_dates(block, one, cells)
                continue
            heading = self.part.heading(one.name)
            column, faults = READERS[shape](one, cells)
            made[f"_{one.name}" if shape in (Shape.LINK, Shape.PEOPLE) else one.column] = column
            wrong |= {(code, heading): said for code, said in faults}
        if self.part.numbered:
            made["_own"] = self._cell(Cell(self.part.numbered.value, ""))
        if TOWN in self.columns:
            wrong["IN-0016", TOWN] = ~pl.col(TOWN).is_in(["", self.town])
        self._note(block, wrong)
        return block.select(**made).with_columns(**lists)

    def _cell(self, cell: Cell) -> pl.Expr:
        return pl.col(cell.heading) if cell.heading in self.columns else pl.lit("")

    def _note(self, block: pl.DataFrame, wrong: dict[tuple[str, str], pl.Expr]) -> None:
        """One look at the block counts every kind of fault; rows are asked for only where there is one."""
        names = {f"{index}": said for index, said in enumerate(wrong.values())}
        found = block.select(**{name: said.sum() for name, said in names.items()}).row(0) if names else ()
        for (code, heading), said, count in zip(wrong, wrong.values(), found, strict=True):
            if count:
                rows = block.filter(said)["_row"].head(MOST_FAULTS).to_list()
                self._add(code, heading, [int(row) for row in rows], int(count))

    def _add(self, code: str, heading: str, rows: list[int], count: int) -> None:
        known = self.counts.get(code, 0)
        self.faults += [Fault(self.file, self.row(row), heading, code) for row in rows[: max(0, MOST_FAULTS - known)]]
        self.counts[code] = known + count

    def _register_dates(self, block: pl.DataFrame, one: Any, cells: list[pl.Expr]) -> pl.Series:
        """What is a plain day of the calendar is stored as it stands; every other value is read once."""
        # With the row, for cells that are nowhere are not as many as the rows by themselves.
        told = block.select("_row", day=cells[0], flag=cells[1], words=cells[2], era=cells[3])
        said = told.drop("_row")
        plain = said.select(
            is_day(pl.col("day")) & pl.col("flag").is_in(NO_WORDS) & (pl.col("words") == "") & (pl.col("era") == "")
        ).to_series()
        stored = said["day"]
        odd = ~plain & ~(said.select(pl.all_horizontal(pl.all() == "")).to_series())
        if not odd.any():
            return stored
        values = [self._stored(value) for value in said.filter(odd).iter_rows()]
        places = odd.arg_true()
        bad = [int(block["_row"][int(place)]) for place, value in zip(places, values, strict=True) if value is None]
        if bad:
            self._add("IN-0007", self.part.heading(one.name), bad, len(bad))
        return stored.scatter(places, [value or "" for value in values])

    def _stored(self, said: tuple[Any, ...]) -> str | None:
        """The stored text of a date, or None for what is none."""
        if said not in self._dates:
            self._dates[said] = stored_date(*said)
        return self._dates[said]


def stored_date(day: str, flag: str, words: str, era: str) -> str | None:
    """The stored text of a date written in four columns; None for what the register may not say (年月日の読取り).

    A calendar day with the old era of its era's last day is that day in the old era; with any other era it is itself.
    """
    try:
        if words or flag == "1":
            is_right = flag in ("", "1") and not day and words
            return str(RegisterDate.entered(words)) if is_right and RegisterDate.entered(words).is_unknown else None
        if flag not in NO_WORDS:
            return None
        plain = RegisterDate.parse(day)
        if era not in OLD_ERAS:
            return day if str(plain) == day else None
        try:
            return str(RegisterDate.parse(f"{day}@{OLD_ERAS[era]}"))
        except Refused:
            return str(plain)
    except Refused:
        return None


Read = tuple[pl.Expr, list[tuple[str, pl.Expr]]]


def _text(one: Any, cells: list[pl.Expr]) -> Read:
    column = cells[0]
    faults = [("IN-0001", column.str.len_chars() > one.max_length)] if one.max_length else []
    if one.choices:
        known = [str(value) for value, _ in one.flatchoices] + ([""] if one.blank else [])
        faults.append(("IN-0005", ~column.is_in(known)))
    return column, faults


def _or_nothing(column: pl.Expr) -> pl.Expr:
    return pl.when(column != "").then(column)


def _whole(one: Any, cells: list[pl.Expr]) -> Read:
    column = cells[0]
    default = one.get_default()
    most = 4 if isinstance(one, models.SmallIntegerField | models.PositiveSmallIntegerField) else 9
    is_wrong = (column != "") & ~column.str.contains(rf"\A[0-9]{{1,{most}}}\z")
    said = pl.when(~is_wrong & (column != "")).then(column)
    return (said if default is None else said.fill_null(str(default))), [("IN-0003", is_wrong)]


def _flag(one: Any, cells: list[pl.Expr]) -> Read:
    column = cells[0]
    said = pl.when(column.is_in(["0", "1"])).then(column)
    return (said if one.null else said.fill_null("0")), [("IN-0004", ~column.is_in(["", "0", "1"]))]


def _day(one: Any, cells: list[pl.Expr]) -> Read:
    is_wrong = (cells[0] != "") & ~is_day(cells[0])
    return pl.when((cells[0] != "") & ~is_wrong).then(cells[0]), [("IN-0002", is_wrong)]


def _moment(one: Any, cells: list[pl.Expr]) -> Read:
    is_wrong = (cells[0] != "") & ~is_moment(cells[0])
    return pl.when((cells[0] != "") & ~is_wrong).then(moment(cells[0])), [("IN-0006", is_wrong)]


def _stretch(one: Any, cells: list[pl.Expr]) -> Read:
    is_days = shape_of(one) is Shape.DAYS
    is_right = is_day if is_days else is_moment
    code = "IN-0002" if is_days else "IN-0006"
    is_wrong = pl.any_horizontal((cell != "") & ~is_right(cell) for cell in cells)
    begin, end = cells if is_days else [moment(cell) for cell in cells]
    is_turned = (begin != "") & (end != "") & (begin >= end)
    said = pl.concat_str(pl.lit("["), begin, pl.lit(","), end, pl.lit(")"))
    return pl.when(~is_wrong & ~is_turned).then(said), [(code, is_wrong | is_turned)]


def _people(one: Any, cells: list[pl.Expr]) -> Read:
    return cells[0], [("IN-0008", ~cells[0].str.contains(NUMBERS))]


def _tree(one: Any, cells: list[pl.Expr]) -> Read:
    is_wrong = ~cells[0].map_elements(_is_tree, return_dtype=pl.Boolean)
    return pl.when(~is_wrong).then(cells[0]), [("IN-0023", is_wrong)]


def _is_tree(said: str) -> bool:
    try:
        return "\\u0000" not in said and isinstance(json.loads(said), dict | list)
    except (ValueError, RecursionError):
        return False


def _link(one: Any, cells: list[pl.Expr]) -> Read:
    return _or_nothing(cells[0]), [("IN-0009", (cells[0] == "") & pl.lit(not one.null))]


READERS: dict[Shape, Callable[[Any, list[pl.Expr]], Read]] = {
    Shape.TEXT: _text,
    Shape.WHOLE: _whole,
    Shape.FLAG: _flag,
    Shape.DAY: _day,
    Shape.MOMENT: _moment,
    Shape.DAYS: _stretch,
    Shape.MOMENTS: _stretch,
    Shape.PEOPLE: _people,
    Shape.LINK: _link,
    Shape.TREE: _tree,
}
"""How the cells of a field are read: the value, and which cells are none, by code (読取り方)."""


def columns_of(part: Part) -> Iterator[str]:
    """The columns of the table itself that ``Reading.rows`` fills (表の列)."""
    for one in part.fields:
        if shape_of(one) not in (Shape.LINK, Shape.PEOPLE):
            yield one.column
