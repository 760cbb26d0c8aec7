"""The two forms of copies: four people to a sheet, or one person on a page, and annexes behind them (写しの様式).

Which item stands where is data: rows of a block with the share of its width that each item gets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from municipal.certificates.contents import Block, Contents, Item
from municipal.core.clauses import implements

from .page import INNER, MARGIN, WIDTH, Paper

PER_SHEET = 4
"""People on one sheet of the household form (CERT-02)."""
HEADS, FIRST_BLOCK, BLOCK_ROW = 28.0, 47.0, 9.2
_ON_A_ROW = 8.0
"""Heights and places in millimetres."""
_BODY = 188.0

Layout = Sequence[Sequence[tuple[str, float]]]
JAPANESE: Layout = (
    (("name", 0.62), ("sex", 0.13), ("born_on", 0.25)),
    (("former_family_name", 0.3), ("relationship", 0.2), ("became_resident_on", 0.25), ("address_set_on", 0.25)),
    (("entry_notified_on", 0.25), ("address_before", 0.375), ("address_within_before", 0.375)),
    (("domicile", 0.65), ("register_head", 0.35)),
    (("resident_code", 0.5), ("individual_number", 0.5)),
)
FOREIGN: Layout = (
    (("name", 0.62), ("sex", 0.13), ("born_on", 0.25)),
    (("alias", 0.3), ("relationship", 0.2), ("became_resident_on", 0.25), ("address_set_on", 0.25)),
    (("entry_notified_on", 0.25), ("address_before", 0.375), ("address_within_before", 0.375)),
    (("nationality", 0.2), ("article30_45", 0.35), ("residence_status", 0.25), ("alias_history", 0.2)),
    (
        ("stay_period", 0.13), ("stay_expires_on", 0.22), ("residence_card_number", 0.22), ("resident_code", 0.2),
        ("individual_number", 0.23),
    ),
)  # fmt: skip

PageOf = Callable[[Paper], None]


@implements("resident-record/1.0#1.1.3/m2")
def household(contents: Contents, numbers: Mapping[int, str]) -> Iterator[PageOf]:
    """Sheets of four people each, the address and the head on every one (世帯連記式)."""
    people = contents.people
    for start in range(0, len(people), PER_SHEET):
        group = people[start : start + PER_SHEET]
        yield partial(_sheet, contents=contents, people=group, first=start + 1, numbers=numbers)


def _sheet(
    paper: Paper, *, contents: Contents, people: Sequence[Block], first: int, numbers: Mapping[int, str]
) -> None:
    _heads(paper, contents.heads, _ON_A_ROW)
    y = FIRST_BLOCK
    for place, block in enumerate(people, first):
        layout = FOREIGN if any(item.key == "nationality" for item in block.items) else JAPANESE
        _person(paper, y, block, layout, place, numbers)
        y += BLOCK_ROW * len(layout) + 1
    if len(people) < PER_SHEET:
        paper.text(WIDTH / 2, y + 3, "以　下　余　白", size=10, align="middle")


def _heads(paper: Paper, heads: Sequence[Item], height: float) -> float:
    y = HEADS
    for item in heads:
        paper.row(y, height, item.label, item.text, label_width=30)
        y += height
    return y


def _person(
    paper: Paper, y: float, block: Block, layout: Layout, place: int, numbers: Mapping[int, str]
) -> None:  # fmt: skip
    items = {item.key: item for item in block.items}
    edge = 7.0
    paper.box(MARGIN, y, edge, BLOCK_ROW * len(layout), line=0.8)
    paper.text(MARGIN + edge / 2, y + BLOCK_ROW * len(layout) / 2 - 2, str(place), size=11, align="middle")
    for row in layout:
        x, there = MARGIN + edge, [(key, share) for key, share in row if key in items]
        # An item that this record has no place for leaves its width to the last one.
        spare = sum(share for key, share in row if key not in items)
        for index, (key, share) in enumerate(there, 1):
            width = (INNER - edge) * (share + (spare if index == len(there) else 0))
            paper.cell(x, y, width, BLOCK_ROW, items[key].label, _text(items[key], numbers), about=block.heading)
            x += width
        y += BLOCK_ROW


def _text(item: Item, numbers: Mapping[int, str]) -> str:
    return item.text if item.number_of is None else numbers.get(item.number_of, "")


def persons(contents: Contents, numbers: Mapping[int, str]) -> Iterator[PageOf]:
    """One person on a page, an item a row (個人票)."""
    for block in contents.people:
        yield partial(_one, contents=contents, block=block, numbers=numbers)


def _one(paper: Paper, *, contents: Contents, block: Block, numbers: Mapping[int, str]) -> None:
    height = min(_ON_A_ROW, (_BODY + 18) / (len(contents.heads) + len(block.items)))
    y = _heads_wide(paper, contents.heads, height)
    for item in block.items:
        paper.row(y, height, item.label, _text(item, numbers), about=block.heading)
        y += height


def _heads_wide(paper: Paper, heads: Sequence[Item], height: float) -> float:
    y = HEADS
    for item in heads:
        paper.row(y, height, item.label, item.text)
        y += height
    return y


def annexes(contents: Contents) -> Iterator[PageOf]:
    """Histories behind the form, each on pages of its own (別紙)."""
    room = int(_BODY // _ON_A_ROW)
    for block in contents.annexes:
        for start in range(0, max(1, len(block.items)), room):
            yield partial(_annex, heading=block.heading, items=block.items[start : start + room])


def _annex(paper: Paper, *, heading: str, items: Sequence[Item]) -> None:
    paper.text(MARGIN, HEADS, f"別紙　{heading}", size=12)
    y = HEADS + 9
    for item in items:
        paper.row(y, _ON_A_ROW, item.label, item.text, about=heading)
        y += _ON_A_ROW
