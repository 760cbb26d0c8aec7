"""What stands where in a record, read from the data of ``standards/zengin`` (レコードの桁構成)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from municipal.core.codes import STANDARDS, rows

FOLDER = STANDARDS / "zengin" / "1"
LENGTH = 120
DEBIT, TRANSFER = "account_transfer", "bulk_transfer"
"""The layouts there are: direct debit, request and result (口座振替); bulk transfer (総合振込)."""


@dataclass(frozen=True)
class Field:
    """One run of letters of a record (項目). ``is_number``: digits filled with 0 from the left, else letters."""

    name: str
    offset: int
    width: int
    is_number: bool
    fixed: str
    name_ja: str


@dataclass(frozen=True)
class Record:
    """One kind of record: header, data, trailer or end; ``mark`` is the digit it begins with (レコード)."""

    name: str
    mark: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Layout:
    """The records of one sort of file, by their name (ファイルの構成)."""

    name: str
    records: Mapping[str, Record]

    @property
    def by_mark(self) -> Mapping[str, Record]:
        """The records by the digit they begin with."""
        return {record.mark: record for record in self.records.values()}


@cache
def layout(name: str) -> Layout:
    """The layout of that name (桁構成の照会)."""
    records = {}
    for record, lines in groupby(rows(FOLDER / f"{name}.csv"), key=lambda line: line["record"]):
        fields = tuple(
            Field(
                line["field"], int(line["offset"]), int(line["width"]), line["kind"] == "N", line["fixed"],
                line["name_ja"],
            )
            for line in lines
        )  # fmt: skip
        records[record] = Record(record, fields[0].fixed, fields)
    return Layout(name, records)


@cache
def codes(name: str) -> Mapping[str, str]:
    """The codes of one list and what they are called, in the order of the file (コード一覧)."""
    return {line["code"]: line["name_ja"] for line in rows(FOLDER / "codes.csv") if line["list"] == name}


@cache
def codes_in_english(name: str) -> Mapping[str, str]:
    """The same in English (コード一覧の英語名)."""
    return {line["code"]: line["name_en"] for line in rows(FOLDER / "codes.csv") if line["list"] == name}
