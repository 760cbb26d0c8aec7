"""From a tree to what the database is asked: typed, and only from items that are there (式の翻訳).

No text of a user becomes SQL: words are looked up in the lists of items and functions, values travel as parameters.
Of a protected person a withheld item is nothing, in conditions and orders as in columns: whoever asks "lives at 1-2-3"
must not learn it from who is found.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, Func, Q, Value, When
from django.db.models.functions import Cast, Concat, NullIf
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.extracts.items import Item, Kind
from municipal.extracts.sources import Source

from . import days
from .functions import ANY, FUNCTIONS, SPOKEN, number, truth
from .trees import Call, Literal, Ref, Tree
from .words import Sort

Typed = tuple[Any, Kind]
_DECIMAL = DecimalField(max_digits=40, decimal_places=6)
_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": Exact, "<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual,
    "!=": lambda a, b: ~Q(Exact(a, b)),
}  # fmt: skip
_KINDS = {Kind.TEXT: "文字", Kind.NUMBER: "数", Kind.DAY: "日付", Kind.YES: "有無"}


@dataclass
class Compiler:
    """Translates the trees of one query; ``used`` are the items that it has met (翻訳).

    ``hidden``: ids of addressees whose withheld items are nothing here.
    """

    source: Source
    permissions: Collection[str]
    hidden: Collection[int]
    used: dict[str, Item] = field(default_factory=dict)

    def value(self, tree: Tree) -> Typed:
        """What stands for a tree, and its type. Raises Refused where types do not fit or an item may not be seen."""
        if isinstance(tree, Literal):
            return _literal(tree)
        if isinstance(tree, Ref):
            return self._item(tree)
        return self._call(tree)

    def condition(self, tree: Tree) -> Any:
        """A tree as a condition (条件)."""
        found, kind = self.value(tree)
        if kind is not Kind.YES:
            raise Refused('条件には、比べる式を書いてください。例: [性別] = "1"', field="where", code="not_a_condition")
        return found

    def seen(self, name: str) -> Item:
        """The item of that name, which whoever asks may see."""
        item = self.source.item(name)
        if item.permission and item.permission not in self.permissions:
            raise Refused(
                "「%(name)s」を抽出するには、その項目を表示する権限が必要です。", code="item_forbidden", name=name
            )
        self.used[name] = item
        return item

    def raw(self, item: Item) -> Any:
        """The item as it is stored, to be written as the register's files write it; nothing where it is withheld."""
        return self._unless_hidden(item, item.derived if item.derived is not None else F(item.path))

    def _unless_hidden(self, item: Item, said: Any) -> Any:
        subject = self.source.subject
        if not (item.is_withheld and subject and self.hidden):
            return said
        return Case(When(Q(**{f"{subject}__in": list(self.hidden)}), then=Value(None)), default=said)

    def _item(self, ref: Ref) -> Typed:
        item = self.seen(ref.name)
        if item.derived is None and item.kind is Kind.DAY:
            return self._unless_hidden(item, days.of_item(item)), Kind.DAY
        if item.kind is Kind.YES:
            return truth(Exact(self.raw(item), Value(True))), Kind.YES
        return self.raw(item), item.kind

    def _call(self, call: Call) -> Typed:
        if call.name in ("AND", "OR"):
            left, right = (self.condition(one) for one in call.arguments)
            return truth(Q(left) & Q(right) if call.name == "AND" else Q(left) | Q(right)), Kind.YES
        said = [self.value(one) for one in call.arguments]
        if call.name in _COMPARED:
            left, right = _alike(call, said)
            return truth(_COMPARED[call.name](left[0], right[0])), Kind.YES
        if call.name == "IN":
            return _in(call, said), Kind.YES
        if call.name == "&":
            return Concat(*(_as_text(one) for one in said), output_field=CharField()), Kind.TEXT
        if call.name in ("+", "-", "*", "/", "-X", "++X", "--X"):
            return _reckoned(call, said)
        return _function(call, said)


def _literal(literal: Literal) -> Typed:
    if literal.sort is Sort.NUMBER:
        return Value(Decimal(literal.text), output_field=_DECIMAL), Kind.NUMBER
    if literal.sort is Sort.NAME:
        return truth(Exact(Value(1), Value(1 if literal.text else 0))), Kind.YES
    if literal.sort is Sort.DAY:
        return Value(literal.text, output_field=CharField()), Kind.DAY
    return Value(literal.text, output_field=CharField()), Kind.TEXT


def _alike(call: Call, said: list[Typed]) -> list[Typed]:
    """Both sides of one type; a value in quotation marks beside a day or a number is read as one."""
    kinds = [kind for _, kind in said]
    for wanted in (Kind.DAY, Kind.NUMBER):
        if wanted in kinds:
            said = [
                _read_as(wanted, tree) if kind is Kind.TEXT and isinstance(tree, Literal) else (value, kind)
                for tree, (value, kind) in zip(call.arguments, said, strict=True)
            ]
    if len({kind for _, kind in said}) > 1:
        left, right = said[0][1], next(kind for _, kind in said if kind is not said[0][1])
        raise _unlike(call, left, right)
    return said


