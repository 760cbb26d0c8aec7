"""The print of a slip against its codes, and the codes against each other."""

from datetime import date

import pytest

from municipal.conformance import slips
from municipal.conformance.findings import Exit, Fault, Outcome
from municipal.conformance.slips.agreement import codes_agree
from municipal.conformance.slips.judging import reading_of_text
from municipal.conformance.slips.printed import Printed, printed_as_told, printed_on_page
from municipal.conformance.tests.slip_samples import BARCODES, EL_NUMBER, EL_QR, TODAY, barcode, codes_of, el_qr

DUE, LAST = date(2026, 10, 31), date(2027, 3, 31)


def told(text: str = EL_QR, **printed: str) -> list[str]:
    return [code for code in codes_of(slips.judge_text(text, today=TODAY, printed=printed)) if code != "ELQ-0009"]


def compared(*texts: str) -> dict[str, list[Outcome]]:
    """What the rules between codes said of these codes on one page."""
    readings = [reading for text in texts if (reading := reading_of_text(text, TODAY))]
    assert len(readings) == len(texts)
    answers: dict[str, list[Outcome]] = {}
    for said in codes_agree(readings, 1):
        outcome = Outcome.FAILED if isinstance(said.verdict, Fault) else said.verdict
        answers.setdefault(said.rule.code, []).append(outcome)
    return answers


@pytest.mark.clause("el-qr/3.0#6/m3", "el-qr/3.0#6/m4", "el-qr/3.0#6/m5", "el-qr/3.0#6/m6")
def test_a_slip_that_prints_what_its_code_says_has_nothing_wrong() -> None:
    printed = {"el_number": EL_NUMBER, "amount_yen": "12,300円", "due_on": "令和8年10月31日", "pay_until": "2027/3/31"}
    result = slips.judge_text(EL_QR, today=TODAY, printed=printed)
    assert codes_of(result) == ["ELQ-0009"]
    for code in ("SLP-0013", "SLP-0014", "SLP-0015", "SLP-0016"):
        assert result.outcomes[code] is Outcome.PASSED


@pytest.mark.parametrize(
    "amount", ["12300", "12,300", "¥12,300", "￥12,300-", "１２，３００円", "金12,300円"[1:], "12,300円也"]
)
def test_an_amount_may_be_printed_in_any_usual_way(amount: str) -> None:
    assert told(amount_yen=amount) == []


@pytest.mark.parametrize("amount", ["12,301円", "1,230円", "123,000円", "一万二千三百円", "?", "12.300"])
def test_another_amount_is_found_and_decides(amount: str) -> None:
    assert told(amount_yen=amount) == ["SLP-0014"]
    assert slips.judge_text(EL_QR, today=TODAY, printed={"amount_yen": amount}).exit_status is Exit.FINDINGS


@pytest.mark.parametrize("day", ["R8.10.31", "2026-10-31", "2026年10月31日", "令和 8年 10月 31日"])
def test_a_day_may_be_printed_in_any_usual_way(day: str) -> None:
    assert told(due_on=day) == []


@pytest.mark.parametrize("day", ["R8.10.30", "2026-11-31", "平成38年10月31日", "末日"])
def test_another_day_is_found_and_decides_nothing(day: str) -> None:
    assert told(due_on=day) == ["SLP-0015"]
    assert told(pay_until=day) == ["SLP-0016"]
    assert slips.judge_text(EL_QR, today=TODAY, printed={"due_on": day}).exit_status is Exit.NOTHING_FOUND


def test_the_el_number_may_begin_with_the_organisation_or_with_the_operator() -> None:
    assert told(el_number=EL_NUMBER) == told(el_number="99999" + EL_NUMBER[5:]) == []
    assert told(el_number=f"{EL_NUMBER[:5]} {EL_NUMBER[5:25]}-{EL_NUMBER[25:31]} {EL_NUMBER[31:]}") == []
    assert told(el_number="13101" + EL_NUMBER[5:]) == ["SLP-0013"]


def test_every_single_wrong_digit_of_an_el_number_is_found() -> None:
    for place in range(34):
        digit = "7" if EL_NUMBER[place] != "7" else "3"
        assert told(el_number=EL_NUMBER[:place] + digit + EL_NUMBER[place + 1 :]) == ["SLP-0013"]


def test_a_finding_about_the_print_names_the_field_and_keeps_its_digits_apart() -> None:
    (finding,) = slips.judge_text(BARCODES[0], today=TODAY, printed={"amount_yen": "5"}).findings
    assert (finding.column, finding.value) == ("金額", "012300")
    assert finding.facts == {"field": "amount_yen", "name_en": "amount"}


def test_what_nobody_says_is_not_asked() -> None:
    result = slips.judge_text(EL_QR, today=TODAY, printed={"amount_yen": "12300", "due_on": "  "})
    assert result.outcomes["SLP-0015"] is Outcome.CANNOT_TELL
    assert [entry.code for entry in result.cannot_tell] == ["ELQ-0018", "ELQ-0018", "SLP-0013", "SLP-0015", "SLP-0016"]
    assert all(entry.reason_ja and entry.reason_en for entry in result.cannot_tell)


def test_a_printed_field_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(ValueError, match="no such printed field: name"):
        slips.judge_text(EL_QR, today=TODAY, printed={"name": "x"})


