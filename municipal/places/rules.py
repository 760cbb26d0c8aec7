"""What a number of a house is worth, how a code of a place is made, when a dictionary is old (場所の規則)."""

import re
import unicodedata
from datetime import date

from municipal.core.characters import kana_reading
from municipal.core.clauses import implements
from municipal.core.numbers import LOCAL_GOVERNMENT_CODE, refuse_unless_local_government_code
from municipal.core.refusals import Refused

DIGITS, PARTS = 5, 4
"""A number in a lot takes five digits; three of them and the room's make a code."""

_KANJI_DIGITS = {letter: index for index, letter in enumerate("〇一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十百千]+")
_NUMBER = re.compile("[0-9]+")


def _kanji_number(text: str) -> str:
    """A number in kanji as digits: 二十三 is 23, 一〇五 is 105."""
    if not _TENS.keys() & set(text):
        return "".join(str(_KANJI_DIGITS[letter]) for letter in text)
    total, digit = 0, 0
    for letter in text:
        if letter in _TENS:
            total, digit = total + (digit or 1) * _TENS[letter], 0
        else:
            digit = _KANJI_DIGITS[letter]
    return str(total + digit)


def _numbers(text: str) -> list[int]:
    plain = unicodedata.normalize("NFKC", text)
    return [int(found) for found in _NUMBER.findall(_KANJI_NUMBER.sub(lambda one: _kanji_number(one[0]), plain))]


@implements("resident-record/1.0#1.3.2/m2")
def sort_code(lot: str, building: str = "") -> str:
    """The numbers of a lot and of the room in fixed width, so that 2番地 sorts before 10番地 (番地等のコード).

    Three numbers of the lot (番地, 枝番, 孫枝番) and the last number of the building, five digits each; what is not
    there is 00000, what is larger than five digits 99999. Full width and kanji numerals count as digits. Empty where
    neither holds a number.
    """
    numbers, rooms = _numbers(lot)[: PARTS - 1], _numbers(building)
    if not numbers and not rooms:
        return ""
    whole = [*numbers, *[0] * (PARTS - 1 - len(numbers)), rooms[-1] if rooms else 0]
    return "".join(f"{min(number, 10**DIGITS - 1):0{DIGITS}}" for number in whole)


@implements("resident-record/1.0#1.3.3/m5", "resident-record/1.0#1.3.3/m6", "resident-record/1.0#1.3.3/m7")
def refuse_unless_address_code(code: str, municipality_code: str, *, field: str = "code") -> None:
    """Raise Refused unless ``code`` is 11 digits: prefecture 2, city 3, large area 3, small area 3 (住所コードの検査).

    The first five are those of the municipality's code, which follows JIS X 0401 and X 0402 with its check digit.
    """
    refuse_unless_local_government_code(municipality_code, field="municipality_code")
    if re.fullmatch("[0-9]{11}", code) is None:
        raise Refused("住所コードは11桁の数字です。", field=field, code="address_code")
    if code[:5] != municipality_code[:5]:
        raise Refused(
            "住所コードのはじめの5桁は、都道府県と市区町村の番号です。市区町村コードと合わせてください。",
            field=field,
            code="address_code_elsewhere",
        )


def municipality_code_of(code: str) -> str:
    """The six-digit code of the municipality in which an address code lies (市区町村コード)."""
    return LOCAL_GOVERNMENT_CODE.of(code[:5])


def kana_initials(text: str) -> list[str]:
    """What somebody typed as initials of an address: parts of kana, parted by spaces (住所カナの頭文字)."""
    return [kana_reading(part) for part in unicodedata.normalize("NFKC", text).split()]


@implements("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m2")
def is_due(dictionary: str, last: date | None, today: date) -> bool:
    """Whether a dictionary wants its update: addresses after a month, countries after a year (更新の時期)."""
    if last is None:
        return True
    months = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    return months >= (12 if dictionary == "countries" else 1)
