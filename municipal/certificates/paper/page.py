"""One A4 page: text, fields and lines in millimetres from the top left, and what did not fit (頁の描画)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from municipal.core.clauses import implements

from .fitting import LEADING, Fitted, fit
from .typeface import NAME, typeface

MM = 72 / 25.4
WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 15.0
INNER = WIDTH - 2 * MARGIN
LABEL, TEXT = 6.0, 10.5
"""Sizes of labels and of texts, in points."""
_ASCENT, _PADDING = 0.88, 1.2


@dataclass(frozen=True)
class Overflow:
    """What of a form is not printed as it stands in the register (文字溢れ).

    ``left_over``: what did not get into the field; ``missing``: characters that the typeface lacks.
    """

    label: str
    text: str
    left_over: str = ""
    missing: tuple[str, ...] = ()


@dataclass
class Paper:
    """A document being drawn (作成中の帳票).

    ``keeps_cut``: of a text that does not fit, print what fits; else leave the field empty (#5.8/m3).
    """

    keeps_cut: bool = True
    overflows: list[Overflow] = field(default_factory=list)

    def __post_init__(self) -> None:
        typeface()
        self._file = io.BytesIO()
        self._canvas: Any = canvas.Canvas(self._file, pagesize=(WIDTH * MM, HEIGHT * MM), invariant=1)
        self._canvas.setCreator("Kijun")
        self._canvas.setProducer("Kijun")

    def titled(self, title: str) -> None:
        """Name the document, for whoever opens it on a screen (文書名)."""
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")

    def text(self, x: float, y: float, said: str, *, size: float = TEXT, align: str = "left") -> None:
        """A line of text whose top is at ``y`` (文字)."""
        self._canvas.setFont(NAME, size)
        base = (HEIGHT - y) * MM - size * _ASCENT
        draw = {
            "left": self._canvas.drawString, "right": self._canvas.drawRightString,
            "middle": self._canvas.drawCentredString,
        }[align]  # fmt: skip
        draw(x * MM, base, typeface().drawable(said))

    def line(self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.4) -> None:
        """A straight line (線)."""
        self._canvas.setLineWidth(width)
        self._canvas.line(x * MM, (HEIGHT - y) * MM, to_x * MM, (HEIGHT - to_y) * MM)

    def box(self, x: float, y: float, width: float, height: float, *, line: float = 0.4) -> None:
        """A frame (枠)."""
        self._canvas.setLineWidth(line)
        self._canvas.rect(x * MM, (HEIGHT - y - height) * MM, width * MM, height * MM)

    @implements("resident-record/1.0#5.8/m2", "resident-record/1.0#5.8/m3")
    def fitted(
        self, x: float, y: float, width: float, height: float, said: str, *, label: str, size: float = TEXT
    ) -> None:  # fmt: skip
        """``said`` inside a field, in letters as small as it takes; what does not get in is noted (欄への収まり)."""
        found = fit(said, width=width * MM, height=height * MM, size=size)
        missing = tuple(typeface().missing(said))
        if found.is_cut or missing:
            self.overflows.append(Overflow(label, said, found.left_over, missing))
        if found.is_cut and not self.keeps_cut:
            return
        self._lines(x, y + self._rest(found, height), found.lines, found.size)

    def _rest(self, found: Fitted, height: float) -> float:
        used = len(found.lines) * found.size * LEADING / MM
        return max(0.0, (height - used) / 2)

    def _lines(self, x: float, y: float, lines: Sequence[str], size: float) -> None:
        for index, said in enumerate(lines):
            self.text(x, y + index * size * LEADING / MM, said, size=size)

    def cell(self, x: float, y: float, width: float, height: float, label: str, said: str, *, about: str = "") -> None:
        """A framed field with its label on top and its text below; ``about`` says whose it is in a list (欄)."""
        self.box(x, y, width, height)
        self.text(x + 0.8, y + 0.6, label, size=LABEL)
        top = LABEL / MM + 0.9
        where = f"{about} {label}".strip()
        self.fitted(x + _PADDING, y + top, width - 2 * _PADDING, height - top - 0.3, said, label=where)

    def row(self, y: float, height: float, label: str, said: str, *, about: str = "", label_width: float = 48) -> None:
        """A row over the whole width: the label in a column of its own, the text beside it (行)."""
        self.box(MARGIN, y, label_width, height)
        self.box(MARGIN + label_width, y, INNER - label_width, height)
        self.fitted(MARGIN + _PADDING, y, label_width - 2 * _PADDING, height, label, label=label, size=9)
        width = INNER - label_width - 2 * _PADDING
        where = f"{about} {label}".strip()
        self.fitted(MARGIN + label_width + _PADDING, y, width, height, said, label=where)

    def paragraph(self, x: float, y: float, width: float, said: str, *, size: float = TEXT) -> float:
        """A text over as many lines as it needs; returns where the next one begins (段落)."""
        found = fit(said, width=width * MM, height=HEIGHT * MM, size=size)
        if missing := tuple(typeface().missing(said)):
            self.overflows.append(Overflow("", said, missing=missing))
        self._lines(x, y, found.lines, size)
        return y + len(found.lines) * size * 1.7 / MM

    def picture(self, x: float, y: float, size: float, png: bytes) -> None:
        """A square picture of ``size`` millimetres (画像)."""
        reader = ImageReader(io.BytesIO(png))
        self._canvas.drawImage(reader, x * MM, (HEIGHT - y - size) * MM, size * MM, size * MM, mask="auto")

    def stamp(self, said: str) -> None:
        """A pale line of text across the page (透かし)."""
        self._canvas.saveState()
        self._canvas.setFillGray(0.7)
        self.text(WIDTH / 2, HEIGHT / 2, said, size=26, align="middle")
        self._canvas.restoreState()

    def next_page(self) -> None:
        """Go on on a new page (改頁)."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole document as PDF (PDF)."""
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()
