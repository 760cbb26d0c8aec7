"""Check digits: every branch of every formula, with published numbers (検査数字)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core import numbers
from municipal.core.codes import local_governments
from municipal.core.numbers import (
    CORPORATE_NUMBER,
    INDIVIDUAL_NUMBER,
    LOCAL_GOVERNMENT_CODE,
    RESIDENT_RECORD_CODE,
    CheckedNumber,
)
from municipal.core.refusals import Refused

RIGHT = [
    *((LOCAL_GOVERNMENT_CODE, code) for code in ("011002", "131016", "131041", "014010", "271004", "401307")),
    *((LOCAL_GOVERNMENT_CODE, code) for code in ("473821", "016373", "999997", "990019", "990027", "990035")),
    *((INDIVIDUAL_NUMBER, number) for number in ("123456789018", "621498320257", "379474484458")),
    *((INDIVIDUAL_NUMBER, number) for number in ("454972364860", "507957100721")),
    *((RESIDENT_RECORD_CODE, code) for code in ("24727059608", "24846016224", "25208017643")),
    *((RESIDENT_RECORD_CODE, code) for code in ("99900000002", "99900000010", "99900000029")),
    *((CORPORATE_NUMBER, number) for number in ("5835678256246", "7000012050002", "1180301018771")),
]
WRONG = [
    (LOCAL_GOVERNMENT_CODE, "999999"),
    (INDIVIDUAL_NUMBER, "507957100722"),
    (INDIVIDUAL_NUMBER, "621498320258"),
    (RESIDENT_RECORD_CODE, "25208017644"),
    (RESIDENT_RECORD_CODE, "12345678901"),
    (RESIDENT_RECORD_CODE, "99900000001"),
    (CORPORATE_NUMBER, "2835678256246"),
]
KINDS = [LOCAL_GOVERNMENT_CODE, INDIVIDUAL_NUMBER, RESIDENT_RECORD_CODE, CORPORATE_NUMBER]


@pytest.mark.parametrize(("kind", "number"), RIGHT)
def test_published_numbers_are_valid(kind: CheckedNumber, number: str) -> None:
    assert kind.is_valid(number)


@pytest.mark.parametrize(("kind", "number"), WRONG)
def test_a_wrong_check_digit_is_noticed(kind: CheckedNumber, number: str) -> None:
    assert not kind.is_valid(number)


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        (LOCAL_GOVERNMENT_CODE, "13104", "1"),  # remainder 0
        (LOCAL_GOVERNMENT_CODE, "01401", "0"),  # remainder 1
        (LOCAL_GOVERNMENT_CODE, "01100", "2"),
        (INDIVIDUAL_NUMBER, "00000000000", "0"),  # remainder 0
        (INDIVIDUAL_NUMBER, "00000000006", "0"),  # remainder 1
        (INDIVIDUAL_NUMBER, "00000000001", "9"),  # remainder 2
        (INDIVIDUAL_NUMBER, "00000000005", "1"),  # remainder 10
        (INDIVIDUAL_NUMBER, "00000100000", "4"),  # the sixth digit weighs 7
        (INDIVIDUAL_NUMBER, "00001000000", "9"),  # the seventh weighs 2 again
        (RESIDENT_RECORD_CODE, "0000000000", "0"),  # remainder 0
        (RESIDENT_RECORD_CODE, "0000000006", "0"),  # remainder 1
        (RESIDENT_RECORD_CODE, "0000000001", "9"),  # remainder 2
        (RESIDENT_RECORD_CODE, "0001000000", "9"),  # the seventh digit weighs 2 again
        (RESIDENT_RECORD_CODE, "1000000000", "6"),  # the tenth weighs 5
        (CORPORATE_NUMBER, "000000000000", "9"),  # remainder 0
        (CORPORATE_NUMBER, "000000000008", "1"),  # remainder 8: the smallest digit there is
        (CORPORATE_NUMBER, "000000000010", "7"),  # the second digit weighs 2
        (CORPORATE_NUMBER, "100000000000", "7"),  # so does the twelfth
    ],
)
def test_each_branch_of_each_formula(kind: CheckedNumber, body: str, digit: str) -> None:
    assert kind.check_digit(body) == digit


def test_all_published_local_government_codes_obey_the_formula() -> None:
    codes = list(local_governments())
    remainders = [sum(int(digit) * (6 - place) for place, digit in enumerate(code[:5])) % 11 for code in codes]
    assert len(codes) == 1965
    assert [code for code in codes if not LOCAL_GOVERNMENT_CODE.is_valid(code)] == []
    assert (remainders.count(0), remainders.count(1)) == (183, 187)  # the two branches with a rule of their own


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_digit_of_a_right_number_is_noticed(kind: CheckedNumber) -> None:
    whole = kind.of("123456789012"[: kind.length - 1])
    check_place = 0 if kind.is_check_digit_first else kind.length - 1
    others = [whole[:check_place] + digit + whole[check_place + 1 :] for digit in "0123456789"]
    assert [number for number in others if kind.is_valid(number)] == [whole]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", [str.strip, lambda text: text + "\n", lambda text: " " + text[1:], lambda _: ""])
def test_only_the_exact_shape_is_valid(kind: CheckedNumber, change: object) -> None:
    whole = kind.of("1" * (kind.length - 1))
    changed = change(whole)  # type: ignore[operator]
    assert kind.is_valid(changed) is (changed == whole)


def test_full_width_and_foreign_digits_are_no_digits() -> None:
    assert not LOCAL_GOVERNMENT_CODE.is_valid("０１１００２")
    assert not LOCAL_GOVERNMENT_CODE.is_valid("٠١١٠٠٢")
    assert not numbers.is_own_number("１９")


@pytest.mark.parametrize("body", ["", "1234", "123456", "1234x", "１２３４５"])
def test_a_body_of_another_shape_has_no_check_digit(body: str) -> None:
    with pytest.raises(ValueError, match="5 digits"):
        LOCAL_GOVERNMENT_CODE.check_digit(body)


@given(st.sampled_from(KINDS), st.integers(min_value=0))
def test_a_body_with_its_check_digit_is_valid(kind: CheckedNumber, number: int) -> None:
    body = str(number % 10 ** (kind.length - 1)).zfill(kind.length - 1)
    assert kind.is_valid(kind.of(body))


@pytest.mark.parametrize(
    ("serial", "digit"),
    [
        (1, "9"),  # weight 2
        (5, "1"),  # remainder 10
        (6, None),  # remainder 1 would give 10
        (10, "8"),  # weight 3
        (14, "0"),  # 4 x 2 + 1 x 3 = 11: remainder 0
        (100_000, "4"),  # weight 7
        (1_000_000, "9"),  # weight 2 again
        (123_456, "0"),  # 6x2 + 5x3 + 4x4 + 3x5 + 2x6 + 1x7 = 77: remainder 0
    ],
)
def test_the_check_digit_of_the_municipalitys_own_numbers(serial: int, digit: str | None) -> None:
    assert numbers.own_check_digit(serial) == digit


def test_serials_begin_at_one() -> None:
    with pytest.raises(ValueError, match="begin at 1"):
        numbers.own_check_digit(0)


def test_the_next_number_skips_a_serial_without_a_check_digit() -> None:
    assert numbers.next_number(0, 7) == (1, "0000019")
    assert numbers.next_number(4, 7) == (5, "0000051")
    assert numbers.next_number(5, 7) == (7, "0000078")  # 6 has no digit


def test_a_skipped_serial_has_no_number() -> None:
    with pytest.raises(ValueError, match="skipped"):
        numbers.number_of(6, 7)


@pytest.mark.parametrize(("serial", "width"), [(10, 2), (1, 1), (1, 16)])
def test_a_number_that_does_not_fit_is_an_error(serial: int, width: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        numbers.number_of(serial, width)


def test_used_up_numbers_are_refused() -> None:
    assert numbers.next_number(8, 2) == (9, "94")
    with pytest.raises(Refused) as refusal:
        numbers.next_number(9, 2)
    assert refusal.value.code == "numbers_used_up"


def test_about_one_serial_in_eleven_is_skipped_and_none_is_given_twice() -> None:
    given_numbers, serial = [], 0
    while serial < 11_000:
        serial, number = numbers.next_number(serial, 8)
        given_numbers.append(number)
    assert 0.90 < len(given_numbers) / serial < 0.92
    assert len(set(given_numbers)) == len(given_numbers)
    assert given_numbers == sorted(given_numbers)


@given(st.integers(min_value=0, max_value=10**13), st.integers(min_value=1, max_value=9))
def test_a_number_that_is_given_is_valid_and_its_neighbours_are_not(last_serial: int, step: int) -> None:
    number = numbers.next_number(last_serial, 15).number
    neighbour = number[:-1] + str((int(number[-1]) + step) % 10)
    assert numbers.is_own_number(number)
    assert not numbers.is_own_number(neighbour)


@pytest.mark.parametrize("text", ["", "9", "0000000", "0000061", "00000a9", "0" * 14 + "19"])
def test_what_is_no_own_number(text: str) -> None:
    assert not numbers.is_own_number(text)


@pytest.mark.parametrize(
    ("refuse", "right", "wrong"),
    [
        (numbers.refuse_unless_local_government_code, "990019", "990018"),
        (numbers.refuse_unless_resident_record_code, "99900000002", "99900000001"),
        (numbers.refuse_unless_individual_number, "123456789018", "123456789012"),
        (numbers.refuse_unless_corporate_number, "7000012050002", "7000012050003"),
        (numbers.refuse_unless_own_number, "0000019", "0000018"),
    ],
)
def test_a_form_is_told_once_and_the_number_is_not_repeated(refuse: object, right: str, wrong: str) -> None:
    refuse(right, field="number")  # type: ignore[operator]
    with pytest.raises(Refused) as refusal:
        refuse(wrong, field="number")  # type: ignore[operator]
    assert refusal.value.field == "number"
    assert wrong not in str(refusal.value)
    assert str(refusal.value).endswith("。")
