"""Judging the digits of one payment code (納付コードの判定)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from municipal.conformance.findings import NOTHING, Exit, Fault, Finding, Outcome
from municipal.conformance.slips.catalogue import SlipRule, rule_of, rules
from municipal.conformance.slips.checks import KINDS, Reading, Symbol, Verdict, symbol, whole_digits, whole_length
from municipal.conformance.slips.layouts import BARCODE, EL_QR, Field, layout

_SEPARATORS = re.compile(r"[\s()\x1d-]")
_EL_QR_AREA = slice(12, 16)
_WORST_LAST = (Outcome.INAPPLICABLE, Outcome.PASSED, Outcome.CANNOT_TELL, Outcome.UNTESTED, Outcome.FAILED)
_RANKS = {outcome: rank for rank, outcome in enumerate(_WORST_LAST)}


class Said(NamedTuple):
    """What one rule said of one field of one code (規則一つの答え).

    ``row`` is the page, 0 for typed text and for the whole file. ``column`` is the Japanese name of the field.
    """

    rule: SlipRule
    row: int
    column: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Decoded:
    """A code that was found, without anything of its content (見つかったコード).

    ``kind``: el-qr, convenience-barcode or other. ``symbol``: qr, gs1-128, code-128, "" for typed text. ``version``
    and ``level`` as in ``Symbol``; ``length`` counts characters.
    """

    row: int
    kind: str
    symbol: str
    version: str
    level: str
    length: int


@dataclass(frozen=True, slots=True)
class CannotTell:
    """A question that the published text or the input does not settle; never a finding (判定できないこと)."""

    row: int
    column: str
    code: str
    reason_ja: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found in a text or a file (判定の結果).

    ``outcomes`` has one entry for every rule of ``catalogue.rules``, the worst where a rule was asked several times.
    """

    findings: tuple[Finding, ...]
    decoded: tuple[Decoded, ...]
    cannot_tell: tuple[CannotTell, ...]
    outcomes: Mapping[str, Outcome]

    @property
    def exit_status(self) -> Exit:
        """The exit status: provisional rules and mere information never decide it (終了状態)."""
        if any(rules()[finding.code].decides for finding in self.findings):
            return Exit.FINDINGS
        return Exit.INCOMPLETE if Outcome.UNTESTED in self.outcomes.values() else Exit.NOTHING_FOUND


def judgement(file: str, decoded: list[Decoded], said: list[Said]) -> Judgement:
    """Sum up what all rules said (答えの集計)."""
    outcomes = dict.fromkeys(rules(), Outcome.INAPPLICABLE)
    findings, untold = [], []
    for one in said:
        verdict = one.verdict
        outcome = Outcome.FAILED if isinstance(verdict, Fault) else verdict
        before = outcomes[one.rule.code]
        if before is not outcome and _RANKS[before] < _RANKS[outcome]:
            outcomes[one.rule.code] = outcome
        if isinstance(verdict, Fault):
            findings.append(Finding(file, one.row, one.column, one.rule.code, verdict.value, verdict.facts))
        elif verdict is Outcome.CANNOT_TELL:
            untold.append(CannotTell(one.row, one.column, one.rule.code, one.rule.untold_ja, one.rule.untold_en))
    return Judgement(tuple(sorted(findings)), tuple(decoded), tuple(untold), outcomes)


def fault(code: str, row: int = 0, facts: Mapping[str, object] = NOTHING) -> Said:
    """A broken rule that speaks of a page or a file as a whole (頁やファイルの誤り)."""
    return Said(rules()[code], row, "", Fault(facts=facts))


def reading_of_text(text: str, today: date) -> Reading | None:
    """What somebody typed or pasted; None when it is no payment code (入力文字の見分け).

    A barcode may have brackets, hyphens and spaces, as printed under it, and the reader's prefix ``]C1``.
    """
    typed = text.strip()
    bare = _SEPARATORS.sub("", typed.removeprefix("]C1"))
    if typed.startswith(("]C1", "(91)")) or len(bare) == layout(BARCODE).length or bare[:2] == "91":
        return Reading(layout(BARCODE), bare, today)
    return Reading(layout(EL_QR), typed, today) if _resembles_el_qr(typed) or _is_a_number(typed) else None


def reading_of_symbol(seen: Symbol, today: date) -> Reading | None:
    """What a reader saw; None when it is no payment code (シンボルの見分け)."""
    if seen.kind == "qr":
        return Reading(layout(EL_QR), seen.text, today, seen) if _resembles_el_qr(seen.text) else None
    bare = seen.text.replace("\x1d", "")
    is_barcode = len(bare) == layout(BARCODE).length or (seen.kind == "gs1-128" and bare.startswith("91"))
    return Reading(layout(BARCODE), bare, today, seen) if is_barcode else None


