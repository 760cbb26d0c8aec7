"""Recording who did what and who was shown whose record (監査記録の作成).

Entries wait on the open door and are written as its last statements, so that the lock on the chain is held for a
moment only. What a rolled-back savepoint had queued vanishes with it. If the chain cannot be written, the
transaction fails: no log, no service.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, connections, transaction

from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of

from .models import Kind
from .rules import Draft
from .writing import append, note_origin

P = ParamSpec("P")
R = TypeVar("R")

operations: dict[str, Callable[..., Any]] = {}
"""Every operation of every room by the name of its act; the shape test and the permission matrix read it (操作一覧)."""


class NotRecorded(Exception):  # noqa: N818
    """An operation ended well and recorded nothing: a fault of ours (監査記録の欠落)."""


@dataclass(frozen=True)
class Asking:
    """Where a request comes from; entries take over what their operation does not say itself (要求の出所)."""

    screen: str = ""
    purpose: str = ""
    request_id: UUID | None = None
    source: str = ""


_NOWHERE = Asking()
_asking: ContextVar[Asking] = ContextVar("kijun_asking", default=_NOWHERE)
_act: ContextVar[str] = ContextVar("kijun_act", default="")


@contextmanager
def asked_from(
    *, screen: str = "", purpose: str = "", request_id: UUID | None = None, source: str = ""
) -> Iterator[None]:
    """Say once per request which screen asks, for what, under which id, from which address (要求の出所の設定)."""
    token = _asking.set(Asking(screen, purpose, request_id, source))
    try:
        yield
    finally:
        _asking.reset(token)


def asking() -> Asking:
    """Where the request that is being answered comes from (要求の出所)."""
    return _asking.get()


@dataclass(eq=False)
class _Batch:
    """Drafts of one savepoint. Django forgets what is to run on commit when its savepoint rolls back; so a batch
    lives exactly as long as Django still means to run it."""

    drafts: list[Draft]

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""


@dataclass(eq=False)
class _Queue:
    """The batches of one open door, written when it closes."""

    using: str
    batches: list[_Batch] = field(default_factory=list)
    is_written: bool = False

    def add(self, drafts: list[Draft]) -> None:
        batch = _Batch(drafts)
        self.batches.append(batch)
        transaction.on_commit(batch, using=self.using)

    def alive(self) -> list[Draft]:
        kept = {id(hook[1]) for hook in connections[self.using].run_on_commit}
        return [draft for batch in self.batches if id(batch) in kept for draft in batch.drafts]

    def __call__(self) -> None:
        self.is_written = True
        drafts, asked = self.alive(), _asking.get()
        append(drafts, using=self.using)
        if drafts and asked.request_id is not None and asked.source:
            note_origin(asked.request_id, asked.source, using=self.using)


def _queue() -> _Queue:
    """The queue of the open door. Raises NoMunicipality outside of one."""
    door = wall.opening()
    for act in door.closing:
        if isinstance(act, _Queue) and not act.is_written:
            return act
    made = _Queue(door.using)
    wall.before_commit(made)
    return made


def record(
    *, actor: Actor, act: str = "", subjects: Iterable[int] = (), fields: Iterable[str] = (), purpose: str = "",
    screen: str = "", source_at: datetime | None = None, kind: str = Kind.OPERATION, code: str = "",
) -> None:  # fmt: skip
    """Record one act of ``actor`` with the transaction that carries it out (操作の記録).

    ``act``: "room.verb", by default the surrounding operation's. ``subjects``: addressee ids. ``fields``: names of
    the items read or changed, never values. ``source_at``: when it was recorded where it came from.
    Raises NoMunicipality outside the wall, ValueError for a name that is none.
    """
    asking = _asking.get()
    draft = Draft(
        at=clock.now(), source_at=source_at, kind=str(kind), act=act or _act.get(),
        actor_kind=actor.actor_kind, actor_id=actor.actor_id,
        subjects=tuple(dict.fromkeys(subjects)), fields=tuple(dict.fromkeys(fields)),
        screen=screen or asking.screen, purpose=purpose or asking.purpose, request_id=asking.request_id, code=code,
    )  # fmt: skip
    _queue().add([draft])


@implements("resident-record/1.0#10.2/m1")
def disclose(
    *, actor: Actor, subjects: Iterable[int], fields: Iterable[str], screen: str = "", purpose: str = "",
    act: str = "",
) -> None:  # fmt: skip
    """Record that ``actor`` is shown these items of these people, where and what for (閲覧の記録)."""
    record(
        actor=actor, act=act or _act.get() or "disclose", subjects=subjects, fields=fields, screen=screen,
        purpose=purpose, kind=Kind.DISCLOSURE,
    )  # fmt: skip


def record_many(drafts: Iterable[Draft]) -> None:
    """Record what a bulk load did, one draft per act: written with COPY and one change of the head (一括記録)."""
    _queue().add(list(drafts))


def log_apart(
    *, municipality: int, actor: Actor, act: str, kind: str = Kind.REFUSAL, code: str = "",
    subjects: Iterable[int] = (), screen: str = "", purpose: str = "",
) -> None:  # fmt: skip
    """Record a refusal or a failed sign-in in a transaction of its own, after the main one rolled back (拒否の記録).

    Raises RuntimeError inside an open door: there it would roll back together with what was refused.
    """
    try:
        wall.opening()
    except wall.NoMunicipality:
        with wall.within(municipality):
            record(actor=actor, act=act, kind=kind, code=code, subjects=subjects, screen=screen, purpose=purpose)
        return
    raise RuntimeError("A refusal is recorded after its transaction ended; a door is still open here.")


def operation(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an operation: one act, all or nothing, at least one entry in the audit (操作).

    The function takes keywords only, ``actor`` first, and calls ``record`` or ``disclose`` itself, because only it
    knows whom it touched. A violated constraint that has a sentence is raised as ``Refused``.
    Raises TypeError or ValueError at import time for another signature or a name that is taken.
    """

    def make(function: Callable[P, R]) -> Callable[P, R]:
        parameters = list(signature(function).parameters.values())
        if not parameters or parameters[0].name != "actor" or any(p.kind != Parameter.KEYWORD_ONLY for p in parameters):
            raise TypeError(f"{function.__qualname__} must take keywords only, actor first")
        if act in operations:
            raise ValueError(f"{act} is already the act of {operations[act].__qualname__}")

        @wraps(function)
        def act_it(*args: P.args, **kwargs: P.kwargs) -> R:
            is_outermost = not _act.get()
            token = _act.set(act)
            try:
                return _carry_out(lambda: function(*args, **kwargs), act, is_outermost=is_outermost)
            finally:
                _act.reset(token)

        operations[act] = act_it
        return act_it

    return make


def _carry_out(function: Callable[[], R], act: str, *, is_outermost: bool) -> R:
    queue = _queue()
    before = len(queue.batches)
    try:
        with transaction.atomic(using=queue.using):
            result = function()
            if len(queue.batches) == before:
                raise NotRecorded(f"{act} recorded nothing")
            if is_outermost:
                # What is deferred to the commit is asked now: the refusal belongs to the act, not to the door.
                connections[queue.using].check_constraints()
            return result
    except IntegrityError as error:
        refused = refusal_of(error)
        if refused is None:
            raise
        raise refused from error
