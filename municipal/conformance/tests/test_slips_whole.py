"""Asking a payload at once and field by field comes to the same; covers need no code (納付コードの一括判定の試験)."""

from datetime import date
from pathlib import Path

import pytest

from municipal.conformance.findings import Exit
from municipal.conformance.slips import compose, judge_file, judge_text
from municipal.conformance.slips.judging import _one_by_one, judge, judgement, reading_of_text
from municipal.conformance.slips.printed import says_it_is_no_slip
from municipal.conformance.tests.slip_samples import BARCODES, EL_QR, TODAY, Sheet, pdf, qr_picture

RIGHT = (EL_QR, *BARCODES)


@pytest.mark.parametrize("digits", RIGHT)
def test_what_is_asked_at_once_is_what_is_asked_field_by_field(digits: str) -> None:
    reading = reading_of_text(digits, TODAY)
    assert reading is not None
    at_once = judgement("", [], list(judge(reading)))
    one_by_one = judgement("", [], list(_one_by_one(reading, 0, reading.layout.pack.id)))
    assert at_once == one_by_one


@pytest.mark.parametrize("digits", RIGHT[:2])
def test_a_wrong_digit_anywhere_is_found(digits: str) -> None:
    assert judge_text(digits, today=TODAY).exit_status is Exit.NOTHING_FOUND
    for place, digit in enumerate(digits):
        for wrong in {str((int(digit) + 1) % 10), str((int(digit) + 5) % 10)}:
            changed = digits[:place] + wrong + digits[place + 1 :]
            assert judge_text(changed, today=TODAY).findings != judge_text(digits, today=TODAY).findings, place


@pytest.mark.parametrize("digits", RIGHT[:2])
def test_two_digits_changed_places_are_found(digits: str) -> None:
    right = judge_text(digits, today=TODAY).findings
    for place in range(len(digits) - 1):
        changed = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if changed != digits and abs(int(digits[place]) - int(digits[place + 1])) != 5:
            assert judge_text(changed, today=TODAY).findings != right, place


def test_a_payload_of_another_agency_without_its_check_digits_is_not_composed() -> None:
    with pytest.raises(ValueError, match="check_digits_1"):
        compose(
            {
                "agency": "13800", "amount_yen": 1, "fee_bearer": "2", "stamp_tax": "0", "tax_item": "901",
                "payment_number": 1, "confirmation_number": 1, "organisation": "01202", "tax_office": "001",
                "levy_year": 2026, "tax_year": 2026, "period": "01", "due_on": date(2026, 12, 1),
                "pay_until": date(2026, 12, 1),
            }
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("このページは納付書ではありません。", True),
        ("見本\nこのページは\n納付書ではありません", True),
        ("この納付書は見本です", False),
        ("", False),
    ],
)
def test_a_page_is_taken_for_a_cover_only_when_it_says_so(text: str, is_said: bool) -> None:
    assert says_it_is_no_slip(text) is is_said


@pytest.mark.parametrize(("line", "codes"), [("このページは納付書ではありません。", []), ("裏面", ["SLP-0009"])])
def test_the_cover_of_a_run_needs_no_code(tmp_path: Path, line: str, codes: list[str]) -> None:
    (tmp_path / "run.pdf").write_bytes(pdf(Sheet(lines=[line]), Sheet([qr_picture(EL_QR)])))
    found = judge_file(tmp_path / "run.pdf", today=TODAY).findings
    assert [one.code for one in found if one.code != "ELQ-0009"] == codes
