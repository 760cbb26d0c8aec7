"""The grammar of the relationship to the householder (続柄).

``resident-record/1.0#1.1.11``: a closed set of words, chained with 「の」 at most four deep, and three words
that stand alone. Everything else (grandchild, uncle ...) is said with a chain or is a connection (縁故者).
A relationship is kept as a tuple of the codes of ``standards/codes/relationship.csv``, nearest first:
「子の妻」 is ``("20", "12")``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType

from municipal.core.codes import table
from municipal.core.refusals import Refused

DEEPEST = 4
STANDING_ALONE = frozenset({"世帯主", "縁故者", "同居人"})

# The text also lists the spouses of a child with the chain in brackets behind the word. We read both as the
# chain itself, so that one relationship is kept in one way.
_OTHER_NOTATIONS = {"子（子の夫）": "子の夫", "子（子の妻）": "子の妻"}


@cache
def _codes_by_word() -> Mapping[str, str]:
    return MappingProxyType({code.name_ja: code.code for code in table("relationship").values()})


def parse(text: str, *, field: str = "relationship") -> tuple[str, ...]:
    """The codes of a written relationship, nearest first (続柄の読み取り).

    Raises Refused for a word outside the set, for more than four words and for a lonely word in a chain.
    """
    for notation, chain in _OTHER_NOTATIONS.items():
        text = text.replace(notation, chain)
    words = text.split("の")
    known = _codes_by_word()
    if any(word not in known for word in words):
        raise Refused(
            "続柄として記載できない言葉があります。夫、妻、子、父、母、兄、弟、姉、妹を「の」でつなぐか、"
            "「縁故者」または「同居人」と記載してください。",
            field=field,
            code="relationship_word",
        )
    _refuse_unless_well_formed(words, field)
    return tuple(known[word] for word in words)


def written(codes: tuple[str, ...], *, field: str = "relationship") -> str:
    """The relationship as it is written on a record (続柄の表記).

    Raises Refused for a chain that the grammar forbids and for a code that the table does not hold.
    """
    names = table("relationship")
    if not codes or any(code not in names for code in codes):
        raise Refused(
            "続柄コードがコード表にありません。続柄を選び直してください。", field=field, code="relationship_code"
        )
    words = [names[code].name_ja for code in codes]
    _refuse_unless_well_formed(words, field)
    return "の".join(words)


def all_codes(depth: int) -> Iterator[tuple[str, ...]]:
    """Every relationship of the grammar with at most ``depth`` words, the short ones first (続柄の全体)."""
    known = _codes_by_word()
    yield from ((known[word],) for word in known if word in STANDING_ALONE)
    linking = [code for word, code in known.items() if word not in STANDING_ALONE]
    for length in range(1, min(depth, DEEPEST) + 1):
        yield from product(linking, repeat=length)


def _refuse_unless_well_formed(words: list[str], field: str) -> None:
    if len(words) > 1 and not STANDING_ALONE.isdisjoint(words):
        raise Refused(
            "「世帯主」「縁故者」「同居人」は、ほかの続柄とつなげずに記載してください。",
            field=field,
            code="relationship_alone",
        )
    if len(words) > DEEPEST:
        raise Refused(
            "続柄を「の」でつなげるのは4つまでです。それより遠い続柄は「縁故者」と記載してください。",
            field=field,
            code="relationship_depth",
        )
