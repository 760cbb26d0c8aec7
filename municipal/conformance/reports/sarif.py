"""The report as SARIF 2.1.0, the form that code-review tools read (SARIF形式の報告).

Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Only findings become results, because
several readers show every result as a warning; how the other rules ended stands in the properties of the rules and of
the run, and a rule that could not run is a notification. ``level`` follows the severity; on provisional grounds it is
``note``, as such findings do not decide the exit status. Rows are the lines of regions, counted as spreadsheets do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from municipal.conformance.findings import Exit, Outcome, Severity, Standing
from municipal.conformance.reports.jsonreport import dump
from municipal.conformance.reports.view import Judged, Shown, View, headline
from municipal.conformance.reports.words import EXITS, Both, Section
from municipal.conformance.results import ENGINE, JudgedFile
from municipal.conformance.waivers import Waiver

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(shown: View, language: str) -> bytes:
    """The report as SARIF; every sentence in Japanese and English (SARIFの書出し)."""
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(shown)]})


def _run(shown: View) -> dict[str, Any]:
    report = shown.report
    index = {file.name: number for number, file in enumerate(report.files)}
    return {
        "tool": {"driver": _driver(shown)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(shown)],
        "artifacts": [_artifact(file) for file in report.files],
        "results": [
            result
            for number, entries in enumerate(shown.by_code.values())
            for judged in entries
            if judged.result.count
            for result in _results(judged, number, index, shown)
        ],
        "properties": {
            "headline": headline(shown)._asdict(),
            "today": report.today.isoformat(),
            "as_of": report.as_of.isoformat(),
            "privacy": report.privacy,
            "rules": {"all": shown.tally.rules, **shown.tally.outcomes},
            "counts": shown.tally.plain(),
            "packs": {pack.name: pack.digest for pack in report.packs},
        },
    }


def _driver(shown: View) -> dict[str, Any]:
    return {
        "name": "kijun-conform",
        "fullName": "Kijun conform (基準 検査)",
        "version": ENGINE,
        "rules": [_rule(entries) for entries in shown.by_code.values()],
    }


def _rule(entries: tuple[Judged, ...]) -> dict[str, Any]:
    judged = entries[0]
    result, message = judged.result, judged.says
    lines = [" ".join(filter(None, message[language])) for language in ("ja", "en")]
    return {
        "id": result.code,
        "name": "".join(word.capitalize() for word in result.name.split("_")),
        "shortDescription": {"text": _joined(Both(message["ja"].what, message["en"].what)) or result.code},
        "fullDescription": {"text": "\n".join(lines).strip() or result.code},
        "help": {"text": "\n".join(lines).strip() or result.code, "markdown": _markdown(judged)},
        "defaultConfiguration": {"level": _level(judged)},
        "properties": {
            "clause": result.clause,
            "results": [_ended(entry) for entry in entries],
        },
    }


def _ended(judged: Judged) -> dict[str, Any]:
    result = judged.result
    return {
        "standing": result.standing.value,
        "outcome": result.outcome.value,
        "section": judged.section.value,
        "reason": {"ja": result.reason_ja, "en": result.reason_en},
        "count": result.count,
        "decisive": result.decisive,
        "waived": result.waived,
        "new": result.new,
    }


def _markdown(judged: Judged) -> str:
    blocks = []
    for language, labels in (("ja", ("内容", "理由", "直し方")), ("en", ("What", "Why", "How to mend"))):
        parts = zip(labels, judged.says[language], strict=True)
        blocks.append("\n".join(f"- **{label}**: {sentence}" for label, sentence in parts if sentence))
    return "\n\n".join((*filter(None, blocks), f"`{judged.result.clause}`"))


def _level(judged: Judged) -> str:
    return "note" if judged.result.standing is Standing.PROVISIONAL else _LEVELS[judged.result.severity]


def _joined(both: Both) -> str:
    return " / ".join(filter(None, both))


def _invocation(shown: View) -> dict[str, Any]:
    status = shown.report.exit
    return {
        "executionSuccessful": status is not Exit.INCOMPLETE,
        "exitCode": int(status),
        "exitCodeDescription": _joined(EXITS[status]),
        "toolExecutionNotifications": [_notification(judged) for judged in shown.section(Section.UNTESTED)],
        "toolConfigurationNotifications": [
            {"level": "error", "message": {"text": _joined(Both(*problem))}} for problem in shown.report.problems
        ],
    }


def _notification(judged: Judged) -> dict[str, Any]:
    reason = _joined(Both(judged.result.reason_ja, judged.result.reason_en))
    return {
        "level": "warning",
        "message": {"text": reason or "未検査 / untested"},
        "associatedRule": {"id": judged.result.code},
    }


def _uri(name: str) -> str:
    return quote(name.encode("utf-8", "surrogatepass"), safe="/")


def _artifact(file: JudgedFile) -> dict[str, Any]:
    return {
        "location": {"uri": _uri(file.name)},
        "length": file.bytes,
        "hashes": {"sha-256": file.sha256},
        "properties": {
            "kind": file.kind,
            "encoding": file.encoding,
            "delimiter": file.delimiter,
            "newline": file.newline,
            "header_row": file.header_row,
            "rows": file.rows,
            "pack": file.pack,
            "table": file.table,
            "guess": file.guess,
        },
    }


def _results(judged: Judged, number: int, index: dict[str, int], shown: View) -> Iterator[dict[str, Any]]:
    # "open" is SARIF's word for what cannot be decided; it may not have another level than "none".
    is_open = judged.result.outcome is Outcome.CANNOT_TELL
    common = {
        "ruleId": judged.result.code,
        "ruleIndex": number,
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else _level(judged),
    }
    if not judged.shown:
        count = judged.result.count
        text = _joined(Both(f"{judged.says['ja'].what}（{count}件）", f"{judged.says['en'].what} ({count} found)"))
        is_waived = judged.result.outcome is Outcome.WAIVED
        hidden = [{"kind": "external", "status": "accepted"}]
        yield {**common, "message": {"text": text}, **({"suppressions": hidden} if is_waived else {})}
    for place in judged.shown:
        yield {**common, **_result(place, index, shown)}


def _result(place: Shown, index: dict[str, int], shown: View) -> dict[str, Any]:
    ja, en = place.says["ja"], place.says["en"]
    result: dict[str, Any] = {
        "message": {"text": _joined(Both(" ".join(filter(None, ja)), " ".join(filter(None, en))))},
        "locations": [_location(place, index)],
        "partialFingerprints": {"place/v1": place.fingerprint},
    }
    if place.value is not None:
        result["properties"] = {"value": place.value}
    if place.is_new is not None:
        result["baselineState"] = "new" if place.is_new else "unchanged"
    # Once any result is suppressed, all have to say whether they are.
    if shown.tally.waived:
        result["suppressions"] = [_suppression(place.waiver)] if place.waiver else []
    return result


def _location(place: Shown, index: dict[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": _uri(place.file)}
    if place.file in index:
        artifact["index"] = index[place.file]
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact}}
    if place.row:
        location["physicalLocation"]["region"] = {"startLine": place.row}
    if place.column:
        location["logicalLocations"] = [{"name": place.column, "kind": "member"}]
    return location


def _suppression(waiver: Waiver) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{waiver.reason} ({waiver.approver}, {waiver.expires.isoformat()})",
    }
