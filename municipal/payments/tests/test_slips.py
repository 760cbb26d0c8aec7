"""Slips as they are printed: decoded back, judged, read (納付書の試験)."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from municipal.conformance.commands import main
from municipal.core import clock
from municipal.payments.codes import codes_of
from municipal.payments.faces import faces_of
from municipal.payments.models import Slip
from municipal.payments.paper.face import MOST_AT_STORES, Face
from municipal.payments.paper.fitting import fitted
from municipal.payments.paper.letters import Letters
from municipal.payments.paper.run import print_slips
from municipal.payments.paper.symbols import gs1_128, qr

from .booking import charged, slip_of

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
BARCODES = (
    "91999999000000000000000000000026103100123005",
    "91999999123456789012345678901399999903000007",
    "91999001000000000000000000042928022910499991",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def face_of(slip: Slip, **said: object) -> Face:
    """What the program itself puts on the slip, but for what is ``said``."""
    (face,) = faces_of([slip])
    return replace(face, **said)  # type: ignore[arg-type]


def printed(path: Path, *faces: Face) -> Path:
    with path.open("wb") as file:
        print_slips(file, faces, title="納付書", made_at=NOON, is_specimen=True)
    return path


def slip(yen: int = 12_300, fee: str = "901") -> Slip:
    return slip_of(charged(fee=fee, total_yen=yen, due_on=[date(2026, 12, 1)])[0])


def decoded(path: Path, page: int = 0) -> dict[str, str]:
    picture = pypdfium2.PdfDocument(path)[page].render(scale=300 / 72).to_pil()
    return {str(one.format): re.sub(r"[()]", "", one.text) for one in zxingcpp.read_barcodes(picture)}


def test_both_codes_of_a_printed_slip_are_read_back_to_the_digit(town: int, tmp_path: Path) -> None:
    made = slip()
    codes = codes_of(made)
    found = decoded(printed(tmp_path / "slip.pdf", face_of(made)))
    assert found == {"QR Code": codes.el_qr, "Code 128": codes.barcode}
    assert (len(codes.el_qr), len(codes.barcode)) == (255, 44)
    assert len(codes.el_number) == 34


def test_the_checker_reads_every_page_and_finds_nothing(town: int, tmp_path: Path) -> None:
    charges = charged(fee="901", total_yen=123_400)
    faces = [face_of(slip_of(charge)) for charge in charges]
    path = printed(tmp_path / "run.pdf", *faces)
    assert main(["qr", str(path)]) == 0


def test_the_checker_finds_a_digit_that_is_wrong_on_paper(town: int, tmp_path: Path) -> None:
    made = slip()
    path = printed(tmp_path / "slip.pdf", face_of(made, yen=12_301))
    assert main(["qr", str(path)]) != 0


@pytest.mark.parametrize(
    ("yen", "fee", "has_qr", "has_barcode"),
    [
        (MOST_AT_STORES, "901", True, True),
        (MOST_AT_STORES + 1, "901", True, False),
        (5_000, "909", False, True),
        (5_000, "908", True, False),
        (99_999_999_999, "905", True, False),
    ],
)
def test_a_slip_carries_the_codes_that_its_fee_and_amount_allow(
    town: int, yen: int, fee: str, has_qr: bool, has_barcode: bool
) -> None:
    found = codes_of(slip(yen, fee))
    assert (bool(found.el_qr), bool(found.barcode)) == (has_qr, has_barcode)


@pytest.mark.parametrize("digits", BARCODES)
def test_a_barcode_has_288_modules(digits: str) -> None:
    assert gs1_128(digits)[0] == 288


@pytest.mark.parametrize("digits", ["123", "12a4", "１２", "-1"])
def test_a_barcode_of_anything_but_pairs_of_digits_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="pairs"):
        gs1_128(digits)


def test_an_el_qr_is_a_version_6_symbol() -> None:
    side, data = qr("1" * 255)
    assert side == 41
    assert len(data) == 41 * 6


def test_a_long_address_is_made_smaller_then_broken_and_never_cut() -> None:
    letters = Letters()
    assert fitted(letters, "短い", 60, 9) == [("短い", 9)]
    middle = fitted(letters, "架空市" * 9, 60, 9)
    assert len(middle) == 1
    assert 5.5 <= middle[0][1] < 9
    long = fitted(letters, "架空市" * 60, 60, 9)
    assert "".join(line for line, _ in long) == "架空市" * 60
    assert len(long) > 1


def test_a_slip_can_be_read_aloud_in_order(town: int, tmp_path: Path) -> None:
    path = printed(tmp_path / "slip.pdf", face_of(slip()))
    data = path.read_bytes()
    assert b"/StructTreeRoot" in data
    assert b"/Lang(ja-JP)" in data
    assert data.count(b"/S/Figure") == 2
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert text.index("甲野　太郎　様") < text.index("12,300円") < text.rindex("第1期")
    assert "見本" in text


def test_a_letter_that_the_font_lacks_is_named_and_drawn_as_a_square(town: int, tmp_path: Path) -> None:
    faces = [face_of(slip(), payer="甲\U000f0000野")]
    missing = print_slips(io.BytesIO(), faces, title="納付書", made_at=NOON, is_specimen=True)
    assert missing == {"\U000f0000"}


def test_the_same_slips_make_the_same_file(town: int) -> None:
    face = face_of(slip())
    files = []
    for _ in range(2):
        files.append(io.BytesIO())
        print_slips(files[-1], [face], title="納付書", made_at=NOON, is_specimen=True)
    assert files[0].getvalue() == files[1].getvalue()


def test_a_run_without_slips_is_no_file() -> None:
    with pytest.raises(ValueError, match="without slips"):
        print_slips(io.BytesIO(), [], title="納付書", made_at=NOON, is_specimen=True)
