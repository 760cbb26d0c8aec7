"""The wall between municipalities: one transaction sees one municipality (自治体間の壁).

``within(municipality)`` is the only door. It opens a transaction and names the municipality to PostgreSQL
for that transaction alone; row-level security does the rest. Whatever must be the last statement before the
commit (the audit chain) is handed to ``before_commit``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import DatabaseError, connections, transaction

SETTING = "kijun.municipality"
NO_MUNICIPALITY = "KJ001"


class NoMunicipality(Exception):  # noqa: N818
    """No municipality is set for this transaction, or another one is (自治体が決まっていない)."""


@dataclass
class Opening:
    """One open door: which municipality, over which connection, and what must happen before the commit."""

    municipality: int
    using: str
    closing: list[Callable[[], None]] = field(default_factory=list)


_open: ContextVar[Opening | None] = ContextVar("kijun_open", default=None)


def opening() -> Opening:
    """The door that is open now. Raises NoMunicipality if none is."""
    found = _open.get()
    if found is None:
        raise NoMunicipality("No municipality is set: open within(municipality) first.")
    return found


def current() -> int:
    """The municipality of this transaction, as its six-digit code in a number. Raises NoMunicipality."""
    return opening().municipality


def before_commit(act: Callable[[], None]) -> None:
    """Run ``act`` once, as the last thing before this transaction commits; never if it rolls back."""
    acts = opening().closing
    if act not in acts:
        acts.append(act)


@contextmanager
def within(municipality: int, *, using: str = "default") -> Iterator[Opening]:
    """Open a transaction that sees ``municipality`` and nothing else (自治体の中で).

    Inside an open door of the same municipality it is a savepoint; of another one, NoMunicipality is raised:
    no act reaches into two municipalities.
    """
    outer = _open.get()
    if outer is not None and (outer.municipality, outer.using) != (municipality, using):
        raise NoMunicipality(f"Municipality {outer.municipality} is open; {municipality} cannot be opened inside it.")
    if outer is not None:
        with transaction.atomic(using=using):
            yield outer
        return
    door = Opening(municipality, using)
    token = _open.set(door)
    try:
        with transaction.atomic(using=using):
            _name_to_database(str(municipality), using)
            yield door
            for act in door.closing:
                act()
            # Only matters where a surrounding transaction goes on (tests): the setting ends with the door.
            _name_to_database("", using)
    finally:
        _open.reset(token)


def _name_to_database(value: str, using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def is_no_municipality(error: DatabaseError) -> bool:
    """Whether PostgreSQL refused because no municipality is set: the same error, never set or ended."""
    return getattr(error.__cause__, "sqlstate", None) == NO_MUNICIPALITY
