"""Numbers that carry a check digit, and how each digit is worked out (検査数字つきの番号).

Every formula multiplies the digits of the body by weights and divides the sum; only weights, modulus and
the treatment of small remainders differ. Nothing here normalises: a number in full-width digits is refused,
because a number that was read wrongly once must not be quietly repaired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple

from municipal.core.refusals import Refused


def _weighted_sum(body: str, weights: tuple[int, ...]) -> int:
    """Sum of digit times weight, counted from the right; the weights begin again when they run out."""
    return sum(int(digit) * weight for digit, weight in zip(reversed(body), cycle(weights), strict=False))


def _are_digits(text: str) -> bool:
    # str.isdigit alone also accepts full-width and Arabic-Indic digits.
    return text.isascii() and text.isdigit()


@dataclass(frozen=True)
class CheckedNumber:
    """A number of fixed length one of whose digits proves the others (検査数字つきの番号).

    ``length`` counts the check digit. ``digit_of_sum`` turns the weighted sum into the check digit.
    """

    length: int
    weights: tuple[int, ...]
    digit_of_sum: Callable[[int], int]
    is_check_digit_first: bool = False

    def check_digit(self, body: str) -> str:
        """The digit that belongs to ``body``, the number without it; ValueError for another shape (検査数字)."""
        if len(body) != self.length - 1 or not _are_digits(body):
            raise ValueError(f"the body has {self.length - 1} digits 0-9")
        return str(self.digit_of_sum(_weighted_sum(body, self.weights)))

    def of(self, body: str) -> str:
        """The whole number for ``body``, with the check digit in its place (番号)."""
        digit = self.check_digit(body)
        return digit + body if self.is_check_digit_first else body + digit

    def is_valid(self, text: str) -> bool:
        """Whether ``text`` has the length, only digits 0-9 and the right check digit (正しい番号か)."""
        if len(text) != self.length or not _are_digits(text):
            return False
        return text == self.of(text[1:] if self.is_check_digit_first else text[:-1])


def _last_digit_of_complement(total: int) -> int:
    # Remainder 0 gives 11 and remainder 1 gives 10: of both only the last digit is written.
    return (11 - total % 11) % 10


def _complement_or_zero(total: int) -> int:
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def _complement_of_nine(total: int) -> int:
    return 9 - total % 9


LOCAL_GOVERNMENT_CODE = CheckedNumber(6, (2, 3, 4, 5, 6), _last_digit_of_complement)
"""Prefecture (2 digits), municipality (3 digits), check digit (全国地方公共団体コード).

Source: the code list of the Ministry of Internal Affairs and Communications; all 1,965 codes of
2024-01-01 obey the formula.
"""

INDIVIDUAL_NUMBER = CheckedNumber(12, (2, 3, 4, 5, 6, 7), _complement_or_zero)
"""Eleven digits and a check digit (個人番号).

Source: Ordinance 85 of 2014 of the Ministry of Internal Affairs and Communications, article 5.
"""

RESIDENT_RECORD_CODE = CheckedNumber(11, (2, 3, 4, 5, 6, 7), _complement_or_zero)
"""Ten random digits and a check digit (住民票コード).

Formula by MIC notice 436 of 2002; gazette wording not seen by us. Public implementations and all the
published sample codes that are right agree with it.
"""

CORPORATE_NUMBER = CheckedNumber(13, (1, 2), _complement_of_nine, is_check_digit_first=True)
"""A check digit and the twelve digits behind it (法人番号).