def test_a_barcode_is_compared_with_amount_and_last_day_only() -> None:
    right = {"amount_yen": "12,300", "pay_until": "2026-10-31", "el_number": "1", "due_on": "2000-01-01"}
    assert told(BARCODES[0], **right) == []
    assert told(BARCODES[0], amount_yen="12,305", pay_until="2026-10-30") == ["SLP-0016", "SLP-0014"]


def test_the_print_is_not_compared_with_a_code_that_cannot_be_cut_into_fields() -> None:
    assert told(EL_QR[:-1], amount_yen="1") == ["ELQ-0001"]


@pytest.mark.parametrize(
    "line",
    [
        f"eL番号 {EL_NUMBER}",
        f"ｅＬ番号：{EL_NUMBER[:5]}-{EL_NUMBER[5:25]}-{EL_NUMBER[25:31]}-{EL_NUMBER[31:]}",
        f"納付書番号 {EL_NUMBER[:5]} {EL_NUMBER[5:25]} {EL_NUMBER[25:31]} {EL_NUMBER[31:]} 12,300円",
        f"eL番号\n{EL_NUMBER[:20]}\n{EL_NUMBER[20:]}",
        EL_NUMBER,
    ],
)
def test_the_el_number_of_a_page_is_found_however_it_is_grouped(line: str) -> None:
    assert EL_NUMBER in (printed_on_page(line).el_numbers or ())


def test_the_numbers_under_a_barcode_are_no_el_number_and_no_amount() -> None:
    under_the_bars = printed_on_page("(91)999999-000000000000000000000\n0-261031-0-012300-5")
    assert under_the_bars.el_numbers is None
    assert under_the_bars.amounts is None
    assert 12300 not in under_the_bars.lone_amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("合計金額 12,300円", {12300}),
        ("税額12,000円 延滞金 ３００円", {12000, 300}),
        ("￥12,300 ¥ 5", {12300, 5}),
        ("令和8年度 第1期", None),
        ("12,30円", None),
        ("", None),
    ],
)
def test_the_amounts_of_a_page_are_the_numbers_marked_as_yen(text: str, amounts: set[int] | None) -> None:
    assert printed_on_page(text).amounts == amounts


@pytest.mark.parametrize("text", ["合計 1 2 3 0 0", "1\n2\n3\n0\n0", "金額 12,300", "12300 領収", "１２，３００"])
def test_an_amount_in_boxes_or_without_a_mark_can_acquit(text: str) -> None:
    assert 12300 in printed_on_page(text + "\n30万円まで、300,000円を超えるときは使えません").lone_amounts


def test_days_of_a_page_need_a_label_to_be_compared() -> None:
    assert printed_on_page("発行日 令和8年9月1日").due is None
    assert printed_on_page("納期限 令和８年１０月３１日 発行日 2026/09/01").due == frozenset({DUE, date(2026, 9, 1)})
    assert printed_on_page("支払期限 R9.3.31").last == frozenset({LAST})
    assert printed_on_page("取扱期限 2027年  3月  31日").last == frozenset({LAST})
    assert printed_on_page("納期限").due is None
    assert printed_on_page("納期限 令和8年13月40日").due is None


def test_told_print_is_read_in_any_width() -> None:
    read = printed_as_told({"amount_yen": "１２，３００円", "el_number": " " + EL_NUMBER + " ", "due_on": ""})
    assert read == Printed(frozenset({EL_NUMBER}), frozenset({12300}))


@pytest.mark.clause("el-qr/3.0#6/m1", "el-qr/3.0#6/m2")
def test_codes_of_one_slip_with_the_same_amount_and_an_earlier_end_agree() -> None:
    assert compared(EL_QR, BARCODES[0]) == {"SLP-0011": [Outcome.PASSED], "SLP-0012": [Outcome.PASSED]}
    assert compared(EL_QR, barcode(pay_until=LAST))["SLP-0012"] == [Outcome.PASSED]


def test_codes_of_one_slip_with_other_amounts_are_found() -> None:
    assert compared(EL_QR, barcode(amount_yen=12_301))["SLP-0011"] == [Outcome.FAILED]


def test_a_barcode_that_outlives_the_el_qr_is_found() -> None:
    assert compared(EL_QR, barcode(pay_until=date(2027, 4, 1)))["SLP-0012"] == [Outcome.FAILED]


def test_a_barcode_without_an_end_is_not_compared() -> None:
    assert compared(EL_QR, barcode(pay_until="999999"))["SLP-0012"] == [Outcome.INAPPLICABLE]


def test_several_slips_on_a_page_need_a_partner_each() -> None:
    second = el_qr(amount_yen=5000, period=2)
    right = compared(EL_QR, second, barcode(amount_yen=5000), BARCODES[0])
    assert right == {"SLP-0011": [Outcome.PASSED] * 2, "SLP-0012": [Outcome.PASSED] * 2}
    wrong = compared(EL_QR, second, barcode(amount_yen=5001), BARCODES[0])
    assert wrong["SLP-0011"] == [Outcome.PASSED, Outcome.FAILED]
    assert wrong["SLP-0012"] == [Outcome.PASSED, Outcome.CANNOT_TELL]


def test_a_large_amount_may_rightly_have_no_barcode_beside_others_that_do() -> None:
    alone = compared(EL_QR, el_qr(amount_yen=400_000, period=2), BARCODES[0])
    assert alone["SLP-0011"] == [Outcome.PASSED, Outcome.CANNOT_TELL]


def test_codes_without_a_partner_or_without_fields_are_not_compared() -> None:
    assert compared(EL_QR) == compared(BARCODES[0]) == compared(EL_QR[:-1], BARCODES[0]) == {}
