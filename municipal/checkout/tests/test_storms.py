"""Every webhook one to ten times at once, mixed over many payments, from a printed seed (通知の嵐の試験)."""

import os
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections

from conftest import TOWN
from municipal.checkout.models import OnlinePayment, WebhookMessage
from municipal.checkout.rules.states import OF_REFUNDS, Kind, State, highest, state_of
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Posting, Slip

from .acting import NOON, a_slip, begun, hook

TOLD = [kind for kind in Kind if kind not in OF_REFUNDS]
OWED, PAID = Standing(charged=30_000, outstanding=30_000), Standing(charged=30_000, applied=30_000)
Message = tuple[OnlinePayment, Kind, str]


def delivered(message: Message) -> None:
    try:
        with clock.stopped_at(NOON):
            hook(*message)
    finally:
        connections.close_all()


def storm(seed: int, count: int) -> int:
    """Messages about ``count`` payments, each of a random few kinds; how many were delivered."""
    print(f"seed {seed}")  # noqa: T201  (shown when it fails)
    chance = random.Random(seed)
    with clock.stopped_at(NOON):
        with wall.within(TOWN):
            slips = [a_slip(reference=f"{seed}-{number}") for number in range(count)]
        payments = [begun(slip) for slip in slips]
    told = [set(chance.sample(TOLD, chance.randint(1, len(TOLD)))) for _ in payments]
    messages: list[Message] = []
    for payment, kinds in zip(payments, told, strict=True):
        for kind in sorted(kinds):
            # Now and then the provider tells one thing under two numbers.
            for name in {uuid4().hex for _ in range(chance.choice((1, 1, 1, 2)))}:
                messages += [(payment, kind, name)] * chance.randint(1, 10)
    chance.shuffle(messages)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(delivered, messages))
    with wall.within(TOWN):
        refute(slips, payments, told, messages)
    return len(messages)


def refute(
    slips: Sequence[Slip], payments: Sequence[OnlinePayment], told: Sequence[set[Kind]], messages: Sequence[Message]
) -> None:
    """Whatever order they came in: every message noted once, every payment at its highest, the books right."""
    assert books().broken() == []
    assert WebhookMessage.objects.count() == len({name for _, _, name in messages})
    standing = of_charges([slip.charge_id for slip in slips])
    now = {one.pk: one for one in OnlinePayment.objects.all()}
    for slip, payment, kinds in zip(slips, payments, told, strict=True):
        is_paid = Kind.CAPTURED in kinds and Kind.REVERSED not in kinds
        assert now[payment.pk].state == highest([State.STARTED, *map(state_of, kinds)]), kinds
        assert standing[slip.charge_id] == (PAID if is_paid else OWED), kinds
        booked = Posting.objects.filter(transfers__charge=slip.charge_id, kind__in=("collect", "reverse")).distinct()
        assert booked.count() in ((1,) if is_paid else (0, 2)), kinds


def test_a_storm_of_webhooks_leaves_the_books_right(committed_db: str) -> None:
    assert storm(random.SystemRandom().randrange(10**9), 6) > 6


@pytest.mark.faults
def test_ten_thousand_webhooks_leave_the_books_right(committed_db: str) -> None:
    seed = int(os.environ.get("KIJUN_MONEY_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
    count = int(os.environ.get("KIJUN_MONEY_WEBHOOKS", "10000"))
    assert storm(seed, count // 34 + 1) >= count * 0.9
