"""Payment codes judged: eL-QR, convenience-store barcode, and the slip that carries them (納付コードの判定).

``judge_text`` takes the digits, ``judge_file`` a PNG, JPEG or PDF, told apart by their content. What the codes must
look like is data: ``standards/el-qr`` and ``standards/convenience-barcode``. In reading order:

- ``layouts`` reads which digits mean what, and composes a payload from values;
- ``catalogue`` is the table of rules;
- ``checks`` says what each kind of rule means; ``judging`` asks them and sums up;
- ``printed`` reads the text of a slip, ``agreement`` compares codes with it and with each other;
- ``decoding`` finds codes in pictures and PDF files;
- ``summary`` puts a judgement into the form of the reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from municipal.conformance.slips.agreement import codes_agree, el_numbers, print_agrees
from municipal.conformance.slips.catalogue import SlipRule, messages, rules
from municipal.conformance.slips.checks import Symbol
from municipal.conformance.slips.decoding import Page, Unreadable, pages
from municipal.conformance.slips.judging import (
    CannotTell,
    Decoded,
    Judgement,
    Said,
    describe,
    fault,
    judge,
    judgement,
    reading_of_symbol,
    reading_of_text,
)
from municipal.conformance.slips.layouts import Value, compose, compose_barcode
from municipal.conformance.slips.printed import printed_as_told, printed_on_page, says_it_is_no_slip
from municipal.conformance.slips.summary import results

__all__ = [
    "CannotTell",
    "Decoded",
    "Judgement",
    "SlipRule",
    "Value",
    "compose",
    "compose_barcode",
    "el_numbers",
    "judge_file",
    "judge_text",
    "messages",
    "results",
    "rules",
]


def judge_text(text: str, *, today: date, printed: Mapping[str, str] | None = None) -> Judgement:
    """Judge the digits of one code, and what is printed beside it if somebody says so (入力した文字の判定).

    ``printed`` may have ``el_number``, ``amount_yen``, ``due_on`` and ``pay_until`` as printed; ValueError for others.
    Rows of findings are 0.
    """
    shown = printed_as_told(printed) if printed else None
    reading = reading_of_text(text, today)
    if reading is None:
        return judgement("", [], [fault("SLP-0007", facts={"kinds": "text"})])
    said = list(judge(reading))
    if shown:
        said += print_agrees(reading, shown, 0)
    return judgement("", [describe(reading, 0)], said)


def judge_file(path: Path, *, today: date, on_page: Callable[[int], object] = lambda number: None) -> Judgement:
    """Judge every code in a PNG, JPEG or PDF, against each other and the text of its page (ファイルの判定).

    Rows of findings are page numbers, 0 for a picture and for the file as a whole. ``on_page`` hears of each page
    that is done. A file that cannot be read is a finding; nothing is raised for it.
    """
    decoded: list[Decoded] = []
    said: list[Said] = []
    without: list[Page] = []
    try:
        for page in pages(path):
            codes, answers = _judge_page(page, today)
            decoded += codes
            said += answers
            if not codes and not answers and not says_it_is_no_slip(page.text):
                without.append(page)
            on_page(page.number)
    except Unreadable as problem:
        said.append(fault(problem.code, facts=problem.facts))
    else:
        has_some = any(code.kind != "other" for code in decoded)
        said += [fault("SLP-0009" if has_some else "SLP-0006", page.number) for page in without]
    return judgement(path.name, decoded, said)


def _judge_page(page: Page, today: date) -> tuple[list[Decoded], list[Said]]:
    if page.problem:
        return [], [fault(page.problem.code, page.number, page.problem.facts)]
    read = [(symbol, reading_of_symbol(symbol, today)) for symbol in page.symbols if symbol.text]
    readings = [reading for _, reading in read if reading]
    others = [symbol for symbol, reading in read if not reading]
    decoded = [describe(reading, page.number) for reading in readings] + [_other(page, symbol) for symbol in others]
    if not readings:
        return decoded, _no_payment_code(page, others)
    said = [answer for reading in readings for answer in judge(reading, page.number)]
    said += codes_agree(readings, page.number)
    shown = printed_on_page(page.text)
    said += [answer for reading in readings for answer in print_agrees(reading, shown, page.number)]
    return decoded, said


def _other(page: Page, symbol: Symbol) -> Decoded:
    return Decoded(page.number, "other", symbol.kind, symbol.version, symbol.level, len(symbol.text))


def _no_payment_code(page: Page, others: list[Symbol]) -> list[Said]:
    """A code for something else is a finding only where no payment code stands beside it (納付以外のコード)."""
    unread = [symbol for symbol in page.symbols if not symbol.text]
    for code, symbols in (("SLP-0007", others), ("SLP-0008", unread)):
        if symbols:
            kinds = ", ".join(sorted({symbol.kind for symbol in symbols}))
            return [fault(code, page.number, {"kinds": kinds})]
    return []
