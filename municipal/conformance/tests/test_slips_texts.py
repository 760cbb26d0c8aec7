"""Digits judged: eL-QR and barcode, right ones and wrong ones."""

from datetime import date

import pytest

from municipal.conformance import slips
from municipal.conformance.findings import Exit, Outcome
from municipal.conformance.slips import layouts
from municipal.conformance.slips.checks import Symbol
from municipal.conformance.slips.judging import judge, judgement, reading_of_symbol
from municipal.conformance.tests.slip_samples import EL_QR, TODAY, codes_of, el_qr

DEMO = "ELQ-0009"
PLACES = {field.name: field.span for name in ("el-qr",) for field in layouts.layout(name).fields}


def judged(text: str, today: date = TODAY) -> slips.Judgement:
    return slips.judge_text(text, today=today)


def sealed(payload: str) -> str:
    """The payload with a CRC that fits again: only the fault that a test means is left."""
    return payload[:250] + layouts.crc(payload[:250])


def with_field(name: str, digits: str) -> str:
    span = PLACES[name]
    return sealed(EL_QR[: span.start] + digits + EL_QR[span.stop :])


def seen(symbol: Symbol) -> slips.Judgement:
    reading = reading_of_symbol(symbol, TODAY)
    assert reading is not None
    return judgement("", [], list(judge(reading)))


def test_the_published_payload_is_only_said_to_be_a_specimen() -> None:
    result = judged(EL_QR)
    assert codes_of(result) == [DEMO]
    assert result.exit_status is Exit.NOTHING_FOUND


@pytest.mark.parametrize(
    "text",
    [
        el_qr(amount_yen=99_999_999_999, tax_item="999", due_on=date(2028, 2, 29), pay_until=date(2028, 2, 29)),
        el_qr(amount_yen=1, payment_number="9" * 20, confirmation_number="000000"),
        el_qr(organisation="13101"),
    ],
)
def test_the_ends_of_what_is_allowed_are_allowed(text: str) -> None:
    assert codes_of(judged(text)) == [DEMO]


@pytest.mark.clause("el-qr/3.0#1/m5")
def test_every_single_wrong_digit_of_a_payload_is_found() -> None:
    for place in range(255):
        for digit in "0123456789":
            if digit != EL_QR[place]:
                result = judged(EL_QR[:place] + digit + EL_QR[place + 1 :])
                assert result.exit_status is Exit.FINDINGS, (place, digit)


@pytest.mark.clause("el-qr/3.0#1/m5")
def test_every_pair_of_digits_that_changed_places_is_found() -> None:
    swapped = 0
    for place in range(254):
        left, right = EL_QR[place], EL_QR[place + 1]
        if left != right:
            result = judged(EL_QR[:place] + right + left + EL_QR[place + 2 :])
            assert result.exit_status is Exit.FINDINGS, place
            swapped += 1
    assert swapped > 50


def test_the_check_digits_of_mpn_are_never_judged() -> None:
    for text in (EL_QR, with_field("check_digits_1", "99"), with_field("check_digits_2", "17"), EL_QR[:-1]):
        result = judged(text)
        untold = [entry for entry in result.cannot_tell if entry.code == "ELQ-0018"]
        assert [entry.column for entry in untold] == ["チェックディジット1", "チェックディジット2"]
        assert all(entry.reason_ja and entry.reason_en for entry in untold)
        assert result.outcomes["ELQ-0018"] is Outcome.CANNOT_TELL
        assert "ELQ-0018" not in codes_of(result)
    assert judged(with_field("check_digits_1", "99")).exit_status is Exit.NOTHING_FOUND


