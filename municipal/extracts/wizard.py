"""From what is chosen in a form to an expression, and back (抽出のウィザード).

Whoever fills in rows of item, comparison and value writes no expression; the screen shows the one that came of it, so
that it can be learnt and refined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.core.refusals import Refused

from .items import Kind
from .queries import Column, Query
from .sources import Source, source_of

AND, OR = "and", "or"
COMPARISONS: Mapping[str, str] = {
    "=": _("と等しい"),
    "!=": _("と等しくない"),
    ">=": _("以上・以後"),
    "<=": _("以下・以前"),
    ">": _("より大きい・より後"),
    "<": _("より小さい・より前"),
    "含む": _("を含む"),
    "で始まる": _("で始まる"),
    "で終わる": _("で終わる"),
    "blank": _("が空欄"),
    "filled": _("が空欄でない"),
}
"""Comparisons by their sign in the language (比較)."""
OFTEN = (
    "宛名番号",
    "世帯番号",
    "氏名",
    "氏名_フリガナ",
    "性別",
    "生年月日",
    "続柄表記",
    "世帯主氏名",
    "住民種別",
    "住民状態",
    "住所_町字",
    "住所_番地号表記",
    "住所_方書",
    "住所_郵便番号",
    "住民となった年月日",
    "異動事由",
    "異動年月日",
    "処理年月日",
)
"""Items that are wanted most, in the order in which a form shows them (よく使う項目)."""


@dataclass(frozen=True)
class Condition:
    """One row of the form: how it joins those above, the item, the comparison, the value (条件の行)."""

    item: str
    comparison: str
    value: str = ""
    join: str = AND


@implements("resident-record/1.0#10.1/m12", "resident-record/1.0#10.1/m17")
def expression_of(source: str, rows: Iterable[Condition], also: str = "") -> str:
    """The expression of the rows, read from top to bottom, and of what was written by hand besides (条件の式).

    Raises Refused for a row that says nothing or a value that cannot be written.
    """
    said, found = source_of(source), ""
    for row in rows:
        one = _comparison(said, row)
        found = f"({found}) {row.join} {one}" if found else one
    also = also.strip()
    return f"({found}) and ({also})" if found and also else found or also


def _comparison(source: Source, row: Condition) -> str:
    item, name = source.item(row.item), f"[{row.item}]"
    if row.comparison not in COMPARISONS:
        raise Refused("比べ方を一覧から選んでください。", field="where", code="no_such_comparison")
    if row.comparison in ("blank", "filled"):
        said = f"ISBLANK({name})"
        return said if row.comparison == "blank" else f"NOT({said})"
    if not row.value.strip():
        raise Refused(
            "比べる値を入力してください。空欄をさがすときは「が空欄」を選んでください。", field="where", code="no_value"
        )
    return f"{name} {row.comparison} {_value(item.kind, row.value.strip())}"


def _value(kind: Kind, value: str) -> str:
    if kind is Kind.YES:
        return value if value in ("有", "無") else quoted(value)
    if kind is Kind.NUMBER and value.isascii() and value.isdigit():
        return value
    return quoted(value)


def quoted(text: str) -> str:
    """A value between quotation marks (値の引用). Raises Refused for one with both sorts of them in it."""
    for mark in ('"', "'"):
        if mark not in text:
            return f"{mark}{text}{mark}"
    raise Refused("値に2種類の引用符を使うことはできません。", field="where", code="two_quotation_marks")


def columns_of(names: Iterable[str], lines: str) -> tuple[Column, ...]:
    """The chosen items, then a column for every line "heading: expression" (列)."""
    chosen = [Column(f"[{name}]") for name in names]
    for line in filter(None, map(str.strip, lines.replace("：", ":").splitlines())):
        heading, mark, said = line.partition(":")
        chosen.append(Column(said.strip(), heading.strip()) if mark else Column(line))
    return tuple(chosen)


def parts_of(query: Query) -> tuple[list[str], str]:
    """The items that a question simply shows, and its other columns as lines: ``columns_of`` back (列の復元)."""
    names, lines = [], []
    items = source_of(query.source).items
    for column in query.columns:
        name = column.said.strip().removeprefix("[").removesuffix("]")
        if name in items and not column.label:
            names.append(name)
        else:
            lines.append(f"{column.label}: {column.said}" if column.label else column.said)
    return names, "\n".join(lines)
