"""The result of a run, as plain data that every report is written from (検査結果)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from municipal.conformance.findings import Exit, Finding, Outcome, Severity, Standing
from municipal.conformance.packs import Message

ENGINE = "1"
"""Version of the engine: raised whenever the same input can give other findings."""


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file as it was read and what it was taken for (検査したファイル).

    ``name`` is its path below what was given. ``pack`` and ``table`` are empty if it was not recognised; ``guess`` says
    in a few words why this table was chosen, empty when the user said it. ``rows`` counts data rows.
    """

    name: str
    sha256: str
    bytes: int
    kind: str
    encoding: str
    delimiter: str
    newline: str
    header_row: int
    rows: int
    pack: str
    table: str
    guess: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How one rule ended over all files (規則ごとの結果).

    ``count`` counts all findings, ``samples`` holds the first of them in order. ``waived`` counts those set aside by
    a waiver, ``new`` those that the baseline did not have (None without one). ``reason_*`` says why it is untested,
    inapplicable or cannot be told. ``standing`` of the findings: a rule may be sure and an item provisional, so
    ``decisive`` counts the findings that decide the exit status (not waived, not provisional, not mere information).
    """

    code: str
    name: str
    clause: str
    severity: Severity
    standing: Standing
    outcome: Outcome
    message: Message
    count: int = 0
    decisive: int = 0
    waived: int = 0
    new: int | None = None
    samples: tuple[Finding, ...] = ()
    reason_ja: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that took part, with its digest (使用した仕様パック)."""

    name: str
    title_ja: str
    title_en: str
    status: str
    digest: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is reported of one run; the same input gives the same report (検査報告).

    ``clauses`` maps ``pack@version#clause`` of requirements to their outcome. ``problems`` are waivers that are unused
    or expired: (ja, en). ``privacy`` is counts, rows, masked or raw. ``broken`` are rules that failed by our own fault,
    code to place of the fault: they stand among the results as untested.
    """

    files: tuple[JudgedFile, ...]
    packs: tuple[PackUsed, ...]
    results: tuple[RuleResult, ...]
    as_of: date
    today: date
    privacy: str = "rows"
    clauses: Mapping[str, Outcome] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit(self) -> Exit:
        """The exit status: our own fault, then findings, then incompleteness (終了状態)."""
        if self.broken:
            return Exit.OUR_FAULT
        if self.problems or any(result.decisive for result in self.results):
            return Exit.FINDINGS
        if any(result.outcome is Outcome.UNTESTED for result in self.results):
            return Exit.INCOMPLETE
        return Exit.NOTHING_FOUND
