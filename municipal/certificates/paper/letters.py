"""Notices: whom they go to, who sends them, what they say (通知書の様式)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from municipal.certificates.contents import Block, Contents

from .page import INNER, MARGIN, WIDTH, Paper

_ROW, _FIRST_PAGE, _LATER_PAGES = 8.0, 13, 28
"""Height of a row in millimetres, and how many rows of facts a page holds."""

PageOf = Callable[[Paper], None]
Row = tuple[str, str, str]


def letter(contents: Contents) -> Iterator[PageOf]:
    """The letter itself, and as many pages as the facts need (通知書)."""
    rows = list(_rows(contents.people))
    yield partial(_first, contents=contents, rows=rows[:_FIRST_PAGE])
    for start in range(_FIRST_PAGE, len(rows), _LATER_PAGES):
        yield partial(_later, contents=contents, rows=rows[start : start + _LATER_PAGES])


def _rows(people: Sequence[Block]) -> Iterator[Row]:
    for block in people:
        yield from ((block.heading, item.label, item.text) for item in block.items)


def _first(paper: Paper, *, contents: Contents, rows: Sequence[Row]) -> None:
    for index, line in enumerate(contents.addressed):
        paper.fitted(MARGIN + 4, 24 + 7 * index, 85, 7, line, label="宛先", size=12)
    paper.text(WIDTH - MARGIN, 24, contents.dated, size=11, align="right")
    paper.fitted(WIDTH - MARGIN - 80, 54, 80, 7, contents.officer, label="発信者", size=11)
    paper.fitted(WIDTH - MARGIN - 60, 61, 60, 7, contents.officer_name, label="発信者", size=12)
    for index, phrase in enumerate(contents.phrases):
        paper.text(WIDTH - MARGIN, 69 + 5 * index, phrase, size=9, align="right")
    paper.text(WIDTH / 2, 84, contents.title, size=16, align="middle")
    y = 98.0
    for said in contents.body:
        y = paper.paragraph(MARGIN + 4, y, INNER - 8, f"　{said}", size=11) + 2
    _facts(paper, max(y + 4, 130), rows)


def _later(paper: Paper, *, contents: Contents, rows: Sequence[Row]) -> None:
    paper.text(MARGIN, 18, contents.title, size=11)
    _facts(paper, 28, rows)


def _facts(paper: Paper, y: float, rows: Sequence[Row]) -> None:
    for about, label, said in rows:
        paper.row(y, _ROW, label, said, about=about)
        y += _ROW
