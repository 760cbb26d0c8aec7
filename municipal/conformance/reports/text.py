"""The report for a terminal: the result first, then what to mend, 80 columns, in one language (テキスト形式の報告)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.privacy import printable
from municipal.conformance.reports.terminal import wrapped
from municipal.conformance.reports.view import Judged, Shown, View, headline, remarks, share, taken_for
from municipal.conformance.reports.words import (
    CAUTION,
    DELIMITERS,
    NEWLINES,
    OUTCOMES,
    PRIVACY,
    SECTIONS,
    SEVERITIES,
    STANDINGS,
    Both,
    Section,
)
from municipal.conformance.results import JudgedFile

PLACES = 5
_LONGEST_VALUE = 60
_WITH_PLACES = (Section.FINDINGS, Section.PROVISIONAL, Section.INFORMATION, Section.CANNOT_TELL, Section.WAIVED)


def write(shown: View, language: str) -> bytes:
    """The report as text, at most five places per rule (テキストの書出し)."""
    lines: list[str] = []
    for line in _lines(shown, language):
        lines.append(printable(line))
    return ("\n".join(lines) + "\n").encode()


def _lines(shown: View, language: str) -> Iterator[str]:
    yield from wrapped(headline(shown).first(language))
    for remark in remarks(shown):
        yield from wrapped(remark.first(language), 2)
    yield from _outcomes(shown, language)
    yield from _files(shown, language)
    for section in _WITH_PLACES:
        for judged in _titled(shown, section):
            if isinstance(judged, Both):
                yield from ("", judged.first(language))
            else:
                yield from _rule(judged, language)
    if shown.section(Section.UNTESTED):
        yield from ("", SECTIONS[Section.UNTESTED].first(language))
    for judged in shown.section(Section.UNTESTED):
        yield from wrapped(_unjudged(judged, language), 2, 2)
    yield from _ending(shown, language)


def _titled(shown: View, section: Section) -> tuple[Both | Judged, ...]:
    rules = shown.section(section)
    return (SECTIONS[section], *rules) if rules else ()


def _outcomes(shown: View, language: str) -> Iterator[str]:
    counts = ((OUTCOMES[outcome].first(language), shown.tally.outcomes[outcome.value]) for outcome in OUTCOMES)
    title = Both("規則", "Rules").first(language)
    yield from wrapped(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts), 2, 2)


def _files(shown: View, language: str) -> Iterator[str]:
    if shown.report.files:
        yield from ("", Both("ファイル", "Files").first(language))
    for file in shown.report.files:
        yield from wrapped(_file(file, language), 2, 2)
    for pack in shown.report.packs:
        title = pack.title_ja if language == "ja" else pack.title_en
        yield from wrapped(f"{pack.name} {title} ({pack.digest[:12]})", 2, 2)


def _file(file: JudgedFile, language: str) -> str:
    rows = Both(f"{file.rows}行", f"{file.rows} rows")
    header = (
        Both(f"見出し{file.header_row}行目", f"heading in row {file.header_row}") if file.header_row else Both("", "")
    )
    facts = (
        taken_for(file).first(language),
        rows.first(language),
        file.encoding,
        DELIMITERS.get(file.delimiter, Both(file.delimiter, file.delimiter)).first(language) if file.delimiter else "",
        NEWLINES.get(file.newline, NEWLINES["mixed"]).first(language) if file.newline else "",
        header.first(language),
    )
    guess = f" ({file.guess})" if file.guess else ""
    return f"{printable(file.name)}: " + ", ".join(filter(None, facts)) + guess


def _rule(judged: Judged, language: str) -> Iterator[str]:
    result, says = judged.result, judged.says[language]
    standing = STANDINGS[result.standing].first(language)
    title = f"{result.code} {SEVERITIES[result.severity].first(language)} {share(judged).first(language)}"
    yield from wrapped(f"{title} {standing} [{result.clause}]", 0, 2)
    for sentence in filter(None, (*says, result.reason_ja if language == "ja" else result.reason_en)):
        yield from wrapped(printable(sentence), 2)
    for place in judged.shown[:PLACES]:
        yield from wrapped(_place(place, says.what, language), 4, 2)
    left = result.count - min(len(judged.shown), PLACES)
    if left:
        yield "    " + Both(f"ほか{left}件", f"and {left} more").first(language)


def _place(place: Shown, said: str, language: str) -> str:
    parts = [f"{place.file}: {place.where.first(language)}"]
    if place.says[language].what != said:
        parts.append(place.says[language].what)
    if place.value:
        parts.append(f"[{place.value[:_LONGEST_VALUE]}{'…' if len(place.value) > _LONGEST_VALUE else ''}]")
    if place.is_new:
        parts.append(Both("（新規）", "(new)").first(language))
    if place.waiver:
        parts.append(Both(f"（免除：{place.waiver.approver}）", f"(waived: {place.waiver.approver})").first(language))
    return printable(" ".join(parts))


def _unjudged(judged: Judged, language: str) -> str:
    result = judged.result
    reason = result.reason_ja if language == "ja" else result.reason_en
    return printable(f"{result.code} {reason}")


def _ending(shown: View, language: str) -> Iterator[str]:
    if shown.report.clauses:
        outcomes = list(shown.report.clauses.values())
        counts = ((OUTCOMES[outcome].first(language), outcomes.count(outcome)) for outcome in OUTCOMES)
        yield ""
        title = Both("要件", "Requirements").first(language)
        yield from wrapped(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts), 0, 2)
    if shown.report.problems:
        yield from ("", Both("免除の問題", "Problems with waivers").first(language))
    for problem in shown.report.problems:
        yield from wrapped(printable(Both(*problem).first(language)), 2)
    report = shown.report
    dates = Both(
        f"基準日 {report.as_of}、検査日 {report.today}。", f"Data as of {report.as_of}, checked {report.today}. "
    )
    privacy = Both(f"表示：{PRIVACY[report.privacy].ja}。", f"Shown: {PRIVACY[report.privacy].en}.")
    yield ""
    yield from wrapped(dates.first(language) + privacy.first(language))
    yield from wrapped(CAUTION.first(language))
