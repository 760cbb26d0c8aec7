"""Random sequences of money against a register of sums in plain dicts (金銭の状態機械の試験).

The model knows no accounts: only what was charged, what came in, what went out, by charge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.balances import books, by_fee, of_charges
from municipal.payments.models import Channel, Charge, Posting, PostingKind, Report, Slip
from municipal.payments.operations import (
    apply,
    identify,
    issue_slips,
    refund,
    reissue_slip,
    reverse,
    revise,
    settle,
    write_off,
)

from .booking import CLERK, charged, payer, report, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
YEN = some.sampled_from([1, 99, 1_000, 25_000, 30_000, 99_999])


@contextmanager
def asked() -> Iterator[list[Refused]]:
    """Do something in a savepoint; a refusal leaves nothing behind and is noted."""
    refusals: list[Refused] = []
    try:
        with transaction.atomic():
            yield refusals
    except Refused as refused:
        refusals.append(refused)


class Money(RuleBasedStateMachine):
    """One payer, up to four charges, every way in which money comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.door = transaction.atomic()
        self.door.__enter__()
        self.charges: list[Charge] = []
        self.charged: dict[int, int] = {}
        self.given_up: dict[int, int] = {}
        self.came = self.went = 0
        self.serial = 0

    @initialize()
    def somebody(self) -> None:
        self.payer = payer()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.door.__exit__(None, None, None)

    @precondition(lambda self: len(self.charges) < 4)
    @rule(yen=YEN)
    def charge(self, yen: int) -> None:
        self.serial += 1
        found = charged(
            owner=self.payer, reference=str(self.serial), total_yen=yen, due_on=[date(2026, 6, 30)], fee="909"
        )[0]
        self.charges.append(found)
        self.charged[found.pk], self.given_up[found.pk] = yen, 0
        issue_slips(actor=CLERK, charges=[found], pay_until=date(2026, 12, 25))

    def one(self, data: Any) -> Charge:
        found: Charge = data.draw(some.sampled_from(self.charges))
        return found

    @precondition(lambda self: self.charges)
    @rule(data=some.data(), yen=YEN, stage=some.sampled_from(["confirmed", "confirmed", "provisional"]))
    def pay(self, data: Any, yen: int, stage: str) -> None:
        slip = data.draw(some.sampled_from(list(Slip.objects.filter(charge=self.one(data)))))
        self.serial += 1
        line = report(slip.number, yen, stage=stage, reference=f"R{self.serial}")
        taken(line, *[line] * data.draw(some.integers(0, 2)))
        self.came += yen if stage == "confirmed" else 0

    @rule(yen=YEN)
    def pay_for_nobody(self, yen: int) -> None:
        self.serial += 1
        taken(report("9" * 20, yen, reference=f"R{self.serial}"))
        self.came += yen

    @precondition(lambda self: Report.objects.filter(stage="confirmed").exists())
    @rule(data=some.data())
    def cancel(self, data: Any) -> None:
        found = data.draw(some.sampled_from(list(Report.objects.filter(stage="confirmed").order_by("pk"))))
        gone = Posting.objects.filter(reverses=found.posting).exists()
        before = of_charges([found.slip.charge_id])[found.slip.charge_id] if found.slip else None
        with asked() as refusals:
            came = taken(report(found.number, found.yen, stage="cancelled", reference=found.reference))
        if refusals:
            return  # the same file a second time
        if before and not gone:
            # What was refunded or used elsewhere cannot be taken back by itself.
            is_gone = before.overpaid + before.applied < found.yen
            assert bool(came.by_match["contested"]) == (is_gone and not came.repeated)
        if not gone and not came.repeated and not came.by_match["contested"]:
            self.came -= found.yen

    @precondition(lambda self: self.charges)
    @rule(data=some.data(), yen=YEN)
    def change(self, data: Any, yen: int) -> None:
        charge = self.one(data)
        newest = charge.assessment
        while newest.revisions.exists():
            newest = newest.revisions.get()
        applied = of_charges([charge.pk])[charge.pk].applied
        with asked() as refusals:
            revise(actor=CLERK, assessment=newest, total_yen=yen, reason="更正")
        if not refusals:
            self.charged[charge.pk] = yen
            # What was paid stays paid as far as it is owed; what was given up is what it still can be.
            self.given_up[charge.pk] = min(self.given_up[charge.pk], yen - min(applied, yen))

    @precondition(lambda self: self.charges)
    @rule(data=some.data(), yen=YEN)
    def pay_back(self, data: Any, yen: int) -> None:
        charge = self.one(data)
        over = of_charges([charge.pk])[charge.pk].overpaid
        with asked() as refusals:
            refund(actor=CLERK, charge=charge, yen=yen)
        assert bool(refusals) == (yen > over)
        self.went += 0 if refusals else yen

    @precondition(lambda self: len(self.charges) > 1)
    @rule(data=some.data(), yen=YEN)
    def use(self, data: Any, yen: int) -> None:
        of, to = self.one(data), self.one(data)
        now = of_charges([of.pk, to.pk])
        with asked() as refusals:
            apply(actor=CLERK, of=of, to=to, yen=yen)
        assert bool(refusals) == (yen > min(now[of.pk].overpaid, now[to.pk].outstanding))

    @precondition(lambda self: self.charges)
    @rule(data=some.data())
    def give_up(self, data: Any) -> None:
        charge = self.one(data)
        owed = of_charges([charge.pk])[charge.pk].outstanding
        with asked() as refusals:
            write_off(actor=CLERK, charge=charge, reason="時効")
        assert bool(refusals) == (owed == 0)
        self.given_up[charge.pk] += owed

    @precondition(lambda self: self.charges and Report.objects.filter(slip=None).exists())
    @rule(data=some.data())
    def say_whose(self, data: Any) -> None:
        found = data.draw(some.sampled_from(list(Report.objects.filter(slip=None).order_by("pk"))))
        with asked():
            identify(actor=CLERK, report=found, charge=self.one(data))

    @precondition(lambda self: self.charges)
    @rule(data=some.data())
    def print_anew(self, data: Any) -> None:
        newest = Slip.objects.filter(charge=self.one(data)).latest("reissue")
        with asked():
            reissue_slip(actor=CLERK, slip=newest, pay_until=date(2026, 12, 25))

    @rule(yen=YEN)
    def arrive(self, yen: int) -> None:
        self.serial += 1
        settle(actor=CLERK, channel=Channel.STORE, reference=f"S{self.serial}", yen=yen, credited_on=NOON.date())

    @precondition(lambda self: Posting.objects.filter(kind=PostingKind.REFUND, reversals=None).exists())
    @rule(data=some.data())
    def come_back(self, data: Any) -> None:
        found = data.draw(some.sampled_from(list(Posting.objects.filter(kind="refund", reversals=None).order_by("pk"))))
        yen = found.transfers.get().yen
        with asked() as refusals:
            reverse(actor=CLERK, posting=found, booked_on=NOON.date(), reason="組戻し")
        assert not refusals
        self.went -= yen

    @invariant()
    def the_books_agree_with_the_sums(self) -> None:
        now, whole = of_charges(list(self.charged)), books()
        assert whole.broken() == []
        assert {pk: one.charged for pk, one in now.items()} == self.charged
        assert {pk: one.written_off for pk, one in now.items()} == self.given_up
        assert all(min(one.outstanding, one.overpaid, one.applied) >= 0 for one in now.values())
        assert whole.collected == self.came
        assert sum(one.refunded for one in now.values()) == self.went
        assert all(one.is_consistent for _, _, one in by_fee())


def play(examples: int, steps: int) -> None:
    with clock.stopped_at(NOON):
        run_state_machine_as_test(
            Money,
            settings=settings(
                max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
            ),
        )  # fmt: skip


def test_whatever_happens_to_money_the_books_agree(town: int) -> None:
    play(20, 20)


@pytest.mark.faults
def test_five_thousand_sequences(town: int) -> None:
    play(5_000, 30)
