"""A PDF of many pages alike, written as it grows (PDFの書出し; ISO 32000-1).

What is the same on every page is drawn once; a page holds only what is its own. Nothing of a finished page stays in
memory but its number. Every text is tagged in reading order and every picture has words, for screen readers.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from .letters import NAME, Letters

POINTS_PER_MM = 72 / 25.4
A4 = (210, 297)
FAST = 1
CATALOG, PAGES, FONT, FRAME, TREE, WHOLE, PARENTS, LAST_FIXED = range(1, 9)
"""Objects whose numbers are known before they are written."""


def points(mm: float) -> str:
    """Millimetres as the points of a PDF (ポイント)."""
    return f"{mm * POINTS_PER_MM:.2f}"


class Drawing:
    """Marks on one page; ``y`` counts from the top, in millimetres (描画)."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self.marks: list[str] = []

    def text(self, x: float, y: float, said: str, size: float) -> None:
        """Text with its baseline at ``y`` (文字)."""
        if said:
            at = f"{x * POINTS_PER_MM:.2f} {(A4[1] - y) * POINTS_PER_MM:.2f}"
            self.marks.append(f"BT /F {size:.4g} Tf {at} Td <{self.letters.drawn(said)}> Tj ET")

    def right(self, x: float, y: float, said: str, size: float) -> None:
        """Text that ends at ``x`` (右寄せの文字)."""
        self.text(x - self.letters.width(said) * size / 1000 / POINTS_PER_MM, y, said, size)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2) -> None:
        """A line, ``width`` in millimetres (線)."""
        self.marks.append(
            f"{points(width)} w {points(x1)} {points(A4[1] - y1)} m {points(x2)} {points(A4[1] - y2)} l S"
        )

    def dashes(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A broken line, along which the sheet is folded or cut (切取り線)."""
        self.marks.append("q [2 2] 0 d")
        self.line(x1, y1, x2, y2, 0.15)
        self.marks.append("Q")

    def middle(self, x: float, y: float, said: str, size: float) -> None:
        """Text around ``x`` (中央寄せの文字)."""
        self.text(x - self.letters.width(said) * size / 2000 / POINTS_PER_MM, y, said, size)

    def box(self, x: float, y: float, width: float, height: float, *, gray: float = 0.0) -> None:
        """The outline of a rectangle whose upper left corner is (x, y); filled where ``gray`` is not 0 (枠)."""
        at = f"{points(x)} {points(A4[1] - y - height)} {points(width)} {points(height)}"
        self.marks.append(f"q {gray:g} g {at} re f Q" if gray else f"{points(0.2)} w {at} re S")

    def bits(self, x: float, y: float, size: tuple[float, float], pixels: tuple[int, int], data: bytes) -> None:
        """A black and white picture of ``pixels``, 1 is black, rows begin at bytes; hexadecimal, inline (画素)."""
        width, height = pixels
        place = f"{points(size[0])} 0 0 {points(size[1])} {points(x)} {points(A4[1] - y - size[1])} cm"
        self.marks.append(f"q {place} BI /W {width} /H {height} /IM true /D [1 0] /F /AHx ID {data.hex()}> EI Q")


class Page(Drawing):
    """One page: its blocks in reading order, each with its role (頁).

    ``is_framed``: whether the document's frame lies under it.
    """

    def __init__(self, letters: Letters, *, is_framed: bool = True) -> None:
        super().__init__(letters)
        self.is_framed = is_framed
        self.blocks: list[tuple[str, list[str], str]] = []

    def begin(self, role: str) -> None:
        """What is drawn next is one block: H1, H2, P, or Artifact for what nobody need hear (まとまりの始まり)."""
        self.marks = []
        self.blocks.append((role, self.marks, ""))

    def figure(
        self, words: str, x: float, y: float, size: tuple[float, float], pixels: tuple[int, int], data: bytes
    ) -> None:
        """A picture and what it says in words (図と代替テキスト)."""
        self.marks = []
        self.blocks.append(("Figure", self.marks, words))
        self.bits(x, y, size, pixels, data)

    def spoken(self) -> list[tuple[str, str]]:
        """Role and words of every block that is not mere decoration; its place here is its number (読上げ対象)."""
        return [(role, words) for role, _, words in self.blocks if role != "Artifact"]

    def content(self) -> bytes:
        """The page's own marks over the common frame, with the numbers of its blocks (頁の内容)."""
        parts, number = ["/Artifact BMC /X Do EMC"] if self.is_framed else [], 0
        for role, marks, _ in self.blocks:
            body = "\n".join(marks)
            if role == "Artifact":
                parts.append(f"/Artifact BMC\n{body}\nEMC")
            else:
                parts.append(f"/{role} <</MCID {number}>> BDC\n{body}\nEMC")
                number += 1
        return "\n".join(parts).encode("ascii")


class Document:
    """A PDF that is being written to ``file`` (文書). ``frame`` is drawn under every page."""

    def __init__(self, file: IO[bytes], letters: Letters, frame: Drawing, *, title: str, made_at: datetime) -> None:
        self.file, self.letters, self.title, self.made_at = file, letters, title, made_at
        self._places: dict[int, int] = {}
        self._next = LAST_FIXED + 1
        self._at = 0
        self._pages: list[int] = []
        self._sections: list[int] = []
        self._parents: list[str] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._frame = frame

    def _write(self, data: bytes) -> None:
        self.file.write(data)
        self._at += len(data)

    def _object(self, number: int, body: str) -> None:
        self._places[number] = self._at
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))

    def _stream(self, number: int, head: str, data: bytes) -> None:
        packed = zlib.compress(data, FAST)
        self._places[number] = self._at
        begin = f"{number} 0 obj\n<<{head}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
        self._write(begin.encode("ascii") + packed + b"\nendstream\nendobj\n")

    def add(self, page: Page) -> None:
        """Write one page with its tags (頁の追加)."""
        spoken = page.spoken()
        number, content, section = range(self._next, self._next + 3)
        elements = range(self._next + 3, self._next + 3 + len(spoken))
        self._next = elements.stop
        self._stream(content, "", page.content())
        self._object(
            number,
            f"<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 {points(A4[0])} {points(A4[1])}]/Contents {content} 0 R"
            f"/Resources<</Font<</F {FONT} 0 R>>/XObject<</X {FRAME} 0 R>>>>/StructParents {len(self._pages)}/Tabs/S>>",
        )
        for at, (element, (role, words)) in enumerate(zip(elements, spoken, strict=True)):
            said = f"/Alt<feff{words.encode('utf-16-be').hex()}>" if words else ""
            self._object(element, f"<</S/{role}/P {section} 0 R/Pg {number} 0 R/K {at}{said}>>")
        kids = _references(elements)
        self._object(section, f"<</S/Sect/P {WHOLE} 0 R/K[{kids}]>>")
        self._sections.append(section)
        self._parents.append(f"{len(self._pages)}[{kids}]")
        self._pages.append(number)

    def finish(self) -> None:
        """Write what only the end knows: frame, font, tags, the table of places (文書の完成)."""
        self._stream(
            FRAME,
            f"/Type/XObject/Subtype/Form/BBox[0 0 {points(A4[0])} {points(A4[1])}]/Resources<</Font<</F {FONT} 0 R>>>>",
            "\n".join(self._frame.marks).encode("ascii"),
        )
        self._write_font()
        self._object(PAGES, f"<</Type/Pages/Count {len(self._pages)}/Kids[{_references(self._pages)}]>>")
        self._object(TREE, f"<</Type/StructTreeRoot/K {WHOLE} 0 R/ParentTree {PARENTS} 0 R>>")
        self._object(WHOLE, f"<</S/Document/P {TREE} 0 R/K[{_references(self._sections)}]>>")
        self._object(PARENTS, f"<</Nums[{' '.join(self._parents)}]>>")
        self._object(
            CATALOG,
            f"<</Type/Catalog/Pages {PAGES} 0 R/StructTreeRoot {TREE} 0 R/MarkInfo<</Marked true>>/Lang(ja-JP)"
            "/ViewerPreferences<</DisplayDocTitle true>>>>",
        )
        self._close()

    def _write_font(self) -> None:
        program, mapping, descriptor, child = range(self._next, self._next + 4)
        self._next += 4
        data = self.letters.program()
        self._stream(program, f"/Length1 {len(data)}", data)
        self._stream(mapping, "", self.letters.to_text())
        self._object(
            descriptor,
            f"<</Type/FontDescriptor/FontName/KIJUNA+{NAME}/Flags 4/FontBBox[-1000 -400 2000 1200]/ItalicAngle 0"
            f"/Ascent 880/Descent -120/CapHeight 740/StemV 80/FontFile2 {program} 0 R>>",
        )
        widths = " ".join(map(str, self.letters.widths()))
        self._object(
            child,
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/KIJUNA+{NAME}/CIDSystemInfo<</Registry(Adobe)"
            f"/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/W[0[{widths}]]>>",
        )
        self._object(
            FONT,
            f"<</Type/Font/Subtype/Type0/BaseFont/KIJUNA+{NAME}/Encoding/Identity-H/DescendantFonts[{child} 0 R]"
            f"/ToUnicode {mapping} 0 R>>",
        )

    def _close(self) -> None:
        info, self._next = self._next, self._next + 1
        title = self.title.encode("utf-16-be").hex()
        made = self.made_at.strftime("%Y%m%d%H%M%S+09'00'")
        self._object(info, f"<</Title<feff{title}>/Producer(Kijun)/CreationDate(D:{made})>>")
        start, count = self._at, self._next
        rows = [b"0000000000 65535 f \n"]
        rows += [f"{self._places.get(number, 0):010d} 00000 {'n' if number in self._places else 'f'} \n".encode()
                 for number in range(1, count)]  # fmt: skip
        self._write(f"xref\n0 {count}\n".encode() + b"".join(rows))
        self._write(
            f"trailer\n<</Size {count}/Root {CATALOG} 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
        )


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
