"""Slips of marked people, issued and printed as a worker does it (目印を付けた人の納付書)."""

from collections.abc import Sequence
from datetime import timedelta

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.actors import System
from municipal.office.jobs import kinds
from municipal.payments.models import Slip
from municipal.payments.operations import assess, order_slip_run
from municipal.payments.tests.booking import assessed

CLERK = System(actor_kind="staff", actor_id=1)
FEE = "903"


def printed(people: Sequence[Addressee]) -> tuple[list[int], list[str]]:
    """A run for all of them, with its files: its number, and the numbers of the slips."""
    for at, person in enumerate(people):
        due = [clock.today() + timedelta(days=60)]
        assess(actor=CLERK, assessed=assessed(person, fee=FEE, reference=f"slip {at}", total_yen=12_300, due_on=due))
    run = order_slip_run(actor=CLERK, fee=FEE, levy_year=2026, order="postal")
    for _ in kinds[run.job.kind](run.job):
        """One step after the other, inside the open municipality."""
    return [run.pk], list(Slip.objects.filter(runs__run=run).order_by("pk").values_list("number", flat=True))
