"""Lists and labels on paper (一覧と宛名シールのPDF).

The certificates' paper and typeface: the same characters are there, and one that is missing is never left out
silently. A list has at most ten columns; labels stand three by seven on a sheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from municipal.certificates.paper.page import HEIGHT, INNER, MARGIN, WIDTH, Paper
from municipal.core import clock
from municipal.core.characters import named
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused

from .answers import Answer, Label

T = TypeVar("T")
MOST_COLUMNS, MOST_LINES, MOST_TOLD = 10, 50_000, 25
_TOP, _LINE, _BOTTOM = 24.0, 8.0, 16.0
LINES = int((HEIGHT - _TOP - _LINE - _BOTTOM) // _LINE)
ACROSS, DOWN = 3, 7
_LABEL_WIDTH, _LABEL_HEIGHT = WIDTH / ACROSS, HEIGHT / DOWN
LABELS = ACROSS * DOWN


@implements("resident-record/1.0#10.1/m15")
def list_on_paper(answer: Answer) -> bytes:
    """A list as PDF: the title, the headings on every page, page n of the day (一覧のPDF).

    Raises Refused for more columns or rows than a printed list can have.
    """
    if len(answer.headings) > MOST_COLUMNS:
        raise Refused(
            "PDFの一覧は%(most)d項目までです。項目を減らすか、CSVを選んでください。", field="format",
            code="too_many_columns", most=MOST_COLUMNS,
        )  # fmt: skip
    paper = Paper()
    paper.titled(answer.title)
    page = 0
    for page, rows in enumerate(_sheets(answer.rows, LINES), start=1):
        if page > 1:
            paper.next_page()
        _head(paper, answer, page)
        for place, row in enumerate(rows, start=1):
            _row(paper, _TOP + place * _LINE, row.cells, about=row.cells[0])
    if not page:
        _head(paper, answer, 1)
        paper.text(MARGIN, _TOP + _LINE + 4, "該当する人はいません。", size=10)
    _tell_what_is_wrong(paper)
    return paper.finish()


def _tell_what_is_wrong(paper: Paper) -> None:
    """A last page about what does not stand on the paper as it stands in the register: nothing is cut silently."""
    if not paper.overflows:
        return
    paper.next_page()
    said = [f"印刷できなかった文字のある欄 {len(paper.overflows)}件（■は書体にない文字です。手で書き入れてください。）"]
    for one in paper.overflows[:MOST_TOLD]:
        missing = " ".join(named(letter) for letter in one.missing)
        said.append(f"{one.label}: {one.text}" + (f"（{missing}）" if missing else "（枠に収まりません）"))
    y = _TOP
    for line in said:
        y = paper.paragraph(MARGIN, y, INNER, line, size=9)


def _sheets(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    sheet: list[T] = []
    for number, row in enumerate(rows):
        if number >= MOST_LINES:
            raise Refused(
                "PDFは%(most)d件までです。条件をしぼるか、CSVを選んでください。", field="format",
                code="too_many_rows", most=MOST_LINES,
            )  # fmt: skip
        sheet.append(row)
        if len(sheet) == size:
            yield sheet
            sheet = []
    if sheet:
        yield sheet


def _head(paper: Paper, answer: Answer, page: int) -> None:
    paper.text(MARGIN, 10, answer.title, size=12)
    paper.text(WIDTH - MARGIN, 11, f"{wareki(clock.today())}　{page}頁", size=8, align="right")
    _row(paper, _TOP, answer.headings)


def _row(paper: Paper, y: float, cells: Sequence[str], *, about: str = "") -> None:
    width = INNER / len(cells)
    for place, cell in enumerate(cells):
        x = MARGIN + place * width
        paper.box(x, y, width, _LINE, line=0.3)
        paper.fitted(x + 0.8, y + 0.4, width - 1.6, _LINE - 0.8, cell, label=about, size=8)


@implements("resident-record/1.0#10.1/m15")
def labels_on_paper(labels: Iterable[Label]) -> bytes:
    """Address labels as PDF, 21 to a sheet of A4 (宛名シールのPDF)."""
    paper = Paper()
    paper.titled("宛名シール")
    for page, sheet in enumerate(_sheets(labels, LABELS)):
        if page:
            paper.next_page()
        for place, label in enumerate(sheet):
            _label(paper, (place % ACROSS) * _LABEL_WIDTH, (place // ACROSS) * _LABEL_HEIGHT, label)
    _tell_what_is_wrong(paper)
    return paper.finish()


def _label(paper: Paper, x: float, y: float, label: Label) -> None:
    code, home, building, name, number = label.lines
    inner = _LABEL_WIDTH - 12
    paper.text(x + 6, y + 5, code, size=10)
    paper.fitted(x + 6, y + 10, inner, 9, home, label=number, size=9)
    paper.fitted(x + 6, y + 19, inner, 6, building, label=number, size=8)
    paper.fitted(x + 6, y + 26, inner, 8, name, label=number, size=12)
    paper.text(x + _LABEL_WIDTH - 6, y + 36, number, size=6, align="right")
