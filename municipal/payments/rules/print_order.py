"""Which sheet lies on which when slips leave the printer (印刷順)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Place:
    """What decides where one sheet lies; ``item`` is what it is of (印刷順の材料)."""

    item: int
    assessment: int
    period: int
    reference: str
    payer: int
    number: str
    kana: str
    postal_code: str = ""


FIRST: Mapping[str, Callable[[Place], tuple[object, ...]]] = {
    "number": lambda one: (),
    "kana": lambda one: (one.kana,),
    "postal": lambda one: (one.postal_code,),
    "reference": lambda one: (len(one.reference), one.reference),
}
"""What comes before the payer's number in each order (第1の並び)."""


def in_print_order(places: Iterable[Place], order: str) -> list[Place]:
    """By number, kana, postal or reference; the sheets of one assessment stay together, in order (印刷順の並べ替え)."""
    first = FIRST[order]
    return sorted(
        places, key=lambda one: (*first(one), len(one.number), one.number, one.reference, one.assessment, one.period)
    )


def in_parts(places: Iterable[Place], size: int) -> Iterator[list[int]]:
    """The items in parts of at least ``size`` but the last; no assessment is cut in two (印刷の区切り)."""
    part: list[int] = []
    for _, together in groupby(places, key=lambda one: one.assessment):
        part += [one.item for one in together]
        if len(part) >= size:
            yield part
            part = []
    if part:
        yield part