Source: the formula published with the number by the National Tax Agency; 12 digits, weights 1 and 2 from
the right, 9 less the remainder of 9, so that the check digit is never 0.
"""


class OwnNumber(NamedTuple):
    """A serial and the number written for it (自団体の番号)."""

    serial: int
    number: str


_OWN_WEIGHTS = (2, 3, 4, 5, 6, 7)
_LONGEST_OWN_NUMBER = 15  # the length that the data requirements give the addressee number


def own_check_digit(serial: int) -> str | None:
    """The last digit of an addressee or household number, or None where there is none (宛名番号の検査数字).

    ``resident-record/1.0#1.1.13``: modulus 11 with the weights 2 to 7 from the right, 11 less the remainder,
    and 0 when the remainder is 0. Remainder 1 would give 10, which is no digit; the text is silent about it.
    We do not invent a digit: such serials (one in eleven) are never used.
    """
    if serial < 1:
        raise ValueError("serials begin at 1")
    remainder = _weighted_sum(str(serial), _OWN_WEIGHTS) % 11
    if remainder == 1:
        return None
    return "0" if remainder == 0 else str(11 - remainder)


def number_of(serial: int, width: int) -> str:
    """The number of ``serial`` in ``width`` digits, check digit included (番号).

    Raises ValueError for a serial that is skipped or does not fit: callers take serials from ``next_number``.
    """
    digit = own_check_digit(serial)
    if digit is None:
        raise ValueError(f"serial {serial} has no check digit and is skipped")
    number = str(serial).zfill(width - 1) + digit
    if not 2 <= width <= _LONGEST_OWN_NUMBER or len(number) != width:
        raise ValueError(f"serial {serial} does not fit a width of {width}")
    return number


def next_number(last_serial: int, width: int) -> OwnNumber:
    """The first serial after ``last_serial`` (0 before the first) that has a check digit (次の番号).

    Numbers are given from here on only: numbers that a municipality already uses keep their old form
    (``resident-record/1.0#1.1.13``). Raises Refused when ``width`` digits are used up.
    """
    serial = last_serial + 1
    while own_check_digit(serial) is None:
        serial += 1
    if len(str(serial)) >= width:
        raise Refused(
            "割り当てられる番号がなくなりました。管理者に桁数の拡張を依頼してください。",
            code="numbers_used_up",
        )
    return OwnNumber(serial, number_of(serial, width))


def is_own_number(text: str) -> bool:
    """Whether ``text`` is a number that ``next_number`` could have given, in any width (自団体の番号か)."""
    if not 2 <= len(text) <= _LONGEST_OWN_NUMBER or not _are_digits(text):
        return False
    serial = int(text[:-1])
    return serial > 0 and own_check_digit(serial) == text[-1]


def refuse_unless_local_government_code(text: str, *, field: str) -> None:
    """Refuse anything but a code with the right check digit (全国地方公共団体コードの確認)."""
    if not LOCAL_GOVERNMENT_CODE.is_valid(text):
        raise Refused(
            "全国地方公共団体コードが正しくありません。検査数字を含む6桁の半角数字で入力してください。",
            field=field,
            code="local_government_code",
        )


def refuse_unless_resident_record_code(text: str, *, field: str) -> None:
    """Refuse anything but a code with the right check digit (住民票コードの確認)."""
    if not RESIDENT_RECORD_CODE.is_valid(text):
        raise Refused(
            "住民票コードが正しくありません。11桁の半角数字をもう一度確かめて入力してください。",
            field=field,
            code="resident_record_code",
        )


def refuse_unless_individual_number(text: str, *, field: str) -> None:
    """Refuse anything but a number with the right check digit; the number is not repeated (個人番号の確認)."""
    if not INDIVIDUAL_NUMBER.is_valid(text):
        raise Refused(
            "個人番号が正しくありません。12桁の半角数字をもう一度確かめて入力してください。",
            field=field,
            code="individual_number",
        )


def refuse_unless_corporate_number(text: str, *, field: str) -> None:
    """Refuse anything but a number with the right check digit (法人番号の確認)."""
    if not CORPORATE_NUMBER.is_valid(text):
        raise Refused(
            "法人番号が正しくありません。13桁の半角数字をもう一度確かめて入力してください。",
            field=field,
            code="corporate_number",
        )


def refuse_unless_own_number(text: str, *, field: str) -> None:
    """Refuse anything but an addressee or household number with the right check digit (宛名番号・世帯番号の確認)."""
    if not is_own_number(text):
        raise Refused(
            "番号の検査数字が合いません。半角数字で、番号をもう一度確かめて入力してください。",
            field=field,
            code="own_number",
        )
