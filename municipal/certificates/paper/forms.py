"""Drawing a certificate or a notice: which family it is of, the frame of every page, the officer and the seal (帳票).

The official form sheets are not at hand: these are plain forms of ours with the same items.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from municipal.certificates.contents import Contents
from municipal.certificates.kinds import HOUSEHOLD, KINDS, LETTER, PERSON
from municipal.certificates.rules.numbering import IssueNumber
from municipal.core.clauses import implements

from .letters import letter
from .page import INNER, MARGIN, MM, WIDTH, Overflow, Paper
from .sheets import annexes, household, persons
from .typeface import typeface

LAYOUT = 1
"""Counted up with every change of the drawing: an older issue is no longer drawn byte by byte as it was."""
CERTIFIES = 238.0
"""Where, on the last page, the attestation begins."""

PageOf = Callable[[Paper], None]


@dataclass(frozen=True)
class Seal:
    """A seal to be drawn: a square picture and its side in millimetres (公印)."""

    png: bytes
    size_mm: float


@dataclass(frozen=True)
class Drawn:
    """A document: the PDF, how many pages, what is not printed as it stands (作成した帳票)."""

    pdf: bytes
    pages: int
    overflows: tuple[Overflow, ...]


@implements(
    "resident-record/1.0#5.1/m4", "resident-record/1.0#5.1/m6", "resident-record/1.0#5.1/m7",
    "resident-record/1.0#5.5/m1", "resident-record/1.0#5.7/m1",
)  # fmt: skip
def draw(
    contents: Contents, number: IssueNumber | None, *, seal: Seal | None = None,
    numbers: Mapping[int, str] | None = None, is_sample: bool = False,
) -> Drawn:  # fmt: skip
    """The PDF of ``contents``; without a number as a preview (帳票の作成).

    ``numbers``: individual numbers by addressee id, for the items that ask for one. ``is_sample`` writes across every
    page that it is no certificate.
    """
    paper = Paper(keeps_cut=contents.keeps_cut)
    paper.titled(contents.title)
    pages = list(_pages(contents, numbers or {}))
    for index, page in enumerate(pages, 1):
        if index > 1:
            paper.next_page()
        if is_sample:
            paper.stamp("見本（証明書ではありません）")
        page(paper)
        _frame(paper, contents, is_letter=KINDS[contents.kind].family == LETTER)
        if index == len(pages):
            _certify(paper, contents, seal)
        said = number.on_page(index, len(pages)) if number else f"{index}/{len(pages)}"
        paper.text(MARGIN, 284, said, size=8)
    return Drawn(paper.finish(), len(pages), tuple(paper.overflows))


def _pages(contents: Contents, numbers: Mapping[int, str]) -> Iterator[PageOf]:
    family = KINDS[contents.kind].family
    if family == LETTER:
        yield from letter(contents)
        return
    body = {HOUSEHOLD: household, PERSON: persons}[family]
    yield from body(contents, numbers)
    yield from annexes(contents)


def _frame(paper: Paper, contents: Contents, *, is_letter: bool) -> None:
    """Title and marks of a page."""
    if not is_letter:
        paper.text(WIDTH / 2, 16, contents.title, size=18, align="middle")
    for index, mark in enumerate(contents.marks):
        x = WIDTH - MARGIN - 24 * (index + 1)
        paper.box(x, 12, 22, 9, line=1)
        paper.text(x + 11, 14, mark, size=13, align="middle")


def _certify(paper: Paper, contents: Contents, seal: Seal | None) -> None:
    """Attestation, day, officer and seal of the last page."""
    if KINDS[contents.kind].family == LETTER:
        return
    below = paper.paragraph(MARGIN + 4, CERTIFIES, INNER - 8, contents.attestation, size=12)
    paper.text(MARGIN + 10, below + 3, contents.dated, size=12)
    signature(paper, contents, seal, below + 12)


def signature(paper: Paper, contents: Contents, seal: Seal | None, y: float) -> None:
    """Title and name of the officer, the seal behind them, the phrases below (職名・氏名・公印)."""
    said = f"{contents.officer}　　{contents.officer_name}"
    paper.fitted(MARGIN + 50, y, 96, 8, said, label="認証者", size=14)
    if seal is not None:
        behind = min(typeface().width(said, 14) / MM + 3, 98)
        paper.picture(MARGIN + 50 + behind, y + 4 - seal.size_mm / 2, seal.size_mm, seal.png)
    for index, phrase in enumerate(contents.phrases):
        paper.text(MARGIN + 50, y + 10 + 5 * index, phrase, size=9)
