"""Finding codes in pictures and PDF files (画像とPDFの読取り).

Whatever comes from outside may be broken: every complaint of the libraries becomes an ``Unreadable`` with the code of
a rule, and the text of their complaint is dropped, because it may name places of this machine.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from municipal.conformance.findings import NOTHING
from municipal.conformance.slips.checks import Symbol

MOST_PIXELS = 50_000_000
"""A page at 300 dpi, or a picture, may have so many; A2 has 35 million (画素数の上限)."""

_LONGEST_SIDE = 65_535  # of the reader of codes
_MOST_DAMAGED_PAGES = 20
# The PDF library serves one thread at a time, whatever file it is about.
_PDFIUM = Lock()
_DPI, _FINER_DPI = 300, 600
_POINTS_AN_INCH = 72
_PDF_MARK_WITHIN = 1024
_PICTURE_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    zlib.error,
    IndexError,
    KeyError,
    TypeError,
)
_FORMATS = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128))

Pixels = NDArray[np.uint8]


class Unreadable(Exception):  # noqa: N818  (it is a finding, said to the user)
    """A file or page that cannot be looked at; ``code`` is the rule that says why (読めない入力)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts or NOTHING


@dataclass(frozen=True, slots=True)
class Page:
    """What was seen on one page; ``number`` is 0 for a picture (頁).

    ``text`` is what can be copied out of a PDF page, "" for a picture. ``problem`` is set where the page could not be
    looked at.
    """

    number: int
    symbols: tuple[Symbol, ...] = ()
    text: str = ""
    problem: Unreadable | None = None


def pages(path: Path) -> Iterator[Page]:
    """Each page of a PDF, or the one picture; raises Unreadable for a file that cannot be opened (頁の読取り).

    The kind is told by the content. One page is held in memory at a time.
    """
    beginning = _beginning(path)
    if not beginning:
        raise Unreadable("SLP-0001")
    if beginning.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        yield Page(0, _symbols(_picture(path)))
    elif b"%PDF-" in beginning:
        yield from _pdf(path)
    else:
        raise Unreadable("SLP-0002")


def _beginning(path: Path) -> bytes:
    # Anything but a regular file, a pipe for one, might never end.
    try:
        if not path.is_file():
            raise Unreadable("SLP-0010")
        with path.open("rb") as file:
            return file.read(_PDF_MARK_WITHIN)
    except (OSError, ValueError):
        raise Unreadable("SLP-0010") from None


def _is_too_large(width: float, height: float) -> bool:
    return width * height > MOST_PIXELS or max(width, height) > _LONGEST_SIDE


def _too_large(megapixels: object) -> Unreadable:
    return Unreadable("SLP-0005", megapixels=megapixels, limit=MOST_PIXELS // 1_000_000, side=_LONGEST_SIDE)


def _refuse_if_too_large(width: float, height: float) -> None:
    if _is_too_large(width, height):
        raise _too_large(round(width * height / 1e6))


def _picture(path: Path) -> Pixels:
    try:
        # The size is judged here, before anything is unpacked; the library's own limit only warns.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "JPEG")) as picture:
                _refuse_if_too_large(*picture.size)
                return _grey(picture)
    except Image.DecompressionBombError:
        raise _too_large(f"> {MOST_PIXELS // 1_000_000}") from None
    except _PICTURE_FAULTS:
        raise Unreadable("SLP-0003") from None


def _grey(picture: Image.Image) -> Pixels:
    """Grey from 0 to 255, what is transparent as white paper."""
    if picture.mode.startswith("I"):
        return (np.asarray(picture).astype(np.uint32) // 256).astype(np.uint8)
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        return np.asarray(paper.convert("L"))
    return np.asarray(picture.convert("L"))


def _symbols(pixels: Pixels) -> tuple[Symbol, ...]:
    """The codes in a picture, each content once; what was seen and not read has no text (コードの読取り)."""
    found = zxingcpp.read_barcodes(pixels, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain, return_errors=True)
    return tuple(dict.fromkeys(_symbol(one) for one in found))


def _symbol(found: Any) -> Symbol:
    text = str(found.text) if found.valid else ""
    if found.format == zxingcpp.BarcodeFormat.QRCode:
        extra = found.extra or {}
        return Symbol("qr", text, str(extra.get("Version", "")), str(found.ec_level))
    return Symbol("gs1-128" if found.content_type == zxingcpp.ContentType.GS1 else "code-128", text)


def _pdf(path: Path) -> Iterator[Page]:
    with _PDFIUM:
        document = _document(path)
    try:
        damaged = 0
        for number in range(len(document)):
            with _PDFIUM:
                page = _page(document, number)
            yield page
            # A few bytes can claim a million pages that are not there.
            damaged += page.problem is not None and page.problem.code == "SLP-0003"
            if damaged > _MOST_DAMAGED_PAGES:
                raise Unreadable("SLP-0003")
    finally:
        with _PDFIUM:
            document.close()


def _document(path: Path) -> pypdfium2.PdfDocument:
    # The library keeps its last complaint and repeats it for a file without pages; so give it a fresh one first.
    pypdfium2.raw.FPDF_LoadMemDocument64(b"", 0, None)
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        raise Unreadable("SLP-0004" if is_locked else "SLP-0003") from None
    except OSError:
        raise Unreadable("SLP-0010") from None


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    try:
        with closing(document[number]) as page:
            inches = [points / _POINTS_AN_INCH for points in page.get_size()]
            _refuse_if_too_large(*(side * _DPI for side in inches))
            with closing(page.get_textpage()) as text:
                written = text.get_text_bounded()
            return Page(number + 1, _symbols_of_page(page, inches), written)
    except pypdfium2.PdfiumError:
        return Page(number + 1, problem=Unreadable("SLP-0003"))
    except Unreadable as problem:
        return Page(number + 1, problem=problem)


def _symbols_of_page(page: pypdfium2.PdfPage, inches: list[float]) -> tuple[Symbol, ...]:
    """Coarse first, finer where either kind of code is missing: at 300 dpi narrow bars are only 2 dots wide."""
    seen = _rendered(page, _DPI)
    kinds = {symbol.kind for symbol in seen if symbol.text}
    is_complete = "qr" in kinds and len(kinds) > 1
    if is_complete or _is_too_large(*(side * _FINER_DPI for side in inches)):
        return seen
    finer = _rendered(page, _FINER_DPI)
    readable = tuple(symbol for symbol in dict.fromkeys((*seen, *finer)) if symbol.text)
    return readable or finer


def _rendered(page: pypdfium2.PdfPage, dpi: int) -> tuple[Symbol, ...]:
    with closing(page.render(scale=dpi / _POINTS_AN_INCH, grayscale=True)) as bitmap:
        return _symbols(np.ascontiguousarray(bitmap.to_numpy()))
