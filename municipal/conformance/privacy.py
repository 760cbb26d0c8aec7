"""How much of a finding leaves the machine: numbers, places, hints or the cells themselves (個人情報の表示段階).

Everything that is written about a finding passes through here, so that a cell cannot slip into a report by another way.
The levels, from the least: ``counts`` has no findings, only how many; ``rows`` names file, row, column and rule;
``masked`` adds the first character and the length of longer values; ``raw`` adds the cell as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from municipal.conformance.findings import Finding
from municipal.conformance.packs import Message
from municipal.core.characters import length

LEVELS = ("counts", "rows", "masked", "raw")
LANGUAGES = ("ja", "en")
HIDDEN: Mapping[str, str] = {"ja": "（非表示）", "en": "(hidden)"}
EMPTY: Mapping[str, str] = {"ja": "（空）", "en": "(empty)"}
WHOLE_ROW: Mapping[str, str] = {"ja": "この行", "en": "this row"}
WHOLE_FILE: Mapping[str, str] = {"ja": "このファイル", "en": "this file"}
BLOT = "●"
GAP = "…"

_PLACE = re.compile(r"%\((\w+)\)[sd]|%%")
# Directions, line ends that XML does not know, halves of surrogate pairs: drawn as what they are, never obeyed.
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufffe\uffff"


class Sentences(NamedTuple):
    """What is wrong, why it matters, how to mend it, in one language (説明の三文)."""

    what: str
    why: str
    mend: str


def printable(text: str) -> str:
    """Text that neither steers a terminal nor breaks XML: such characters become ``[U+001B]`` (表示できる文字列)."""
    if text.isprintable():
        return text
    return "".join(
        f"[U+{ord(character):04X}]"
        if unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTIONS
        else character
        for character in text
    )


def masked(value: str) -> str:
    """The first character and the length, ``山…(4)``; one character alone and digits are blotted out (伏せ字)."""
    size = length(value)
    if not value or size < 2:
        return BLOT if value else ""
    first = value[0]
    return f"{BLOT if unicodedata.category(first).startswith('N') else first}{GAP}({size})"


def value_at(level: str, value: str) -> str | None:
    """The value as this level shows it, None where it is hidden; raises ValueError for an unknown level (値の表示)."""
    if level not in LEVELS:
        raise ValueError(f"unknown privacy level {level!r}; known: {', '.join(LEVELS)}")
    if level == "raw":
        return value
    return masked(value) if level == "masked" else None


def sentences(message: Message, finding: Finding, level: str) -> Mapping[str, Sentences]:
    """The message of one finding in each language, with the value as the level shows it (指摘の文)."""
    shown = value_at(level, finding.value)

    def fill(name: str, language: str) -> str:
        if name == "value":
            return HIDDEN[language] if shown is None else shown or EMPTY[language]
        if name == "column":
            return finding.column or (WHOLE_ROW if finding.row else WHOLE_FILE)[language]
        return str(finding.facts[name]) if name in finding.facts else f"%({name})s"

    return _in_both(message, fill)


def outline(message: Message) -> Mapping[str, Sentences]:
    """The message of a rule without any finding: its places are left open as ``…`` (説明の骨子)."""
    return _in_both(message, lambda name, language: GAP)


def _in_both(message: Message, fill: Callable[[str, str], str]) -> Mapping[str, Sentences]:
    def filled(text: str, language: str) -> str:
        return _PLACE.sub(lambda place: fill(place[1], language) if place[1] else "%", text)

    return {
        "ja": Sentences(*(filled(text, "ja") for text in (message.what_ja, message.why_ja, message.mend_ja))),
        "en": Sentences(*(filled(text, "en") for text in (message.what_en, message.why_en, message.mend_en))),
    }
