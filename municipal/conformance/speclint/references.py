"""Contradictions between an item and what it refers to: code lists, legends, the sheet, documents (参照の矛盾)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from municipal.conformance.speclint.spec import Contradiction, Spec, likeness
from municipal.conformance.workbooks.cells import list_name
from municipal.conformance.workbooks.sheets import plain

_ALIKE = 0.9


def codes_are_referred_to_as_they_are_called(spec: Spec) -> Iterator[Contradiction]:
    """An item writes the id of a code list as the list does, and the list is there (コードIDの表記)."""
    lists = {row["list"]: row for row in spec.pack.rows("code_lists.csv")}
    for d in spec.definitions:
        written = d.stored.get("code", "")
        if not written:
            continue
        found = lists.get(list_name(written))
        if found is None:
            yield Contradiction(
                "SPEC-0111",
                f"「{d.name}」が参照するコード一覧「{written}」がこの文書にありません。",
                f"{d.name} refers to the code list {written}, which is not in this document.",
                (d.place,),
            )
        elif found["written"] != written:
            yield Contradiction(
                "SPEC-0112",
                f"「{d.name}」はコードID「{written}」を参照しますが、一覧の値は「{found['written']}」です。",
                f"{d.name} refers to code list {written}; the list itself is stored as {found['written']}.",
                (d.place, f"{spec.pack.name} {found['source']} {found['name_ja']}"),
            )


def types_are_explained(spec: Spec) -> Iterator[Contradiction]:
    """Every type word in use stands in the legend of types (凡例にないデータ型)."""
    legend = {plain(row["name_ja"]) for row in spec.pack.rows("legend.csv") if row["kind"] == "types"}
    used: dict[str, list[str]] = {}
    for d in spec.definitions:
        used.setdefault(plain(d.texts.get("type", "")), []).append(d.place)
    for row in spec.pack.rows("responses.csv"):
        used.setdefault(row["written_type"], []).append(f"{spec.pack.name} {row['source']} {row['object']}".strip())
    for word, places in sorted(used.items()):
        if legend and word not in legend | {"", "-"}:
            yield Contradiction(
                "SPEC-0113",
                f"データ型「{word}」が凡例にありません。",
                f"The type {word} is not in the legend of types.",
                tuple(places),
            )


def legends_explain_this_document(spec: Spec) -> Iterator[Contradiction]:
    """The legend names the document that it stands in (凡例の文書名)."""
    titles = {spec.pack.title_ja}
    for row in spec.pack.rows("notes.csv"):
        if (said := re.search(r"([^\s\-－■]+?)で示す", row["text"])) and not any(said[1] in title for title in titles):
            yield Contradiction(
                "SPEC-0114",
                f"凡例は「{said[1]}」を説明していますが、文書の表題は「{spec.pack.title_ja}」です。",
                f"The legend explains {said[1]}; the title of the document is {spec.pack.title_ja}.",
                (f"{spec.pack.name} {row['sheet']}!{row['cell']}",),
            )


def print_areas_hold_all_rows(spec: Spec) -> Iterator[Contradiction]:
    """The print area does not end before the data do: on paper rows would be missing (印刷範囲)."""
    sheets: list[dict[str, Any]] = spec.pack.source.get("sheets", [])
    for sheet in sheets:
        last = re.search(r":[A-Z]+(\d+)$", sheet.get("print_area", ""))
        if last and int(last[1]) < sheet["rows"]:
            yield Contradiction(
                "SPEC-0115",
                f"印刷範囲は{last[1]}行までですが、データは{sheet['rows']}行まであります。",
                f"The print area ends at row {last[1]}, the data at row {sheet['rows']}.",
                (f"{spec.pack.name} {sheet['name']}",),
            )


def stray_texts_agree(spec: Spec) -> Iterator[Contradiction]:
    """A text left over beside a table is not another wording of one in it (表外の異文)."""
    known = {d.definition: d for d in spec.definitions if d.definition}
    for row in spec.pack.rows("unplaced.csv"):
        if not row["cell"] or row["text"] in known:
            continue
        for text, d in known.items():
            if likeness(text, row["text"]) >= _ALIKE:
                yield Contradiction(
                    "SPEC-0116",
                    f"表の外に「{d.name}」の説明の異文が残っています。",
                    f"Outside the table stands another wording of the description of {d.name}.",
                    (f"{spec.pack.name} {row['sheet']}!{row['cell']}", d.place),
                )


JUDGES = (
    codes_are_referred_to_as_they_are_called,
    types_are_explained,
    legends_explain_this_document,
    print_areas_hold_all_rows,
    stray_texts_agree,
)
