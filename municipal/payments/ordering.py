"""What is to be printed, in the order in which it leaves the printer (印刷対象の並び).

Tables are asked one by one, by the keys found in the one before: of a table that was filled a moment ago PostgreSQL
knows nothing yet, and would join thousands of rows by looking at every pair.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from municipal.addressees.mailing import deliveries
from municipal.addressees.models import Addressee

from .models import Assessment, Charge, PrintOrder, RunSlip, Slip, SlipRun
from .otherwise import needing_a_slip
from .rules.print_order import Place, in_print_order

AT_ONCE = 5_000
CHARGE, ASSESSMENT, PAYER = ("pk", "assessment", "period"), ("pk", "reference", "payer"), ("pk", "number", "kana")


def charges_of(run: SlipRun) -> list[Place]:
    """The instalments that the run still has to issue slips for, in its order (発行対象)."""
    charges = without_a_slip(run.fee, run.levy_year, run.periods)
    return _places({charge: charge for charge in charges}, run.order, run.fee)


def slips_of(run: SlipRun, *, order: str = "", payer: str = "") -> list[Place]:
    """The slips of a run in ``order``, by default its own; of one payer's number, if given (印刷対象)."""
    slips = RunSlip.objects.filter(run=run).values_list("slip", flat=True)
    charge_of = dict(_rows(Slip.objects.all(), "pk", slips, "pk", "charge"))
    found = _places(charge_of, order or run.order, run.fee)
    return [one for one in found if payer in ("", one.number)]


def without_a_slip(fee: str, levy_year: int, periods: Collection[int]) -> list[int]:
    """Every instalment (id) of the fee and year that needs a slip and never had one, owed or not (納付書のない調定)."""
    assessments = Assessment.objects.filter(fee=fee, levy_year=levy_year).values_list("pk", flat=True)
    wanted = Charge.objects.filter(period__in=periods) if periods else Charge.objects.all()
    charges = [charge for (charge,) in _rows(wanted, "assessment", assessments, "pk")]
    issued = {charge for (charge,) in _rows(Slip.objects.all(), "charge", charges, "charge")}
    return needing_a_slip([charge for charge in charges if charge not in issued])


def _rows(rows: QuerySet[Any], key: str, values: Collection[int], *names: str) -> Iterator[tuple[Any, ...]]:
    """Of the rows whose ``key`` is one of ``values`` the columns ``names``."""
    asked = list(values)
    for start in range(0, len(asked), AT_ONCE):
        yield from rows.filter(**{f"{key}__in": asked[start : start + AT_ONCE]}).values_list(*names)


def _places(charge_of: Mapping[int, int], order: str, fee: str) -> list[Place]:
    """A place for every item, of which ``charge_of`` says the charge."""
    charges = {pk: rest for pk, *rest in _rows(Charge.objects.all(), "pk", set(charge_of.values()), *CHARGE)}
    assessed = {one for one, _ in charges.values()}
    assessments = {pk: rest for pk, *rest in _rows(Assessment.objects.all(), "pk", assessed, *ASSESSMENT)}
    owing = {payer for _, payer in assessments.values()}
    payers = {pk: rest for pk, *rest in _rows(Addressee.objects.all(), "pk", owing, *PAYER)}
    codes = _postal_codes(owing, fee) if order == PrintOrder.POSTAL else {}
    found = []
    for item, charge in charge_of.items():
        assessment, period = charges[charge]
        reference, payer = assessments[assessment]
        number, kana = payers[payer]
        found.append(Place(item, assessment, period, reference, payer, number, kana, codes.get(payer, "")))
    return in_print_order(found, order)


def _postal_codes(payers: Collection[int], fee: str) -> dict[int, str]:
    """Where the mail of each goes; the empty string, and so before all others, for whoever gets none."""
    codes: dict[int, str] = {}
    people = sorted(payers)
    for start in range(0, len(people), AT_ONCE):
        found = deliveries(people[start : start + AT_ONCE], subject=fee)
        codes |= {person: one.postal_code for person, one in found.items()}
    return codes
