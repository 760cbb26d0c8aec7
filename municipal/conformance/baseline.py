"""What is new since an earlier report, and how two reports differ (前回との比較).

A finding is the same as an earlier one if rule, file, column and row are. Reports hold only the first findings of each
rule; where either report holds fewer than it counted, the counts are compared instead.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from municipal.conformance.findings import Finding, Standing
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import Report, RuleResult
from municipal.conformance.written_reports import parse


def fingerprint(finding: Finding) -> str:
    """A name for the place of a finding that stays the same from run to run (指摘の識別子).

    32 hexadecimal digits. The value has no part in it: the digest of twelve digits is soon guessed.
    """
    place = "\0".join((finding.code, finding.file, finding.column, str(finding.row)))
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:32]


Key = tuple[str, bool]
"""Code of a rule, and whether its grounds are provisional: what is told apart within one rule."""


@dataclass(frozen=True, slots=True)
class EarlierRule:
    """What an earlier report says of one rule (前回の規則の結果)."""

    count: int
    outcome: str
    places: Counter[str] = field(default_factory=Counter)

    @property
    def is_complete(self) -> bool:
        """Whether every finding that was counted is also listed (全件の記載があるか)."""
        return self.count == self.places.total()


_NOTHING = EarlierRule(0, "")


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier report, as far as a later one is compared with it (比較の基準)."""

    sha256: str
    today: str
    engine: str
    packs: Mapping[str, str]
    rules: Mapping[Key, EarlierRule]


@dataclass(frozen=True, slots=True)
class Since:
    """Which of the listed findings are new and which are not; kept in ``Report.facts["baseline"]`` (新旧の別)."""

    sha256: str
    today: str
    new: frozenset[str]
    old: frozenset[str]

    def is_new(self, place: str) -> bool | None:
        """Whether the finding with this fingerprint is new; None if it cannot be told (新しい指摘か)."""
        return True if place in self.new else False if place in self.old else None


@dataclass(frozen=True, slots=True)
class Change:
    """How one rule differs between two reports; None where a report does not have it (規則ごとの差)."""

    code: str
    old_count: int | None
    new_count: int | None
    old_outcome: str | None
    new_outcome: str | None
    appeared: int
    gone: int

    @property
    def is_change(self) -> bool:
        """Whether anything differs (違いがあるか)."""
        return bool(self.appeared or self.gone) or self.old_outcome != self.new_outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports side by side; ``same_basis`` is false if engine or packs differ (報告の比較)."""

    old_today: str
    new_today: str
    same_basis: bool
    changes: tuple[Change, ...]


def read(data: bytes) -> Baseline:
    """An earlier JSON report; raises RefusedInput if it is none (基準の読込み)."""
    report = parse(data)
    try:
        return Baseline(
            sha256=hashlib.sha256(data).hexdigest(),
            today=str(report["today"]),
            engine=str(report["engine"]),
            packs={pack["name"]: pack["digest"] for pack in report["packs"]},
            rules={
                (str(result["code"]), result["standing"] == Standing.PROVISIONAL): _earlier(result)
                for result in report["results"]
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedInput(
            f"比較の基準にする報告に必要な項目がありません：{error}",
            f"The report to compare with lacks something: {error}",
        ) from error


def _earlier(result: Mapping[str, Any]) -> EarlierRule:
    places = Counter(str(finding["fingerprint"]) for finding in result["findings"])
    return EarlierRule(int(result["count"]), str(result["outcome"]), places)


def since(report: Report, baseline: Baseline) -> Report:
    """The report with the number of new findings of every rule and with its listed findings marked (前回からの新規)."""
    results, new, old = [], set(), set()
    for result in report.results:
        earlier = baseline.rules.get(_key(result), _NOTHING)
        places = Counter(map(fingerprint, result.samples))
        results.append(replace(result, new=_more(earlier, EarlierRule(result.count, result.outcome, places))))
        old |= {place for place in places if place in earlier.places}
        new |= {place for place in places if place not in earlier.places and earlier.is_complete}
    marks = Since(baseline.sha256, baseline.today, frozenset(new), frozenset(old))
    return replace(report, results=tuple(results), facts={**report.facts, "baseline": marks})


def _key(result: RuleResult) -> Key:
    return result.code, result.standing is Standing.PROVISIONAL


def _more(old: EarlierRule, new: EarlierRule) -> int:
    """How many findings ``new`` has that ``old`` has not; at least so many where not all are listed."""
    listed = (new.places - old.places).total() if old.is_complete else 0
    if old.is_complete and new.is_complete:
        return listed
    return max(new.count - old.count, listed, 0)


def compare(old_report: bytes, new_report: bytes) -> Comparison:
    """Two JSON reports rule by rule, in the order of the codes; raises RefusedInput (二つの報告の比較)."""
    old, new = read(old_report), read(new_report)
    before, after = _by_code(old), _by_code(new)
    return Comparison(
        old_today=old.today,
        new_today=new.today,
        same_basis=(old.engine, old.packs) == (new.engine, new.packs),
        changes=tuple(_change(code, before.get(code), after.get(code)) for code in sorted({*before, *after})),
    )


def _by_code(baseline: Baseline) -> dict[str, EarlierRule]:
    """Both results of a rule in one, with the outcome of the one that found something."""
    rules: dict[str, EarlierRule] = {}
    for (code, _), rule in baseline.rules.items():
        other = rules.get(code, _NOTHING)
        outcome = other.outcome if other.count >= max(rule.count, 1) else rule.outcome
        rules[code] = EarlierRule(other.count + rule.count, outcome, other.places + rule.places)
    return rules


def _change(code: str, old: EarlierRule | None, new: EarlierRule | None) -> Change:
    return Change(
        code=code,
        old_count=old.count if old else None,
        new_count=new.count if new else None,
        old_outcome=old.outcome if old else None,
        new_outcome=new.outcome if new else None,
        appeared=_more(old or _NOTHING, new or _NOTHING),
        gone=_more(new or _NOTHING, old or _NOTHING),
    )
