"""Reports that wait for a person: by kind, with their age and what is still to be decided (消込の照合待ち).

A case is closed by decisions that stand for all of its yen, or when nothing is left to be decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest, Least

from municipal.core import clock

from .models import Account, Act, Decision, Match, Report, Stage, Transfer

DIFFERS, TWICE, UNKNOWN, CONTESTED, UNCONFIRMED = "differs", "twice", "unknown", "contested", "unconfirmed"
QUEUES = (TWICE, DIFFERS, UNKNOWN, CONTESTED, UNCONFIRMED)
PATIENCE = timedelta(days=14)
"""How long a provisional report may wait for its confirmation."""

_OF_MONEY = {Match.DIFFERS: DIFFERS, Match.TWICE: TWICE, Match.UNKNOWN: UNKNOWN}


def queue_of(report: Report) -> str:
    """The queue in which a report can stand; empty for one that needs nobody (照合待ちの種類)."""
    if report.stage == Stage.CONFIRMED:
        return _OF_MONEY.get(Match(report.match), "")
    if report.stage == Stage.CANCELLED:
        return CONTESTED if report.match == Match.CONTESTED else ""
    return UNCONFIRMED


def _wanted(queue: str) -> Q:
    if queue == UNCONFIRMED:
        return Q(stage=Stage.PROVISIONAL, paid_on__lte=clock.today() - PATIENCE)
    if queue == CONTESTED:
        return Q(match=Match.CONTESTED)
    return Q(match=queue, stage=Stage.CONFIRMED)


def decided() -> QuerySet[Decision]:
    """The decisions that stand: not undone, and their postings not reversed (有効な判断)."""
    standing = Decision.objects.exclude(act=Act.UNDONE).filter(undoings__isnull=True)
    return standing.filter(Q(posting__isnull=True) | Q(posting__reversals__isnull=True))


def _sum(of: QuerySet[Any], by: str, what: Any) -> Any:
    sums = of.order_by().values(by).annotate(total=Sum(what)).values("total")
    return Coalesce(Subquery(sums, output_field=BigIntegerField()), 0, output_field=BigIntegerField())


def cases(wanted: Q) -> QuerySet[Any]:
    """Reports with ``over`` (paid too much by it) and ``rest`` (yen to be decided; 0: closed) (照合待ちの照会)."""
    over = Transfer.objects.filter(posting=OuterRef("posting"), credit=Account.OVERPAID)
    signed = Case(When(credit=Account.OVERPAID, then=F("yen")), When(debit=Account.OVERPAID, then=-F("yen")), default=0)
    of_charge = Transfer.objects.filter(charge=OuterRef("slip__charge"))
    same = {name: OuterRef(name) for name in ("channel", "number", "reference")}
    later = Report.objects.filter(**same, stage__in=[Stage.CONFIRMED, Stage.CANCELLED])
    found = Report.objects.filter(wanted, Q(posting__isnull=True) | Q(posting__reversals__isnull=True))
    found = found.filter(~Q(stage=Stage.PROVISIONAL) | ~Exists(later))
    return (
        found.annotate(
            over=_sum(over, "posting", "yen"),
            still_over=_sum(of_charge, "charge", signed),
            dealt=_sum(decided().filter(report=OuterRef("pk")), "report", "yen"),
        )
        .annotate(
            rest=Case(
                # What was given back in another way, without a decision about this report, is decided too.
                When(over__gt=0, then=Greatest(Least(F("over") - F("dealt"), F("still_over")), 0)),
                default=Greatest(F("yen") - F("dealt"), 0),
                output_field=BigIntegerField(),
            )
        )
        .order_by("paid_on", "pk")
    )


def waiting(queue: str) -> QuerySet[Any]:
    """The open cases of one queue, the oldest first (照合待ちの一覧)."""
    return cases(_wanted(queue)).filter(rest__gt=0)


@dataclass(frozen=True)
class Waiting:
    """How many cases wait in one queue, their yen, since when (照合待ちの件数)."""

    queue: str
    count: int
    yen: int
    oldest: date | None

    @property
    def days(self) -> int:
        """The age of the oldest (最も古いものの日数)."""
        return (clock.today() - self.oldest).days if self.oldest else 0


def overview() -> Iterator[Waiting]:
    """Every queue with its count, empty ones too (照合待ちの総括)."""
    for queue in QUEUES:
        found = waiting(queue).aggregate(count=Count("pk"), total=Coalesce(Sum("rest"), 0), oldest=Min("paid_on"))
        yield Waiting(queue, found["count"], found["total"], found["oldest"])


def acts_for(case: Any) -> tuple[Act, ...]:
    """What can be decided about an open case of ``cases`` (選べる判断)."""
    queue = queue_of(case)
    if case.rest <= 0 or not queue:
        return ()
    if queue == UNKNOWN:
        return Act.IDENTIFIED, Act.RETURNED
    if case.over:
        return Act.APPLIED, Act.REFUNDED, Act.LEFT
    return (Act.LEFT,) if queue == DIFFERS else (Act.LEFT, Act.RETURNED)