def _unlike(call: Call, left: Kind, right: Kind) -> Refused:
    return Refused(
        "式の%(at)d文字目で、%(left)sと%(right)sは比べられません。", code="types_differ", at=call.at,
        left=_KINDS[left], right=_KINDS[right],
    )  # fmt: skip


def _read_as(kind: Kind, tree: Literal) -> Typed:
    if kind is Kind.NUMBER:
        if not tree.text.isascii() or not tree.text.isdigit() or len(tree.text) > 15:
            raise Refused("「%(text)s」は数ではありません。", code="not_a_number", text=tree.text[:60])
        return Value(Decimal(tree.text), output_field=_DECIMAL), Kind.NUMBER
    day = RegisterDate.entered(tree.text)
    if day.is_unknown:
        raise Refused("比べる日付は、年月日のすべてを書いてください。", code="day_not_whole")
    return Value(str(day)[:10], output_field=CharField()), Kind.DAY


def _in(call: Call, said: list[Typed]) -> Any:
    first, *rest = _alike(call, said)
    found = Q(Exact(first[0], rest[0][0]))
    for value, _ in rest[1:]:
        found |= Q(Exact(first[0], value))
    return truth(found)


def _as_text(typed: Typed) -> Any:
    value, kind = typed
    return value if kind is Kind.TEXT else Cast(value, CharField())


def _reckoned(call: Call, said: list[Typed]) -> Typed:
    kinds, values = [kind for _, kind in said], [value for value, _ in said]
    step = {"++X": 1, "--X": -1}.get(call.name)
    if step is not None and kinds == [Kind.DAY]:
        return days.later(values[0], Value(step)), Kind.DAY
    if call.name in ("+", "-") and kinds == [Kind.DAY, Kind.NUMBER]:
        moved = values[1] if call.name == "+" else _sum("*", values[1], Value(-1))
        return days.later(values[0], moved), Kind.DAY
    if call.name == "-" and kinds == [Kind.DAY, Kind.DAY]:
        return days.days_between(*values), Kind.NUMBER
    if set(kinds) != {Kind.NUMBER}:
        raise _unfit(call)
    if step is not None:
        return _sum("+", values[0], Value(step)), Kind.NUMBER
    if call.name == "-X":
        return _sum("*", values[0], Value(-1)), Kind.NUMBER
    if call.name == "/":
        return _sum("/", values[0], NullIf(number(values[1]), number(Value(0)))), Kind.NUMBER
    return _sum(call.name, *values), Kind.NUMBER


def _sum(sign: str, *values: Any) -> Any:
    return Func(
        *(number(value) for value in values), template="(%(expressions)s)", arg_joiner=f" {sign} ",
        output_field=_DECIMAL,
    )  # fmt: skip


def _unfit(call: Call) -> Refused:
    return Refused(
        "式の%(at)d文字目の「%(name)s」は、この種類の値には使えません。", code="types_unfit", at=call.at,
        name=call.name.removesuffix("X")[:20],
    )  # fmt: skip


def _function(call: Call, said: list[Typed]) -> Typed:
    name = SPOKEN.get(call.name, call.name)
    known = FUNCTIONS.get(name)
    if known is None:
        raise Refused(
            "「%(name)s」という関数はありません。関数の一覧を確かめてください。", code="no_such_function",
            name=call.name[:20],
        )  # fmt: skip
    most = len(said) if known.repeats else len(known.takes)
    if not known.least <= len(said) <= most:
        raise Refused("関数「%(name)s」に渡す値の数が違います。", code="wrong_arguments", name=name)
    wanted = [*known.takes, *[known.takes[-1]] * (len(said) - len(known.takes))] if said else []
    read = list(_fitted(call, said, wanted))
    free = {kind for (_, kind), want in zip(read, wanted, strict=False) if want is ANY}
    if len(free) > 1:
        raise _unfit(call)
    gives = known.gives or free.pop()
    made = known.make(*(value for value, _ in read))
    return truth(made) if gives is Kind.YES and known.gives else made, gives


def _fitted(call: Call, said: list[Typed], wanted: list[Kind | None]) -> Iterator[Typed]:
    for tree, (value, kind), want in zip(call.arguments, said, wanted, strict=False):
        if want is Kind.DAY and kind is Kind.TEXT and isinstance(tree, Literal):
            yield _read_as(Kind.DAY, tree)
        elif want is ANY or want is kind:
            yield value, kind
        elif want is Kind.TEXT:
            yield _as_text((value, kind)), Kind.TEXT
        else:
            raise _unfit(call)
