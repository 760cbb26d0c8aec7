"""What other parts do when a case takes a step, in the same transaction or afterwards (処理への追随).

A follower runs before the step is committed: what it refuses, the step is refused. Whoever only wants to know
receives ``MOVED`` from the outbox: the payload holds the case's id and the number of the step.
"""

from collections.abc import Callable, Mapping, Sequence

from municipal.core.actors import Actor
from municipal.office.outbox import emit_all

from .models import Case, CaseEvent

MOVED = "applications.moved"
Follower = Callable[[Actor, Case, CaseEvent], None]
_guards: dict[str, Follower] = {}
_followers: dict[str, Follower] = {}


def guards_steps(function: Follower) -> Follower:
    """Let a function have its say on every step before anything follows from it (処理の見張りの登録)."""
    _guards[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def follows_steps(function: Follower) -> Follower:
    """Let a plain function of a room's ``receivers.py`` follow every step (追随の登録)."""
    _followers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def told(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Note the step for the outbox, then let guards and followers act, each in order of their names (追随の実行)."""
    told_all(actor, [event], {case.pk: case})


def told_all(actor: Actor, events: Sequence[CaseEvent], cases: Mapping[int, Case]) -> None:
    """The same for one step of each of many cases, by id; the outbox is written once (一括の追随)."""
    about = {pk: [case.about_id] if case.about_id else [] for pk, case in cases.items()}
    emit_all([(MOVED, about[one.case_id], {"case": one.case_id, "step": one.number}) for one in events])
    for event in events:
        for acting in (_guards, _followers):
            for name in sorted(acting):
                acting[name](actor, cases[event.case_id], event)
