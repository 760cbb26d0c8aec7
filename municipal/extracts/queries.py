"""A question to the register, as staff build it and as it is kept (抽出の条件).

Either a list (columns of every row that fits) or figures (how many, by one or two groups: a cross table).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, QuerySet, Sum
from django.utils.translation import gettext_noop as _

from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

from .items import Item, Kind
from .language.compiling import Compiler
from .language.functions import number
from .language.trees import Ref, Tree, tree_of
from .language.words import LONGEST
from .sources import Source, source_of

MOST_COLUMNS, MOST_ORDERS, MOST_GROUPS = 250, 5, 2
LABEL = 60
MEASURES = {
    "count": _("件数"), "people": _("人数"), "sum": _("合計"), "average": _("平均"), "least": _("最小"),
    "most": _("最大"),
}  # fmt: skip
"""What figures count or reckon (集計)."""


@dataclass(frozen=True)
class Column:
    """An expression and its heading (列)."""

    said: str
    label: str = ""

    @property
    def heading(self) -> str:
        """What stands above it: its label, or the item's name, or the expression itself."""
        return self.label or self.said.strip().removeprefix("[").removesuffix("]")


@dataclass(frozen=True)
class Order:
    """What rows are sorted by (並び順)."""

    said: str
    is_descending: bool = False


@dataclass(frozen=True)
class Query:
    """A whole question; every text is an expression of the language (抽出条件).

    With ``measure`` the answer are figures by ``groups``, spread over columns by ``across``; ``measured`` is the
    expression that is summed. Without, it is a list of ``columns``.
    """

    source: str
    columns: tuple[Column, ...] = ()
    where: str = ""
    order: tuple[Order, ...] = ()
    groups: tuple[Column, ...] = ()
    across: str = ""
    measure: str = ""
    measured: str = ""

    @property
    def is_figures(self) -> bool:
        """Whether figures are asked for, not people."""
        return bool(self.measure)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "source": self.source, "where": self.where, "across": self.across, "measure": self.measure,
            "measured": self.measured, "columns": [[one.said, one.label] for one in self.columns],
            "order": [[one.said, one.is_descending] for one in self.order],
            "groups": [[one.said, one.label] for one in self.groups],
        }  # fmt: skip


def read(kept: Mapping[str, Any]) -> Query:
    """The question as it was kept (保存された条件)."""
    return Query(
        kept["source"],
        tuple(Column(said, label) for said, label in kept["columns"]),
        kept["where"],
        tuple(Order(said, is_descending) for said, is_descending in kept["order"]),
        tuple(Column(said, label) for said, label in kept["groups"]),
        kept["across"],
        kept["measure"],
        kept["measured"],
    )


@dataclass(frozen=True)
class Ready:
    """A question that can be asked: the rows, what stands above the cells, the items it uses (実行できる条件).

    ``names``: the annotations in the order of the headings. ``raw``: for each the item that it simply shows, if any.
    ``fields``: the paths of all items used. ``total``: the aggregate where the answer is one figure.
    """

    query: Query
    source: Source
    rows: QuerySet[Any]
    headings: tuple[str, ...]
    names: tuple[str, ...]
    raw: tuple[Item | None, ...]
    fields: tuple[str, ...]
    total: Any = None


@implements("resident-record/1.0#10.1/m9", "resident-record/1.0#10.1/m10")
def ready(query: Query, *, permissions: Collection[str], hidden: Collection[int]) -> Ready:
    """Check and translate a question (条件の点検と翻訳).

    ``permissions`` of whoever asks; ``hidden`` addressees whose withheld items nobody is told. Raises Refused, with
    the form's field, for whatever does not fit.
    """
    source = source_of(query.source)
    if source.permission and source.permission not in permissions:
        raise Refused("このデータソースを使う権限がありません。", field="source", code="source_forbidden")
    _check_size(query)
    compiler = Compiler(source, permissions, hidden)
    rows = source.rows()
    if query.where.strip():
        with _at("where"):
            rows = rows.filter(compiler.condition(_tree(query.where)))
    made = _figures(query, compiler, rows) if query.is_figures else _list(query, compiler, rows)
    _refuse_lists_of_what_is_only_counted(query, compiler)
    return made


