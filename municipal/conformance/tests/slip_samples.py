"""Payment codes, pictures and PDF files made for the tests (試験用の納付書)."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from municipal.conformance import slips

TODAY = date(2026, 10, 1)

# Synthetic and payable nowhere: operator code 99999 is nobody's.
EL_QR = (
    "000201"
    "010212"
    "27960005999990183"
    "000000000000000000012300299999090100000"
    "00000000000000000000011234560992010010000000"
    "541100000012300"
    "622620262026012026103120270331"
    "8085" + "0" * 85 + "630562277"
)
BARCODES = (  # synthetic too
    "91999999000000000000000000000026103100123005",
    "91999999123456789012345678901399999903000007",
    "91999001000000000000000000042928022910499991",
)

VALUES: Mapping[str, slips.Value] = {
    "agency": "99999",
    "amount_yen": 12300,
    "fee_bearer": "2",
    "stamp_tax": "0",
    "tax_item": "901",
    "payment_number": 1,
    "confirmation_number": "123456",
    "organisation": "99201",
    "tax_office": "001",
    "levy_year": 2026,
    "tax_year": 2026,
    "period": 1,
    "due_on": date(2026, 10, 31),
    "pay_until": date(2027, 3, 31),
}
BARCODE_VALUES: Mapping[str, slips.Value] = {
    "company": "999999",
    "free": "0" * 21,
    "reissue": 0,
    "pay_until": date(2026, 10, 31),
    "stamp_tax": 0,
    "amount_yen": 12300,
}

EL_NUMBER = "99201" + "0" * 19 + "1" + "123456" + "901"

Pixels = NDArray[np.uint8]


def el_qr(**changes: slips.Value) -> str:
    return slips.compose({**VALUES, **changes})


def barcode(**changes: slips.Value) -> str:
    return slips.compose_barcode({**BARCODE_VALUES, **changes})


def codes_of(judged: slips.Judgement) -> list[str]:
    """The codes of all findings; each must have all that its messages speak of."""
    for finding in judged.findings:
        message, facts = slips.messages()[finding.code], {"column": finding.column, **finding.facts}
        assert message.what_ja % facts
        assert message.what_en % facts
    return [finding.code for finding in judged.findings]


def qr_picture(content: str, level: str = "M", scale: int = 5) -> Pixels:
    made = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return np.array(made.to_image(scale=scale))


def gs1_picture(digits: str, scale: int = 3) -> Pixels:
    made = zxingcpp.create_barcode(f"[{digits[:2]}]{digits[2:]}", zxingcpp.BarcodeFormat.Code128, gs1=True)
    return np.array(made.to_image(scale=scale))


def code128_picture(content: str, scale: int = 3) -> Pixels:
    return np.array(zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.Code128).to_image(scale=scale))


def below_each_other(*pictures: Pixels) -> Pixels:
    """One white picture that holds all, with a wide margin."""
    height = sum(picture.shape[0] + 40 for picture in pictures) + 40
    paper = np.full((height, max(picture.shape[1] for picture in pictures) + 80), 255, np.uint8)
    top = 40
    for picture in pictures:
        paper[top : top + picture.shape[0], 40 : 40 + picture.shape[1]] = picture
        top += picture.shape[0] + 40
    return paper


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF: pictures below each other, 300 dots to the inch, and lines of text that can be copied."""

    pictures: Sequence[Pixels] = ()
    lines: Sequence[str] = ()
    size: tuple[float, float] = (420.0, 595.0)


def pdf(*sheets: Sheet, trailer: str = "") -> bytes:
    """A PDF written by hand: no library at hand writes Japanese text without a font."""
    kids = " ".join(f"{5 + 3 * number} 0 R" for number in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [{kids}] >>".encode(),
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H /ToUnicode 4 0 R "
            b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 1000 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
        ),
        _stream(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange"
        ),
    ]
    for number, sheet in enumerate(sheets):
        objects += _page_objects(sheet, 5 + 3 * number)
    return _file(objects, trailer)


def _page_objects(sheet: Sheet, first: int) -> list[bytes]:
    width, height = sheet.size
    picture = below_each_other(*sheet.pictures) if sheet.pictures else np.full((1, 1), 255, np.uint8)
    tall, wide = (side * 72 / 300 for side in picture.shape)
    drawn = f"q {wide} 0 0 {tall} 10 {height - tall - 10} cm /I Do Q BT /F 9 Tf 12 TL 20 {height - tall - 40} Td "
    drawn += "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in sheet.lines) + "ET"
    head = (
        f"/Type /XObject /Subtype /Image /Width {picture.shape[1]} /Height {picture.shape[0]} "
        "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode "
    )
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {first + 1} 0 R "
        f"/Resources << /Font << /F 3 0 R >> /XObject << /I {first + 2} 0 R >> >> >>"
    )
    return [page.encode(), _stream(drawn.encode()), _stream(zlib.compress(picture.tobytes()), head)]


def _stream(content: bytes, head: str = "") -> bytes:
    return f"<< {head}/Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes], trailer: str) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010} 00000 n \n" for place in places
    )
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + table.encode() + end.encode()
