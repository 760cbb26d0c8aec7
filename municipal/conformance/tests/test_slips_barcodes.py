"""Convenience-store barcodes judged: right ones and wrong ones."""

from datetime import date

import pytest

from municipal.conformance import slips
from municipal.conformance.findings import Exit
from municipal.conformance.slips.checks import Symbol
from municipal.conformance.slips.judging import judge, judgement, reading_of_symbol
from municipal.conformance.tests.slip_samples import BARCODES, TODAY, barcode, codes_of


def judged(text: str) -> slips.Judgement:
    return slips.judge_text(text, today=TODAY)


def seen(symbol: Symbol) -> slips.Judgement:
    reading = reading_of_symbol(symbol, TODAY)
    assert reading is not None
    return judgement("", [], list(judge(reading)))


@pytest.mark.parametrize("text", BARCODES)
def test_the_published_barcodes_have_nothing_wrong(text: str) -> None:
    result = judged(text)
    assert (codes_of(result), result.cannot_tell, result.exit_status) == ([], (), Exit.NOTHING_FOUND)


@pytest.mark.parametrize(
    "text",
    [
        "(91)" + BARCODES[0][2:],
        "(91)999999-000000000000000000000\n0-261031-0-012300-5",
        "]C1" + BARCODES[0],
        " ".join(BARCODES[0]),
    ],
)
def test_a_barcode_may_be_typed_as_it_is_printed_under_the_bars(text: str) -> None:
    assert codes_of(judged(text)) == []
    assert judged(text).decoded[0].kind == "convenience-barcode"


@pytest.mark.clause("convenience-barcode/6#1/m4")
@pytest.mark.parametrize("text", BARCODES)
def test_every_single_wrong_digit_of_a_barcode_is_found(text: str) -> None:
    for place in range(44):
        for digit in "0123456789":
            if digit != text[place]:
                result = judged(text[:place] + digit + text[place + 1 :])
                assert result.exit_status is Exit.FINDINGS, (place, digit)


@pytest.mark.clause("convenience-barcode/6#1/m4")
@pytest.mark.parametrize("text", BARCODES)
def test_changed_places_in_a_barcode_are_found_unless_they_differ_by_five(text: str) -> None:
    """Weights 3 and 1 cannot see a change of places between digits five apart; no checker could."""
    for place in range(43):
        left, right = text[place], text[place + 1]
        if abs(int(left) - int(right)) not in {0, 5}:
            assert judged(text[:place] + right + left + text[place + 2 :]).findings, place


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pay_until": "260931"}, "CVS-0005"),
        ({"pay_until": "000000"}, "CVS-0005"),
        ({"stamp_tax": 2}, "CVS-0006"),
        ({"amount_yen": 300_001}, "CVS-0007"),
        ({"amount_yen": 0}, "CVS-0008"),
        ({"pay_until": date(2026, 9, 30)}, "CVS-0010"),
        ({"application_identifier": "92"}, "CVS-0003"),
    ],
)
def test_one_wrong_field_of_a_barcode_is_one_finding(changes: dict[str, slips.Value], code: str) -> None:
    assert codes_of(judged(barcode(**changes))) == [code]


@pytest.mark.parametrize(
    "changes", [{"amount_yen": 300_000}, {"amount_yen": 1}, {"pay_until": "999999"}, {"stamp_tax": 1}]
)
def test_the_ends_of_what_a_barcode_allows_are_allowed(changes: dict[str, slips.Value]) -> None:
    assert codes_of(judged(barcode(**changes))) == []


@pytest.mark.parametrize(("text", "code"), [(BARCODES[0][:-1], "CVS-0001"), (BARCODES[0][:-1] + "X", "CVS-0002")])
def test_a_barcode_of_another_shape_is_one_finding(text: str, code: str) -> None:
    assert codes_of(judged(text)) == [code]


def test_a_gs1_symbol_for_payment_is_judged_even_at_a_wrong_length() -> None:
    assert codes_of(seen(Symbol("gs1-128", BARCODES[0][:-2]))) == ["CVS-0001"]
    assert reading_of_symbol(Symbol("code-128", BARCODES[0][:-2]), TODAY) is None
    assert reading_of_symbol(Symbol("gs1-128", "00" + "1" * 18), TODAY) is None


def test_a_barcode_without_fnc1_is_found() -> None:
    assert codes_of(seen(Symbol("code-128", BARCODES[0]))) == ["CVS-0009"]
    assert codes_of(seen(Symbol("gs1-128", BARCODES[0]))) == []
