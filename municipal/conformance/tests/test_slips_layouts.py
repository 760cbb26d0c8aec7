"""The layouts as data, and payloads composed from them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from municipal.conformance import packs, slips
from municipal.conformance.findings import Severity, Standing
from municipal.conformance.slips import catalogue, checks, layouts
from municipal.conformance.tests.slip_samples import BARCODE_VALUES, BARCODES, EL_QR, VALUES, barcode, el_qr

EL_QR_LAYOUT, BARCODE_LAYOUT = layouts.layout("el-qr"), layouts.layout("convenience-barcode")
BOTH = pytest.mark.parametrize("wanted", [EL_QR_LAYOUT, BARCODE_LAYOUT], ids=["el-qr", "barcode"])


def test_the_layouts_are_as_long_as_the_codes() -> None:
    assert (EL_QR_LAYOUT.length, BARCODE_LAYOUT.length) == (255, 44)


@BOTH
def test_every_rule_that_a_field_names_is_known_and_has_a_code(wanted: layouts.Layout) -> None:
    kinds = {kind for field in wanted.fields for kind, _ in field.rules}
    assert kinds <= set(checks.KINDS)
    assert all(catalogue.rule_of(wanted.pack.id, kind).code for kind in kinds)


@BOTH
def test_every_field_says_how_sure_we_are_and_where_it_comes_from(wanted: layouts.Layout) -> None:
    assert {field.status for field in wanted.fields} <= set(Standing)
    assert all(field.source and field.name_ja and field.name_en for field in wanted.fields)


def test_the_declared_lengths_are_the_lengths_of_what_follows() -> None:
    """The layout itself obeys the rule that it states: a length field counts the fields below its path."""
    for field in EL_QR_LAYOUT.fields:
        if field.name.startswith("length_"):
            inside = [
                one.length
                for one in EL_QR_LAYOUT.fields
                if one.offset > field.offset and (one.path + "/").startswith(field.path + "/")
            ]
            assert sum(inside) == int(field.argument("length") or 0), field.name


def test_every_rule_is_proved_by_one_requirement_and_explained_in_both_languages() -> None:
    named = [
        code
        for pack in ("el-qr", "convenience-barcode")
        for one in packs.find(pack).requirements
        for code in one.checks
    ]
    assert len(named) == len(set(named))
    assert set(named) <= set(slips.rules())
    # What is left speaks of the file itself, which is no clause of anything.
    files = {f"SLP-{number:04}" for number in range(1, 11)}
    assert set(slips.rules()) - set(named) == files
    assert set(slips.messages()) == set(slips.rules())
    for message in slips.messages().values():
        assert all((message.what_ja, message.why_ja, message.mend_ja, message.what_en, message.why_en, message.mend_en))


def test_requirements_that_no_machine_tests_say_why() -> None:
    for pack in ("el-qr", "convenience-barcode"):
        for one in packs.find(pack).requirements:
            assert one.method == "execute" or (one.reason_ja and one.reason_en), one.clause
            assert one.checks or one.method == "untestable", one.clause


def test_standing_and_clause_come_from_the_requirement() -> None:
    rules = slips.rules()
    assert rules["ELQ-0006"].clause == "el-qr/3.0#1/m5"
    assert rules["ELQ-0006"].standing is Standing.CITED
    assert rules["ELQ-0013"].standing is Standing.PROVISIONAL
    assert rules["SLP-0003"].clause == ""
    assert rules["CVS-0007"].clause == "convenience-barcode/6#2/m3"


def test_only_sure_rules_that_are_more_than_information_decide() -> None:
    rules = slips.rules()
    assert rules["ELQ-0006"].decides
    assert not rules["ELQ-0013"].decides
    assert not rules["ELQ-0019"].decides
    assert not replace(rules["ELQ-0006"], severity=Severity.INFO).decides


def test_a_kind_without_a_rule_is_said_to_be_missing() -> None:
    with pytest.raises(packs.UnreadablePack, match="no rule of the kind 'prime'"):
        catalogue.rule_of("el-qr", "prime")


def _pack_with(folder: Path, *lines: str) -> str:
    (folder / "pack.toml").write_text(
        'id = "x"\nversion = "1"\ntitle_ja = "x"\ntitle_en = "x"\nstatus = "cited"\nlicence = "x"\n', encoding="utf-8"
    )
    head = "field,offset,length,path,name_ja,name_en,rule,status,source"
    (folder / "layout.csv").write_text("\n".join((head, *lines, "")), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("a,0,2,,a,a,,cited,x", "b,3,2,,b,b,,cited,x"), "b does not begin at 2"),
        (("a,0,0,,a,a,,cited,x",), "a does not begin at 0"),
        (("a,zero,2,,a,a,,cited,x",), "ValueError"),
        ((), "there is no field"),
    ],
)
def test_a_layout_with_a_gap_or_without_numbers_is_refused(tmp_path: Path, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(packs.UnreadablePack, match=reason):
        layouts.layout(_pack_with(tmp_path, *lines))


@pytest.mark.clause("el-qr/3.0#1/m5")
def test_the_crc_is_that_of_the_published_check_value() -> None:
    assert layouts.crc("123456789") == "10673"
    assert layouts.crc(EL_QR[:250]) == "62277"


def test_a_small_crc_is_written_with_zeros() -> None:
    small = next(number for number in range(100_000) if int(layouts.crc(str(number))) < 1000)
    assert len(layouts.crc(str(small))) == 5
    assert layouts.crc(str(small)).startswith("00")


@pytest.mark.clause("convenience-barcode/6#1/m4")
@pytest.mark.parametrize("digits", BARCODES)
def test_the_check_digit_of_a_barcode_is_found(digits: str) -> None:
    assert layouts.check_digit(digits[:43]) == digits[43]


def test_a_check_digit_of_zero_is_zero_and_not_ten() -> None:
    assert layouts.check_digit("0" * 43) == "0"
    assert layouts.check_digit("5" + "5") == "0"


def test_the_published_payload_is_composed_digit_by_digit() -> None:
    assert el_qr() == EL_QR


def test_composing_from_all_its_own_fields_gives_the_payload_again() -> None:
    everything = {field.name: EL_QR[field.span] for field in EL_QR_LAYOUT.fields}
    assert slips.compose(everything) == EL_QR


@pytest.mark.parametrize("digits", BARCODES)
def test_the_published_barcodes_are_composed_digit_by_digit(digits: str) -> None:
    given = {name: digits[BARCODE_LAYOUT.by_name[name].span] for name in BARCODE_VALUES}
    assert slips.compose_barcode(given) == digits


def test_a_barcode_writes_a_day_with_two_digits_of_the_year() -> None:
    assert barcode(pay_until=date(2027, 3, 31))[30:36] == "270331"


def test_the_largest_amount_fits_and_one_yen_more_does_not() -> None:
    composed = el_qr(amount_yen=99_999_999_999)
    assert composed[116:127] == composed[42:53] == "99999999999"
    with pytest.raises(ValueError, match="amount_yen takes 11 digits"):
        el_qr(amount_yen=100_000_000_000)


@pytest.mark.parametrize("name", sorted(VALUES))
def test_a_payload_lacks_no_value_silently(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is missing"):
        slips.compose({field: value for field, value in VALUES.items() if field != name})


@pytest.mark.parametrize("value", ["１２３４５６", "12345", "1234567", "12345x", -1, ""])
def test_a_value_of_another_shape_is_refused(value: str | int) -> None:
    with pytest.raises(ValueError, match="confirmation_number takes 6 digits"):
        el_qr(confirmation_number=value)


def test_a_value_for_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such field: colour"):
        el_qr(colour="1")


def test_a_payable_slip_needs_check_digits_that_nobody_here_can_compute() -> None:
    with pytest.raises(ValueError, match="check_digits_1 is missing"):
        el_qr(agency="13800")
    composed = el_qr(agency="13800", check_digits_1="12", check_digits_2="34")
    assert (composed[20:25], composed[54:59], composed[29:31], composed[68:70]) == ("13800", "13800", "12", "34")
