"""What another vendor's columns are called and how they are written, as a table that a vendor fills in (対応表).

TOML, one section for each of our tables::

    [history]
    files = ["RIREKI*"]                     # names of their files
    [history.columns]                       # theirs = ours
    ATENA_NO = "宛名番号"
    UMARE = "生年月日"
    [history.join]                          # ours = theirs, put together with a full-width space
    氏名 = ["SEI", "MEI"]
    [history.codes.性別]                    # theirs = ours
    M = "1"
    F = "2"
    [history.dates]                         # ours = how theirs is written: YYYYMMDD, GYYMMDD or written
    生年月日 = "GYYMMDD"
    [history.constants]
    市区町村コード = "372013"
    [history.unknown]                       # what stands for a day that is not known
    生年月日 = ["9999999"]

A column that stands nowhere in the table is told as one without a target: nothing is left out in silence. Write
``ignore = ["YOBI1"]`` for what you have looked at and do not hand over.
"""

import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from municipal.conformance.packs import Item
from municipal.conformance.reading import TableFile, read
from municipal.core.dates import RegisterDate
from municipal.core.eras import eras
from municipal.core.refusals import Refused

from .sources import pack

FORMS = ("YYYYMMDD", "GYYMMDD", "written")
SPACE = "　"
UNKNOWN = "年月日不詳"
_ERAS = {str(era.code): era.name_ja for era in eras()}


