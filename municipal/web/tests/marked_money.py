"""Money that marked people owe, was demanded of them, was paid twice and refunded (目印と公金)."""

from collections.abc import Sequence
from datetime import date, timedelta

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.actors import System
from municipal.office.operations import order_job
from municipal.payments.models import Charge
from municipal.payments.operations import Assessed, assess, demand, issue_slips, refund, take_in
from municipal.payments.operations.demands import KIND
from municipal.payments.tests.booking import file_of, report

CLERK = System(actor_kind="staff", actor_id=1)


def owe(payers: Sequence[Addressee]) -> tuple[list[int], list[int], list[int]]:
    """Two charges each, one demanded, one refunded: ids of charges, runs of demands, refunds (公金の準備)."""
    late = [_charged(payer, at, 0) for at, payer in enumerate(payers)]
    paid = [_charged(payer, at, 1) for at, payer in enumerate(payers)]
    job = order_job(actor=CLERK, kind=KIND, parameters={"due_through": "2026-06-30"})
    demand(actor=CLERK, charges=late, job=job)
    slips = issue_slips(actor=CLERK, charges=paid, pay_until=clock.today() + timedelta(days=40))
    lines = [
        report(slip.number, slip.yen, paid_on="2026-06-30", reference=f"M{slip.pk}-{time}")
        for slip in slips
        for time in range(2)
    ]
    take_in(actor=CLERK, name="marked.csv", data=file_of(*lines))
    refunds = [refund(actor=CLERK, charge=charge, yen=10_000).pk for charge in paid]
    return [charge.pk for charge in (*late, *paid)], [job.pk], refunds


def _charged(payer: Addressee, at: int, which: int) -> Charge:
    assessed = Assessed(
        payer=payer, fee="905", levy_year=2026, fiscal_year=2026, reference=f"MARK{at}-{which}", total_yen=30_000,
        due_on=[date(2026, 6, 30)],
    )  # fmt: skip
    return Charge.objects.get(assessment=assess(actor=CLERK, assessed=assessed))
