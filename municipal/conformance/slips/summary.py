"""A judgement in the form that every report is written from (報告の形への変換)."""

from __future__ import annotations

from municipal.conformance.findings import Outcome
from municipal.conformance.results import RuleResult
from municipal.conformance.slips.catalogue import SlipRule, messages, rules
from municipal.conformance.slips.judging import Judgement

MOST_SAMPLES = 100
"""Findings of one rule that a report lists; all are counted (例示の上限)."""


def results(judged: Judgement) -> tuple[RuleResult, ...]:
    """One result for every rule, in the order of the table of rules (規則ごとの結果)."""
    return tuple(_result(judged, rule) for rule in rules().values())


def _result(judged: Judgement, rule: SlipRule) -> RuleResult:
    found = tuple(finding for finding in judged.findings if finding.code == rule.code)
    outcome = judged.outcomes[rule.code]
    is_untold = outcome is Outcome.CANNOT_TELL
    return RuleResult(
        code=rule.code,
        name=rule.name,
        clause=rule.clause,
        severity=rule.severity,
        standing=rule.standing,
        outcome=outcome,
        message=messages()[rule.code],
        count=len(found),
        decisive=len(found) if rule.decides else 0,
        samples=found[:MOST_SAMPLES],
        reason_ja=rule.untold_ja if is_untold else "",
        reason_en=rule.untold_en if is_untold else "",
    )
