"""Contradictions between examples and the definitions that they illustrate (例示の矛盾)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from municipal.conformance.packs import Item
from municipal.conformance.speclint.spec import Contradiction, Spec
from municipal.conformance.workbooks.cells import samples_in

_TYPOGRAPHIC = "“”„‟"


def examples_are_valid_json(spec: Spec) -> Iterator[Contradiction]:
    """The example of every answer, put together, is JSON (JSONの例示)."""
    examples: dict[str, list[dict[str, str]]] = {}
    for row in spec.pack.rows("responses.csv"):
        examples.setdefault(row["status"], []).append(row)
    for status, rows in examples.items():
        text = "\n".join(row["example"] for row in rows)
        try:
            json.loads(text)
        except ValueError as error:
            said = str(error)
            line = getattr(error, "lineno", 1)
            yield Contradiction(
                "SPEC-0117",
                f"応答 {status} の例が JSON として読めません（例の{line}行目）。",
                f"The example of answer {status} is no JSON: {said}.",
                (f"{spec.pack.name} {_row_of(rows, line)}",),
            )


def _row_of(rows: list[dict[str, str]], line: int) -> str:
    """The row that holds a line of the joined example."""
    for row in rows:
        line -= row["example"].count("\n") + 1
        if line <= 0:
            return row["source"]
    return rows[-1]["source"]


def quotation_marks_are_those_of_json(spec: Spec) -> Iterator[Contradiction]:
    """Examples use the quotation mark of JSON, not the typographer's (例示の引用符)."""
    places = tuple(d.place for d in spec.definitions if set(d.texts.get("sample", "")) & set(_TYPOGRAPHIC))
    if places:
        yield Contradiction(
            "SPEC-0118",
            "記述例に全角の引用符（”）があります。そのままでは送信できません。",
            "Examples hold typographic quotation marks; they cannot be sent as they stand.",
            places,
        )


def samples_obey_their_definition(spec: Spec) -> Iterator[Contradiction]:
    """A sample value has the length, characters and code that its own row prescribes (例示と定義の矛盾)."""
    for d in spec.definitions:
        values = spec.values.get(d.item.codes, {})
        text = re.sub(rf"^{re.escape(d.item.item)}=", "", d.texts.get("sample", ""))
        for sample in samples_in(text):
            for why_ja, why_en in _faults(sample, d.item, values):
                yield Contradiction(
                    "SPEC-0119",
                    f"「{d.name}」の例「{sample}」は{why_ja}。",
                    f"The sample {sample} of {d.name} {why_en}.",
                    (d.place,),
                )


def _faults(sample: str, item: Item, codes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if item.max_length is not None and len(sample) > item.max_length:
        yield f"{item.max_length}文字を超えています", f"is longer than {item.max_length} characters"
    if item.type == "X" and not sample.isascii():
        yield "半角ではありません", "is not half-width"
    if item.type == "N" and any(unicodedata.east_asian_width(c) in ("H", "Na") for c in sample):
        yield "全角ではありません", "is not full-width"
    if item.type == "DATE" and not _is_day(sample):
        yield "YYYY-MM-DD の日付ではありません", "is no date YYYY-MM-DD"
    if codes and sample not in codes:
        yield "コード一覧にありません", "is not in the code list"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return text == "0000-01-01"


JUDGES = (examples_are_valid_json, quotation_marks_are_those_of_json, samples_obey_their_definition)
