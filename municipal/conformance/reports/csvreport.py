"""The report as one table that spreadsheets open (CSV形式の報告).

UTF-8 with BOM and CRLF, as Excel wants it. A line per rule with its counts, followed by a line per listed finding, then
the problems of waivers; the first column says which. No cell can start a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from municipal.conformance.privacy import printable
from municipal.conformance.reports.view import Judged, Shown, View
from municipal.conformance.reports.words import OUTCOMES, SECTIONS, SEVERITIES, STANDINGS, Both
from municipal.core.characters import neutral_for_spreadsheet

COLUMNS = (
    "種別 kind",
    "規則 rule",
    "結果 outcome",
    "区分 section",
    "重大度 severity",
    "根拠 standing",
    "条項 clause",
    "ファイル file",
    "行 row",
    "列 column",
    "値 value",
    "内容",
    "理由",
    "直し方",
    "what",
    "why",
    "how to mend",
    "補足",
    "remark",
    "件数 count",
    "判断に関わる件数 decisive",
    "免除 waived",
    "新規 new",
    "記載 listed",
)


def write(shown: View, language: str) -> bytes:
    """The report as CSV; every sentence in Japanese and English (CSVの書出し)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cells in _lines(shown):
        writer.writerow([neutral_for_spreadsheet(printable(str(cells.get(column, "")))) for column in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _lines(shown: View) -> Iterator[dict[str, object]]:
    for judged in shown.rules:
        about = _about(judged)
        yield {**about, **_rule(judged)}
        for place in judged.shown:
            yield {**about, **_finding(place)}
    for ja, en in shown.report.problems:
        yield {"種別 kind": "免除の問題 problem", "補足": ja, "remark": en}


def _named(both: Both) -> str:
    return " ".join(both)


def _about(judged: Judged) -> dict[str, object]:
    result = judged.result
    return {
        "規則 rule": result.code,
        "結果 outcome": _named(OUTCOMES[result.outcome]),
        "区分 section": _named(SECTIONS[judged.section]),
        "重大度 severity": _named(SEVERITIES[result.severity]),
        "根拠 standing": _named(STANDINGS[result.standing]),
        "条項 clause": result.clause,
    }


def _rule(judged: Judged) -> dict[str, object]:
    result = judged.result
    return {
        "種別 kind": "規則 rule",
        **_says(judged),
        "補足": result.reason_ja,
        "remark": result.reason_en,
        "件数 count": result.count,
        "判断に関わる件数 decisive": result.decisive,
        "免除 waived": result.waived,
        "新規 new": "" if result.new is None else result.new,
        "記載 listed": len(judged.shown),
    }


def _says(about: Judged | Shown) -> dict[str, object]:
    names = (("ja", ("内容", "理由", "直し方")), ("en", ("what", "why", "how to mend")))
    return {name: text for key, labels in names for name, text in zip(labels, about.says[key], strict=True)}


def _finding(place: Shown) -> dict[str, object]:
    waiver = place.waiver
    remark = Both(f"免除：{waiver.reason}", f"waived: {waiver.reason}") if waiver else Both("", "")
    return {
        "種別 kind": "指摘 finding",
        "ファイル file": place.file,
        "行 row": place.row or "",
        "列 column": place.column,
        "値 value": "" if place.value is None else place.value,
        **_says(place),
        "補足": remark.ja,
        "remark": remark.en,
        "免除 waived": "1" if waiver else "",
        "新規 new": "" if place.is_new is None else int(place.is_new),
    }