@pytest.mark.parametrize(
    ("name", "digits", "code", "column"),
    [
        ("tag_54", "55", "ELQ-0003", "取引金額のID"),
        ("length_62", "27", "ELQ-0004", "付加情報1の桁数"),
        ("payload_format", "02", "ELQ-0005", "形式"),
        ("initiation", "11", "ELQ-0005", "読取区分"),
        ("eltax_area", "1", "ELQ-0005", "eLTAX利用領域"),
        ("agency_mpn", "13800", "ELQ-0008", "機関ID"),
        ("transaction_yen", "00000012301", "ELQ-0010", "取引金額"),
        ("due_on", "20260931", "ELQ-0012", "納期限"),
        ("pay_until", "20271301", "ELQ-0012", "支払期限"),
        ("pay_until", "00000000", "ELQ-0012", "支払期限"),
        ("due_on", "20270401", "ELQ-0013", "納期限"),
        ("account_number", "00000000001", "ELQ-0014", "口座番号"),
        ("extension_1", "00001", "ELQ-0014", "拡張領域（上段）"),
        ("extension_2", "1000000", "ELQ-0014", "拡張領域（下段）"),
        ("reserved", "0" * 84 + "1", "ELQ-0014", "付加情報2"),
        ("fee_bearer", "1", "ELQ-0015", "手数料負担区分"),
        ("stamp_tax", "1", "ELQ-0015", "印紙税要否"),
        ("organisation", "48000", "ELQ-0016", "共通納税機関コード"),
        ("levy_year", "2126", "ELQ-0017", "賦課年度"),
        ("levy_year", "1899", "ELQ-0017", "賦課年度"),
        ("tax_year", "0008", "ELQ-0017", "課税年度"),
    ],
)
def test_one_wrong_field_is_one_finding(name: str, digits: str, code: str, column: str) -> None:
    result = judged(with_field(name, digits))
    found = [finding for finding in result.findings if finding.code != DEMO]
    assert [(finding.code, finding.column, finding.row, finding.value) for finding in found] == [
        (code, column, 0, digits)
    ]
    assert result.exit_status is (Exit.FINDINGS if slips.rules()[code].decides else Exit.NOTHING_FOUND)


def test_years_of_the_last_century_are_years() -> None:
    assert codes_of(judged(el_qr(levy_year=1999, tax_year=1900))) == [DEMO]


@pytest.mark.parametrize(("name", "digits", "code"), [("length_80", "84", "ELQ-0004"), ("tag_80", "81", "ELQ-0003")])
def test_behind_a_wrong_frame_no_field_is_judged(name: str, digits: str, code: str) -> None:
    framed = PLACES[name]
    broken = with_field("reserved", "1" * 85)
    result = judged(sealed(broken[: framed.start] + digits + broken[framed.stop :]))
    assert codes_of(result) == [code]
    assert result.findings[0].facts["position"] == framed.start + 1
    assert result.outcomes["ELQ-0014"] is Outcome.UNTESTED


def test_an_amount_of_nothing_is_found() -> None:
    assert codes_of(judged(el_qr(amount_yen=0))) == ["ELQ-0009", "ELQ-0011"]


def test_an_operator_that_nobody_knows_is_found_and_is_no_specimen() -> None:
    text = el_qr(agency="13801", check_digits_1="00", check_digits_2="00", organisation="13101")
    assert codes_of(judged(text)) == ["ELQ-0007"]


def test_a_real_operator_is_no_specimen_and_needs_a_real_organisation() -> None:
    real = {"agency": "13800", "check_digits_1": "00", "check_digits_2": "00"}
    assert codes_of(judged(el_qr(**real, organisation="44000"))) == []
    assert codes_of(judged(el_qr(**real, organisation="99201"))) == ["ELQ-0016"]


def test_a_day_that_does_not_exist_is_not_compared() -> None:
    result = judged(with_field("pay_until", "20270230"))
    assert codes_of(result) == [DEMO, "ELQ-0012"]
    assert result.outcomes["ELQ-0013"] is Outcome.UNTESTED


def test_a_slip_past_its_last_day_is_said_to_be_so_and_nothing_more() -> None:
    assert codes_of(judged(EL_QR, date(2027, 3, 31))) == [DEMO]
    late = judged(EL_QR, date(2027, 4, 1))
    assert codes_of(late) == [DEMO, "ELQ-0020"]
    assert late.exit_status is Exit.NOTHING_FOUND
    assert late.findings[-1].facts["day"] == "2027-03-31"


@pytest.mark.parametrize("text", [EL_QR + "0", EL_QR[:-1], EL_QR[:128], EL_QR * 2])
def test_a_wrong_length_is_one_finding_and_the_fields_are_not_guessed(text: str) -> None:
    result = judged(text)
    assert codes_of(result) == ["ELQ-0001"]
    assert result.findings[0].facts == {"length": len(text), "expected": 255}
    assert result.outcomes["ELQ-0006"] is result.outcomes["ELQ-0012"] is Outcome.UNTESTED


