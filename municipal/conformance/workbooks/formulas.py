"""The few formulas of official workbooks: a reference, and texts put together with ``&`` (数式)."""

from __future__ import annotations

import re
from typing import Any

_TERM = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|(?:'?([^'!&"]+)'?!)?(\$?[A-Z]{1,3}\$?\d+))\s*(?:&|$)""")
_DEPTH = 8


def operands(formula: str) -> frozenset[str]:
    """The cells of the same sheet that a formula takes its text from, ``DU23`` (参照先)."""
    without_texts = re.sub(r'"[^"]*"', "", formula)
    return frozenset(re.findall(r"(?<![!A-Z])[A-Z]{1,3}\d+", without_texts.replace("$", "")))


def value(formula: str, sheet: str, workbook: Any, depth: int = 0) -> str:
    """What ``=Sheet!A1`` or ``="a"&B2`` comes to; any other formula as it is written (数式の値).

    Needed where the file keeps no computed values, as files written by programs do.
    """
    result = ""
    position = 1
    while position < len(formula):
        term = _TERM.match(formula, position)
        if term is None or depth > _DEPTH:
            return formula
        text, other, place = term.groups()
        position = term.end()
        result += text.replace('""', '"') if text is not None else _referred(other or sheet, place, workbook, depth)
    return result


def _referred(sheet: str, place: str, workbook: Any, depth: int) -> str:
    if sheet not in workbook.sheetnames:
        return f"#{sheet}!{place}"
    found = workbook[sheet][place.replace("$", "")].value
    if isinstance(found, str) and found.startswith("="):
        return value(found, sheet, workbook, depth + 1)
    return "" if found is None else str(found)