@dataclass(frozen=True)
class TableMap:
    """How the files of one table are turned into ours (表の対応)."""

    table: str
    files: tuple[str, ...]
    columns: Table[str, str] = field(default_factory=dict)
    join: Table[str, list[str]] = field(default_factory=dict)
    codes: Table[str, Table[str, str]] = field(default_factory=dict)
    dates: Table[str, str] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    unknown: Table[str, list[str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        """Whether a file with this name belongs to the table (ファイルの判定)."""
        stem = PurePosixPath(name).name.casefold()
        return any(fnmatch(stem, pattern.casefold()) for pattern in self.files)

    def without_target(self, columns: tuple[str, ...]) -> list[str]:
        """Their columns that go nowhere and are not said to (対応のない列)."""
        used = {*self.columns, *self.ignore, *(one for some in self.join.values() for one in some)}
        return [column for column in columns if column and column not in used]


def read_mapping(path: Path) -> list[TableMap]:
    """Read a table of correspondence (対応表の読取り).

    Raises Refused, naming the section, for what it does not understand.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused("対応表を読み取れません。UTF-8のTOMLで書いてください。", code="mapping") from error
    return [_table(name, section) for name, section in said.items()]


def _table(name: str, section: Any) -> TableMap:
    known = set(TableMap.__dataclass_fields__) - {"table"}
    if name not in pack().tables or not isinstance(section, dict) or set(section) - known:
        raise _unfit(name)
    items = {item.name_ja: item for item in pack().items_of(name)}
    try:
        said: dict[str, Any] = {key: tuple(v) if key in ("files", "ignore") else v for key, v in section.items()}
        made = TableMap(name, **said)
        ours = {*made.columns.values(), *made.join, *made.codes, *made.dates, *made.constants, *made.unknown}
    except (TypeError, AttributeError) as error:
        raise _unfit(name) from error
    if wrong := sorted(str(one) for one in ours if one not in items):
        raise Refused("対応表の「%(item)s」は項目名ではありません。", code="mapping", item=wrong[0])
    if wrong := sorted(str(form) for form in made.dates.values() if form not in FORMS):
        raise Refused("対応表の日付の形「%(form)s」は使えません。", code="mapping", form=wrong[0])
    return made


def _unfit(name: str) -> Refused:
    return Refused("対応表の「%(name)s」の書き方が正しくありません。", code="mapping", name=name)


@dataclass
class Converted:
    """One of their files, as ours (変換したファイル).

    ``starts``: pairs of a row of ours and the row of theirs, wherever the count jumps.
    """

    name: str
    path: Path
    without_target: list[str]
    broken: list[int]
    starts: list[tuple[int, int]]

    def row(self, ours: int) -> int:
        """Their row for a row of ours, for a report that they can follow (元の行)."""
        found = ours
        for mine, theirs in self.starts:
            if mine > ours:
                break
            found = theirs + ours - mine
        return found


def convert(folder: Path, maps: list[TableMap], out: Path) -> list[Converted]:
    """Write every file of ``folder`` that a map takes as a file of ours into ``out``, streaming (変換)."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    headings = frozenset(
        column for one in maps for column in (*one.columns, *(c for cs in one.join.values() for c in cs))
    )
    found: list[Converted] = []
    for file in read([folder], headings):
        if isinstance(file, TableFile):
            for one in maps:
                if one.takes(file.name):
                    found.append(_convert(file, one, out / f"{one.table}_{len(found) + 1}.csv"))
                    break
    return found


def _convert(file: TableFile, one: TableMap, path: Path) -> Converted:
    columns = [column if column else f"#{index + 1}" for index, column in enumerate(file.columns)]
    made = Converted(file.name, path, one.without_target(file.columns), [], [])
    items = {item.name_ja: item for item in pack().items_of(one.table)}
    count = 2
    with path.open("wb") as output:
        for block in file.batches():
            frame = block.rename({f"c{index}": name for index, name in enumerate(columns)})
            ours = turned(frame, one, items)
            output.write(ours.write_csv(include_header=count == 2).encode())
            rows = frame["_row"].to_list()
            jumps = [0, *(at for at in range(1, len(rows)) if rows[at] != rows[at - 1] + 1)] if rows else []
            made.starts += [(count + at, int(rows[at])) for at in jumps]
            count += len(rows)
    made.broken = sorted({odd.row for odd in file.oddities if odd.row > file.header_row})
    return made


def turned(frame: pl.DataFrame, one: TableMap, items: Table[str, Item]) -> pl.DataFrame:
    """Rows of theirs as rows of ours (行の変換)."""
    made: dict[str, Any] = {
        ours: frame[theirs].str.strip_chars(" ") for theirs, ours in one.columns.items() if theirs in frame.columns
    }
    for ours, several in one.join.items():
        there = [frame[name].str.strip_chars(f" {SPACE}") for name in several if name in frame.columns]
        if there:
            made[ours] = pl.select(pl.concat_str(there, separator=SPACE)).to_series().str.strip_chars(SPACE)
    made |= {ours: pl.Series([value] * frame.height, dtype=pl.String) for ours, value in one.constants.items()}
    made |= {ours: made[ours].replace(dict(codes)) for ours, codes in one.codes.items() if ours in made}
    for ours, form in one.dates.items():
        if ours in made:
            made |= _dates(made[ours], ours, form, one.unknown.get(ours, []), may_be_unknown=items[ours].may_be_unknown)
    return pl.DataFrame(made)


def _dates(said: pl.Series, ours: str, form: str, unknown: list[str], *, may_be_unknown: bool) -> dict[str, pl.Series]:
    """The day, and where it may be unknown, flag and words beside it; every different value is read once."""
    values = {value: day_and_words(value, form, unknown) for value in said.unique().to_list()}
    days = said.replace({value: day for value, (day, _) in values.items()})
    if not may_be_unknown:
        return {ours: days}
    words = said.replace({value: notation for value, (_, notation) in values.items()})
    flags = pl.select(pl.when(words != "").then(pl.lit("1")).when(days != "").then(pl.lit("0")).otherwise(pl.lit("")))
    return {ours: days, f"{ours}_不詳フラグ": flags.to_series(), f"{ours}_不詳表記": words}


def day_and_words(value: str, form: str, unknown: list[str]) -> tuple[str, str]:
    """A day as YYYY-MM-DD and a notation, one of them empty; what is no date stays, to be found (日付の変換)."""
    if value in unknown:
        return "", UNKNOWN
    if not value.strip("0 "):
        return "", ""
    try:
        read = RegisterDate.entered(value if form == "written" else _written(value, form))
    except Refused:
        return value, ""
    return ("", read.notation) if read.is_unknown else (f"{read.year:04d}-{read.month:02d}-{read.day:02d}", "")


def _written(value: str, form: str) -> str:
    """Figures as a person would write the date; zeros for what is not known."""
    digits = re.fullmatch(
        r"([0-9]{4})([0-9]{2})([0-9]{2})" if form == "YYYYMMDD" else r"([1-9])([0-9]{2})([0-9]{2})([0-9]{2})", value
    )
    if digits is None:
        return value
    *year, month, day = digits.groups()
    if form == "YYYYMMDD":
        written, number = f"{year[0]}年", int(year[0])
    else:
        written, number = f"{_ERAS.get(year[0], '')}{int(year[1])}年", int(year[1])
    if not number:
        return UNKNOWN
    if month == "00":
        return f"{written} 月日不詳"
    return f"{written}{int(month)}月 日不詳" if day == "00" else f"{written}{int(month)}月{int(day)}日"
