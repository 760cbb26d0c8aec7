"""Who pays by direct debit, and what is ready to be asked for (口座振替の照会)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from municipal.payments.balances import of_charges
from municipal.payments.models import Assessment, Charge
from municipal.payments.otherwise import paid_otherwise

from .models import DebitItem, DebitRequest, Mandate

PAID = "0"
"""The result of a debit that was made; every other one says why it was not."""


@dataclass(frozen=True)
class Ready:
    """Charges of one fee and due day that can be asked for, and their yen (請求できる口座振替)."""

    fee: str
    due_on: date
    count: int
    yen: int


def in_force(day: date) -> QuerySet[Mandate]:
    """The mandates that hold on ``day`` (有効な口座振替依頼)."""
    return Mandate.objects.filter(valid__contains=day)


def open_items() -> QuerySet[DebitItem]:
    """What the bank was asked for and has not answered (結果待ちの明細)."""
    return DebitItem.objects.filter(results__isnull=True)


@paid_otherwise
def paid_by_debit(charges: Collection[int]) -> set[int]:
    """Those of ``charges`` (ids) whose payer has a mandate for the fee on the due day (口座振替の調定)."""
    mandates = _Mandates()
    return set(mandates.covered(_due(charges))) if mandates.held else set()


def chargeable(fee: str, due_on: date, debit_on: date) -> list[Charge]:
    """Charges of a fee and due day with a mandate on ``debit_on`` of which something is owed (請求の対象).

    Whatever the bank was asked for already and has not answered is left out.
    """
    payers = set(in_force(debit_on).filter(fee=fee).values_list("payer", flat=True))
    due = Charge.objects.filter(due_on=due_on).values_list("pk", "due_on", "assessment")
    whose = _whose(assessment for _pk, _day, assessment in due)
    wanted = [pk for pk, _day, assessment in due if whose[assessment][0] in payers and whose[assessment][1] == fee]
    owed = _owed(wanted)
    charges = Charge.objects.filter(pk__in=owed).prefetch_related("assessment")
    return sorted(charges, key=lambda charge: (charge.assessment.payer_id, charge.pk))


def ready(since: date, until: date) -> list[Ready]:
    """What can be asked for of the charges due between two days, by due day and fee (請求できる口座振替の一覧)."""
    mandates = _Mandates()
    if not mandates.held:
        return []
    due = list(Charge.objects.filter(due_on__range=(since, until)).values_list("pk", "due_on", "assessment"))
    covered = mandates.covered(due)
    sums: dict[tuple[date, str], list[int]] = {}
    for pk, yen in _owed(covered).items():
        sums.setdefault(covered[pk], []).append(yen)
    return [Ready(fee, due_on, len(yen), sum(yen)) for (due_on, fee), yen in sorted(sums.items())]


Due = tuple[int, date, int]
"""A charge, its due day and its assessment."""

AT_ONCE = 5_000


class _Mandates:
    """Every mandate of the town by payer and fee.

    Tables are asked one by one: of one that was filled a moment ago PostgreSQL knows nothing, and would join thousands
    of rows by looking at every pair.
    """

    def __init__(self) -> None:
        self.held: dict[tuple[int, str], list[Any]] = {}
        for payer, fee, valid in Mandate.objects.values_list("payer", "fee", "valid"):
            self.held.setdefault((payer, fee), []).append(valid)

    def covered(self, due: Sequence[Due]) -> dict[int, tuple[date, str]]:
        """Due day and fee of the charges that somebody agreed to have debited on their due day."""
        whose = _whose(assessment for _pk, _day, assessment in due)
        return {
            pk: (day, whose[assessment][1])
            for pk, day, assessment in due
            if any(day in valid for valid in self.held.get(whose[assessment], ()))
        }


def _due(charges: Collection[int]) -> list[Due]:
    rows = Charge.objects.values_list("pk", "due_on", "assessment")
    return [row for part in _parts(charges) for row in rows.filter(pk__in=part)]


def _whose(assessments: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Payer and fee of each assessment."""
    rows = Assessment.objects.values_list("pk", "payer", "fee")
    return {pk: (payer, fee) for part in _parts(set(assessments)) for pk, payer, fee in rows.filter(pk__in=part)}


def _owed(charges: Iterable[int]) -> dict[int, int]:
    """What is owed of each, in yen, but of those that the bank was asked for and has not answered."""
    asked = set(open_items().values_list("charge", flat=True))
    standing = of_charges([pk for pk in charges if pk not in asked])
    return {pk: one.outstanding for pk, one in standing.items() if one.outstanding > 0}


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def to_be_slipped(request: DebitRequest) -> list[DebitItem]:
    """Lines of a request that were not paid by debit and whose charge is still owed: a slip is due (納付書の対象)."""
    failed = request.items.filter(results__isnull=False).exclude(results__code=PAID)
    found = list(failed.select_related("charge__assessment", "slip").order_by("position"))
    standing = of_charges([item.charge_id for item in found])
    again = set(open_items().values_list("charge", flat=True))
    return [item for item in found if standing[item.charge_id].outstanding > 0 and item.charge_id not in again]
