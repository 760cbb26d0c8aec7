"""Numbers, amounts and days as they are printed on a slip (券面の数字).

Text taken out of a page has lost its places: a label need not stand beside its value, and digits in boxes come one by
one. So nothing here says what a number means, only which numbers the page shows; a rule fails only when the page
shows numbers of that kind and the right one is not among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from municipal.core.eras import eras, parse_day, plain
from municipal.core.refusals import Refused

EL_NUMBER_LENGTH = 34
_MOST_CHARACTERS = 100_000
PRINTED_FIELDS = ("el_number", "amount_yen", "due_on", "pay_until")

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \t‐‑–−ー-]{1,3}(?=\d)", re.ASCII)
_DIGITS_IN_BOXES = re.compile(r"(?<![\d,.-])\d(?:\s\d){1,10}(?![\d,-])", re.ASCII)
_LONG_NUMBER = re.compile(rf"(?<!\d)\d{{{EL_NUMBER_LENGTH}}}(?!\d)", re.ASCII)
_EL_LABEL = re.compile(r"(?:eL番号|納付書番号)[^\d]{0,12}((?:\d[\s-]*){34})", re.ASCII | re.IGNORECASE)
# Eleven digits are the width of the amount; longer numbers are something else, and slow to read.
_AMOUNT = r"[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,10}|0"
_LONE_AMOUNT = re.compile(rf"(?<![\d,.-])({_AMOUNT})(?![\d,-])", re.ASCII)
_MARKED_AMOUNT = re.compile(rf"(?:¥ *({_AMOUNT})|(?<![\d,.])({_AMOUNT}) *円)(?![\d,])", re.ASCII)
_DUE_LABEL = re.compile("納期限|納付期限")
_NO_SLIP = "このページは納付書ではありません"
_LAST_DAY_LABEL = re.compile("支払期限|取扱期限|使用期限|払込期限|有効期限")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a slip shows; None where it shows nothing of that kind that can be read (券面の内容).

    ``lone_amounts`` are further numbers that may be the amount but need not be money: they can only acquit.
    """

    el_numbers: frozenset[str] | None = None
    amounts: frozenset[int] | None = None
    lone_amounts: frozenset[int] = frozenset()
    due: frozenset[date] | None = None
    last: frozenset[date] | None = None


def printed_on_page(text: str) -> Printed:
    """What the text of a page shows (頁の文字の読取り)."""
    typed = plain(text[:_MOST_CHARACTERS])
    days = _days(typed)
    return Printed(
        el_numbers=_el_numbers(typed) or None,
        amounts=frozenset(_yen(found[1] or found[2]) for found in _MARKED_AMOUNT.finditer(typed)) or None,
        lone_amounts=frozenset(_yen(found[1]) for found in _LONE_AMOUNT.finditer(typed)) | _in_boxes(typed),
        due=days if days and _DUE_LABEL.search(typed) else None,
        last=days if days and _LAST_DAY_LABEL.search(typed) else None,
    )


def says_it_is_no_slip(text: str) -> bool:
    """Whether a page says that it is no slip, as a cover does: then it rightly has no code (納付書でない頁)."""
    return _NO_SLIP in "".join(text.split())


def printed_as_told(told: Mapping[str, str]) -> Printed:
    """What somebody says is printed, by field: ``PRINTED_FIELDS`` (申し出られた券面の内容).

    Raises ValueError for another field. A value that is no number or day agrees with no code.
    """
    if unknown := set(told) - set(PRINTED_FIELDS):
        raise ValueError(f"no such printed field: {', '.join(sorted(unknown))}")
    given = {name: plain(value) for name, value in told.items() if value.strip()}
    return Printed(
        el_numbers=frozenset({re.sub(r"[\s-]", "", given["el_number"])}) if "el_number" in given else None,
        amounts=_told_amount(given["amount_yen"]) if "amount_yen" in given else None,
        due=_told_day(given["due_on"]) if "due_on" in given else None,
        last=_told_day(given["pay_until"]) if "pay_until" in given else None,
    )


def _yen(text: str) -> int:
    return int(text.replace(",", ""))


def _in_boxes(text: str) -> frozenset[int]:
    return frozenset(int("".join(found[0].split())) for found in _DIGITS_IN_BOXES.finditer(text))


def _el_numbers(text: str) -> frozenset[str]:
    labelled = {re.sub(r"[\s-]", "", found[1]) for found in _EL_LABEL.finditer(text)}
    return frozenset(labelled | set(_LONG_NUMBER.findall(_BETWEEN_DIGITS.sub("", text))))


def _days(text: str) -> frozenset[date]:
    names = "|".join(re.escape(era.name_ja) for era in eras())
    letters = "".join(era.letter for era in eras())
    day = re.compile(
        rf"(?:(?:{names}) *(?:元|\d{{1,2}})|(?<!\d)\d{{4}}) *年 *\d{{1,2}} *月 *\d{{1,2}} *日"
        rf"|(?<![A-Za-z\d])(?:[{letters}]\d{{1,2}}|\d{{4}})([./-])\d{{1,2}}\1\d{{1,2}}(?!\d)",
        re.ASCII,
    )
    return frozenset(found for match in day.finditer(text) if (found := _day(match[0])))


def _day(text: str) -> date | None:
    try:
        return parse_day(text.replace(" ", ""))
    except Refused:
        return None


def _told_day(text: str) -> frozenset[date]:
    found = _day(text)
    return frozenset({found} if found else ())


def _told_amount(text: str) -> frozenset[int]:
    found = re.fullmatch(r"[¥\\]? *(\d[\d,]{0,13}) *円?(?:也|-)?", text, re.ASCII)
    return frozenset({_yen(found[1])} if found else ())
