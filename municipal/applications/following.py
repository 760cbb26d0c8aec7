"""What other parts do when a case takes a step, in the same transaction or afterwards (処理への追随).

A follower runs before the step is committed: what it refuses, the step is refused. Whoever only wants to know
receives ``MOVED`` from the outbox: the payload holds the case's id and the number of the step.
"""

from collections.abc import Callable

from municipal.core.actors import Actor
from municipal.office.outbox import emit

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
    subjects = [case.about_id] if case.about_id else []
    emit(topic=MOVED, subjects=subjects, payload={"case": case.pk, "step": event.number})
    for acting in (_guards, _followers):
        for name in sorted(acting):
            acting[name](actor, case, event)
