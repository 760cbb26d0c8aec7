"""How far a payment is, and what may follow what (オンライン納付の状態).

The states form one line, and a payment only ever rises in it: its state is the highest that was ever reported. So it
does not matter in which order, how late or how often a provider tells something; nothing older turns a state back.
That money was taken stands above every way of not paying, since a payment that we gave up may have been paid in the
last moment; that it was taken back stands above everything. There is no state of money that is reserved but not taken:
none of the channels of a municipality has one.
"""

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """The states in their order, the lowest first (状態)."""

    CREATED = "created"
    STARTED = "started"
    SUBMITTED = "submitted"
    ERROR = "error"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SUCCESS = "success"
    REVERSED = "reversed"


LINE = tuple(State)
OPEN = (State.CREATED, State.STARTED, State.SUBMITTED)
"""The payer may still act."""


class Kind(StrEnum):
    """What a provider tells of a payment (通知の種類).

    The first ones bring a state about; ``captured``: the money is certain (確報); ``settled``: it is on its way to the
    account; the last two tell of a refund.
    """

    STARTED = "started"
    SUBMITTED = "submitted"
    ERROR = "error"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SUCCESS = "success"
    CAPTURED = "captured"
    SETTLED = "settled"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


OF_REFUNDS = (Kind.REFUNDED, Kind.REFUND_FAILED)
_MEANS = {Kind.CAPTURED: State.SUCCESS, Kind.SETTLED: State.SUCCESS}


class Failure(StrEnum):
    """Why nothing was paid (支払われなかった理由)."""

    REJECTED = "rejected"
    EXPIRED = "expired"
    BY_PAYER = "by_payer"
    BY_OFFICE = "by_office"
    PROVIDER = "provider"


def state_of(kind: Kind) -> State:
    """The state that a payment has reached by such a notice (到達した状態). Raises ValueError for one of a refund."""
    return _MEANS.get(kind) or State(kind.value)


def may_follow(later: State, earlier: State) -> bool:
    """Whether a payment that is ``earlier`` may become ``later`` (遷移の可否)."""
    return LINE.index(later) > LINE.index(earlier)


def highest(states: Iterable[State]) -> State:
    """The state of a payment of which all of ``states`` were reported, in whatever order (状態の決定)."""
    return max(states, key=LINE.index, default=State.CREATED)


def is_finished(state: State) -> bool:
    """Whether the payer has nothing more to do with this payment (完了)."""
    return state not in OPEN
