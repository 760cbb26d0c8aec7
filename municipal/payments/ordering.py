"""What is to be printed, in the order in which it leaves the printer (印刷対象の並び)."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from municipal.addressees.mailing import deliveries

from .models import Charge, PrintOrder, RunSlip, Slip, SlipRun
from .otherwise import needing_a_slip
from .rules.print_order import Place, in_print_order

AT_ONCE = 5_000
OF_A_CHARGE = ("assessment", "period", "assessment__reference", "assessment__payer")
OF_A_PAYER = ("assessment__payer__number", "assessment__payer__kana")


def without_a_slip(fee: str, levy_year: int, periods: Collection[int]) -> QuerySet[Charge]:
    """Every instalment of the fee and year that never had a slip, owed or not, and needs one (納付書のない調定)."""
    charges = Charge.objects.filter(assessment__fee=fee, assessment__levy_year=levy_year)
    if periods:
        charges = charges.filter(period__in=periods)
    return needing_a_slip(charges).exclude(Exists(Slip.objects.filter(charge=OuterRef("pk"))))


def charges_of(run: SlipRun) -> list[Place]:
    """The instalments that the run still has to issue slips for, in its order (発行対象)."""
    charges = without_a_slip(run.fee, run.levy_year, run.periods)
    return _places(charges, "pk", "", run.order, run.fee)


def slips_of(run: SlipRun, *, order: str = "", payer: str = "") -> list[Place]:
    """The slips of a run in ``order``, by default its own; of one payer's number, if given (印刷対象)."""
    lines = RunSlip.objects.filter(run=run)
    if payer:
        lines = lines.filter(slip__charge__assessment__payer__number=payer)
    return _places(lines, "slip", "slip__charge__", order or run.order, run.fee)


def _places(rows: QuerySet[Any], item: str, charge: str, order: str, fee: str) -> list[Place]:
    names = [item, *(charge + name for name in (*OF_A_CHARGE, *OF_A_PAYER))]
    found = [Place(*row) for row in rows.values_list(*names)]
    if order == PrintOrder.POSTAL:
        codes = _postal_codes({one.payer for one in found}, fee)
        found = [replace(one, postal_code=codes.get(one.payer, "")) for one in found]
    return in_print_order(found, order)


def _postal_codes(payers: Collection[int], fee: str) -> dict[int, str]:
    """Where the mail of each goes; the empty string, and so before all others, for whoever gets none."""
    codes, people = {}, sorted(payers)
    for start in range(0, len(people), AT_ONCE):
        found = deliveries(people[start : start + AT_ONCE], subject=fee)
        codes |= {person: one.postal_code for person, one in found.items()}
    return codes
