"""Whether the codes of a slip agree with each other and with what is printed (券面とコードの一致)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from municipal.conformance.findings import Fault, Outcome
from municipal.conformance.slips.catalogue import rules
from municipal.conformance.slips.checks import Reading, Verdict, whole_digits, whole_length
from municipal.conformance.slips.judging import Said
from municipal.conformance.slips.layouts import EL_QR
from municipal.conformance.slips.printed import Printed


def is_legible(reading: Reading) -> bool:
    """Whether its fields can be cut out at all (項目を切り出せるか)."""
    return whole_length(reading) is whole_digits(reading) is Outcome.PASSED


def codes_agree(readings: list[Reading], row: int) -> Iterator[Said]:
    """Each eL-QR of a page against the barcodes of the page (コード同士の一致).

    Where a page holds several slips, which code belongs to which is a matter of places on the paper that no rule
    settles: then an eL-QR only needs some barcode that goes with it. If there are fewer barcodes than eL-QRs, or more,
    a slip may rightly have none, and nothing can be told of an eL-QR without a partner.
    """
    slips = [reading for reading in readings if is_legible(reading)]
    el_qrs = [reading for reading in slips if reading.layout.pack.id == EL_QR]
    barcodes = [reading for reading in slips if reading.layout.pack.id != EL_QR]
    if not el_qrs or not barcodes:
        return
    is_paired = len(el_qrs) == len(barcodes)
    for el_qr in el_qrs:
        same = [barcode for barcode in barcodes if _amount(barcode) == _amount(el_qr)]
        yield _said("SLP-0011", row, el_qr, "amount_yen", _same_amount(el_qr, bool(same), is_paired))
        earlier = [_ends_first(barcode, el_qr) for barcode in (barcodes if len(barcodes) == 1 else same)]
        yield _said("SLP-0012", row, el_qr, "pay_until", _one_ends_first(el_qr, earlier, is_paired and bool(earlier)))


def _amount(reading: Reading) -> int:
    return int(reading.digits("amount_yen"))


def _same_amount(el_qr: Reading, is_same: bool, is_paired: bool) -> Verdict:
    if is_same:
        return Outcome.PASSED
    return _fault(el_qr, "amount_yen") if is_paired else Outcome.CANNOT_TELL


def _ends_first(barcode: Reading, el_qr: Reading) -> bool | None:
    """None where a day is missing: without a limit, or not in the calendar."""
    first, last = barcode.day("pay_until"), el_qr.day("pay_until")
    return first <= last if first and last else None


def _one_ends_first(el_qr: Reading, earlier: list[bool | None], is_paired: bool) -> Verdict:
    if True in earlier:
        return Outcome.PASSED
    if not is_paired:
        return Outcome.CANNOT_TELL
    return Outcome.INAPPLICABLE if None in earlier else _fault(el_qr, "pay_until")


def print_agrees(reading: Reading, printed: Printed, row: int) -> Iterator[Said]:
    """One code against what the slip shows (券面との一致)."""
    if not is_legible(reading):
        return
    if reading.layout.pack.id == EL_QR:
        yield _said("SLP-0013", row, reading, "payment_number", _el_number_agrees(reading, printed))
        yield _said("SLP-0015", row, reading, "due_on", _day_agrees(reading, "due_on", printed.due))
    yield _said("SLP-0014", row, reading, "amount_yen", _amount_agrees(reading, printed))
    yield _said("SLP-0016", row, reading, "pay_until", _day_agrees(reading, "pay_until", printed.last))


def el_numbers(reading: Reading) -> frozenset[str]:
    """The 34 digits that a slip may print for this eL-QR (eL番号).

    Five digits of an institution, then payment number, confirmation number and tax item. Whether the institution is
    the organisation or the operator no text that we have seen says, so both are right.
    """
    rest = "".join(reading.digits(name) for name in ("payment_number", "confirmation_number", "tax_item"))
    return frozenset(reading.digits(name) + rest for name in ("organisation", "agency"))


def _el_number_agrees(reading: Reading, printed: Printed) -> Verdict:
    if printed.el_numbers is None:
        return Outcome.CANNOT_TELL
    return Outcome.PASSED if el_numbers(reading) & printed.el_numbers else _fault(reading, "payment_number")


def _amount_agrees(reading: Reading, printed: Printed) -> Verdict:
    if _amount(reading) in (printed.amounts or frozenset()) | printed.lone_amounts:
        return Outcome.PASSED
    return Outcome.CANNOT_TELL if printed.amounts is None else _fault(reading, "amount_yen")


def _day_agrees(reading: Reading, name: str, days: frozenset[date] | None) -> Verdict:
    day = reading.day(name)
    if day is None:
        return Outcome.INAPPLICABLE
    if days is None:
        return Outcome.CANNOT_TELL
    return Outcome.PASSED if day in days else _fault(reading, name)


def _fault(reading: Reading, name: str) -> Fault:
    field = reading.layout.by_name[name]
    return Fault(field.name_ja, reading.digits(name), {"field": name, "name_en": field.name_en})


def _said(code: str, row: int, reading: Reading, name: str, verdict: Verdict) -> Said:
    return Said(rules()[code], row, reading.layout.by_name[name].name_ja, verdict)
