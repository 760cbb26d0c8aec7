"""An act counted in statements, and killed after one of them in a process of its own (強制終了の道具)."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from municipal.machine.tests.conftest import kill

from .walks import goes_all_the_way


def kill_itself() -> None:
    kill(os.getpid())


@contextmanager
def statements_counted(strike: Callable[[int], None] = lambda _number: None) -> Iterator[list[int]]:
    """Inside: a list that holds how many statements were sent so far; ``strike`` is told of each."""
    count = [0]

    def counting(execute: Any, *arguments: Any) -> Any:
        result = execute(*arguments)
        count[0] += 1
        strike(count[0])
        return result

    with connection.execute_wrapper(counting):
        yield count


def statements(act: Callable[[], object]) -> int:
    """How many statements ``act`` takes."""
    with statements_counted() as count:
        act()
    return count[0]


def points(count: int) -> list[int]:
    """After which of so many statements this run kills: the first, the last, a third of the others (強制終了の位置)."""
    between = range(2, count)
    some = between if goes_all_the_way() else random.sample(between, len(between) // 3)
    return sorted({1, *some, count})


def struck(act: Callable[[], object], last: int, strike: Callable[[], None] = kill_itself) -> None:
    """``act`` in a process of its own, struck after the statement number ``last``."""
    connections.close_all()
    process = os.fork()
    if process == 0:
        try:
            with statements_counted(lambda number: strike() if number == last else None):
                act()
        finally:
            os._exit(0)
    os.waitpid(process, 0)
