"""Contradictions between the items of one document and in one row (項目間の矛盾)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from municipal.conformance.speclint.spec import Contradiction, Definition, Spec, repeated
from municipal.conformance.workbooks.cells import conditions_in
from municipal.conformance.workbooks.sheets import plain

_LEAST_TELLING = 8
"""Characters from which on a description is taken to be the item's own (説明とみなす長さ)."""


def items_are_named_once(spec: Spec) -> Iterator[Contradiction]:
    """No id, name or field name stands for two items of a table (項目名の重複)."""
    for table in spec.tables():
        for what_ja, what_en, key in (
            ("項目ID", "id", lambda d: d.item.item),
            ("項目名", "name", lambda d: d.name),
            ("フィールド名", "field name", lambda d: "|".join(d.item.aliases)),
        ):
            for shared, group in repeated(table, key):
                yield Contradiction(
                    "SPEC-0101",
                    f"{what_ja}「{shared}」が{len(group)}項目に使われています。",
                    f"The {what_en} {shared} is used by {len(group)} items.",
                    tuple(d.place for d in group),
                )


def rows_are_numbered(spec: Spec) -> Iterator[Contradiction]:
    """If rows have numbers, all have one and no two the same, else the number is no key (項番の欠落)."""
    for table in spec.tables():
        numbered = [d for d in table if _number(d)]
        missing = [d for d in table if not _number(d)]
        if numbered and missing:
            names = "、".join(d.name for d in missing)
            yield Contradiction(
                "SPEC-0102",
                f"番号のない行があります（{names}）。番号で項目を特定できません。",
                f"Rows without a number: {names}. The number does not identify an item.",
                tuple(d.place for d in missing),
            )
        for number, group in repeated(numbered, _number):
            yield Contradiction(
                "SPEC-0103",
                f"番号 {number} が{len(group)}行にあります。",
                f"The number {number} stands in {len(group)} rows.",
                tuple(d.place for d in group),
            )


def _number(definition: Definition) -> str:
    if "parameter" in definition.texts:
        return definition.texts.get("number", "")
    return definition.item.item if definition.item.item.isdecimal() else ""


def descriptions_are_their_own(spec: Spec) -> Iterator[Contradiction]:
    """Two items are not described in the very same words; usually one was copied (説明の複写)."""
    for table in spec.tables():
        for text, group in repeated(table, lambda d: plain(d.definition)):
            if len(text) >= _LEAST_TELLING:
                names = "、".join(d.name for d in group)
                yield Contradiction(
                    "SPEC-0104",
                    f"{len(group)}項目（{names}）の説明が同一です。複写の誤りと思われます。",
                    f"{len(group)} items ({names}) have the same description: probably copied by mistake.",
                    tuple(d.place for d in group),
                )


def conditions_are_written(spec: Spec) -> Iterator[Contradiction]:
    """A conditional item says its condition, and no other item has one (条件の有無)."""
    for d in spec.definitions:
        has_condition = bool(conditions_in(d.prose)) or bool(d.item.condition)
        if d.item.presence == "conditional" and not has_condition:
            yield Contradiction(
                "SPEC-0105",
                f"「{d.name}」は条件付き必須ですが、条件の記載がありません。",
                f"{d.name} is conditional, and no condition is written.",
                (d.place,),
            )
        if d.item.presence != "conditional" and has_condition:
            yield Contradiction(
                "SPEC-0106",
                f"「{d.name}」に条件の記載がありますが、条件付き必須ではありません。",
                f"A condition is written for {d.name}, which is not conditional.",
                (d.place,),
            )


def required_values_have_a_column(spec: Spec) -> Iterator[Contradiction]:
    """Where columns may be left out, none that must be filled is among them (実装類型と出力条件)."""
    if not any(d.item.column == "must" for d in spec.definitions):
        return
    for d in spec.definitions:
        if d.item.presence == "required" and d.item.column != "must":
            yield Contradiction(
                "SPEC-0107",
                f"「{d.name}」の値は必須ですが、列の出力は必須とされていません。",
                f"{d.name} must be filled, yet its column may be left out.",
                (d.place,),
            )


def brackets_are_closed(spec: Spec) -> Iterator[Contradiction]:
    """Every bracket of a description is closed: an unclosed one hides where a list ends (括弧の不一致)."""
    for d in spec.definitions:
        for opening, closing in ("（）", "()", "「」", "『』", "【】"):
            if d.prose.count(opening) != d.prose.count(closing):
                yield Contradiction(
                    "SPEC-0108",
                    f"「{d.name}」の説明の括弧 {opening}{closing} が対応していません。",
                    f"The brackets {opening}{closing} in the description of {d.name} do not match.",
                    (d.place,),
                )


def unknown_days_can_be_said(spec: Spec) -> Iterator[Contradiction]:
    """A date that may be unknown has its flag and its words beside it (不詳日の表し方)."""
    for d in spec.definitions:
        if d.item.may_be_unknown:
            missing = [end for end in ("不詳フラグ", "不詳表記") if f"{d.name}_{end}" not in spec.by_name]
            if missing:
                names = "、".join(f"{d.name}_{end}" for end in missing)
                yield Contradiction(
                    "SPEC-0109",
                    f"「{d.name}」は不詳日を許容しますが、{names} がありません。",
                    f"{d.name} may be unknown, yet {names} is not defined.",
                    (d.place,),
                )


def flags_mean_what_they_are_called(spec: Spec) -> Iterator[Contradiction]:
    """The flag of X says X with 1, not with 0 (フラグの意味の反転)."""
    for d in spec.definitions:
        flag = re.fullmatch(r"(?:.*_)?(.+?)フラグ", d.name)
        values = spec.values.get(d.item.codes, {})
        if flag and values.get("0") == flag[1] and values.get("1", "") != flag[1]:
            yield Contradiction(
                "SPEC-0110",
                f"「{d.name}」は 0 が「{values['0']}」、1 が「{values.get('1', '')}」で、名称と意味が反転しています。",
                f"{d.name} is inverted: 0 means {values['0']}, 1 means {values.get('1', '')}.",
                (d.place,),
            )


JUDGES = (
    items_are_named_once,
    rows_are_numbered,
    descriptions_are_their_own,
    conditions_are_written,
    required_values_have_a_column,
    brackets_are_closed,
    unknown_days_can_be_said,
    flags_mean_what_they_are_called,
)
