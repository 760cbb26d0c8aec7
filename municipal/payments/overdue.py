"""Everybody who is behind: by payer, by due day, by the day on which the claim ends (滞納者の一覧).

Asked over the whole town, so in SQL; how a single debt stands says ``arrears``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from municipal.core import clock

from .arrears import CHARGES, Debt, debts
from .arrivals import MONEY
from .balances import FIGURES
from .fees import fees
from .models import ACCESSORIES, Account, Charge, Transfer
from .rules.limitation import demand_rules

AT_ONCE = 500


def owing(*, due_before: date | None = None, fee: str = "", payer: int | None = None) -> QuerySet[Transfer, int]:
    """The ids of charges of which something is owed (未納の調定). ``due_before``: only those due before that day."""
    wanted = Transfer.objects.filter(charge__isnull=False)
    if due_before:
        wanted = wanted.filter(charge__due_on__lt=due_before)
    if fee:
        wanted = wanted.filter(charge__assessment__fee=fee)
    if payer:
        wanted = wanted.filter(charge__assessment__payer=payer)
    grouped = wanted.values("charge").annotate(outstanding=FIGURES["outstanding"]).filter(outstanding__gt=0)
    return grouped.order_by("charge").values_list("charge", flat=True)


def to_be_demanded(due_through: date, *, fee: str = "", after: int = 0) -> QuerySet[Charge]:
    """Charges due by that day and not paid, that may be demanded and never were, by their ids (督促の対象).

    Of claims that end by themselves only those young enough to live without anything that renews them: an older one
    that a part payment keeps alive is demanded by hand.
    """
    wanted = _undemanded().filter(charge__gt=after, charge__due_on__lte=due_through)
    if fee:
        wanted = wanted.filter(charge__assessment__fee=fee)
    owed = wanted.values("charge").annotate(yen=FIGURES["outstanding"]).filter(yen__gt=0).values("charge")
    return Charge.objects.filter(pk__in=owed).select_related(*CHARGES).order_by("pk")


def _undemanded() -> QuerySet[Transfer]:
    """Transfers of charges of a class that is demanded, never demanded, and not over by their due day alone.

    Added up from here in one look; asked charge by charge the database takes minutes.
    """
    found = Q(pk__in=[])
    for code, item in fees().items():
        if item.claim.code in demand_rules():
            since = _years_before(clock.today(), item.limitation_years) if item.claim.ends_by_itself else date.min
            found |= Q(charge__assessment__fee=code, charge__due_on__gte=since)
    return Transfer.objects.filter(found, charge__demands__isnull=True)


def _years_before(day: date, years: int) -> date:
    """What was due earlier is over by ``day``; of 29 February the day after is taken, the term ends a day later."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - years, day.month, last)


def paid_late(*, after: int = 0) -> QuerySet[Charge]:
    """Charges whose interest may be known or have changed: paid, or booked, after they were due (延滞金の対象)."""
    booked = Transfer.objects.filter(credit=Account.RECEIVABLE, debit__in=MONEY)
    late = booked.filter(posting__booked_on__gt=F("charge__due_on")).values("charge")
    charges = Charge.objects.filter(pk__gt=after, pk__in=late).exclude(assessment__fee__in=ACCESSORIES)
    return charges.select_related(*CHARGES).order_by("pk")


@dataclass(frozen=True)
class DueDay:
    """What was due on one day and is neither paid nor demanded (督促の対象の納期限)."""

    due_on: date
    count: int
    yen: int
    demand_by: date


def due_days(on: date, *, days: int) -> list[DueDay]:
    """The due days with something to be demanded, the oldest first (督促の対象の集計).

    ``days``: within how many days of the due day the ordinance wants the demand sent.
    """
    rows = (
        _undemanded()
        .filter(charge__due_on__lt=on)
        .values("charge", "charge__due_on")
        .annotate(yen=FIGURES["outstanding"])
        .filter(yen__gt=0)
    )
    owed: dict[date, list[int]] = defaultdict(list)
    for row in rows:
        owed[row["charge__due_on"]].append(row["yen"])
    return [DueDay(day, len(yen), sum(yen), day + timedelta(days=days)) for day, yen in sorted(owed.items())]


def by_payer(on: date, *, fee: str = "", before: date | None = None) -> QuerySet[Any, Any]:
    """Who owes what was due before ``on``: id of the payer, yen, charges, the oldest due day (滞納者ごとの集計).

    ``before``: only those whose oldest debt was due before that day. The largest sum comes first.
    """
    wanted: QuerySet[Any, Any] = Transfer.objects.filter(charge__in=owing(due_before=on, fee=fee))
    rows = wanted.values("charge__assessment__payer").annotate(
        yen=FIGURES["outstanding"], count=Count("charge", distinct=True), oldest=Min("charge__due_on")
    )
    if before:
        rows = rows.filter(oldest__lt=before)
    ordered: QuerySet[Any, Any] = rows.order_by("-yen", "charge__assessment__payer")
    return ordered


def owed_in_all(on: date, *, fee: str = "", before: date | None = None) -> tuple[int, int, int]:
    """How many payers are behind, with how many charges, how many yen (滞納の合計)."""
    rows = list(by_payer(on, fee=fee, before=before).values_list("count", "yen"))
    return len(rows), sum(count for count, _ in rows), sum(yen for _, yen in rows)


def ending(on: date, through: date) -> list[Debt]:
    """Debts whose claim ends by ``through``, or has ended, the first to end first (時効の一覧)."""
    found = [debt for debt in _old_enough(on, through) if debt.term.last_day <= through]
    return sorted(found, key=lambda debt: (debt.term.last_day, debt.charge.pk))


def _old_enough(on: date, through: date) -> Iterator[Debt]:
    """Nothing that renews a term makes it end earlier, so that the due day alone rules out most."""
    years = {item.limitation_years for item in fees().values()}
    by_age = Q()
    for number in years:
        codes = [code for code, item in fees().items() if item.limitation_years == number or item.is_accessory]
        by_age |= Q(assessment__fee__in=codes, due_on__lte=through - timedelta(days=365 * number))
    charges = Charge.objects.filter(by_age, pk__in=owing(due_before=on)).select_related(*CHARGES).order_by("pk")
    many = list(charges)
    for start in range(0, len(many), AT_ONCE):
        yield from debts(many[start : start + AT_ONCE], on)
