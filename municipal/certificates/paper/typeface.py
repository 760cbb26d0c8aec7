"""The typeface of every form: which characters it has, how wide they are, how they get into a PDF (書体).

Noto Serif JP (SIL Open Font License) is embedded, only the glyphs that are used. Variation sequences are drawn with
the glyph that the font gives them; a character that the font lacks is never left out silently: a black square stands
in its place and the form says so.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "kijun-mincho"
FILE = Path(__file__).resolve().parents[1] / "fonts" / "NotoSerifJP-Regular.ttf"
MISSING = "■"
_PRIVATE = 0xF0000
"""Glyphs of variation sequences stand here while a page is drawn; the text in the PDF says the sequence itself."""


def is_selector(letter: str) -> bool:
    """Whether the character only chooses a shape of the one before it (異体字セレクタ)."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def clusters(text: str) -> Iterator[str]:
    """The characters as a reader counts them: each with the selectors behind it (書記素)."""
    kept = ""
    for letter in text:
        if kept and not is_selector(letter):
            yield kept
            kept = ""
        kept += letter
    if kept:
        yield kept


class _Embedded(TTFont):  # type: ignore[misc]
    """ReportLab's font, whose table from glyphs to text also knows planes beyond the first and sequences."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, shapable=False)
        self.said: dict[int, str] = {}

    def addObjects(self, doc: Any) -> None:  # noqa: N802  (ReportLab's name)
        subsets = [list(subset) for subset in self.state[doc].subsets]
        before = set(doc.idToObject)
        super().addObjects(doc)
        streams = [name for name in doc.idToObject if name not in before and name.startswith("toUnicodeCMap:")]
        for name, subset in zip(streams, subsets, strict=True):
            stream = doc.idToObject[name]
            stream.content = _to_unicode([self.said.get(code, chr(code)) for code in subset])


def _to_unicode(texts: list[str]) -> str:
    """The PDF's table from glyph numbers to text, in UTF-16 as ISO 32000-1 section 9.10.3 wants it."""
    lines = [f"<{number:02X}> <{text.encode('utf-16-be').hex().upper()}>" for number, text in enumerate(texts)]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    said = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
    )
    return head + "\n".join(said) + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


def _sequences(table: bytes) -> tuple[dict[str, int], set[str]]:
    """Format 14 of the font's cmap: sequences with a glyph of their own, and those that mean the usual glyph."""
    (count,) = struct.unpack(">H", table[2:4])
    records = [struct.unpack(">HHL", table[4 + 8 * index : 12 + 8 * index]) for index in range(count)]
    own: dict[str, int] = {}
    usual: set[str] = set()
    for _platform, _encoding, start in records:
        if struct.unpack(">H", table[start : start + 2]) == (14,):
            _read_selectors(table[start:], own, usual)
    return own, usual


def _read_selectors(table: bytes, own: dict[str, int], usual: set[str]) -> None:
    (count,) = struct.unpack(">L", table[6:10])
    for index in range(count):
        record = table[10 + 11 * index : 21 + 11 * index]
        selector = chr(int.from_bytes(record[:3]))
        default, other = struct.unpack(">LL", record[3:])
        for row in _rows(table, default, 4):
            first, more = int.from_bytes(row[:3]), row[3]
            usual.update(chr(code) + selector for code in range(first, first + more + 1))
        for row in _rows(table, other, 5):
            own[chr(int.from_bytes(row[:3])) + selector] = int.from_bytes(row[3:])


def _rows(table: bytes, start: int, size: int) -> Iterator[bytes]:
    if start:
        (count,) = struct.unpack(">L", table[start : start + 4])
        yield from (table[start + 4 + size * index : start + 4 + size * (index + 1)] for index in range(count))


class Typeface:
    """What the forms ask about the font (書体)."""

    def __init__(self) -> None:
        font = _Embedded(NAME, str(FILE))
        self._glyphs: dict[int, int] = font.face.charToGlyph
        self._widths: Mapping[int, int] = font.face.charWidths
        self._has = frozenset(self._glyphs)
        own, self._usual = _sequences(font.face.get_table("cmap"))
        self._private = {sequence: chr(_PRIVATE + index) for index, sequence in enumerate(sorted(own))}
        for sequence, private in self._private.items():
            self._glyphs[ord(private)] = own[sequence]
            font.face.charWidths[ord(private)] = self._widths.get(ord(sequence[0]), 1000)
            font.said[ord(private)] = sequence
        pdfmetrics.registerFont(font)
        if pdfmetrics.getFont(NAME) is not font:
            # ReportLab keeps the first font of a face: names beyond the first plane would be copied out wrongly.
            raise RuntimeError(f"{FILE.name} is registered already by somebody else")

    def drawable(self, text: str) -> str:
        """``text`` as it is given to the canvas, a black square for what the font lacks (描画用の文字列)."""
        return "".join(self._drawn(cluster) or MISSING for cluster in clusters(text))

    def missing(self, text: str) -> list[str]:
        """The characters of ``text`` that the font cannot draw, each once (書体にない文字)."""
        return list(dict.fromkeys(cluster for cluster in clusters(text) if not self._drawn(cluster)))

    def width(self, text: str, size: float) -> float:
        """How wide ``text`` is drawn at ``size``, both in points (文字列の幅)."""
        return sum(self._widths.get(ord(letter), 1000) for letter in self.drawable(text)) * size / 1000

    def _drawn(self, cluster: str) -> str:
        if len(cluster) == 1:
            return cluster if ord(cluster) in self._has else ""
        if cluster in self._private:
            return self._private[cluster]
        return cluster[0] if cluster in self._usual and ord(cluster[0]) in self._has else ""


@cache
def typeface() -> Typeface:
    """The one typeface, read when the first form is drawn (書体の読込み)."""
    return Typeface()
