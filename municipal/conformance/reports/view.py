"""What every format shows of a report, worked out once, so that all formats say the same (報告の中身)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from municipal.conformance.baseline import Since, fingerprint
from municipal.conformance.findings import Exit, Finding, Outcome, Severity
from municipal.conformance.privacy import Sentences, outline, sentences, value_at
from municipal.conformance.reports.words import EXITS, NONE, NOT_RECOGNISED, RAW, WHOLE_FILE, Both, Section
from municipal.conformance.results import JudgedFile, Report, RuleResult
from municipal.conformance.waivers import Waiver

_GRAVEST_FIRST = (
    Outcome.FAILED,
    Outcome.UNTESTED,
    Outcome.CANNOT_TELL,
    Outcome.WAIVED,
    Outcome.PASSED,
    Outcome.INAPPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding as the privacy level shows it (表示する指摘).

    ``value`` is None where it is hidden. ``is_new`` is None without a baseline or where it cannot be told.
    """

    code: str
    file: str
    row: int
    column: str
    value: str | None
    says: Mapping[str, Sentences]
    fingerprint: str
    waiver: Waiver | None
    is_new: bool | None

    @property
    def where(self) -> Both:
        """Row and column in words (指摘の場所)."""
        if not self.row:
            return Both(*(f"{whole} {self.column}".strip() for whole in WHOLE_FILE))
        return Both(f"{self.row}行 {self.column}".strip(), f"row {self.row} {self.column}".strip())


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule with what is shown of it (表示する規則).

    ``says`` are the sentences that hold for all its findings: where findings differ, the open form with ``…``.
    ``apart`` counts what neither decides the exit status nor is waived.
    """

    result: RuleResult
    section: Section
    shown: tuple[Shown, ...]
    says: Mapping[str, Sentences]

    @property
    def apart(self) -> int:
        """Findings that neither decide nor are waived (判断に関わらない件数)."""
        return self.result.count - self.result.decisive - self.result.waived


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts that stand in every format (集計).

    ``findings`` is the sum of ``decisive``, ``waived``, ``provisional``, ``information`` and ``undetermined``.
    ``new`` is None without a baseline. ``shown`` of them are listed.
    """

    rules: int
    outcomes: Mapping[str, int]
    findings: int
    decisive: int
    waived: int
    provisional: int
    information: int
    undetermined: int
    new: int | None
    shown: int

    def plain(self) -> dict[str, int | None]:
        """The counts of findings by name, without those of the rules (指摘の件数)."""
        names = ("findings", "decisive", "waived", "provisional", "information", "undetermined", "new", "shown")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class View:
    """A report as it is shown (報告の表示内容)."""

    report: Report
    rules: tuple[Judged, ...]
    tally: Tally
    since: Since | None
    waivers: tuple[Waiver, ...]

    @property
    def by_code(self) -> Mapping[str, tuple[Judged, ...]]:
        """The rules by code, most with one entry, some with one more on provisional grounds (規則番号ごと)."""
        codes: dict[str, tuple[Judged, ...]] = {}
        for judged in self.rules:
            codes[judged.result.code] = (*codes.get(judged.result.code, ()), judged)
        return codes

    def section(self, section: Section) -> tuple[Judged, ...]:
        """The rules of one section, in the order of the report (区分の規則)."""
        return tuple(judged for judged in self.rules if judged.section is section)


def view(report: Report) -> View:
    """Work out what is shown; raises ValueError for an unknown privacy level (表示内容の作成)."""
    value_at(report.privacy, "")
    since = report.facts.get("baseline")
    waived: Mapping[str, Waiver] = report.facts.get("waived", {})
    found = {result.code for result in report.results if result.count}
    rules = tuple(
        _judged(result, report.privacy, since, waived)
        for result in report.results
        # A rule has two results if some of its grounds are provisional: the one that found nothing says nothing.
        if result.count or result.code not in found
    )
    return View(report, rules, tally(rules), since, tuple(report.facts.get("waivers", ())))


def _judged(result: RuleResult, level: str, since: Since | None, waived: Mapping[str, Waiver]) -> Judged:
    samples = () if level == "counts" else result.samples
    shown = tuple(_shown(finding, result, level, since, waived) for finding in samples)
    return Judged(result, section_of(result), shown, _common(result, shown))


def _shown(
    finding: Finding, result: RuleResult, level: str, since: Since | None, waived: Mapping[str, Waiver]
) -> Shown:
    place = fingerprint(finding)
    return Shown(
        code=finding.code,
        file=finding.file,
        row=finding.row,
        column=finding.column,
        value=value_at(level, finding.value),
        says=sentences(result.message, finding, level),
        fingerprint=place,
        waiver=waived.get(place),
        is_new=since.is_new(place) if since else None,
    )


def _common(result: RuleResult, shown: tuple[Shown, ...]) -> Mapping[str, Sentences]:
    open_form = outline(result.message)
    if not shown:
        return open_form
    return {
        language: Sentences(
            *(
                same.pop() if len(same := {place.says[language][index] for place in shown}) == 1 else form[index]
                for index in range(len(form))
            )
        )
        for language, form in open_form.items()
    }


def section_of(result: RuleResult) -> Section:
    """Where a rule is shown: with the findings whatever decides the exit status (規則の区分)."""
    if result.decisive:
        return Section.FINDINGS
    if result.outcome is not Outcome.FAILED:
        return Section(result.outcome.value)
    return Section.INFORMATION if result.severity is Severity.INFO else Section.PROVISIONAL