def _is_a_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _resembles_el_qr(text: str) -> bool:
    """Long enough, or with the area of local tax where it should be: other QR codes for payment lack it."""
    wanted = layout(EL_QR)
    is_long_number = _is_a_number(text) and len(text) > wanted.length // 2
    return is_long_number or len(text) == wanted.length or text[_EL_QR_AREA] == "2796"


def describe(reading: Reading, row: int) -> Decoded:
    """The code without its content (内容を除いた記述)."""
    seen = reading.symbol or Symbol("", "")
    return Decoded(row, reading.layout.pack.id, seen.kind, seen.version, seen.level, len(reading.text))


class _Question(NamedTuple):
    """One rule asked of one field of a layout."""

    rule: SlipRule
    field: Field
    kind: str
    argument: str


@cache
def _questions(pack: str) -> tuple[_Question, ...]:
    return tuple(
        _Question(rule_of(pack, kind), field, kind, argument)
        for field in layout(pack).fields
        for kind, argument in field.rules
    )


_FRAME = {"tag", "length", "crc"}
_FIXED = {"tag", "length", "is", "zeros", "one_of"}
"""Kinds whose answer hangs on nothing but which digits stand there."""


@cache
def _shape(pack: str) -> re.Pattern[str]:
    """What all payloads look like that keep every fixed rule: most do, and are asked once instead of field by field."""
    wanted = layout(pack)
    parts = []
    for field in wanted.fields:
        fixed = {kind: argument for kind, argument in field.rules if kind in _FIXED}
        if "one_of" in fixed:
            parts.append(f"(?:{'|'.join(sorted(wanted.codes(fixed['one_of'])))})")
        elif "zeros" in fixed:
            parts.append(f"0{{{field.length}}}")
        else:
            parts.append(next(iter(fixed.values()), f"[0-9]{{{field.length}}}"))
    return re.compile("".join(parts))


@lru_cache(maxsize=1024)
def _kept(pack: str, row: int) -> tuple[Said, ...]:
    """That every fixed rule was kept, each said once."""
    kinds = ["whole_length", "whole_digits", *dict.fromkeys(one.kind for one in _questions(pack) if one.kind in _FIXED)]
    return tuple(Said(rule_of(pack, kind), row, "", Outcome.PASSED) for kind in kinds)


@cache
def _open(pack: str) -> tuple[_Question, ...]:
    return tuple(one for one in _questions(pack) if one.kind not in _FIXED)


def judge(reading: Reading, row: int = 0) -> Iterator[Said]:
    """Ask every rule of the layout (桁の判定).

    A wrong length or tag moves all that follows, so then the fields are not asked: one finding, not forty.
    """
    pack = reading.layout.pack.id
    yield Said(rule_of(pack, "symbol"), row, "", symbol(reading))
    if _shape(pack).fullmatch(reading.text):
        yield from _kept(pack, row)
        for rule, field, kind, argument in _open(pack):
            yield Said(rule, row, field.name_ja, KINDS[kind](reading, field, argument))
    else:
        yield from _one_by_one(reading, row, pack)


def _one_by_one(reading: Reading, row: int, pack: str) -> Iterator[Said]:
    whole = [
        Said(rule_of(pack, kind), row, "", check(reading))
        for kind, check in (("whole_length", whole_length), ("whole_digits", whole_digits))
    ]
    yield from whole
    is_legible = not any(isinstance(said.verdict, Fault) for said in whole)
    frame = [said for said in _asked(reading, row, is_legible) if said.rule.kind in _FRAME]
    yield from frame
    is_in_place = is_legible and not any(isinstance(said.verdict, Fault) for said in frame if said.rule.kind != "crc")
    yield from (said for said in _asked(reading, row, is_in_place) if said.rule.kind not in _FRAME)


def _asked(reading: Reading, row: int, can_be: bool) -> Iterator[Said]:
    for rule, field, kind, argument in _questions(reading.layout.pack.id):
        yield Said(rule, row, field.name_ja, _answer(reading, field, kind, argument, can_be))


def _answer(reading: Reading, field: Field, kind: str, argument: str, can_be: bool) -> Verdict:
    # What no published text settles stays untold however the digits look.
    return KINDS[kind](reading, field, argument) if can_be or kind == "unsettled" else Outcome.UNTESTED
