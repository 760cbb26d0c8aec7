"""Turns the condition texts of conditional items into the grammar of packs, where they are clear (出力条件の解釈).

The grammar is that of ``municipal.conformance.conditions``; items stand by their Japanese heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from municipal.conformance.conditions import parse
from municipal.conformance.workbooks.sheets import plain

_GRAMMAR = frozenset("&;|!=")


@dataclass(frozen=True)
class Surroundings:
    """The other items of the table as far as conditions speak of them (条件の文脈).

    ``codes``: heading to codes and their names, every heading is in it. ``absences``: what an item says is not there
    with a value of its own, ``住所に町字`` to (``住所_町字コード``, ``0000000``).
    """

    codes: Mapping[str, Mapping[str, str]]
    absences: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """The headings that the grammar can hold, by their plain form (見出し)."""
        return {plain(name): name for name in self.codes if not _GRAMMAR & set(name)}


def absences_in(name: str, text: str) -> dict[str, tuple[str, str]]:
    """What a description says is absent when the item has a certain value (該当なしの値)."""
    found = re.findall(r"([^\s、。・※]+?)が(?:ない|存在しない)場合は、?「?([0-9A-Z]+)」?を設定", text)
    return {plain(what): (name, value) for what, value in found}


_ENDING = re.compile(
    r"(?:の場合|場合|のとき|とき|時)?(?:に)?(?:は|、)*(?:出力|設定|入力)?(?:は)?(?:が)?必須(?:とする|である)?。?$"
)
_FILLED = re.compile(
    r"(.+?)(?:が|に値が|を)(?:設定され|入力され|出力され|存在し|有)(?:ている|た|する|る)?$|(.+?)が(?:存在する|ある)$"
)
_EMPTY = re.compile(
    r"(.+?)が(?:設定されていない|入力されていない|存在しない|空白(?:である)?|空(?:である)?|ない|未設定)(?:もの)?$"
)
_UNKNOWN = re.compile(r"(.+?)が不詳(?:である)?$")
_BECAME = re.compile(r"(.+?)(?:となった|である|の)[^=]{0,12}$")
_VALUES = re.compile(
    r"(.+?)(?:が|は|＝|=)?((?:[「\"”“][^」\"”“]+[」\"”“](?:、|又は|または|か)*)+)(?:である|を設定した)?$"
)


def machine_form(text: str, item: str, table: Surroundings) -> str:
    """The condition in the grammar, "" where the text leaves room for doubt (機械可読の条件).

    Clear is only what names other items of the same table by their headings: that an address "has a building" cannot
    be told from the data, as the item itself is all that would say so.
    """
    said = _ENDING.sub("", text.strip())
    if said == text.strip():
        return ""
    ways = []
    for way in re.split(r"、?又は|、?または|、?もしくは", _keep_values_together(said)):
        terms = [_term(part.strip("、 \u3000"), item, table) for part in re.split(r"の場合かつ|、?かつ、?", way)]
        if not all(terms):
            return ""
        ways.append(" & ".join(terms))
    return " ; ".join(ways)


def _keep_values_together(text: str) -> str:
    """``"1"、または"2"`` is one list of values, not two conditions; bare numbers are quoted first."""
    text = re.sub(r"(?<=[がは＝=かはり、])([0-9０-９]+)(?=の|または|又は|、|である|$)", r"「\1」", text)
    return re.sub(r"([」\"”“])(?:、|、?または|、?又は|、?もしくは)(?=[「\"”“])", r"\1か", text)


def _term(text: str, item: str, table: Surroundings) -> str:
    for pattern, form in _FORMS.items():
        if found := pattern.fullmatch(text):
            name = next(part for part in found.groups() if part)
            term = form(plain(name), found.groups()[-1] or "", table)
            if term and item not in parse(term).headings:
                return term
    return ""


def _filled(name: str, _: str, table: Surroundings) -> str:
    if name in table.absences:
        item, absent = table.absences[name]
        return f"{item} & {item}!={absent}" if plain(item) in table.headings else ""
    return table.headings.get(name, "")


def _empty(name: str, _: str, table: Surroundings) -> str:
    return f"!{table.headings[name]}" if name in table.headings else ""


def _unknown(name: str, _: str, table: Surroundings) -> str:
    flag = table.headings.get(name + plain("_不詳フラグ"))
    return f"{flag}=1" if flag else ""


def _became(name: str, _: str, table: Surroundings) -> str:
    flag = table.headings.get(name + plain("フラグ"))
    return f"{flag}=1" if flag and name in plain(table.codes[flag].get("1", "")) else ""


def _has_values(name: str, values: str, table: Surroundings) -> str:
    heading = table.headings.get(name)
    if heading is None:
        return ""
    known = {plain(said): code for code, said in table.codes[heading].items()}
    given = [plain(value) for value in re.findall(r"[「\"”“]([^」\"”“]+)[」\"”“]", values)]
    found = [value if value in known.values() or not known else known.get(value, "") for value in given]
    return f"{heading}={'|'.join(found)}" if all(found) and not _GRAMMAR & set("".join(found)) else ""


_FORMS = MappingProxyType(
    {_VALUES: _has_values, _EMPTY: _empty, _FILLED: _filled, _UNKNOWN: _unknown, _BECAME: _became}
)
