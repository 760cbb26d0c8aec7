"""A matrix as one printable page or as CSV; every blank stands in it as a blank (証跡表の書出し)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from municipal.conformance.attestation.matrix import LEVELS, METHODS, STATES, Answer, Matrix, State, outcomes, tested
from municipal.conformance.attestation.sheet import table
from municipal.conformance.findings import Outcome
from municipal.conformance.packs import Requirement
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.reports.words import Both

FORMATS = ("csv", "html")
_PAGE = Path(__file__).with_name("page.html")
_ALL = Both("計", "all")
_OVERDUE = Both("期限切れ", "overdue")
_HEADINGS = (
    Both("条項・区分", "clause, level"),
    Both("要旨", "summary"),
    Both("方法・規則", "method, rules"),
    Both("状態", "state"),
    Both("証跡", "evidence"),
    Both("確認者・確認日", "person, date"),
)
_Ended = Mapping[str, Outcome] | None


def write(matrix: Matrix, form: str, *, today: date, report: bytes | None = None) -> bytes:
    """The matrix as ``csv`` or ``html``; the same input gives the same bytes (証跡表の書出し).

    ``report`` is a report of a check in JSON: executed requirements then show how their rules ended. The page says
    which transitional arrangements have ended before ``today``. Raises RefusedInput for another form or report.
    """
    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise RefusedInput(
            f"書出し形式「{form}」はありません（{known}）。", f"There is no format {form!r}; known: {known}."
        )
    ended = None if report is None else outcomes(report)
    return table(matrix) if form == "csv" else _page(matrix, today, ended).encode()


def _page(matrix: Matrix, today: date, ended: _Ended) -> str:
    rows = matrix.pack.requirements
    sections = [(section, list(group)) for section, group in groupby(rows, lambda row: row.section)]
    pack = matrix.pack
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        name=escape(pack.name),
        title_ja=escape(pack.title_ja),
        title_en=escape(pack.title_en),
        digest=pack.digest,
        today=today.isoformat(),
        notices=_notices(matrix, today),
        counts=_counts(matrix),
        contents="\n".join(_link(group[0]) for _, group in sections),
        headings="".join(f'<th scope="col">{_both(both)}</th>' for both in _HEADINGS),
        sections="\n".join(_section(matrix, group, today, ended) for _, group in sections),
    )


def _both(both: Both) -> str:
    return f'{escape(both.ja)}<span lang="en"> {escape(both.en)}</span>'


def _link(row: Requirement) -> str:
    return f'<a href="#s{escape(row.section)}">{escape(row.section)} {escape(row.title_ja)}</a>'


def _notices(matrix: Matrix, today: date) -> str:
    """What must not be overlooked: how many are blank, and what is overdue."""
    total = len(matrix.pack.requirements)
    blanks = sum(number for (_, state), number in matrix.counts().items() if state is State.BLANK)
    said = Both(f"{total}件のうち{blanks}件が未記入です。", f"{blanks} of {total} are blank.")
    overdue = matrix.overdue(today)
    if not overdue:
        return f"<p>{_both(said)}</p>"
    number = len(overdue)
    ended = Both(f"経過措置の期限が過ぎたものが{number}件あります。", f"Arrangements past their last day: {number}.")
    links = "、".join(f'<a href="#{_anchor(row)}">{escape(row.clause)}</a>' for row in overdue)
    return f'<p>{_both(said)}</p><p class="warn">{_both(ended)}<br>{links}</p>'


def _counts(matrix: Matrix) -> str:
    counts = matrix.counts()
    head = "".join(f'<th scope="col">{_both(both)}</th>' for both in (*STATES.values(), _ALL))
    lines = []
    for shown, levels in [*((both, [level]) for level, both in LEVELS.items()), (_ALL, list(LEVELS))]:
        numbers = [sum(counts.get((level, state), 0) for level in levels) for state in STATES]
        cells = "".join(f"<td>{number}</td>" for number in (*numbers, sum(numbers)))
        lines.append(f'<tr><th scope="row">{_both(shown)}</th>{cells}</tr>')
    return f'<table class="counts"><thead><tr><td></td>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _section(matrix: Matrix, rows: list[Requirement], today: date, ended: _Ended) -> str:
    first = rows[0]
    title = f'{escape(first.section)} {escape(first.title_ja)}<span lang="en">{escape(first.title_en)}</span>'
    body = "\n".join(_row(row, matrix.answer(row), today, ended) for row in rows)
    over = f'<th colspan="{len(_HEADINGS)}" scope="rowgroup">{title}</th>'
    return f'<tbody>\n<tr id="s{escape(first.section)}">{over}</tr>\n{body}\n</tbody>'


def _anchor(row: Requirement) -> str:
    return "c" + escape(row.clause.replace("/", "-"))


def _row(row: Requirement, answer: Answer, today: date, ended: _Ended) -> str:
    cells = (
        f'<span class="clause">{escape(row.clause)}</span><br>{_both(LEVELS.get(row.level, Both(row.level, "")))}',
        _both(Both(row.summary_ja, row.summary_en)) + _reason(row),
        _method(row, ended),
        _state(answer, today),
        _evidence(answer),
        _lines(escape(answer.person), answer.day.isoformat() if answer.day else ""),
    )
    return f'<tr id="{_anchor(row)}">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _lines(*texts: str) -> str:
    return "<br>".join(filter(None, texts))


def _small(texts: Iterable[str]) -> str:
    return "".join(f'<div class="small">{text}</div>' for text in texts)


def _reason(row: Requirement) -> str:
    """Why a sentence is untestable or ambiguous."""
    return f'<div class="reason">{_both(Both(row.reason_ja, row.reason_en))}</div>' if row.reason_ja else ""


def _method(row: Requirement, ended: _Ended) -> str:
    rules = [f"{escape(code)} {_both(outcome) if outcome else ''}".strip() for code, outcome in tested(row, ended)]
    return _both(METHODS.get(row.method, Both(row.method, ""))) + _small(rules)


def _state(answer: Answer, today: date) -> str:
    marks = [f'<span class="state {answer.state or "blank"}">{escape(STATES[answer.state].ja)}</span>']
    marks.append(f'<span lang="en">{escape(STATES[answer.state].en)}</span>')
    if answer.until:
        marks.append(f'<span class="small">〜 {answer.until.isoformat()}</span>')
    if answer.is_overdue(today):
        marks.append(f'<br><span class="state overdue">{_OVERDUE.ja}</span><span lang="en">{_OVERDUE.en}</span>')
    return " ".join(marks)


def _evidence(answer: Answer) -> str:
    text = f'<div class="text">{escape(answer.evidence)}</div>' if answer.evidence else ""
    if not answer.file:
        return text
    return f'{text}<div class="small">{escape(answer.file)}<br><code>SHA-256 {answer.sha256}</code></div>'
