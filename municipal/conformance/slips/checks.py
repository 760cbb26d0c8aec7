"""What the words in the column ``rule`` of a layout mean: one small function per kind (桁の検査).

Each takes what was read, the field and the argument, and answers with a fault or with how it ended otherwise. Facts
of a fault never repeat the digits of a slip; those stand in ``value``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from municipal.conformance.findings import Fault, Outcome
from municipal.conformance.slips.layouts import Field, Layout, check_digit, crc
from municipal.core.codes import local_governments


@dataclass(frozen=True, slots=True)
class Symbol:
    """One code as a reader saw it (読み取ったシンボル).

    ``kind``: ``qr``, ``gs1-128``, ``code-128`` (without FNC1). ``version`` and ``level`` (L M Q H) belong to QR codes
    and are empty where the reader does not tell them. ``text`` is its content, "" when it was seen but not readable.
    """

    kind: str
    text: str
    version: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A payload with what is needed to judge it (判定の対象).

    ``symbol`` is None for text that somebody typed. ``today`` decides what is past.
    """

    layout: Layout
    text: str
    today: date
    symbol: Symbol | None = None

    def digits(self, name: str) -> str:
        """What stands in a field (項目の値)."""
        return self.text[self.layout.spans[name]]

    def day(self, name: str) -> date | None:
        """The day in a field of eight digits, or of six in this century; None if there is no such day (項目の日付)."""
        written = self.digits(name)
        try:
            return date.fromisoformat(written if len(written) == 8 else "20" + written)
        except ValueError:
            return None


Verdict = Fault | Outcome
Check = Callable[[Reading, Field, str], Verdict]


def _fault(reading: Reading, field: Field, **facts: object) -> Fault:
    told = {"field": field.name, "name_en": field.name_en, "position": field.offset + 1, **facts}
    return Fault(field.name_ja, reading.digits(field.name), told)


def _unless(broken: bool, reading: Reading, field: Field, **facts: object) -> Verdict:
    return _fault(reading, field, **facts) if broken else Outcome.PASSED


def _is(reading: Reading, field: Field, expected: str) -> Verdict:
    return _unless(reading.digits(field.name) != expected, reading, field, expected=expected)


def _zeros(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(bool(reading.digits(field.name).strip("0")), reading, field)


def _same(reading: Reading, field: Field, other: str) -> Verdict:
    return _unless(reading.digits(field.name) != reading.digits(other), reading, field)


def _one_of(reading: Reading, field: Field, codes: str) -> Verdict:
    return _unless(reading.digits(field.name) not in reading.layout.codes(codes), reading, field)


def _agency(reading: Reading, field: Field, _: str) -> Verdict:
    return _one_of(reading, field, "agency")


def _demo(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(reading.digits(field.name) == reading.layout.demo_agency, reading, field)


def _least(reading: Reading, field: Field, limit: str) -> Verdict:
    return _unless(int(reading.digits(field.name)) < int(limit), reading, field, limit=limit)


def _most(reading: Reading, field: Field, limit: str) -> Verdict:
    return _unless(int(reading.digits(field.name)) > int(limit), reading, field, limit=f"{int(limit):,}")


def _day(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(reading.day(field.name) is None, reading, field)


def _day_or(reading: Reading, field: Field, none: str) -> Verdict:
    return Outcome.PASSED if reading.digits(field.name) == none else _day(reading, field, none)


def _not_after(reading: Reading, field: Field, other: str) -> Verdict:
    first, last = reading.day(field.name), reading.day(other)
    if first is None or last is None:
        return Outcome.UNTESTED
    return _unless(first > last, reading, field)


def _expiry(reading: Reading, field: Field, _: str) -> Verdict:
    last = reading.day(field.name)
    if last is None:
        return Outcome.INAPPLICABLE
    return _unless(last < reading.today, reading, field, day=last.isoformat(), today=reading.today.isoformat())


def _year(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(reading.digits(field.name)[:2] not in {"19", "20"}, reading, field)


@cache
def _organisations() -> frozenset[str]:
    """All local governments by five digits, without the check digit (検査数字を除く団体コード)."""
    return frozenset(code[:5] for code in local_governments())


def _local_government(reading: Reading, field: Field, _: str) -> Verdict:
    written = reading.digits(field.name)
    demo = reading.layout.pack.facts.get("demo", {})
    is_made_up = reading.digits("agency") == demo.get("agency") and written.startswith(demo["organisation_prefix"])
    return _unless(not is_made_up and written not in _organisations(), reading, field)


def _unsettled(reading: Reading, field: Field, _: str) -> Verdict:
    return Outcome.CANNOT_TELL


def _crc(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(reading.digits(field.name) != crc(reading.text[: field.offset]), reading, field)


def _check_digit(reading: Reading, field: Field, _: str) -> Verdict:
    return _unless(reading.digits(field.name) != check_digit(reading.text[: field.offset]), reading, field)


KINDS: Mapping[str, Check] = {
    "tag": _is,
    "length": _is,
    "is": _is,
    "crc": _crc,
    "check_digit": _check_digit,
    "agency": _agency,
    "demo": _demo,
    "same_agency": _same,
    "same_amount": _same,
    "least": _least,
    "most": _most,
    "day": _day,
    "day_or": _day_or,
    "not_after": _not_after,
    "expiry": _expiry,
    "zeros": _zeros,
    "one_of": _one_of,
    "local_government": _local_government,
    "year": _year,
    "unsettled": _unsettled,
}
"""The kinds of rule that a field can name (規則の種類)."""


def whole_length(reading: Reading) -> Verdict:
    """The payload has as many characters as its layout (総桁数の検査)."""
    if len(reading.text) == reading.layout.length:
        return Outcome.PASSED
    return Fault(facts={"length": len(reading.text), "expected": reading.layout.length})


def whole_digits(reading: Reading) -> Verdict:
    """The payload consists of the digits 0 to 9 in half width (数字の検査)."""
    if reading.text.isascii() and reading.text.isdigit():
        return Outcome.PASSED
    others = [place for place, character in enumerate(reading.text) if character not in "0123456789"]
    if not others:
        return Outcome.PASSED
    code_point = f"U+{ord(reading.text[others[0]]):04X}"
    return Fault(facts={"position": others[0] + 1, "code_point": code_point, "count": len(others)})


def symbol(reading: Reading) -> Verdict:
    """The symbol is the one that the pack names; nothing to say of typed text (シンボルの検査).

    The reader does not tell the mode of a QR code, but 255 digits fit into 6-M in numeric mode only.
    """
    seen, wanted = reading.symbol, reading.layout.pack.facts["symbol"]
    if seen is None:
        return Outcome.INAPPLICABLE
    if seen.kind != wanted["kind"]:
        return Fault()
    if seen.kind == "qr" and not (seen.version and seen.level):
        return Outcome.CANNOT_TELL
    is_right = (seen.version, seen.level) == (wanted.get("version", ""), wanted.get("level", ""))
    return Outcome.PASSED if is_right else Fault(facts={"version": seen.version, "level": seen.level})
