"""The report as JSON, in the form published in ``standards/conform-report/1/schema.json`` (JSON形式の報告)."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

from municipal.conformance.baseline import Since
from municipal.conformance.privacy import LANGUAGES
from municipal.conformance.reports.view import Judged, Shown, View, headline
from municipal.conformance.results import ENGINE, JudgedFile
from municipal.conformance.waivers import Waiver
from municipal.conformance.written_reports import SCHEMA

_OWN_FACTS = ("waivers", "waived", "baseline")


def write(shown: View, language: str) -> bytes:
    """The report as JSON in both languages, members in a fixed order (JSONの書出し)."""
    return dump(document(shown))


def dump(tree: Any) -> bytes:
    """JSON as UTF-8; half a surrogate pair, which file names can hold, stays as its escape (JSONの符号化)."""
    return (json.dumps(tree, ensure_ascii=False, indent=1, default=_plain) + "\n").encode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value.value if isinstance(value, Enum) else str(value)


def document(shown: View) -> dict[str, Any]:
    """The report as nested dicts and lists (報告の構造)."""
    report = shown.report
    return {
        "schema": SCHEMA,
        "engine": ENGINE,
        "today": report.today.isoformat(),
        "as_of": report.as_of.isoformat(),
        "privacy": report.privacy,
        "exit": int(report.exit),
        "headline": headline(shown)._asdict(),
        "rules": {"all": shown.tally.rules, **shown.tally.outcomes},
        "counts": shown.tally.plain(),
        "files": [_file(file) for file in report.files],
        "packs": [{name: getattr(pack, name) for name in pack.__slots__} for pack in report.packs],
        "results": [_result(judged) for judged in shown.rules],
        "clauses": {clause: report.clauses[clause].value for clause in sorted(report.clauses)},
        "problems": [{"ja": ja, "en": en} for ja, en in report.problems],
        "waivers": [_waiver(waiver) for waiver in shown.waivers],
        "baseline": _baseline(shown.since),
        "facts": {name: report.facts[name] for name in sorted(report.facts) if name not in _OWN_FACTS},
    }


def _file(file: JudgedFile) -> dict[str, Any]:
    # Where no heading was recognised the "columns" may be the first person's data.
    columns = list(file.columns) if file.pack and file.header_row else []
    return {**{name: getattr(file, name) for name in file.__slots__}, "columns": columns}


def _result(judged: Judged) -> dict[str, Any]:
    result = judged.result
    return {
        "code": result.code,
        "name": result.name,
        "clause": result.clause,
        "severity": result.severity.value,
        "standing": result.standing.value,
        "outcome": result.outcome.value,
        "section": judged.section.value,
        "message": _both(judged.says),
        "reason": {"ja": result.reason_ja, "en": result.reason_en},
        "count": result.count,
        "decisive": result.decisive,
        "waived": result.waived,
        "apart": judged.apart,
        "new": result.new,
        "findings": [_finding(place) for place in judged.shown],
    }


def _both(says: Any) -> dict[str, Any]:
    return {language: says[language]._asdict() for language in LANGUAGES}


def _finding(place: Shown) -> dict[str, Any]:
    return {
        "file": place.file,
        "row": place.row,
        "column": place.column,
        "value": place.value,
        "message": _both(place.says),
        "fingerprint": place.fingerprint,
        "waived": place.waiver is not None,
        "new": place.is_new,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "rule": waiver.rule,
        "file": waiver.file,
        "column": waiver.column,
        "rows": [list(pair) for pair in waiver.rows],
        "reason": waiver.reason,
        "approver": waiver.approver,
        "expires": waiver.expires.isoformat(),
    }


def _baseline(since: Since | None) -> dict[str, str] | None:
    return {"sha256": since.sha256, "today": since.today} if since else None
