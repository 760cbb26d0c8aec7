"""Item definitions and code lists, as lines of ``items.csv`` and ``codes.csv`` (項目定義とコード一覧の解釈)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from municipal.conformance.workbooks import cells
from municipal.conformance.workbooks.conditions import Surroundings, absences_in, machine_form
from municipal.conformance.workbooks.names import english
from municipal.conformance.workbooks.sheets import plain
from municipal.conformance.workbooks.tables import Record

Line = dict[str, str]
"""One line of a file of a pack by column (データの行)."""

FREE = plain("任意")


@dataclass
class Lines:
    """The lines of the files of one pack, by file and in their order (パックの中身)."""

    files: dict[str, list[Line]] = field(default_factory=dict)

    def add(self, file: str, **line: str) -> None:
        """Add a line to a file (行の追加)."""
        self.files.setdefault(file, []).append(line)

    def of(self, file: str) -> list[Line]:
        """The lines of a file (ファイルの行)."""
        return self.files.get(file, [])


def code_lists(records: list[Record], lines: Lines) -> None:
    """Write down code lists; id and name stand on the first row of a list only (コード一覧の解釈).

    A list whose values are 任意 is the municipality's own: it gets a line in ``code_lists.csv`` and no values.
    """
    name = title = business = ""
    for record in records:
        if record.text("list"):
            business = record.text("business") if "連携" in record.sheet else ""
            name, title = cells.list_name(record.text("list"), business), record.text("list_name")
            lines.add(
                "code_lists.csv",
                list=name,
                name_ja=title,
                written=record.stored("list"),
                is_free="yes" if plain(record.text("code_value")) == FREE else "",
                note=record.text("remark"),
                source=record.source,
            )
        code, said = record.text("code_value"), record.text("code_name")
        if name and code and plain(code) != FREE:
            lines.add("codes.csv", list=name, code=plain(code), name_ja=said, status="official", source=record.source)


def item_id(record: Record) -> str:
    """Three digits of the business and five of the item, ``03100001``, however they are split and typed (項目ID).

    An item without a number goes by its romaji or its name.
    """
    parts = [plain(part) for part in record.parts("id")]
    if len(parts) > 1 and all(part.isdecimal() for part in parts[:2]):
        return f"{int(parts[0]):03d}{int(parts[1]):05d}"
    if parts and parts[0].isdecimal():
        return parts[0].zfill(8)
    return (parts and parts[0]) or record.text("romaji") or record.text("name")


def items(records: list[Record], lines: Lines) -> None:
    """Write down data items: one line each, and every cell as it was written (データ項目の解釈)."""
    known = {line["list"]: line for line in lines.of("code_lists.csv")}
    values: dict[str, dict[str, str]] = {}
    for line in lines.of("codes.csv"):
        values.setdefault(line["list"], {})[line["code"]] = line["name_ja"]
    table = Surroundings(
        {
            record.text("name"): values.get(cells.list_name(record.text("code")), {}) if record.text("code") else {}
            for record in records
        },
        absences(records, "name"),
    )
    for record in records:
        name, item = record.text("name"), item_id(record)
        texts = cells.conditions_in(record.text("description"), record.text("remark"))
        item_line(record, lines, item=item, name=name, romaji=record.text("romaji"), conditions=texts, table=table)
        line = lines.of("items.csv")[-1]
        line["table"] = record.text("group") or "items"
        line["column"] = "must" if cells.is_circled(record.text("column")) else ""
        line["presence"] = cells.PRESENCE_WORDS.get(plain(record.text("presence")), "optional")
        wanted = cells.list_name(record.text("code")) if record.text("code") else ""
        line["codes"] = wanted if values.get(wanted) else ""
        line["note"] = _joined(line["note"], *_notes(record, wanted, known))


def absences(records: list[Record], naming: str) -> dict[str, tuple[str, str]]:
    """What all the descriptions of a table say about values for what is not there (該当なしの値)."""
    found = {}
    for record in records:
        prose = "\n".join(record.text(meaning) for meaning in ("definition", "description", "remark"))
        found.update(absences_in(record.text(naming), prose))
    return found


def _notes(record: Record, wanted: str, known: Mapping[str, Line]) -> Iterator[str]:
    if plain(record.text("presence")) not in cells.PRESENCE_WORDS:
        yield "出力条件の語が不明 / unknown word for the presence"
    if wanted and wanted not in known:
        yield f"コード一覧 {wanted} はこの文書にない / code list {wanted} is not in this document"
    elif wanted and known[wanted]["is_free"]:
        yield "値は地方公共団体が定める / the municipality sets the values"
    if record.text("repeats"):
        yield f"最大{plain(record.text('repeats'))}回 / up to {plain(record.text('repeats'))} times"
    if cells.is_circled(record.text("reference")):
        yield "他グループへの外部キー / refers to another group"


def item_line(
    record: Record,
    lines: Lines,
    *,
    item: str,
    name: str,
    romaji: str,
    conditions: tuple[str, ...],
    table: Surroundings,
) -> None:
    """Add what data items and API parameters have in common: type, length, conditions, cells (項目の共通部分)."""
    forms = [machine_form(text, name, table) for text in conditions]
    type_, length, decimals, notes = type_and_length(record)
    if conditions and not all(forms):
        notes.append("条件は文章のみ、機械では判定できない / condition in words only: cannot tell")
    for text, form in zip(conditions, forms, strict=True):
        lines.add("conditions.csv", item=item, text=text, condition=form, source=record.source)
    prose = "\n".join(record.text(meaning) for meaning in ("definition", "description", "remark"))
    lines.add(
        "items.csv",
        item=item,
        name_ja=name,
        name_en=english(name),
        aliases=romaji,
        type=type_,
        max_length=length,
        decimals=decimals,
        number=cells.checked_number(name, prose),
        condition=" ; ".join(forms) if all(forms) else "",
        may_be_unknown="yes" if type_ == "DATE" and cells.allows_unknown_days(prose) else "",
        status="official",
        source=record.source,
        note=_joined(*notes),
    )
    _keep_cells(record, lines, item)


def _keep_cells(record: Record, lines: Lines, item: str) -> None:
    for of, found in record.cells:
        for cell in found:
            lines.add(
                "cells.csv",
                item=item,
                heading=of.heading,
                meaning=of.meaning,
                text=cell.text,
                stored=cell.stored if cell.stored != cell.text else "",
                formula=cell.formula,
                source=f"{record.sheet}!{cell.name}",
            )


def type_and_length(record: Record) -> tuple[str, str, str, list[str]]:
    """Type, length and decimals of a row, and notes on what was not understood (データ型と桁数)."""
    notes = []
    word = plain(record.text("type"))
    type_ = cells.TYPE_WORDS.get(word, "XN")
    if word not in cells.TYPE_WORDS:
        notes.append(f"データ型「{word}」は不明 / unknown type {word}")
    try:
        length, decimals = cells.length_of(record.text("length"), type_)
    except ValueError:
        length = decimals = None
        notes.append(f"桁数「{record.text('length')}」は不明 / unknown length")
    return type_, "" if length is None else str(length), "" if decimals is None else str(decimals), notes


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))
