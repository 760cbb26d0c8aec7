"""Which clause of which standard a piece of code carries out (条項と実装の対応).

``@implements("resident-record/1.0#4.1.1.2/m3")`` notes it in a table; the traceability report is printed from
that table. The id is ``<standard>/<version>#<section>`` with, where one sentence is meant, ``/m3`` (third must),
``/o1`` (first may) or ``/n2`` (second must-not).
"""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

Thing = TypeVar("Thing", bound=Callable[..., object])

CLAUSE = re.compile(r"^[a-z0-9-]+/[0-9][0-9.]*#[0-9]+(\.[0-9]+)*(/[mon][0-9]+)?$")

implemented: dict[str, list[str]] = defaultdict(list)


def implements(*clauses: str) -> Callable[[Thing], Thing]:
    """Note that the decorated operation, rule, form or report carries out ``clauses``.

    Raises ValueError at import time for an id that does not follow the grammar.
    """
    for clause in clauses:
        if not CLAUSE.match(clause):
            raise ValueError(f"{clause!r} is no clause id")

    def note(thing: Thing) -> Thing:
        for clause in clauses:
            implemented[clause].append(f"{thing.__module__}.{thing.__qualname__}")
        return thing

    return note
