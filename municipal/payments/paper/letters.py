"""The typeface of slips: which glyph, how wide, and at the end only what was used (書体).

Characters are numbered in the order in which a document first uses them; the embedded font holds exactly those. A
character that the font lacks is drawn as a black square and named, never left out silently.
"""

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontFile

FILE = Path(__file__).resolve().parents[2] / "certificates" / "fonts" / "NotoSerifJP-Regular.ttf"
NAME = "NotoSerifJP"
MISSING = "■"


@cache
def font() -> Any:
    """The font file, read once (フォントファイル)."""
    return TTFontFile(str(FILE))


class Letters:
    """The characters of one document: their numbers, their widths in thousandths of the size (使用文字)."""

    def __init__(self) -> None:
        known = font()
        self._glyphs: dict[int, int] = known.charToGlyph
        self._widths: dict[int, int] = known.charWidths
        self._hex: dict[str, str] = {}
        self._codes = [0]
        self.missing: set[str] = set()

    def drawn(self, text: str) -> str:
        """The text as the hexadecimal string that a PDF draws (描画用の文字列)."""
        known = self._hex
        try:
            return "".join([known[letter] for letter in text])
        except KeyError:
            for letter in text:
                if letter not in known:
                    known[letter] = self._number(letter)
        return "".join([known[letter] for letter in text])

    def _number(self, letter: str) -> str:
        if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
            return ""  # it only chooses a shape of the letter before
        code = ord(letter)
        if code not in self._glyphs:
            self.missing.add(letter)
            return self.drawn(MISSING)
        self._codes.append(code)
        return f"{len(self._codes) - 1:04X}"

    def width(self, text: str) -> int:
        """How wide the text is, in thousandths of its size (文字幅)."""
        widths = self._widths
        return sum([widths.get(ord(letter), 1000) for letter in text])

    def program(self) -> bytes:
        """The font with the glyphs that were used, numbered as ``drawn`` numbers them (サブセット)."""
        made: bytes = font().makeSubset(list(self._codes))
        return made

    def widths(self) -> list[int]:
        """The width of every numbered character, in order (文字幅の表)."""
        return [round(self._widths.get(code, 1000)) for code in self._codes]

    def to_text(self) -> bytes:
        """From numbers back to text, so that a slip can be searched and read aloud (ToUnicode; ISO 32000-1, 9.10.3)."""
        lines = [f"<{at:04X}> <{chr(code).encode('utf-16-be').hex()}>" for at, code in enumerate(self._codes) if at]
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /K def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{body}\nendcmap\nend\nend"
        ).encode("ascii")
