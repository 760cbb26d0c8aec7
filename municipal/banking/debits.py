"""Who pays by direct debit, and what is ready to be asked for (口座振替の照会)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from municipal.payments.balances import of_charges
from municipal.payments.models import Charge
from municipal.payments.otherwise import paid_otherwise

from .models import DebitItem, DebitRequest, DebitResult, Mandate

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
def by_debit() -> Q:
    """Of a charge: its payer has a mandate for the fee on the due day, so that no slip is sent (口座振替の調定)."""
    held = Mandate.objects.filter(payer=OuterRef("assessment__payer"), fee=OuterRef("assessment__fee"))
    return Q(Exists(held.filter(valid__contains=OuterRef("due_on"))))


def chargeable(fee: str, due_on: date, debit_on: date) -> list[Charge]:
    """Charges of a fee and due day with a mandate on ``debit_on`` of which something is owed (請求の対象).

    Whatever the bank was asked for already and has not answered is left out.
    """
    held = in_force(debit_on).filter(fee=fee).values("payer")
    wanted = Charge.objects.filter(assessment__fee=fee, due_on=due_on, assessment__payer__in=held)
    found = list(wanted.filter(~_is_asked_for()).select_related("assessment").order_by("assessment__payer", "pk"))
    standing = of_charges([charge.pk for charge in found])
    return [charge for charge in found if standing[charge.pk].outstanding > 0]


def ready(since: date, until: date) -> list[Ready]:
    """What can be asked for of the charges due between two days, by due day and fee (請求できる口座振替の一覧)."""
    wanted = Charge.objects.filter(~_is_asked_for(), by_debit(), due_on__range=(since, until))
    rows = list(wanted.values_list("pk", "assessment__fee", "due_on"))
    standing = of_charges([pk for pk, _fee, _due in rows])
    sums: dict[tuple[date, str], list[int]] = {}
    for pk, fee, due_on in rows:
        if standing[pk].outstanding > 0:
            sums.setdefault((due_on, fee), []).append(standing[pk].outstanding)
    return [Ready(fee, due_on, len(yen), sum(yen)) for (due_on, fee), yen in sorted(sums.items())]


def to_be_slipped(request: DebitRequest) -> list[DebitItem]:
    """Lines of a request that were not paid by debit and whose charge is still owed: a slip is due (納付書の対象)."""
    failed = request.items.filter(results__isnull=False).exclude(results__code=PAID)
    found = list(failed.select_related("charge__assessment", "slip").order_by("position"))
    standing = of_charges([item.charge_id for item in found])
    again = set(open_items().values_list("charge", flat=True))
    return [item for item in found if standing[item.charge_id].outstanding > 0 and item.charge_id not in again]


def results_of(request: DebitRequest) -> QuerySet[DebitResult]:
    """What came of the lines of a request (請求の結果)."""
    return DebitResult.objects.filter(item__request=request)


def _is_asked_for() -> Q:
    return Q(Exists(open_items().filter(charge=OuterRef("pk"))))