def tally(rules: tuple[Judged, ...]) -> Tally:
    """Count rules and findings; a rule with two results counts once, by the graver one (集計)."""
    ended: dict[str, Outcome] = {}
    for judged in rules:
        code, outcome = judged.result.code, judged.result.outcome
        ended[code] = min(ended.get(code, outcome), outcome, key=_GRAVEST_FIRST.index)
    outcomes = Counter(ended.values())
    new = [judged.result.new for judged in rules if judged.result.new is not None]
    apart: Counter[str] = Counter()
    for judged in rules:
        apart[_kind_apart(judged.result)] += judged.apart
    return Tally(
        rules=len(ended),
        outcomes={outcome.value: outcomes[outcome] for outcome in Outcome},
        findings=sum(judged.result.count for judged in rules),
        decisive=sum(judged.result.decisive for judged in rules),
        waived=sum(judged.result.waived for judged in rules),
        provisional=apart["provisional"],
        information=apart["information"],
        undetermined=apart["undetermined"],
        new=sum(new) if new else None,
        shown=sum(len(judged.shown) for judged in rules),
    )


def _kind_apart(result: RuleResult) -> str:
    if result.outcome in (Outcome.CANNOT_TELL, Outcome.UNTESTED):
        return "undetermined"
    return "information" if result.severity is Severity.INFO else "provisional"


def headline(shown: View) -> Both:
    """The result in one line: what was found, and how many of the rules ran without findings (結果の一行)."""
    counts = shown.tally
    if shown.report.exit is Exit.FINDINGS and counts.decisive:
        rules = len(shown.section(Section.FINDINGS))
        first = Both(
            f"指摘があります：{counts.decisive}件（{rules}規則）", f"Findings: {counts.decisive} (rules: {rules})"
        )
    elif shown.report.exit is Exit.FINDINGS:
        number = len(shown.report.problems)
        first = Both(f"免除の問題があります：{number}件", f"Problems with waivers: {number}")
    else:
        first = EXITS[shown.report.exit]
    passed, rules = counts.outcomes["passed"], counts.rules
    if not passed and not counts.findings:
        return Both(
            f"検査できた規則はありません（{rules}規則中）。", f"Nothing was checked: no findings in 0 of {rules} rules."
        )
    return Both(
        f"{first.ja}。{rules}規則のうち{passed}規則で指摘なし。",
        f"{first.en}. No findings in {passed} of {rules} rules.",
    )


def remarks(shown: View) -> tuple[Both, ...]:
    """Sentences that belong to the headline: what stands apart, what did not run, what is new (結果の補足)."""
    counts, outcomes = shown.tally, shown.tally.outcomes
    wanted = (
        (
            counts.provisional,
            "暫定の根拠による指摘{}件は別に示します。",
            "Shown apart, on provisional grounds: {}.",
        ),
        (counts.information, "お知らせが{}件あります。", "For information: {}."),
        (counts.undetermined, "判定できないものが{}件あります。", "Cannot be judged: {}."),
        (counts.waived, "免除された指摘が{}件あります。", "Waived: {}."),
        (outcomes["untested"], "{}規則は検査できませんでした。", "Rules that could not run: {}."),
        (outcomes["inapplicable"], "{}規則は対象がありません。", "Rules with nothing to judge: {}."),
        (len(shown.report.problems), "免除の問題が{}件あります。", "Problems with waivers: {}."),
    )
    sentences_ = [Both(ja.format(count), en.format(count)) for count, ja, en in wanted if count]
    if counts.new is not None:
        sentences_.append(Both(f"前回から新しい指摘は{counts.new}件です。", f"New since the baseline: {counts.new}."))
    if counts.shown < counts.findings:
        sentences_.append(
            Both(
                f"{counts.findings}件を数え、うち{counts.shown}件を記載しています。",
                f"Counted: {counts.findings}, listed: {counts.shown}.",
            )
        )
    if shown.report.privacy == "raw":
        sentences_.append(RAW)
    return tuple(sentences_)


def taken_for(file: JudgedFile) -> Both:
    """Pack and table a file was taken for (判別結果)."""
    return Both(*(f"{file.pack} {file.table}".strip(),) * 2) if file.pack else NOT_RECOGNISED


def dash(value: object) -> str:
    """A value for a table, a dash where there is none (空欄の表示)."""
    return str(value) if value else NONE.ja


def share(judged: Judged) -> Both:
    """How many findings, how many of them listed, waived, new and apart (件数の内訳)."""
    result = judged.result
    parts = [Both(f"{result.count}件", f"{result.count} found")]
    if len(judged.shown) < result.count:
        parts.append(Both(f"記載{len(judged.shown)}件", f"{len(judged.shown)} listed"))
    if result.waived:
        parts.append(Both(f"免除{result.waived}件", f"{result.waived} waived"))
    if judged.apart and judged.section is Section.FINDINGS:
        parts.append(Both(f"うち暫定{judged.apart}件", f"{judged.apart} provisional"))
    if result.new is not None:
        parts.append(Both(f"新規{result.new}件", f"{result.new} new"))
    return Both("・".join(part.ja for part in parts), ", ".join(part.en for part in parts))
