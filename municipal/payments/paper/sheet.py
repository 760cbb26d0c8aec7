"""Letters, certificates and statements: an address in the window, words, tables, as many pages as they need (文書)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from municipal.core.eras import wareki

from .document import Document, Drawing, Page
from .fitting import boxed, broken, fitted
from .letter import RIGHT, WINDOW
from .letters import Letters

LEFT, WIDTH, PLAIN, SMALL = 20.0, 172.0, 9.5, 8.0
TITLE_AT, BODY_AT, NEXT_BODY_AT, FOOT = 70.0, 82.0, 30.0, 278.0
ROW, LINE = 6.4, 5.0


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width in millimetres, whether it holds sums (表の列)."""

    heading: str
    width: float
    is_sum: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts (表). The last row is set apart where ``has_total``."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    has_total: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything a letter says (文書の内容).

    ``address`` in lines, the postal code first; empty where nothing may be sent, then ``care_of`` says where the paper
    waits. ``body``: paragraphs and tables in their order. ``as_of``: the moment that amounts are of, printed with them.
    """

    title: str
    town: str
    office: str
    issued_on: date
    recipient: str
    role: str
    address: Sequence[str]
    care_of: str
    as_of: str
    body: Sequence[str | Table] = field(default_factory=tuple)
    is_specimen: bool = True


def empty_frame(letters: Letters) -> Drawing:
    """Nothing under the pages: each says itself whether it is a specimen (枠なし)."""
    return Drawing(letters)


class Pen:
    """Where the next words of a sheet go; begins a new page where they do not fit (書き進め)."""

    def __init__(self, document: Document, sheet: Sheet) -> None:
        self.document, self.sheet, self.letters = document, sheet, document.letters
        self.number, self.y = 0, 0.0
        self.page = self._page()

    def _page(self) -> Page:
        self.number += 1
        page = Page(self.letters, is_framed=False)
        if self.sheet.is_specimen:
            page.begin("Artifact")
            page.marks.append("q 0.9 g")
            page.middle(105, 190, "見本", 130)
            page.marks.append("Q")
        if self.number > 1:
            page.begin("P")
            page.text(LEFT, 18, f"{self.sheet.title}（続き　{self.number}枚目）　{self.sheet.recipient}", SMALL)
            self.y = NEXT_BODY_AT
        return page

    def room(self, height: float) -> None:
        """Begin a new page unless so many millimetres are left."""
        if self.y + height > FOOT:
            self.document.add(self.page)
            self.page = self._page()

    def close(self) -> None:
        """The last page is finished."""
        self.document.add(self.page)


def write_sheet(document: Document, sheet: Sheet) -> None:
    """Add the pages of one sheet to the document (文書の描画)."""
    pen = Pen(document, sheet)
    _head(pen.page, sheet)
    pen.y = BODY_AT
    for part in (f"{sheet.as_of}", *sheet.body) if sheet.as_of else sheet.body:
        if isinstance(part, Table):
            _table(pen, part)
        else:
            _paragraph(pen, part)
    pen.close()


def _head(page: Page, sheet: Sheet) -> None:
    page.begin("P")
    x, y, width, height = WINDOW
    said = [(line, 9.0) for line in (*sheet.address, sheet.care_of) if line]
    said += [(sheet.role, 8.0)] if sheet.role else []
    for foot, line, size in boxed(page.letters, [*said, (sheet.recipient, 12.0)], width, height):
        page.text(x, y + foot, line, size)
    page.begin("P")
    signed = ((sheet.town, 12.0), (sheet.office, 8.5), (wareki(sheet.issued_on), 8.5))
    for at, (text, size) in enumerate(signed):
        for line, small in fitted(page.letters, text, 80, size)[:1]:
            page.right(RIGHT - 4, 18 + at * 5.2, line, small)
    page.begin("H1")
    for line, size in fitted(page.letters, sheet.title, WIDTH, 17):
        page.middle(105, TITLE_AT, line, size)


def _paragraph(pen: Pen, said: str) -> None:
    for line in broken(pen.letters, said, WIDTH, PLAIN):
        pen.room(LINE)
        pen.page.begin("P")
        pen.page.text(LEFT, pen.y, line, PLAIN)
        pen.y += LINE
    pen.y += 1.5


def _table(pen: Pen, table: Table) -> None:
    pen.room(3 * ROW + LINE)
    if table.caption:
        pen.page.begin("H2")
        pen.page.text(LEFT, pen.y + 1, table.caption, 11)
        pen.y += LINE
    _heading(pen, table)
    for at, row in enumerate(table.rows):
        cells = [fitted(pen.letters, said, one.width - 3, SMALL + 0.5) for said, one in _cells(row, table)]
        height = ROW + (max(len(lines) for lines in cells) - 1) * 2.6
        before = pen.number
        pen.room(height)
        if pen.number != before:
            _heading(pen, table)
        _row(pen, table, cells, height, is_last=table.has_total and at == len(table.rows) - 1)
    pen.y += 6


def _cells(row: Sequence[str], table: Table) -> list[tuple[str, Column]]:
    return list(zip(row, table.columns, strict=True))


def _heading(pen: Pen, table: Table) -> None:
    pen.page.begin("Artifact")
    pen.page.box(LEFT, pen.y, sum(one.width for one in table.columns), ROW, gray=0.92)
    pen.page.begin("P")
    x = LEFT
    for one in table.columns:
        for line, size in fitted(pen.letters, one.heading, one.width - 3, SMALL)[:1]:
            _place(pen.page, x, pen.y + 4.4, line, size, one)
        x += one.width
    pen.y += ROW


def _row(pen: Pen, table: Table, cells: Sequence[Sequence[tuple[str, float]]], height: float, *, is_last: bool) -> None:
    pen.page.begin("P")
    x = LEFT
    for one, lines in zip(table.columns, cells, strict=True):
        for at, (line, size) in enumerate(lines):
            _place(pen.page, x, pen.y + 4.4 + at * 2.6, line, size, one)
        x += one.width
    pen.page.begin("Artifact")
    pen.page.line(LEFT, pen.y, x, pen.y, 0.4 if is_last else 0.1)
    pen.page.line(LEFT, pen.y + height, x, pen.y + height, 0.1)
    pen.y += height


def _place(page: Page, x: float, y: float, said: str, size: float, one: Column) -> None:
    if one.is_sum:
        page.right(x + one.width - 1.5, y, said, size)
    else:
        page.text(x + 1.5, y, said, size)
