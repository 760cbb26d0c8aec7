"""Folds counts into results: an outcome for every rule and every clause (結果のまとめ)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from municipal.conformance import waivers
from municipal.conformance.engine.binding import Binding
from municipal.conformance.engine.tally import Count, Tally
from municipal.conformance.findings import Outcome, Severity, Standing
from municipal.conformance.packs import Message, Pack, UnreadablePack, shipped
from municipal.conformance.results import JudgedFile, PackUsed, Report, RuleResult
from municipal.conformance.rules import Context, Rule, Shape, all_rules

if TYPE_CHECKING:
    from municipal.conformance.engine.running import Asked

UNRECOGNISED = "FILE-0100"
"""The rule whose finding means that rules could not run: nobody knows what the file is."""


class Spoken:
    """Which rules had something to speak of, and what was missing for the others (規則の適用状況)."""

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.missing: dict[str, tuple[str, ...]] = {}
        self.unsettled: dict[str, dict[str, None]] = {}
        self.is_idle = False

    def add(self, rule: Rule) -> None:
        """This rule had something to judge (適用あり)."""
        self.codes.add(rule.code)

    def rows(self, rules: Sequence[Rule], binding: Binding) -> None:
        """What can run on a file by its columns (行の規則の適用)."""
        self.codes |= {bound.rule.code for bound in binding.bound}
        pack, items = binding.context.pack, binding.columns.items.values()
        for rule in rules:
            for item in items:
                if rule.is_unsettled is not None and rule.is_unsettled(item, pack):
                    self.unsettled.setdefault(rule.code, {})[item.name_ja] = None
        self.missing |= {
            rule.code: _headings(binding, binding.absent[rule.code]) for rule in rules if rule.code in binding.absent
        }

    def sets(self, rules: Sequence[Rule], spoke: Mapping[str, bool]) -> None:
        """What the rules about whole tables said of themselves (集合の規則の適用)."""
        self.codes |= {rule.code for rule in rules if rule.shape is Shape.SET and spoke.get(rule.code)}


def _headings(binding: Binding, items: Iterable[str]) -> tuple[str, ...]:
    names = {item.item: item.name_ja for item in binding.context.pack.items_of(binding.table)}
    return tuple(names.get(item, item) for item in items)


def fold(
    asked: Asked,
    judged: Sequence[JudgedFile],
    contexts: Sequence[Context],
    tally: Tally,
    spoken: Spoken,
    rules_of: Callable[[Pack], list[Rule]],
) -> Report:
    """The report of a run (検査報告の作成)."""
    packs = {context.pack.name: context.pack for context in contexts}
    rules = {rule.code: rule for pack in packs.values() for rule in rules_of(pack)}
    spoken.is_idle = not any(file.table for file in judged)
    if spoken.is_idle:
        rules[UNRECOGNISED] = all_rules()[UNRECOGNISED]
    messages = _messages(packs.values())
    results = [result for code in sorted(rules) for result in _results(rules[code], tally, spoken, messages)]
    report = Report(
        files=tuple(judged),
        packs=tuple(
            PackUsed(pack.name, pack.title_ja, pack.title_en, pack.status, pack.digest)
            for pack in sorted(packs.values(), key=lambda pack: pack.name)
        ),
        results=tuple(results),
        as_of=asked.as_of,
        today=asked.today,
        privacy=asked.privacy,
        clauses=_clauses(results, packs.values()),
        problems=asked.waivers.problems() if asked.waivers else (),
        broken={code: tally.broken[code] for code in sorted(tally.broken)},
    )
    return waivers.apply(report, asked.waivers) if asked.waivers else report


def _messages(packs: Iterable[Pack]) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for pack in [*shipped().values(), *packs]:
        found |= pack.messages
    return found


def _results(rule: Rule, tally: Tally, spoken: Spoken, messages: Mapping[str, Message]) -> Iterable[RuleResult]:
    if rule.code not in messages:
        raise UnreadablePack(f"no messages.csv has a line for rule {rule.code}")
    if rule.code in tally.broken:
        yield replace(
            _result(rule, Count(), spoken, messages[rule.code], rule.standing),
            outcome=Outcome.UNTESTED,
            reason_ja=f"規則のプログラムの不具合により、検査できませんでした（{tally.broken[rule.code]}）。",
            reason_en=f"The program of this rule failed ({tally.broken[rule.code]}).",
        )
        return
    sure, unsure = (tally.counts.get((rule.code, provisional), Count()) for provisional in (False, True))
    if rule.standing is not Standing.PROVISIONAL:
        yield _result(rule, sure, spoken, messages[rule.code], rule.standing)
    if rule.standing is Standing.PROVISIONAL or unsure.found:
        yield _result(rule, unsure, spoken, messages[rule.code], Standing.PROVISIONAL)


def _result(rule: Rule, count: Count, spoken: Spoken, message: Message, standing: Standing) -> RuleResult:
    outcome, reason_ja, reason_en = _outcome(rule, count, spoken)
    counts = standing is not Standing.PROVISIONAL and rule.severity is not Severity.INFO
    return RuleResult(
        code=rule.code,
        name=rule.name,
        clause=rule.clause,
        severity=rule.severity,
        standing=standing,
        outcome=outcome,
        message=message,
        count=count.found,
        decisive=count.found - count.waived if counts else 0,
        waived=count.waived,
        samples=tuple(sorted(count.samples)),
        reason_ja=reason_ja,
        reason_en=reason_en,
    )


def _outcome(rule: Rule, count: Count, spoken: Spoken) -> tuple[Outcome, str, str]:
    if rule.code == UNRECOGNISED and spoken.is_idle and not count.found:
        return (
            Outcome.UNTESTED,
            "表として読めたファイルがないため、内容の規則を実行できませんでした。",
            "No file could be read as a table, so no rule about content could run.",
        )
    if count.found and rule.code == UNRECOGNISED:
        return (
            Outcome.UNTESTED,
            "何のファイルか見分けられないため、内容の規則を実行できませんでした。",
            "The file was not recognised, so no rule about its content could run.",
        )
    if count.found:
        return (Outcome.WAIVED if count.waived == count.found else Outcome.FAILED), "", ""
    unsettled = "、".join(spoken.unsettled.get(rule.code, ()))
    if unsettled:
        return (
            Outcome.CANNOT_TELL,
            f"公開された文書では決まらない項目があります: {unsettled}",
            f"the published text does not settle these items: {unsettled}",
        )
    if rule.code in spoken.codes:
        return Outcome.PASSED, "", ""
    missing = "、".join(spoken.missing.get(rule.code, ()))
    if missing:
        return Outcome.INAPPLICABLE, f"列がありません: {missing}", f"the file has no column: {missing}"
    return Outcome.INAPPLICABLE, "対象のデータがありません。", "nothing in the input that the rule speaks of"


def _clauses(results: Sequence[RuleResult], packs: Iterable[Pack]) -> dict[str, Outcome]:
    """Outcome of every executable requirement that one of the rules tests, worst first."""
    outcomes: dict[str, set[Outcome]] = {}
    for result in results:
        outcomes.setdefault(result.code, set()).add(result.outcome)
    worst = (
        Outcome.FAILED, Outcome.UNTESTED, Outcome.CANNOT_TELL, Outcome.WAIVED, Outcome.PASSED, Outcome.INAPPLICABLE,
    )  # fmt: skip
    found = {}
    every = {pack.name: pack for pack in [*shipped().values(), *packs]}
    for pack in every.values():
        for requirement in pack.requirements:
            ended = {outcome for code in requirement.checks for outcome in outcomes.get(code, ())}
            if requirement.method == "execute" and ended:
                clause = f"{pack.id}/{pack.version}#{requirement.clause}"
                found[clause] = next(outcome for outcome in worst if outcome in ended)
    return found
