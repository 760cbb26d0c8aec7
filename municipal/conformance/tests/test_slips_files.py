"""Slips as pictures and PDF files, whole and broken."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from municipal.conformance import slips
from municipal.conformance.findings import Exit, Outcome
from municipal.conformance.tests import slip_samples as samples
from municipal.conformance.tests.slip_samples import BARCODES, EL_NUMBER, EL_QR, TODAY, Pixels, Sheet, codes_of

LINES = (
    "納付書兼領収証書（見本）",
    f"eL番号 {EL_NUMBER}",
    "合計金額 12,300円",
    "納期限 令和8年10月31日",
    "支払期限 令和9年3月31日",
    "コンビニ取扱期限 2026/10/31",
    "(91)999999-000000000000000000000",
    "0-261031-0-012300-5",
)
SLIP = samples.below_each_other(samples.qr_picture(EL_QR), samples.gs1_picture(BARCODES[0]))
SPECIMEN = "ELQ-0009"


def judged(folder: Path, content: bytes, name: str = "slip") -> slips.Judgement:
    (folder / name).write_bytes(content)
    return slips.judge_file(folder / name, today=TODAY)


def picture(folder: Path, pixels: Pixels, kind: str = "png", mode: str = "L") -> slips.Judgement:
    path = folder / f"slip.{kind}"
    Image.fromarray(pixels).convert(mode).save(path)
    return slips.judge_file(path, today=TODAY)


@pytest.mark.parametrize(("kind", "mode"), [("png", "L"), ("png", "RGB"), ("png", "1"), ("png", "P"), ("jpeg", "RGB")])
def test_both_codes_of_a_picture_are_read_and_compared(tmp_path: Path, kind: str, mode: str) -> None:
    result = picture(tmp_path, SLIP, kind, mode)
    assert codes_of(result) == [SPECIMEN]
    assert sorted(code.kind for code in result.decoded) == ["convenience-barcode", "el-qr"]
    assert result.outcomes["ELQ-0019"] is result.outcomes["CVS-0009"] is result.outcomes["SLP-0011"] is Outcome.PASSED
    assert {finding.row for finding in result.findings} == {0}
    assert result.exit_status is Exit.NOTHING_FOUND


def test_the_symbol_of_a_picture_is_described(tmp_path: Path) -> None:
    codes = {code.kind: code for code in picture(tmp_path, SLIP).decoded}
    assert (codes["el-qr"].symbol, codes["el-qr"].version, codes["el-qr"].level) == ("qr", "6", "M")
    assert (codes["convenience-barcode"].symbol, codes["convenience-barcode"].length) == ("gs1-128", 44)


def test_a_transparent_and_a_deep_picture_are_read_too(tmp_path: Path) -> None:
    ink = np.zeros((*SLIP.shape, 4), np.uint8)
    ink[..., 3] = 255 - SLIP
    Image.fromarray(ink, "RGBA").save(tmp_path / "clear.png")
    Image.fromarray(SLIP.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    for name in ("clear.png", "deep.png"):
        assert len(slips.judge_file(tmp_path / name, today=TODAY).decoded) == 2, name


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_picture_may_lie_on_its_side(tmp_path: Path, turn: int) -> None:
    assert len(picture(tmp_path, np.ascontiguousarray(np.rot90(SLIP, turn))).decoded) == 2


@pytest.mark.parametrize(("level", "version"), [("L", "5"), ("Q", "8"), ("H", "10")])
def test_another_level_of_error_correction_is_a_warning(tmp_path: Path, level: str, version: str) -> None:
    result = picture(tmp_path, samples.qr_picture(EL_QR, level))
    assert codes_of(result) == ["ELQ-0019", SPECIMEN]
    assert result.findings[0].facts == {"version": version, "level": level}
    assert result.exit_status is Exit.NOTHING_FOUND


def test_a_wrong_payload_in_a_picture_is_found(tmp_path: Path) -> None:
    result = picture(tmp_path, samples.qr_picture(EL_QR[:-1] + "8"))
    assert "ELQ-0006" in codes_of(result)
    assert result.exit_status is Exit.FINDINGS


def test_a_barcode_made_without_fnc1_is_found(tmp_path: Path) -> None:
    assert codes_of(picture(tmp_path, samples.code128_picture(BARCODES[0]))) == ["CVS-0009"]


def test_codes_of_one_picture_that_ask_for_different_amounts_are_found(tmp_path: Path) -> None:
    other = samples.gs1_picture(samples.barcode(amount_yen=12_800, pay_until=date(2027, 4, 30)))
    result = picture(tmp_path, samples.below_each_other(samples.qr_picture(EL_QR), other))
    assert sorted(codes_of(result)) == [SPECIMEN, "SLP-0011", "SLP-0012"]


def test_a_qr_code_for_something_else_is_found(tmp_path: Path) -> None:
    result = picture(tmp_path, samples.qr_picture("https://example.test/pay"))
    assert codes_of(result) == ["SLP-0007"]
    assert [code.kind for code in result.decoded] == ["other"]
    assert result.exit_status is Exit.FINDINGS


def test_a_qr_code_for_something_else_beside_a_payment_code_is_nobodys_business(tmp_path: Path) -> None:
    both = samples.below_each_other(samples.qr_picture(EL_QR), samples.qr_picture("https://example.test/"))
    result = picture(tmp_path, both)
    assert codes_of(result) == [SPECIMEN]
    assert sorted(code.kind for code in result.decoded) == ["el-qr", "other"]


def test_the_same_code_twice_on_a_page_is_judged_once(tmp_path: Path) -> None:
    twice = samples.below_each_other(samples.qr_picture(EL_QR), samples.qr_picture(EL_QR, scale=6))
    assert len(picture(tmp_path, twice).decoded) == 1


def test_a_picture_without_a_code_is_found(tmp_path: Path) -> None:
    assert codes_of(picture(tmp_path, np.full((400, 400), 255, np.uint8))) == ["SLP-0006"]


def test_a_symbol_that_is_seen_and_cannot_be_read_is_found(tmp_path: Path) -> None:
    stained = samples.qr_picture(EL_QR)
    stained[60:140, 80:150] = np.random.default_rng(1).integers(0, 2, (80, 70), np.uint8) * 255
    result = picture(tmp_path, stained)
    assert codes_of(result) == ["SLP-0008"]
    assert result.findings[0].facts["kinds"] in {"qr", "code-128, qr"}


def test_a_whole_slip_as_pdf_agrees_with_its_print(tmp_path: Path) -> None:
    sheet = Sheet([samples.qr_picture(EL_QR), samples.gs1_picture(BARCODES[0])], LINES)
    result = judged(tmp_path, samples.pdf(sheet))
    assert codes_of(result) == [SPECIMEN]
    assert [finding.row for finding in result.findings] == [1]
    for number in range(11, 17):
        assert result.outcomes[f"SLP-00{number}"] is Outcome.PASSED, number
    assert {entry.code for entry in result.cannot_tell} == {"ELQ-0018"}


@pytest.mark.parametrize(
    ("line", "instead", "code"),
    [
        (1, f"eL番号 {EL_NUMBER[:-1]}2", "SLP-0013"),
        (2, "合計金額 12,800円", "SLP-0014"),
        (3, "納期限 令和8年11月30日", "SLP-0015"),
        (4, "支払期限 令和9年4月30日", "SLP-0016"),
    ],
)
def test_print_that_differs_from_the_code_is_found_on_its_page(
    tmp_path: Path, line: int, instead: str, code: str
) -> None:
    # Without the lines of the barcode: its last day is the due date, and any such day on the page acquits.
    lines = [*LINES[:line], instead, *LINES[line + 1 : 5]]
    good = Sheet([samples.qr_picture(EL_QR)], LINES)
    result = judged(tmp_path, samples.pdf(good, Sheet([samples.qr_picture(EL_QR)], lines)))
    assert [(finding.code, finding.row) for finding in result.findings if finding.code != SPECIMEN] == [(code, 2)]


def test_a_pdf_without_text_cannot_tell_and_does_not_fail(tmp_path: Path) -> None:
    Image.fromarray(SLIP).save(tmp_path / "scan.pdf", resolution=300)
    result = slips.judge_file(tmp_path / "scan.pdf", today=TODAY)
    assert codes_of(result) == [SPECIMEN]
    untold = {entry.code for entry in result.cannot_tell}
    assert {"SLP-0013", "SLP-0014", "SLP-0015", "SLP-0016"} < untold
    assert result.exit_status is Exit.NOTHING_FOUND


def test_narrow_bars_of_a_pdf_are_read(tmp_path: Path) -> None:
    """Two dots a module at 300 dpi is the narrowest that a slip of 60 mm can have."""
    sheet = Sheet([samples.gs1_picture(BARCODES[0], scale=2)])
    assert [code.kind for code in judged(tmp_path, samples.pdf(sheet)).decoded] == ["convenience-barcode"]


def test_every_page_is_looked_at_and_heard_of(tmp_path: Path) -> None:
    sheets = [Sheet([samples.qr_picture(samples.el_qr(payment_number=number))]) for number in (1, 2)]
    (tmp_path / "slips.pdf").write_bytes(samples.pdf(*sheets, Sheet(lines=["裏面"])))
    heard: list[int] = []
    result = slips.judge_file(tmp_path / "slips.pdf", today=TODAY, on_page=heard.append)
    assert heard == [1, 2, 3]
    assert [(finding.row, finding.code) for finding in result.findings] == [
        (1, SPECIMEN),
        (2, SPECIMEN),
        (3, "SLP-0009"),
    ]
    assert {finding.file for finding in result.findings} == {"slips.pdf"}


def test_a_pdf_without_any_code_is_found(tmp_path: Path) -> None:
    result = judged(tmp_path, samples.pdf(Sheet(lines=LINES), Sheet()))
    assert [(finding.row, finding.code) for finding in result.findings] == [(1, "SLP-0006"), (2, "SLP-0006")]
    assert result.exit_status is Exit.FINDINGS


def test_a_page_that_is_too_large_does_not_hide_the_others(tmp_path: Path) -> None:
    result = judged(tmp_path, samples.pdf(Sheet(size=(14_000.0, 14_000.0)), Sheet([samples.qr_picture(EL_QR)])))
    assert {(finding.row, finding.code) for finding in result.findings} == {(1, "SLP-0005"), (2, SPECIMEN)}
