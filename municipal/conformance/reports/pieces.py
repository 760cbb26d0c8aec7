"""The pieces of the HTML report: text in two languages, tables, one rule with its findings (HTMLの部品)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from municipal.conformance.privacy import printable
from municipal.conformance.reports.view import Judged, Shown, share
from municipal.conformance.reports.words import SEVERITIES, STANDINGS, WHOLE_FILE, Both, Section

WHAT, WHY, MEND = Both("内容", "What"), Both("理由", "Why"), Both("直し方", "How to mend")
FILE, ROW, COLUMN = Both("ファイル", "File"), Both("行", "Row"), Both("項目", "Column")
VALUE, MARK = Both("値", "Value"), Both("備考", "Note")


def plain(text: object) -> str:
    """Text without meaning to the browser or its direction (無害化した文字列)."""
    return escape(printable(str(text)))


def both(words: Both, language: str) -> str:
    """The language asked for, the other one small behind it; once if they are the same (二言語の文)."""
    first, second = words.first(language), words.second(language)
    if first == second or not second:
        return plain(first)
    other = "en" if language == "ja" else "ja"
    return f'{plain(first)}<span class="other" lang="{other}">{plain(second)}</span>'


def table(caption: str, heads: Sequence[Both], rows: Iterable[Sequence[str]], language: str) -> str:
    """A table whose cells are HTML; the first cell of a row is its heading (表).

    Roles are written out: on narrow screens the cells are stacked, and browsers then forget that it is a table.
    """
    head = "".join(f'<th scope="col" role="columnheader">{both(words, language)}</th>' for words in heads)
    lines = "\n".join(_line(row, heads, language) for row in rows)
    return (
        f'<table role="table"><caption>{caption}</caption>\n<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{lines}\n</tbody></table>\n'
    )


def _line(row: Sequence[str], heads: Sequence[Both], language: str) -> str:
    first, *rest = row
    cells = "".join(
        f'<td role="cell" data-label="{plain(words.first(language))}"><span>{cell}</span></td>'
        if cell
        else '<td role="cell" class="empty"></td>'
        for words, cell in zip(heads[1:], rest, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{cells}</tr>'


def rule(judged: Judged, language: str) -> str:
    """One rule that found something: what, why, how to mend, and where (指摘の詳細)."""
    result = judged.result
    says = Both(judged.says["ja"].what, judged.says["en"].what)
    name = plain(f"{judged.section.value}-{result.standing.value}-{result.code}")
    kind = "rule" if judged.section is Section.FINDINGS else "rule apart"
    return (
        f'<article class="{kind}" aria-labelledby="{name}">\n<p class="chips">{_chips(judged, language)}</p>\n'
        f'<h3 id="{name}">{both(says, language)}</h3>\n{_says(judged, language)}'
        f"{_places(judged, language)}</article>\n"
    )


def _chips(judged: Judged, language: str) -> str:
    result = judged.result
    severity = SEVERITIES[result.severity].first(language)
    standing = Both(f"根拠：{STANDINGS[result.standing].ja}", f"grounds: {STANDINGS[result.standing].en}")
    return (
        f'<code>{plain(result.code)}</code><span class="chip {result.severity.value}">{plain(severity)}</span>'
        f"<strong>{plain(share(judged).first(language))}</strong>"
        f"<span>{plain(standing.first(language))}</span><span>{plain(result.clause)}</span>"
    )


def _says(judged: Judged, language: str) -> str:
    ja, en, result = judged.says["ja"], judged.says["en"], judged.result
    lines = (
        (WHY, Both(ja.why, en.why)),
        (MEND, Both(ja.mend, en.mend)),
        (MARK, Both(result.reason_ja, result.reason_en)),
    )
    pairs = "".join(
        f"<dt>{plain(label.first(language))}</dt><dd>{both(text, language)}</dd>" for label, text in lines if any(text)
    )
    return f'<dl class="says">{pairs}</dl>\n' if pairs else ""


def _places(judged: Judged, language: str) -> str:
    if not judged.shown:
        return ""
    is_told = any(_differs(place, judged) for place in judged.shown)
    has_values = any(place.value for place in judged.shown)
    has_marks = any(map(_marks, judged.shown))
    has_columns = any(place.column for place in judged.shown)
    wanted = ((ROW, True), (COLUMN, has_columns), (VALUE, has_values), (WHAT, is_told), (MARK, has_marks))
    heads = [FILE, *(head for head, is_wanted in wanted if is_wanted)]
    rows = (_place(place, heads, language) for place in judged.shown)
    caption = Both(
        f"{judged.result.code} の場所（{judged.result.count}件のうち{len(judged.shown)}件）",
        f"Places of {judged.result.code} ({len(judged.shown)} of {judged.result.count})",
    )
    return table(plain(caption.first(language)), heads, rows, language)


def _differs(place: Shown, judged: Judged) -> bool:
    return any(place.says[language].what != judged.says[language].what for language in place.says)


def _place(place: Shown, heads: Sequence[Both], language: str) -> list[str]:
    cells = {
        FILE: plain(place.file),
        ROW: plain(place.row or WHOLE_FILE.first(language)),
        COLUMN: plain(place.column),
        VALUE: plain(place.value or ""),
        WHAT: both(Both(place.says["ja"].what, place.says["en"].what), language),
        MARK: "<br>".join(plain(mark.first(language)) for mark in _marks(place)),
    }
    return [cells[head] for head in heads]


def _marks(place: Shown) -> list[Both]:
    marks = []
    if place.is_new:
        marks.append(Both("新規", "new"))
    if place.waiver:
        who, until = place.waiver.approver, place.waiver.expires
        reason = place.waiver.reason
        marks.append(Both(f"免除：{reason}（{who}、{until}まで）", f"waived: {reason} ({who}, until {until})"))
    return marks
