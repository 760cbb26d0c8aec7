"""The rules: one file each, found by folder, strangers to one another (検査規則).

A rule is a function that judges plain data and says a ``Fault`` or nothing. It stands alone in its file together with
its clause, severity and standing; its docstring is its manual, and the cases beside it (``<same name>.toml``) prove it
with good and bad data. ``docs/adding-a-rule.md`` walks through one.

There are four shapes, by what a rule looks at:

- ``file_rule``: a file as it was read (encoding, heading, broken lines);
- ``item_rule``: one cell and the item it belongs to, for every item of every pack that it concerns;
- ``row_rule``: one row of one table;
- ``set_rule``: all rows of one or more tables together (keys, references, sequences, totals).

Judging happens twice. The plain function is the truth and writes the findings. ``accepts`` (items and rows) and
``over`` (sets) say the same in vectorised form for a million rows; the tests hold one against the other.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item, Pack

if TYPE_CHECKING:
    import polars as pl


class Shape(StrEnum):
    """What a rule looks at (規則の対象)."""

    FILE = "file"
    ITEM = "item"
    ROW = "row"
    SET = "set"


class Kept(StrEnum):
    """How a set rule wants a column kept, so that five million rows fit into memory (列の保持形).

    KEY: a 64-bit hash of the text, null where empty. INT: a whole number, null where it is none. DAY: days since
    1970-01-01, null where it is no calendar day. TEXT: the text itself, for small tables and short codes.
    """

    KEY = "key"
    INT = "int"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the data (検査の前提).

    ``as_of`` is the day the data stand at, ``today`` the day of the check; neither is read from a clock. ``files`` are
    the names of the files by the index that rows carry in ``Row.file``: what a series of tables tells about its months.
    """

    pack: Pack
    as_of: date
    today: date
    files: tuple[str, ...] = ()


Collected = Mapping[str, Mapping[str, Kept]]
"""Which items of which tables a set rule wants: table name to item to the way it is kept."""


