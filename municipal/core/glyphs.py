"""A letter looked at closely: enlarged, its codes, the letters that are searched for as the same (文字コード照会)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from municipal.core.clauses import implements
from municipal.core.codes import STANDARDS, rows

_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CODE = re.compile(r"\s*[Uu]\+?([0-9A-Fa-f]{4,6})(?:[ _]+[Uu]?\+?([0-9A-Fa-f]{4,6}))?\s*")


@dataclass(frozen=True)
class Glyph:
    """One letter with its selector: its code points, its place in JIS X 0213, its variants (文字).

    ``jis`` is plane-row-cell, 1-36-83, or empty for a letter outside the standard.
    """

    character: str
    code: str
    jis: str
    name: str
    variants: tuple[str, ...]


@cache
def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows(STANDARDS / "characters" / "variants.csv"):
        found.setdefault(row["base"], [row["base"]]).append(row["variant"])
    return {letter: tuple(family) for family in found.values() for letter in family}


def clusters(text: str) -> list[str]:
    """The letters of a text, each with the selector and the marks that belong to it (字形の区切り)."""
    found: list[str] = []
    for letter in text:
        if found and (_SELECTOR.match(letter) or unicodedata.combining(letter)):
            found[-1] += letter
        elif not letter.isspace():
            found.append(letter)
    return found


def jis_of(letter: str) -> str:
    """Plane, row and cell in JIS X 0213; empty for what is not in it (区点番号)."""
    try:
        coded = letter.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return ""
    plane, pair = (2, coded[1:]) if coded[:1] == b"\x8f" else (1, coded)
    return f"{plane}-{pair[0] - 0xA0}-{pair[1] - 0xA0}" if len(pair) == 2 and min(pair) > 0xA0 else ""


@implements("resident-record/1.0#2.2.3/m1")
def glyphs_of(text: str) -> list[Glyph]:
    """Each letter of ``text`` once, in its order (文字の照会)."""
    found = []
    for cluster in dict.fromkeys(clusters(text)):
        code = " ".join(f"U+{ord(letter):04X}" for letter in cluster)
        base = cluster[0]
        others = tuple(one for one in _families().get(base, ()) if one != base)
        found.append(Glyph(cluster, code, jis_of(base), unicodedata.name(base, ""), others))
    return found


@implements("resident-record/1.0#2.1.3/m7")
def in_code(text: str) -> str:
    """The letter of a code as typed, U+9089 or U+9089 U+E0101; empty for text that is none (コードからの文字)."""
    found = _CODE.fullmatch(text)
    if found is None:
        return ""
    points = [int(point, 16) for point in found.groups() if point]
    is_one = all(0x20 < point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF for point in points)
    made = "".join(map(chr, points)) if is_one else ""
    return made if made.isprintable() or _SELECTOR.sub("", made).isprintable() else ""
