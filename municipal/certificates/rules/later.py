"""What later versions changed about certificates: off until a municipality switches it on (後の版の規則).

The rules stand in ``standards/resident-record/later/rules.csv``, every one provisional; version 1.0 knows none of them.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from municipal.core.codes import STANDARDS
from municipal.core.codes import rows as rows_of
from municipal.residents.models import Kind

Values = Mapping[str, Any]
CONFIRMED = {
    "name_kana": "is_name_kana_confirmed", "former_family_kana": "is_former_family_kana_confirmed",
    "alias_kana": "is_alias_kana_confirmed",
}  # fmt: skip
"""Readings of a record, each with the flag that says it is settled."""


@cache
def listed() -> Mapping[str, Mapping[str, str]]:
    """The rules by code, as the file describes them (規則の一覧)."""
    return {row["code"]: row for row in rows_of(STANDARDS / "resident-record" / "later" / "rules.csv")}


def _confirmed_only(values: Values) -> dict[str, Any]:
    if values["kind"] == Kind.FOREIGN:
        return {}
    return {reading: "" for reading, flag in CONFIRMED.items() if not values.get(flag)}


def _not_of_foreigners(values: Values) -> dict[str, Any]:
    return dict.fromkeys(CONFIRMED, "") if values["kind"] == Kind.FOREIGN else {}


def _unchanged(values: Values) -> dict[str, Any]:
    return {}


CHANGES: Mapping[str, Callable[[Values], dict[str, Any]]] = {
    "furigana_confirmed_only": _confirmed_only,
    "furigana_not_of_foreigners": _not_of_foreigners,
    # One more item, not another value: see ``items.entries``.
    "address_before_move_within": _unchanged,
}
"""What each rule makes of the values of a record before they are printed (規則の内容)."""


def applied(values: Values, rules: Collection[str]) -> dict[str, Any]:
    """``values`` as they are printed where ``rules`` are switched on (規則の適用)."""
    printed = dict(values)
    for rule in rules:
        printed |= CHANGES[rule](values)
    return printed
