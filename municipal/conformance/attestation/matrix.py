"""The answers to the requirements of a pack, one each, and what may be counted of them (証跡表の内容)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from municipal.conformance.findings import Outcome
from municipal.conformance.packs import Pack, Requirement
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.reports.words import OUTCOMES, Both


class State(StrEnum):
    """What a person says of a requirement; nobody has said anything of a blank one (充足の状態)."""

    MET = "met"
    OTHER_MEANS = "met_by_other_means"
    TRANSITIONAL = "transitional"
    NOT_APPLICABLE = "not_applicable"
    NOT_MET = "not_met"
    BLANK = ""


STATES: Mapping[State, Both] = {
    State.MET: Both("満たす", "met"),
    State.OTHER_MEANS: Both("他の手段で満たす", "met by other means"),
    State.TRANSITIONAL: Both("経過措置", "transitional"),
    State.NOT_APPLICABLE: Both("対象外", "not applicable"),
    State.NOT_MET: Both("満たさない", "not met"),
    State.BLANK: Both("未記入", "blank"),
}
LEVELS: Mapping[str, Both] = {
    "must": Both("必須", "must"),
    "may": Both("任意", "may"),
    "must_not": Both("不可", "must not"),
}
METHODS: Mapping[str, Both] = {
    "execute": Both("自動検査", "by machine"),
    "attest": Both("人が確認", "by a person"),
    "untestable": Both("判定できない", "untestable"),
    "ambiguous": Both("解釈が分かれる", "ambiguous"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person wrote to one requirement (回答).

    ``until`` is the last day of a transitional arrangement. ``file`` is the name of an evidence file beside the table,
    ``sha256`` its digest when it was read.
    """

    state: State = State.BLANK
    until: date | None = None
    evidence: str = ""
    file: str = ""
    sha256: str = ""
    person: str = ""
    day: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether a transitional arrangement has ended; its last day still counts (期限切れか)."""
        return self.state is State.TRANSITIONAL and self.until is not None and self.until < today


NOBODY = Answer()
_WORST = (
    Outcome.FAILED,
    Outcome.UNTESTED,
    Outcome.CANNOT_TELL,
    Outcome.WAIVED,
    Outcome.PASSED,
    Outcome.INAPPLICABLE,
)


@dataclass(frozen=True)
class Matrix:
    """A pack with the answers by clause; a clause without one is blank (証跡表)."""

    pack: Pack
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def answer(self, requirement: Requirement) -> Answer:
        """The answer to a requirement, an empty one where nobody has said anything (回答)."""
        return self.answers.get(requirement.clause, NOBODY)

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many requirements there are of each level and state (集計)."""
        return Counter((row.level, self.answer(row).state) for row in self.pack.requirements)

    def overdue(self, today: date) -> list[Requirement]:
        """The requirements whose transitional arrangement has ended, in their order (期限切れの要件)."""
        return [row for row in self.pack.requirements if self.answer(row).is_overdue(today)]


def outcomes(report: bytes) -> Mapping[str, Outcome]:
    """How each rule ended, by code, from a report in JSON; raises RefusedInput for anything else (規則ごとの結果)."""
    try:
        ended: dict[str, set[Outcome]] = {}
        for result in json.loads(report)["results"]:
            # A rule stands there twice where some of its items are sure and others provisional.
            ended.setdefault(result["code"], set()).add(Outcome(result["outcome"]))
        return {code: min(outcomes, key=_WORST.index) for code, outcomes in ended.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedInput(
            "検査報告として読めません。conform check --format json で作成した報告を指定してください。",
            f"This is no report of a check ({type(error).__name__}). Give one made by conform check --format json.",
        ) from error


def tested(requirement: Requirement, ended: Mapping[str, Outcome] | None) -> list[tuple[str, Both | None]]:
    """The rules and entries of a requirement, the rules with their outcome where a report is given (規則と結果)."""
    return [(code, _outcome(code, ended)) for code in requirement.checks]


def _outcome(code: str, ended: Mapping[str, Outcome] | None) -> Both | None:
    if ended is None or code.startswith("AMB-"):
        return None
    return OUTCOMES[ended[code]] if code in ended else NOT_REPORTED


NOT_REPORTED = Both("報告に記載なし", "not in the report")