class _at:  # noqa: N801  (reads as a word where it stands)
    """Says of every refusal inside which field of the form it belongs to."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            error.field = self.field


def _tree(text: str) -> Tree:
    refuse_unstorable(text, LONGEST, "where")
    return tree_of(text)


def _check_size(query: Query) -> None:
    for found, most, field in (
        (query.columns, MOST_COLUMNS, "items"),
        (query.order, MOST_ORDERS, "order"),
        (query.groups, MOST_GROUPS, "groups"),
    ):
        if len(found) > most:
            raise Refused("%(most)d個までにしてください。", field=field, code="too_many", most=most)
    for column in (*query.columns, *query.groups):
        refuse_unstorable(column.label, LABEL, "items")
    if query.is_figures and query.measure not in MEASURES:
        raise Refused("集計の方法を一覧から選んでください。", field="measure", code="no_such_measure")
    if not query.is_figures and not query.columns:
        raise Refused("出力する項目を一つ以上選んでください。", field="items", code="no_columns")


def _list(query: Query, compiler: Compiler, rows: QuerySet[Any]) -> Ready:
    annotated, raw = {}, list[Item | None]()
    with _at("items"):
        for place, column in enumerate(query.columns):
            tree = _tree(column.said)
            item = compiler.seen(tree.name) if isinstance(tree, Ref) else None
            annotated[f"c{place}"] = compiler.raw(item) if item else compiler.value(tree)[0]
            raw.append(item)
    with _at("order"):
        orders = list(_orders(query, compiler))
    headings = tuple(column.heading for column in query.columns)
    return _ready(query, compiler, rows.annotate(**annotated).order_by(*orders, "pk"), headings, tuple(annotated), raw)


def _orders(query: Query, compiler: Compiler) -> Iterator[Any]:
    from django.db.models import ExpressionWrapper
    from django.db.models.expressions import BaseExpression

    for one in query.order:
        said = compiler.value(_tree(one.said))[0]
        said = said if isinstance(said, BaseExpression | F) else ExpressionWrapper(said, said.output_field)
        yield said.desc(nulls_last=True) if one.is_descending else said.asc(nulls_last=True)


def _figures(query: Query, compiler: Compiler, rows: QuerySet[Any]) -> Ready:
    with _at("groups"):
        groups = {f"g{place}": compiler.value(_tree(one.said))[0] for place, one in enumerate(query.groups)}
    with _at("across"):
        if query.across:
            groups["across"] = compiler.value(_tree(query.across))[0]
    with _at("measured"):
        measure = _measure(query, compiler)
    if groups:
        grouped = rows.order_by().annotate(**groups).values(*groups).annotate(measure=measure)
        rows = grouped.order_by(*(F(name).asc(nulls_last=True) for name in groups))
    headings = (*(one.heading for one in query.groups), *([Column(query.across).heading] if query.across else []))
    raw = [_item_of(said, compiler) for said in (*(one.said for one in query.groups), query.across) if said]
    names, headings = (*groups, "measure"), (*headings, MEASURES[query.measure])
    made = _ready(query, compiler, rows, headings, names, [*raw, None])
    return made if groups else replace(made, total=measure)


def _measure(query: Query, compiler: Compiler) -> Any:
    if query.measure == "count":
        return Count("pk")
    if query.measure == "people":
        return Count(compiler.source.subject or "pk", distinct=True)
    value, kind = compiler.value(_tree(query.measured))
    if query.measure in ("least", "most"):
        return (Min if query.measure == "least" else Max)(value)
    if kind is not Kind.NUMBER:
        raise Refused("合計と平均は、数の項目でだけ求められます。", field="measured", code="not_a_number")
    return (Sum if query.measure == "sum" else Avg)(number(value))


def _ready(
    query: Query, compiler: Compiler, rows: Any, headings: tuple[str, ...], names: tuple[str, ...],
    raw: list[Item | None],
) -> Ready:  # fmt: skip
    used = compiler.used.values()
    fields = tuple(dict.fromkeys(item.path for item in used))
    return Ready(query, compiler.source, rows, headings, names, tuple(raw), fields)


@implements("resident-record/1.0#9.4/n1")
def _refuse_lists_of_what_is_only_counted(query: Query, compiler: Compiler) -> None:
    """Whatever is only counted stands in no list, narrows none, and is grouped by nothing that names people."""
    if not any(item.is_only_counted for item in compiler.used.values()):
        return
    grouped = [_item_of(said, compiler) for said in (*(one.said for one in query.groups), query.across) if said]
    is_coarse = all(item is not None and (item.is_coarse or item.is_only_counted) for item in grouped)
    if query.measure not in ("count", "people") or not is_coarse:
        raise Refused(
            "成年被後見人の一覧は作成できません。人数だけを、性別や地区で分けて求められます。", field="items",
            code="only_counted",
        )  # fmt: skip


def _item_of(said: str, compiler: Compiler) -> Item | None:
    """The item that an expression simply names, if it does."""
    return compiler.source.items.get(said.strip().removeprefix("[").removesuffix("]").strip())


def without_columns(query: Query) -> Query:
    """The same question for its number of rows alone (件数だけの条件)."""
    return replace(query, columns=(), order=(), groups=(), across="", measure="count", measured="")
