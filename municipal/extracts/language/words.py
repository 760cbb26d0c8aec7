"""Taking an expression apart into words (式の字句).

Outside of quotation marks and brackets full-width signs count as their half-width twins: a Japanese keyboard types
either.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from municipal.core.refusals import Refused

LONGEST = 2_000
MOST_WORDS = 400
LONGEST_NUMBER = 15


class Sort(StrEnum):
    """What sort of word it is (字句の種類)."""

    NUMBER = "number"
    DAY = "day"
    TEXT = "text"
    ITEM = "item"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Word:
    """One word of an expression and where it stands, counted from 1 (字句)."""

    sort: Sort
    text: str
    at: int


_WORDS = re.compile(
    r"""(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<item>\[[^\[\]]+\])
      | (?P<sign><>|!=|<=|>=|\+\+|--|[=<>&+\-*/(),])
      | (?P<name>[^\W0-9][\w]*)
      | (?P<blank>\s+)""",
    re.VERBOSE,
)
_TWINS: Mapping[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    0x201C: 0x22,
    0x201D: 0x22,
    ord("≠"): "!=",
    ord("≦"): "<=",
    ord("≧"): ">=",
    ord("、"): ",",
}
_KEPT = re.compile(r"""("[^"]*"|'[^']*'|“[^”]*”|＂[^＂]*＂|＇[^＇]*＇|\[[^\[\]]*\]|［[^［］]*］)""")
_OPENINGS = str.maketrans({"“": '"', "”": '"', "＂": '"', "＇": "'", "［": "[", "］": "]"})


def _half_width(text: str) -> str:
    """Signs in half width, except inside quotation marks and brackets, of which only the marks themselves are."""
    parts = _KEPT.split(text)
    return "".join(
        part[0].translate(_OPENINGS) + part[1:-1] + part[-1].translate(_OPENINGS)
        if number % 2
        else part.translate(_TWINS)
        for number, part in enumerate(parts)
    )


def words_of(text: str) -> list[Word]:
    """The words of an expression, an END behind them (字句への分解).

    Raises Refused with the place where it stops making sense, or for one that is too long.
    """
    if len(text) > LONGEST:
        raise Refused("式は%(most)d文字以内にしてください。", code="expression_too_long", most=LONGEST)
    said, at, found = _half_width(text), 0, list[Word]()
    while at < len(said):
        match = _WORDS.match(said, at)
        if match is None:
            raise Refused(
                "式の%(at)d文字目「%(sign)s」を読み取れません。文字は「\"」で、項目は「[ ]」で囲んでください。",
                code="expression_unreadable", at=at + 1, sign=said[at],
            )  # fmt: skip
        if match.lastgroup != "blank":
            found.append(_word(match, at + 1))
        at = match.end()
    if len(found) > MOST_WORDS:
        raise Refused("式が長すぎます。条件を分けてください。", code="expression_too_long")
    return [*found, Word(Sort.END, "", len(said) + 1)]


def _word(match: re.Match[str], at: int) -> Word:
    sort, text = Sort(match.lastgroup or ""), match[0]
    if sort is Sort.NUMBER and len(text) > LONGEST_NUMBER:
        raise Refused("式の数は%(most)d桁以内にしてください。", code="number_too_long", most=LONGEST_NUMBER)
    return Word(sort, text[1:-1] if sort in (Sort.TEXT, Sort.ITEM) else text, at)
