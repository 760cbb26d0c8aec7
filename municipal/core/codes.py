"""Code tables of the standards, read from data files (コード表).

The tables stand in ``standards/codes/*.csv``; where an official code number is not public, ``code`` is a
word of our own and the column ``official_code`` stays empty until somebody fills in the real one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

STANDARDS = Path(__file__).resolve().parents[2] / "standards"


@dataclass(frozen=True)
class Code:
    """One line of a code table (コード).

    ``status`` says how sure we are: ``official`` (read in an official text), ``cited`` (taken from a statute),
    ``seen`` (read in public implementations), ``provisional`` (to be confirmed). ``extra`` holds the columns
    that only this table has.
    """

    code: str
    name_ja: str
    name_en: str
    status: str
    source: str
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class LocalGovernment:
    """A prefecture, municipality or ward of a designated city, as the code list names it (地方公共団体)."""

    code: str
    prefecture: str
    name: str
    kana: str


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a data file as dictionaries; the first line names the columns (データの行)."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def names_of(row: Mapping[str, str]) -> Mapping[str, str]:
    """What a line is called in each language of residents; the Korean and plain Japanese are ours (4言語の名前)."""
    columns = {"ja": "name_ja", "ja-easy": "name_easy", "en": "name_en", "ko": "name_ko"}
    return {language: row[column] for language, column in columns.items()}


def table_names() -> tuple[str, ...]:
    """The names that ``table`` knows, sorted (コード表の一覧)."""
    return tuple(sorted(path.stem for path in (STANDARDS / "codes").glob("*.csv")))


@cache
def table(name: str) -> Mapping[str, Code]:
    """The code table ``name`` by code, in the order of the file; LookupError for an unknown name (コード表)."""
    if name not in table_names():
        raise LookupError(f"there is no code table {name!r}")
    codes = {}
    for row in rows(STANDARDS / "codes" / f"{name}.csv"):
        own = {column: row.pop(column) for column in ("code", "name_ja", "name_en", "status", "source")}
        codes[own["code"]] = Code(**own, extra=MappingProxyType(row))
    return MappingProxyType(codes)


@cache
def local_governments() -> Mapping[str, LocalGovernment]:
    """The 1,965 local governments of 2024-01-01 by their six-digit code (全国地方公共団体コード一覧)."""
    path = STANDARDS / "local-government-codes" / "2024-01-01" / "codes.csv"
    bodies = (LocalGovernment(row["code"], row["prefecture"], row["name_ja"], row["kana"]) for row in rows(path))
    return MappingProxyType({body.code: body for body in bodies})
