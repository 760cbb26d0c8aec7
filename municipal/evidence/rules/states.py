"""How far a question is, and what may follow what (照会の状態).

An outcome is final: whatever comes later, twice or out of turn changes nothing. ``used``: the office has taken note of
the outcome; ``disclosed``: the person was shown that it was asked.
"""

from enum import StrEnum


class State(StrEnum):
    """The states of a question of ours (照会の状態)."""

    CREATED = "created"
    SENT = "sent"
    PENDING = "pending"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    EXPIRED = "expired"
    USED = "used"
    DISCLOSED = "disclosed"


OPEN = (State.CREATED, State.SENT, State.PENDING)
FAILED = (State.REFUSED, State.NOT_FOUND, State.EXPIRED)
OUTCOMES = (State.ANSWERED, *FAILED)
OVER = (State.USED, State.DISCLOSED)


def moves() -> tuple[str, ...]:
    """Every permitted change of state as ``from:to``, for the database (許される状態の変化)."""
    found = [(State.CREATED, State.SENT), (State.CREATED, State.EXPIRED), (State.SENT, State.PENDING)]
    found += [(one, outcome) for one in (State.SENT, State.PENDING) for outcome in OUTCOMES]
    found += [(outcome, State.USED) for outcome in OUTCOMES]
    return tuple(sorted(f"{one}:{to}" for one, to in [*found, (State.USED, State.DISCLOSED)]))


def may_follow(later: State, earlier: State) -> bool:
    """Whether a question that is ``earlier`` may become ``later`` (遷移の可否)."""
    return f"{earlier}:{later}" in moves()


class Incoming(StrEnum):
    """The states of a question that another office asks of us (他機関からの照会の状態).

    ``held``: it is not answered automatically (自動応答不可); a member of staff decides.
    """

    RECEIVED = "received"
    HELD = "held"
    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    REFUSED = "refused"


def incoming_moves() -> tuple[str, ...]:
    """The same for the questions of others (許される状態の変化)."""
    replies = (Incoming.ANSWERED, Incoming.NOT_FOUND, Incoming.REFUSED)
    found = [(Incoming.RECEIVED, Incoming.HELD)]
    found += [(one, reply) for one in (Incoming.RECEIVED, Incoming.HELD) for reply in replies]
    return tuple(sorted(f"{one}:{to}" for one, to in found))
