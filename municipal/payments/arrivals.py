"""When the money of a charge came, went and came back: what interest and limitation are reckoned from (納付の経過)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from .models import Account, Charge, PostingKind, Report, Transfer
from .rules.late_interest import Payment
from .rules.refund_interest import MISTAKE, OWN_DECISION, Piece

MONEY = (Account.IN_TRANSIT, Account.SUSPENSE, Account.OVERPAID)


@dataclass(frozen=True)
class Arrival:
    """One posting as far as it changed what is paid of a charge, or paid too much (納付の出来事).

    ``paid_on``: the day on which somebody paid, which for what is taken back is the day on which it was paid at first.
    ``applied``, ``over``: yen added, negative where taken away. ``year``: the fiscal year of the money.
    """

    posting: int
    kind: str
    booked_on: date
    paid_on: date
    channel: str
    applied: int
    over: int
    year: int

    @property
    def is_allocation(self) -> bool:
        """Whether it only says which part of a payment paid interest: nobody paid or took anything that day."""
        return self.kind == PostingKind.APPLY and self.applied < 0


def arrivals(charges: Collection[int]) -> dict[int, list[Arrival]]:
    """The arrivals of each of ``charges`` (ids), in the order in which they were booked (納付の経過の照会).

    What was undone as if it had never been (a refund that came back, an application undone) is left out; money that
    was taken back is kept, because it was there once.
    """
    found: dict[int, list[Arrival]] = {charge: [] for charge in charges}
    identified = _identified(charges)
    for row in _rows(charges):
        day, channel = row["reported_on"] or row["happened_on"], row["channel"] or ""
        if row["origin"].startswith("identify:"):
            day, channel = identified.get(int(row["origin"].split(":")[1]), (day, channel))
        one = Arrival(
            row["posting"], row["posting__kind"], row["posting__booked_on"], day, channel, row["applied"], row["over"],
            row["posting__fiscal_year"],
        )  # fmt: skip
        found[row["charge"]].append(one)
    return found


def _rows(charges: Collection[int]) -> Iterable[dict[str, Any]]:
    debt = Account.RECEIVABLE
    came, went = Q(credit=debt, debit__in=MONEY), Q(debit=debt, credit__in=MONEY)
    first = Coalesce(F("posting__reverses"), F("posting"))
    report = Report.objects.filter(posting=OuterRef("first")).order_by("pk")
    undone = ~Q(posting__kind=PostingKind.COLLECT) & Q(posting__reversals__isnull=False)
    undoing = Q(posting__kind=PostingKind.REVERSE) & ~Q(posting__reverses__kind=PostingKind.COLLECT)
    touching = Q(credit=debt) | Q(debit=debt) | Q(credit=Account.OVERPAID) | Q(debit=Account.OVERPAID)
    rows: QuerySet[Any, Any] = Transfer.objects.filter(touching, charge__in=charges).exclude(undone | undoing)
    found: Iterable[dict[str, Any]] = (
        rows.annotate(
            first=first, happened_on=Coalesce(F("posting__reverses__booked_on"), F("posting__booked_on")),
            origin=Coalesce(F("posting__reverses__source"), F("posting__source")),
        )
        .annotate(reported_on=Subquery(report.values("paid_on")[:1]), channel=Subquery(report.values("channel")[:1]))
        .values(
            "charge", "posting", "posting__kind", "posting__booked_on", "posting__fiscal_year", "happened_on", "origin",
            "reported_on", "channel",
        )
        .annotate(
            applied=Coalesce(Sum(Case(When(came, then=F("yen")), When(went, then=-F("yen")), default=0)), 0),
            over=Coalesce(
                Sum(
                    Case(
                        When(credit=Account.OVERPAID, then=F("yen")), When(debit=Account.OVERPAID, then=-F("yen")),
                        default=0,
                    )
                ),
                0,
            ),
        )
        .exclude(applied=0, over=0)
        .order_by("charge", "posting")
    )  # fmt: skip
    return found


def _identified(charges: Collection[int]) -> dict[int, tuple[date, str]]:
    """Reports that came for nobody and whose owner was found: the day on which they were paid, and where."""
    sources = Transfer.objects.filter(charge__in=charges, posting__source__startswith="identify:")
    wanted = {int(one.split(":")[1]) for one in sources.values_list("posting__source", flat=True)}
    if not wanted:
        return {}
    reports = Report.objects.filter(pk__in=wanted).values_list("pk", "paid_on", "channel")
    return {pk: (day, channel) for pk, day, channel in reports}


def payments(arrived: Iterable[Arrival]) -> list[Payment]:
    """What interest is reckoned from (利息計算のための納付)."""
    return [Payment(one.paid_on, one.applied) for one in arrived if one.applied and not one.is_allocation]


def allocated(charge: Charge) -> int:
    """What was moved from the principal to its interest because payments pay interest first (利息への充当額)."""
    return -sum(one.applied for one in arrivals([charge.pk])[charge.pk] if one.is_allocation)


@dataclass(frozen=True)
class Paid:
    """Yen that a payment still pays, with its day and the fiscal year of the money (現に納付に充てられている額)."""

    yen: int
    paid_on: date
    year: int
    channel: str
    posting: int


def standing_payments(arrived: Sequence[Arrival]) -> list[Paid]:
    """What still pays the charge, the oldest first: what was taken away, went from the newest (有効な納付)."""
    return _followed(arrived)[0]


def over_payments(arrived: Sequence[Arrival]) -> list[Piece]:
    """What is paid too much, the oldest first, each with its payment and its cause (過誤納の内訳).

    What became too much by a reduction comes from the newest payments; what was paid back or used was the oldest.
    """
    return _followed(arrived)[1]


def _followed(arrived: Sequence[Arrival]) -> tuple[list[Paid], list[Piece]]:
    paid: list[Paid] = []
    over: list[Piece] = []
    for one in arrived:
        if one.applied > 0:
            paid.append(Paid(one.applied, one.paid_on, one.year, one.channel, one.posting))
        taken = newest(paid, max(-one.applied, 0))
        _remove(paid, taken)
        if one.applied < 0 < one.over:
            over += [Piece(part.yen, part.paid_on, one.booked_on, OWN_DECISION) for part in reversed(taken)]
        elif one.over > 0:
            over.append(Piece(one.over, one.paid_on, one.paid_on, MISTAKE))
        elif one.over < 0:
            over = after(over, -one.over)
    return paid, over


def newest(paid: Sequence[Paid], yen: int) -> list[Paid]:
    """The newest payments that make ``yen`` together, the newest first, the last in part (新しい順の納付)."""
    found: list[Paid] = []
    for one in reversed(paid):
        part = min(one.yen, yen)
        if part:
            found.append(Paid(part, one.paid_on, one.year, one.channel, one.posting))
        yen -= part
    return found


def _remove(paid: list[Paid], taken: Sequence[Paid]) -> None:
    for one in taken:
        last = paid.pop()
        if last.yen > one.yen:
            paid.append(Paid(last.yen - one.yen, last.paid_on, last.year, last.channel, last.posting))


def first_of(pieces: Sequence[Piece], yen: int) -> list[Piece]:
    """The oldest pieces that make ``yen`` together (古い順の過誤納)."""
    found = []
    for one in pieces:
        part = min(one.yen, yen)
        if part:
            found.append(Piece(part, one.paid_on, one.over_on, one.cause))
        yen -= part
    return found


def after(pieces: Sequence[Piece], yen: int) -> list[Piece]:
    """What is left of the pieces when the oldest ``yen`` are gone (残りの過誤納)."""
    left = []
    for one in pieces:
        gone = min(one.yen, yen)
        yen -= gone
        if one.yen > gone:
            left.append(Piece(one.yen - gone, one.paid_on, one.over_on, one.cause))
    return left
