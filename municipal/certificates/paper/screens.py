"""A screen on paper: what was shown to one member of staff, with who printed it and when (画面の写し)."""

from collections.abc import Sequence

from municipal.certificates.contents import Block

from .page import HEIGHT, INNER, MARGIN, Paper

_ROW, _TITLE_ROW, _TOP = 7.0, 9.0, 28.0
_BOTTOM = HEIGHT - 20


def screen(title: str, groups: Sequence[Block], footer: str) -> bytes:
    """The groups of a page one below the other, each line of them a row; ``footer`` on every page (画面の写し)."""
    paper = Paper()
    paper.titled(title)
    y = _begin(paper, title, footer)
    for group in groups:
        for index, (label, text) in enumerate([("", ""), *((item.label, item.text) for item in group.items)]):
            needed = _TITLE_ROW if index == 0 else _ROW
            if y + needed > _BOTTOM:
                paper.next_page()
                y = _begin(paper, title, footer)
            if index == 0:
                paper.text(MARGIN, y + 3, group.heading, size=10)
            else:
                paper.row(y, _ROW, label, text, about=group.heading)
            y += needed
    return paper.finish()


def _begin(paper: Paper, title: str, footer: str) -> float:
    paper.text(MARGIN, 14, title, size=13)
    paper.line(MARGIN, 23, MARGIN + INNER, 23)
    paper.text(MARGIN, HEIGHT - 14, footer, size=8)
    return _TOP
