"""The traceability report as text, JSON, CSV or HTML (追跡表の出力)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from django.utils.html import escape

from .rows import WORDS, Row, State, figures

LEVELS = {"must": ("必須", "must"), "may": ("任意", "may"), "must_not": ("不可", "must not")}
HEADING = ["clause", "level", "state", "summary_ja", "summary_en", "code", "tests", "reason_ja", "reason_en"]


def _plain(row: Row) -> dict[str, object]:
    account = row.account
    return {
        "clause": row.requirement.clause, "level": row.requirement.level, "state": row.state.value,
        "summary_ja": row.requirement.summary_ja, "summary_en": row.requirement.summary_en,
        "code": list(row.code), "tests": list(row.tests),
        "reason_ja": account.reason_ja if account else "", "reason_en": account.reason_en if account else "",
    }  # fmt: skip


def as_json(title: str, rows: Sequence[Row]) -> str:
    """Every sentence with its proofs, and the figures (JSON形式)."""
    counts = {level: {state.value: n for state, n in states.items()} for level, states in figures(rows).items()}
    return json.dumps({"standard": title, "figures": counts, "rows": [_plain(row) for row in rows]},
                      ensure_ascii=False, indent=1) + "\n"  # fmt: skip


def as_csv(title: str, rows: Sequence[Row]) -> str:
    """One line per sentence; several proofs in one cell are divided by spaces (CSV形式)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADING)
    for row in rows:
        said = _plain(row) | {"code": " ".join(row.code), "tests": " ".join(row.tests)}
        writer.writerow([said[name] for name in HEADING])
    return out.getvalue()


def as_text(title: str, rows: Sequence[Row]) -> str:
    """The figures, then every sentence that is not proved, with its reason (文章形式)."""
    lines = [title, *_table(rows), ""]
    for row in rows:
        if row.state not in {State.IMPLEMENTED, State.ABSENT}:
            reason = f" {row.account.reason_ja} / {row.account.reason_en}" if row.account else ""
            lines.append(f"{row.requirement.clause:14} {row.requirement.level:8} {row.state.value:14}{reason}")
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> list[str]:
    states = list(State)
    lines = ["  ".join(f"{name:>14}" for name in ("level", *(state.value for state in states)))]
    for level, counts in figures(rows).items():
        lines.append("  ".join([f"{level:>14}", *(f"{counts[state]:>14}" for state in states)]))
    return lines


def as_html(title: str, rows: Sequence[Row]) -> str:
    """One page without script or outside address, for screen and paper (HTML形式)."""
    head = "".join(f'<th scope="col">{ja}<br>{en}</th>' for ja, en in (("水準", "level"), *WORDS.values()))
    body = "".join(
        f'<tr><th scope="row">{" / ".join(LEVELS[level])}</th>'
        + "".join(f'<td class="n">{counts[state]}</td>' for state in State)
        + "</tr>"
        for level, counts in figures(rows).items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>追跡表 {escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>追跡表 / Traceability<br><small>{escape(title)}</small></h1>\n"
        f"<table><caption>集計 / Figures</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"
        f"{_sentences(rows)}</main>\n</body>\n</html>\n"
    )


def _sentences(rows: Sequence[Row]) -> str:
    names = (("条項", "clause"), ("内容", "what it says"), ("状態", "state"), ("根拠", "proof or reason"))
    head = "".join(f'<th scope="col">{ja}<br>{en}</th>' for ja, en in names)
    body = "\n".join(_sentence(row) for row in rows)
    return (
        f"<table><caption>文ごと / By sentence</caption><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>\n"
    )


def _sentence(row: Row) -> str:
    said, (ja, en) = row.requirement, WORDS[row.state]
    proof = [f"<code>{escape(one)}</code>" for one in (*row.code, *row.tests)]
    if row.account and row.state is row.account.state:
        proof += [escape(row.account.reason_ja), f'<span lang="en">{escape(row.account.reason_en)}</span>']
    level = " / ".join(LEVELS[said.level])
    return (
        f'<tr class="{row.state}"><th scope="row" id="c{escape(said.clause)}">{escape(said.clause)}<br>{level}</th>'
        f'<td>{escape(said.summary_ja)}<br><span lang="en">{escape(said.summary_en)}</span></td>'
        f"<td>{ja}<br>{en}</td><td>{'<br>'.join(proof)}</td></tr>"
    )


_STYLE = """
body { font: 16px/1.7 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff }
main { max-width: 76rem; margin: auto; padding: 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: 700; padding: .5rem 0 }
th, td { border: 1px solid #b4b4b4; padding: .4rem .6rem; text-align: left; vertical-align: top }
thead th { background: #f2f2f2 }
code { font-size: .8rem; overflow-wrap: anywhere }
small { font-weight: 400 }
.n { text-align: right }
.missing td:nth-child(3), .gap td:nth-child(3) { font-weight: 700; text-decoration: underline }
@media print { body { font-size: 10px } tr { break-inside: avoid } }
"""

FORMATS: Mapping[str, Callable[[str, Sequence[Row]], str]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
    "html": as_html,
}
"""How the report can be written, by name."""