@dataclass
class Rule:
    """One rule with everything that is told about it (規則).

    ``code`` is stable and never reused. ``clause`` is ``<pack id>/<version>#<clause>`` or the title of the document and
    the place in it. ``packs`` are the ids of the packs it serves, none meaning all; ``kinds`` narrows them by kind.
    ``needs`` are the items without which it is inapplicable, ``uses`` those it reads when they are there.
    """

    code: str
    shape: Shape
    clause: str
    severity: Severity
    standing: Standing
    judge: Callable[..., Any]
    packs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    table: str = ""
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    collects: Callable[[Pack], Collected] | None = None
    speaks: Callable[[Pack, Collection[str]], bool] | None = None
    concerns: Callable[[Item], bool] | None = None
    by_row: bool = False
    is_exact: bool = True
    is_unsettled: Callable[[Item, Pack], bool] | None = None
    fast: Callable[..., Any] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The name of the function: a sentence (規則名)."""
        return self.judge.__name__

    @property
    def manual(self) -> str:
        """The docstring, which is the manual of the rule (説明書)."""
        return self.judge.__doc__ or ""

    def serves(self, pack: Pack) -> bool:
        """Whether files of this pack are judged by it (対象のパックか)."""
        return (not self.packs or pack.id in self.packs) and (not self.kinds or pack.kind in self.kinds)

    def accepts(self, fast: Callable[..., pl.Expr]) -> Callable[..., pl.Expr]:
        """Decorate the vectorised form: an expression that is true exactly where the judge finds nothing (高速版)."""
        self.fast = fast
        return fast

    def over(self, fast: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
        """Decorate the vectorised form of a set rule (高速版).

        It takes ``Mapping[table, DataFrame]`` and the context. Every frame has the wanted items as columns and
        ``_file`` (index) and ``_row`` (number). It gives a frame with ``_file``, ``_row`` and, where they apply,
        ``column`` and any facts, one line per finding.
        """
        self.fast = fast
        return fast


_known: dict[str, Rule] = {}


def _register(rule: Rule) -> Rule:
    if rule.code in _known and _known[rule.code].judge.__module__ != rule.judge.__module__:
        raise ValueError(f"{rule.code} is used by {_known[rule.code].judge.__module__} and {rule.judge.__module__}")
    _known[rule.code] = rule
    return rule


FileJudge = Callable[[Any, Context], Iterator[tuple[int, Fault]]]
ItemJudge = Callable[[Any, Item, Context], Fault | None]
RowJudge = Callable[["Row", Context], Fault | None]
SetJudge = Callable[[Mapping[str, list["Row"]], Context], Iterable[tuple["Row", Fault]]]


def file_rule(
    code: str, *, clause: str, severity: Severity, standing: Standing = Standing.OFFICIAL, packs: tuple[str, ...] = ()
) -> Callable[[FileJudge], Rule]:
    """A rule about a file as it was read: yields row number (0 for the file) and fault (ファイルの規則)."""
    return lambda judge: _register(Rule(code, Shape.FILE, clause, severity, standing, judge, packs))


def item_rule(
    code: str,
    *,
    clause: str,
    severity: Severity,
    concerns: Callable[[Item], bool],
    packs: tuple[str, ...] = (),
    standing: Standing = Standing.OFFICIAL,
    by_row: bool = False,
    is_exact: bool = True,
    is_unsettled: Callable[[Item, Pack], bool] | None = None,
) -> Callable[[ItemJudge], Rule]:
    """A rule about one cell, for all items that it ``concerns`` (項目の規則).

    Without ``packs`` it serves items of every pack. A finding is provisional if the rule or the item is. ``by_row``:
    the judge gets a function from heading to cell instead of the cell, and sees empty cells too. Not ``is_exact``: the
    vectorised form may suspect too many.
    ``is_unsettled`` items are those of which the published text does not say enough: reported as "cannot tell".
    """
    return lambda judge: _register(
        Rule(
            code, Shape.ITEM, clause, severity, standing, judge, packs,
            concerns=concerns, by_row=by_row, is_exact=is_exact, is_unsettled=is_unsettled,
        )
    )  # fmt: skip


def row_rule(
    code: str,
    *,
    clause: str,
    severity: Severity,
    pack: str | tuple[str, ...],
    table: str,
    needs: tuple[str, ...],
    uses: tuple[str, ...] = (),
    standing: Standing = Standing.OFFICIAL,
) -> Callable[[RowJudge], Rule]:
    """A rule about one row; ``needs`` and ``uses`` name items, not headings (行の規則)."""
    packs = (pack,) if isinstance(pack, str) else pack
    return lambda judge: _register(
        Rule(code, Shape.ROW, clause, severity, standing, judge, packs, table=table, needs=needs, uses=uses)
    )


def set_rule(
    code: str,
    *,
    clause: str,
    severity: Severity,
    collects: Collected | Callable[[Pack], Collected],
    packs: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    standing: Standing = Standing.OFFICIAL,
    speaks: Callable[[Pack, Collection[str]], bool] | None = None,
) -> Callable[[SetJudge], Rule]:
    """A rule about all rows together: the judge gets table name to rows and yields row and fault (集合の規則).

    ``speaks`` says whether it can judge when only these tables are there; by default any one of them is enough.
    """
    wanted = collects if callable(collects) else (lambda pack: collects)
    return lambda judge: _register(
        Rule(code, Shape.SET, clause, severity, standing, judge, packs, kinds, collects=wanted, speaks=speaks)
    )


class Row(dict[str, str]):
    """One row as plain text by item; an item that the file lacks reads as "" (行).

    ``file`` and ``number`` say where it stands; ``number`` counts as a spreadsheet does.
    """

    __slots__ = ("file", "number")

    def __init__(self, cells: Mapping[str, str], file: int = 0, number: int = 0) -> None:
        super().__init__(cells)
        self.file = file
        self.number = number

    def __missing__(self, item: str) -> str:
        return ""


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by code, in the order of the codes: all modules below this folder are imported (規則の一覧)."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return {code: _known[code] for code in sorted(_known)}
