"""What a check can say: a fault in a row, how a rule ended, how a whole run ended (検査結果の語彙)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    """How grave it is when a rule is broken (重大度)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Standing(StrEnum):
    """How sure we are of a row of a standard or of a rule (根拠の確かさ).

    Findings of provisional rules are shown apart and never decide the exit status.
    """

    OFFICIAL = "official"
    CITED = "cited"
    PROVISIONAL = "provisional"


class Outcome(StrEnum):
    """How one rule or requirement ended; what was skipped never looks like passed (結果).

    ``CANNOT_TELL``: the published text does not settle it. ``INAPPLICABLE``: nothing in the input that the rule speaks
    of. ``UNTESTED``: the rule should have run and could not.
    """

    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"
    CANNOT_TELL = "cannot_tell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


class Exit(IntEnum):
    """The exit status of the command; if several are true OUR_FAULT wins, then FINDINGS, then INCOMPLETE (終了状態)."""

    NOTHING_FOUND = 0
    FINDINGS = 1
    INCOMPLETE = 2
    OUR_FAULT = 3
    WRONG_USAGE = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule says of one row, before anybody knows file and row number (誤りの内容).

    ``column`` is the heading, "" for the whole row. ``value`` is the cell as written: personal data, shown only at the
    privacy level ``raw`` and hinted at with ``masked``. ``facts`` fill the places of the message and stand in every
    report: lengths, limits, names of lists, code points, never what a cell says.
    """

    column: str = ""
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault in one place (指摘).

    ``row`` counts as a spreadsheet does, from 1 with the heading; 0 means the whole file. ``code`` is the stable code
    of the rule.
    """

    file: str
    row: int
    column: str
    code: str
    value: str = field(default="", compare=False)
    facts: Mapping[str, object] = field(default_factory=lambda: NOTHING, compare=False)

    @property
    def place(self) -> tuple[str, str, int, str]:
        """What two engines must agree on: rule, file, row and column (指摘の場所)."""
        return self.code, self.file, self.row, self.column
