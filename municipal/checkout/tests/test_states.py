"""The table of states has no gap, and neither order nor repetition of notices matters (状態の表の試験)."""

from collections.abc import Sequence
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.checkout.models import FAILURE_NAMES, FAULT_NAMES, KIND_NAMES, STATE_NAMES, OnlinePayment, PaymentEvent
from municipal.checkout.operations import learn
from municipal.checkout.operations.actors import CLOCK
from municipal.checkout.rules.faults import Fault
from municipal.checkout.rules.states import (
    LINE,
    OF_REFUNDS,
    OPEN,
    Failure,
    Kind,
    State,
    highest,
    is_finished,
    may_follow,
    state_of,
)
from municipal.core import clock
from municipal.payments.balances import books, of_charges

from .acting import NOON, a_slip, begun, notice

TOLD = [kind for kind in Kind if kind not in OF_REFUNDS]


def test_every_state_and_failure_has_its_word_and_every_kind_its_state() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(FAILURE_NAMES) == set(Failure)
    assert set(KIND_NAMES) == set(Kind)
    assert set(FAULT_NAMES) == set(Fault)
    assert {kind: state_of(kind) for kind in TOLD}.keys() == set(TOLD)
    for kind in OF_REFUNDS:
        with pytest.raises(ValueError):
            state_of(kind)


def test_of_any_two_states_exactly_one_may_follow_the_other() -> None:
    for one, other in product(State, State):
        assert may_follow(one, other) + may_follow(other, one) == (one != other)
    assert [is_finished(state) for state in LINE] == [False] * len(OPEN) + [True] * (len(LINE) - len(OPEN))


def test_money_that_was_taken_stands_above_every_way_of_not_paying() -> None:
    assert all(may_follow(State.SUCCESS, state) for state in LINE if state not in (State.SUCCESS, State.REVERSED))
    assert highest([]) == State.CREATED


def is_taken(payment: OnlinePayment, state: State) -> bool:
    try:
        with transaction.atomic():
            return OnlinePayment.objects.filter(pk=payment.pk).update(state=state) == 1
    except IntegrityError as error:
        return "does not follow" not in str(error)


@pytest.mark.parametrize("earlier", list(State))
def test_the_database_takes_exactly_the_moves_of_the_table(town: int, earlier: State) -> None:
    for later in State:
        slip = a_slip(reference=f"{earlier}-{later}")
        payment = OnlinePayment.objects.create(
            slip=slip, method="card", channel="site", yen=slip.yen, state=earlier, created_at=clock.now(),
            changed_at=clock.now(), expires_at=clock.now(),
        )  # fmt: skip
        assert is_taken(payment, later) == (may_follow(later, earlier) or later == earlier), f"{earlier} {later}"


def test_what_was_filled_in_stays_and_no_row_goes(town: int) -> None:
    payment = begun(a_slip())
    for change in ({"reference": "another"}, {"page": "/elsewhere"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OnlinePayment.objects.filter(pk=payment.pk).update(**change)
    for column in ("yen", "slip_id", "public"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            OnlinePayment.objects.filter(pk=payment.pk).update(**{column: None})
    with pytest.raises(Exception, match=r"permission denied|only"), transaction.atomic():
        PaymentEvent.objects.all().delete()


def results(kinds: Sequence[Kind], number: int) -> tuple[str, int, int]:
    """The state of a payment of which these were told, and what the books hold of its charge."""
    slip = a_slip(reference=f"{number}")
    payment = begun(slip)
    for kind in kinds:
        learn(actor=CLOCK, payment=payment.public, notices=[notice(payment, kind)])
    payment.refresh_from_db()
    standing = of_charges([slip.charge_id])[slip.charge_id]
    return payment.state, standing.applied, standing.overpaid


@given(st.lists(st.sampled_from(TOLD), min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_order_nor_repetition_changes_what_comes_of_it(town: int, kinds: list[Kind], chance: object) -> None:
    shuffled = [*kinds, *kinds]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    with clock.stopped_at(NOON), transaction.atomic():
        straight, mixed = results(kinds, 1), results(shuffled, 2)
        assert straight == mixed
        is_paid = Kind.CAPTURED in kinds and Kind.REVERSED not in kinds
        assert straight[1:] == (30_000 if is_paid else 0, 0)
        assert straight[0] == highest([State.STARTED, *(state_of(kind) for kind in kinds)])
        assert books().broken() == []
        transaction.set_rollback(True)
