"""Counting a month and a day of a whole town, and an extract of it, beside a plain COUNT (統計と抽出の測定)."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from municipal.core import clock
from municipal.extracts.queries import Column, Query, ready
from municipal.extracts.running import bounded, everything, how_many
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.residents.counts import month
from municipal.residents.inquiry import withheld
from municipal.statistics import publishing
from municipal.statistics.stocks import stock
from municipal.statistics.years import year

from .ground import TOWN, connect
from .measuring import Table

TARGET = 5.0
FLOOR = "SELECT count(*) FROM residents_period WHERE is_registered AND upper(valid) IS NULL AND upper(recorded) IS NULL"
LIST = Query(
    "residents", (Column("[宛名番号]"), Column("[氏名]"), Column("[住所_町字]"), Column("AGE([生年月日])", "年齢"))
)
FIGURES = Query("residents", groups=(Column("[住所_町字]"),), across="[性別]", measure="count")


def measure(rounds: int = 3) -> list[Table]:
    """The best of ``rounds`` of each; the floor is a COUNT of the residents, as superuser, without the wall."""
    table = Table(
        "Counting a town",
        ("what", "by the clock", "times a plain COUNT"),
        f"Best of {rounds}; target: a month, a day and the first rows of an extract in at most {TARGET:.0f} s each.",
    )
    with connect(SUPERUSER) as superuser:
        floor = _best(rounds, lambda: superuser.execute(FLOOR).fetchall())
    table.add("plain COUNT of the residents", f"{floor * 1000:.0f} ms", "1.0", is_met=True)
    today = clock.today()
    wanted: dict[str, Callable[[], Any]] = {
        "a month: additions, removals, stock, households": lambda: month(today.year, today.month),
        "a day: area, kind, sex, age; households; nationalities": lambda: stock(today),
        "the table to publish of that day": lambda: publishing.population(stock(today)),
        "a list: how many": lambda: how_many(_asked(LIST)),
        "figures by area and sex": lambda: list(_taken(FIGURES)),
    }
    for name, act in wanted.items():
        taken = _best(rounds, lambda act=act: _inside(act))  # type: ignore[misc]
        table.add(name, f"{taken:.2f} s", f"{taken / floor:.1f}", is_met=taken <= TARGET)
    for name, act in (
        ("a year: twelve months", lambda: year(today.year)),
        ("a list: every row, four columns", lambda: sum(1 for _ in _taken(LIST))),
    ):
        taken = _best(1, lambda act=act: _inside(act))  # type: ignore[misc]
        table.add(name, f"{taken:.2f} s", f"{taken / floor:.1f}", is_met=True)
    return [table]


def _best(rounds: int, act: Callable[[], Any]) -> float:
    taken = []
    for _ in range(rounds):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return min(taken)


def _inside(act: Callable[[], Any]) -> Any:
    with wall.within(TOWN):
        return act()


def _asked(query: Query) -> Any:
    return ready(query, permissions=(), hidden=withheld())


def _taken(query: Query) -> Any:
    with bounded(300):
        yield from everything(_asked(query))