@pytest.mark.parametrize(
    ("place", "character", "code_point"), [(0, "０", "U+FF10"), (100, " ", "U+0020"), (254, "O", "U+004F")]
)
def test_a_character_that_is_no_digit_is_named_by_its_code_point(place: int, character: str, code_point: str) -> None:
    result = judged(EL_QR[:place] + character + EL_QR[place + 1 :] if place < 254 else EL_QR[:-1] + character)
    assert codes_of(result) == ["ELQ-0002"]
    assert result.findings[0].facts == {"position": place + 1, "code_point": code_point, "count": 1}


def test_a_digit_lost_and_another_added_is_said_as_an_order_out_of_place() -> None:
    moved = EL_QR[:30] + EL_QR[31:] + "0"
    found = codes_of(judged(moved))
    assert {"ELQ-0003", "ELQ-0006"} <= set(found) <= {"ELQ-0003", "ELQ-0004", "ELQ-0006"}


def test_blanks_and_a_newline_around_a_pasted_payload_do_no_harm() -> None:
    assert codes_of(judged(f"  {EL_QR}\r\n")) == [DEMO]


@pytest.mark.parametrize(
    "text", ["", " ", "hello", "https://example.test/", "\x00", "納付書", "00020101021126" + "A" * 80]
)
def test_other_text_is_no_payment_code(text: str) -> None:
    result = judged(text)
    assert codes_of(result) == ["SLP-0007"]
    assert result.exit_status is Exit.FINDINGS
    assert result.decoded == ()


def test_what_was_decoded_is_told_without_its_content() -> None:
    (code,) = judged(EL_QR).decoded
    assert (code.kind, code.row, code.length, code.symbol) == ("el-qr", 0, 255, "")
    assert not any(digits in repr(code) for digits in ("12300", "123456", "99201"))


def test_a_judgement_is_summed_up_rule_by_rule_for_the_reports() -> None:
    summed = {result.code: result for result in slips.results(judged(EL_QR[:-1] + "0"))}
    assert list(summed) == list(slips.rules())
    assert (summed["ELQ-0006"].count, summed["ELQ-0006"].decisive, len(summed["ELQ-0006"].samples)) == (1, 1, 1)
    assert (summed[DEMO].count, summed[DEMO].decisive) == (1, 0)
    assert summed["ELQ-0018"].reason_ja == slips.rules()["ELQ-0018"].untold_ja != ""
    assert summed["ELQ-0012"].reason_ja == ""
    assert {code: result.outcome for code, result in summed.items()} == judged(EL_QR[:-1] + "0").outcomes


def test_facts_of_findings_never_hold_digits_of_the_slip() -> None:
    bad = with_field("transaction_yen", "00000098765").replace("123456", "777777")
    for finding in judged(bad).findings:
        assert not {"98765", "777777", "00000098765"} & {str(fact) for fact in finding.facts.values()}


@pytest.mark.parametrize(
    ("version", "level", "outcome"),
    [
        ("6", "M", Outcome.PASSED),
        ("5", "L", Outcome.FAILED),
        ("6", "L", Outcome.FAILED),
        ("12", "M", Outcome.FAILED),
        ("", "M", Outcome.CANNOT_TELL),
        ("6", "", Outcome.CANNOT_TELL),
    ],
)
@pytest.mark.clause("el-qr/3.0#5/m1")
def test_another_symbol_is_a_warning_that_decides_nothing(version: str, level: str, outcome: Outcome) -> None:
    result = seen(Symbol("qr", EL_QR, version, level))
    assert result.outcomes["ELQ-0019"] is outcome
    assert result.exit_status is Exit.NOTHING_FOUND


def test_a_qr_code_that_is_cut_off_or_holds_letters_is_still_known_by_its_area_of_local_tax() -> None:
    assert codes_of(seen(Symbol("qr", EL_QR[:60], "6", "M"))) == ["ELQ-0001"]
    assert codes_of(seen(Symbol("qr", EL_QR[:60] + "A", "6", "M"))) == ["ELQ-0001", "ELQ-0002"]
    assert reading_of_symbol(Symbol("qr", "000201010212" + "2695" + "A" * 60), TODAY) is None


def test_typed_text_has_no_symbol_to_judge() -> None:
    assert judged(EL_QR).outcomes["ELQ-0019"] is Outcome.INAPPLICABLE


@pytest.mark.parametrize(
    "symbol",
    [Symbol("qr", "https://example.test/"), Symbol("code-128", "A-123"), Symbol("gs1-128", "01049123451234591597")],
)
def test_codes_for_something_else_are_not_judged(symbol: Symbol) -> None:
    assert reading_of_symbol(symbol, TODAY) is None
