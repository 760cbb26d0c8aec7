"""Random sequences of money against plain sums: after every step all of it agrees to the yen (金銭の状態機械の試験).

``KIJUN_MONEY_SEQUENCES`` says how many sequences ``make faults`` plays, ``KIJUN_MONEY_SEED`` which; it is printed.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
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
from municipal.payments.balances import books, by_account, by_fee, of_charges
from municipal.payments.models import Channel, Charge, Closing, Posting, Report, Slip
from municipal.payments.operations import (
    apply,
    close_through,
    identify,
    issue_slips,
    refund,
    reissue_slip,
    reverse,
    revise,
    settle,
    take_in,
    write_off,
)

from .booking import CLERK, charged, file_of, payer, report
from .chance import chosen_count, chosen_seed
from .plain_money import PlainMoney, Said, asked

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
YEN = some.sampled_from([1, 99, 1_000, 25_000, 30_000, 99_999])
DUE = some.sampled_from([[date(2026, 6, 30)], [date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 25)]])
REASONS = {"909": "waived_by_council", "905": "stay_at_once"}


class Money(RuleBasedStateMachine):
    """One payer, up to three assessments, every way in which money comes and goes, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.doors = ExitStack()
        self.doors.enter_context(transaction.atomic())
        self.doors.enter_context(clock.stopped_at(NOON))
        self.money = PlainMoney()
        self.charges: list[Charge] = []
        self.files: set[bytes] = set()
        self.said: list[Said] = []
        self.serial = 0

    @initialize(yen=YEN)
    def somebody(self, yen: int) -> None:
        self.payer = payer()
        self.charge(yen, [date(2026, 6, 30)], "905")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.doors.close()

    def one(self, data: Any) -> Charge:
        found: Charge = data.draw(some.sampled_from(self.charges))
        return found

    def next_reference(self) -> str:
        self.serial += 1
        return f"R{self.serial}"

    @precondition(lambda self: len(self.money.totals) < 3)
    @rule(yen=YEN, due_on=DUE, fee=some.sampled_from(sorted(REASONS)))
    def charge(self, yen: int, due_on: list[date], fee: str) -> None:
        found = charged(owner=self.payer, reference=self.next_reference(), total_yen=yen, due_on=due_on, fee=fee)
        self.charges += found
        self.money.charge(found[0].assessment_id, {one.pk: one.yen for one in found})
        issue_slips(actor=CLERK, charges=found, pay_until=date(2027, 3, 31))

    def line(self, data: Any) -> Said:
        """Somebody pays by a slip, or under a number of nobody; or what was told is told again, or taken back."""
        kind = data.draw(some.sampled_from(["pay", "pay", "nobody", "provisional", "cancel", "cancel", "again"]))
        if kind in ("cancel", "again") and self.said:
            before = data.draw(some.sampled_from(self.said))
            stage = "cancelled" if kind == "cancel" else before.stage
            return Said(before.channel, stage, before.number, before.yen, before.paid_on, before.reference)
        slips = list(Slip.objects.order_by("pk").values_list("number", flat=True))
        number = "9" * 20 if kind == "nobody" or not slips else data.draw(some.sampled_from(slips))
        yen = data.draw(some.one_of(YEN, some.sampled_from(list(Slip.objects.values_list("yen", flat=True)) or [1])))
        stage = "provisional" if kind == "provisional" else "confirmed"
        channel = data.draw(some.sampled_from(["store", "app", "bank"]))
        return Said(channel, stage, number, yen, NOON.date(), self.next_reference())

    @rule(data=some.data(), count=some.integers(1, 5))
    def tell(self, data: Any, count: int) -> None:
        lines = []
        for _ in range(count):
            lines.append(self.line(data))
            self.said.append(lines[-1])
        content = file_of(
            *(report(one.number, one.yen, channel=one.channel, stage=one.stage, paid_on=one.paid_on,
                     reference=one.reference) for one in lines)
        )  # fmt: skip
        with asked() as refusals:
            came = take_in(actor=CLERK, name="reports.csv", data=content)
        assert bool(refusals) == (content in self.files)
        if not refusals:
            self.files.add(content)
            found = Counter(self.heard(one) for one in lines)
            assert Counter({"repeated": came.repeated}) + Counter(came.by_match) == found

    def heard(self, said: Said) -> str:
        slip = Slip.objects.filter(number=said.number).first()
        with self.money.noting() as postings:
            result = self.money.hear(said, slip)
            known = Report.objects.get(
                channel=said.channel, stage=said.stage, number=said.number, reference=said.reference
            )
            if said.stage == "confirmed" and result != "repeated" and known.posting_id:
                postings.append(known.posting_id)
        if said.stage == "cancelled" and known.posting and known.posting.reverses_id:
            self.money.changes.pop(known.posting.reverses_id, None)
        return result

    @precondition(lambda self: self.charges)
    @rule(data=some.data(), yen=YEN)
    def change(self, data: Any, yen: int) -> None:
        first = newest = self.one(data).assessment
        while newest.revisions.exists():
            newest = newest.revisions.get()
        with asked() as refusals:
            revise(actor=CLERK, assessment=newest, total_yen=yen, reason="更正")
        assert bool(refusals) == (yen == self.money.totals[first.pk])
        if not refusals:
            self.money.revise(first.pk, yen)

    @precondition(lambda self: self.charges)
    @rule(data=some.data(), yen=YEN)
    def pay_back(self, data: Any, yen: int) -> None:
        charge = self.one(data)
        debt = self.money.debts[charge.pk]
        with asked() as refusals, self.money.noting() as postings:
            postings.append(refund(actor=CLERK, charge=charge, yen=yen).pk)
            debt.over, debt.refunded = debt.over - yen, debt.refunded + yen
        assert bool(refusals) == (not postings) == (yen > debt.over + (0 if refusals else yen))

    @precondition(lambda self: len(self.charges) > 1)
    @rule(data=some.data(), yen=YEN)
    def use(self, data: Any, yen: int) -> None:
        of, to = self.one(data), self.one(data)
        there, here = self.money.debts[of.pk], self.money.debts[to.pk]
        is_too_much = yen > min(there.over, here.owed)
        with asked() as refusals, self.money.noting() as postings:
            postings.append(apply(actor=CLERK, of=of, to=to, yen=yen).pk)
            there.over -= yen
            here.applied += yen
        assert bool(refusals) == is_too_much

    @precondition(lambda self: self.charges)
    @rule(data=some.data())
    def give_up(self, data: Any) -> None:
        charge = self.one(data)
        debt = self.money.debts[charge.pk]
        was_owed = debt.owed
        with asked() as refusals, self.money.noting() as postings:
            postings.append(write_off(actor=CLERK, charge=charge, reason=REASONS[charge.assessment.fee]).pk)
            debt.given_up += was_owed
        assert bool(refusals) == (was_owed == 0)

    @precondition(lambda self: self.charges and Report.objects.filter(slip=None, stage="confirmed").exists())
    @rule(data=some.data())
    def say_whose(self, data: Any) -> None:
        found = data.draw(some.sampled_from(list(Report.objects.filter(slip=None, stage="confirmed").order_by("pk"))))
        charge, live = self.one(data), self.money.live.get((found.channel, found.number, found.reference))
        is_open = live is not None and live.identified_as is None
        with asked() as refusals, self.money.noting() as postings:
            postings.append(identify(actor=CLERK, report=found, charge=charge).pk)
            self.money.suspense -= found.yen
            self.money.pay(charge.pk, found.yen)
        assert bool(refusals) == (not is_open)
        if live and postings:
            live.identified_as = postings[0]

    @precondition(lambda self: self.charges)
    @rule(data=some.data())
    def print_anew(self, data: Any) -> None:
        charge = self.one(data)
        newest = Slip.objects.filter(charge=charge).order_by("reissue").last()
        if newest is None:
            return  # an instalment of nothing has no slip
        with asked() as refusals:
            new = reissue_slip(actor=CLERK, slip=newest, pay_until=date(2027, 3, 31))
            assert new.yen == self.money.debts[charge.pk].owed
        assert bool(refusals) == (self.money.debts[charge.pk].owed == 0 or newest.reissue == 9)

    @rule(yen=YEN)
    def arrive(self, yen: int) -> None:
        with self.money.noting() as postings:
            made = settle(
                actor=CLERK, channel=Channel.STORE, reference=self.next_reference(), yen=yen, credited_on=NOON.date()
            )
            postings.append(made.posting_id)
            self.money.settled += yen

    @precondition(lambda self: self.money.changes)
    @rule(data=some.data())
    def undo(self, data: Any) -> None:
        """A clerk takes a posting back: a returned transfer, a wrong owner, a file of the wrong day."""
        found = data.draw(some.sampled_from(sorted(self.money.changes)))
        posting = Posting.objects.get(pk=found)
        rests = [live for live in self.money.live.values() if live.identified_as is not None]
        reports = set(Report.objects.filter(posting=found).values_list("channel", "number", "reference"))
        is_identified = any(self.money.live.get(key) in rests for key in reports)
        with asked() as refusals:
            reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="取消し")
        if is_identified:
            assert refusals
            return
        assert bool(refusals) == (not self.money.undo(found))
        if not refusals:
            for key in reports:
                self.money.live.pop(key, None)
            for live in rests:
                live.identified_as = None if live.identified_as == found else live.identified_as

    @rule()
    def sleep(self) -> None:
        self.doors.enter_context(clock.stopped_at(clock.now() + timedelta(days=1)))

    @precondition(lambda self: clock.today() > NOON.date())
    @rule(data=some.data())
    def close(self, data: Any) -> None:
        """Up to yesterday; what was closed takes nothing more."""
        yesterday = clock.today() - timedelta(days=1)
        is_closed = Closing.objects.filter(closed_through__gte=yesterday).exists()
        with asked() as refusals:
            close_through(actor=CLERK, day=yesterday)
        assert bool(refusals) == is_closed
        if self.money.changes:
            posting = Posting.objects.get(pk=data.draw(some.sampled_from(sorted(self.money.changes))))
            with asked() as refusals:
                reverse(actor=CLERK, posting=posting, booked_on=yesterday, reason="取消し")
            assert refusals

    @invariant()
    def every_charge_stands_as_the_plain_sums_say(self) -> None:
        charges = list(self.money.debts)
        assert of_charges(charges) == self.money.expected(charges)
        assert all(debt.is_possible for debt in self.money.debts.values())

    @invariant()
    def the_accounts_agree_with_the_plain_sums(self) -> None:
        whole, money = books(), self.money
        assert whole.broken() == []
        assert (whole.collected, whole.suspense) == (money.came, money.suspense)
        assert whole.balances["in_transit"] == money.came - money.settled
        refunded = sum(debt.refunded for debt in money.debts.values())
        assert whole.balances["cash"] + whole.balances["refund_interest"] == money.settled - refunded
        assert all(one.is_consistent for _, _, one in by_fee())

    @invariant()
    def what_is_closed_stays_as_it_was(self) -> None:
        for one in Closing.objects.order_by("-closed_through")[:1]:
            assert one.balances == by_account(through=one.closed_through)


def play(examples: int, steps: int, number: int) -> None:
    run_state_machine_as_test(
        seed(number)(Money),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
        ),
    )  # fmt: skip


def test_whatever_happens_to_money_the_books_agree(town: int) -> None:
    play(20, 20, chosen_seed())


@pytest.mark.faults
def test_five_thousand_sequences(town: int) -> None:
    play(chosen_count("KIJUN_MONEY_SEQUENCES", 5_000), 30, chosen_seed())
