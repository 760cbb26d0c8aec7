"""Asking the register a question that is ready (抽出の実行).

What is asked at a screen has a few seconds and gets a page; whoever wants more orders a file, which a worker writes.
So no extract keeps the counter waiting: reading locks nothing, and time is bounded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DataError, OperationalError, connections, transaction
from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .queries import Ready

SECONDS_AT_A_SCREEN, SECONDS_OF_A_WORKER = 15, 900
CHUNK = 2_000
WITHHELD_HEADING = _("住所の非表示")
_TOO_LONG, _TIMED_OUT = "57014", "query_timeout"


@dataclass(frozen=True)
class Line:
    """One row of an answer: its values in the order of the headings, and whom it is about (行)."""

    values: tuple[Any, ...]
    subjects: tuple[int, ...] = ()
    is_withheld: bool = False


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """Inside, a question may take so long; a savepoint keeps the transaction alive when it does not end (時間の制限).

    Raises Refused for one that takes longer and for a value with which nothing can be reckoned.
    """
    connection = connections[wall.opening().using]
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
            yield
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _TOO_LONG:
            raise
        raise Refused(
            "時間がかかるため、画面では抽出できません。条件をしぼるか、ファイルへの出力を選んでください。",
            code=_TIMED_OUT,
        ) from error
    except DataError as error:
        raise Refused(
            "式を計算できない値があります。大きすぎる数を使っていないか確かめてください。", code="not_reckonable"
        ) from error


@implements("resident-record/1.0#10.1/m13")
def how_many(ready: Ready) -> int:
    """How many rows fit (該当件数)."""
    with bounded(SECONDS_AT_A_SCREEN):
        return 1 if ready.total is not None else ready.rows.count()


@implements("resident-record/1.0#10.1/m11")
def page(ready: Ready, *, start: int, size: int) -> list[Line]:
    """Some of the rows, for a screen (画面の一ページ)."""
    with bounded(SECONDS_AT_A_SCREEN):
        return list(_lines(ready, start, start + size))


def everything(ready: Ready) -> Iterator[Line]:
    """Every row, a few at a time from one snapshot (全件). Whoever takes them all bounds the time around it."""
    return _lines(ready, None, None)


def _lines(ready: Ready, start: int | None, end: int | None) -> Iterator[Line]:
    if ready.total is not None:
        yield Line((ready.rows.aggregate(measure=ready.total)["measure"],))
        return
    subject = ready.source.subject or ready.source.subjects
    wanted = [*ready.names] if ready.query.is_figures else [*ready.names, *([subject] if subject else [])]
    rows = ready.rows.values_list(*wanted)
    cut: Any = rows if start is None else rows[start:end]
    for row in cut.iterator(CHUNK):
        yield _line(ready, row, bool(subject) and not ready.query.is_figures)


def _line(ready: Ready, row: Sequence[Any], has_subject: bool) -> Line:
    if not has_subject:
        return Line(tuple(row))
    *values, whom = row
    people = whom if ready.source.subjects else (whom,)
    return Line(tuple(values), tuple(one for one in people if one is not None))


@dataclass(frozen=True)
class Cross:
    """Figures spread over a table: what stands at its sides, and the cells by both (クロス集計表)."""

    downs: tuple[tuple[Any, ...], ...]
    acrosses: tuple[Any, ...]
    cells: dict[tuple[tuple[Any, ...], Any], Any]


def crossed(ready: Ready, lines: Sequence[Line]) -> Cross:
    """The lines of figures as a cross table, in the order in which they came (クロス集計)."""
    cells = {(line.values[:-2], line.values[-2]): line.values[-1] for line in lines}
    downs = tuple(dict.fromkeys(down for down, _ in cells))
    acrosses = tuple(dict.fromkeys(sorted((across for _, across in cells), key=lambda one: (one is None, str(one)))))
    return Cross(downs, acrosses, cells)
