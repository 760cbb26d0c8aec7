"""What a treasurer sees at a glance: what waits, what came in, what is owed (公金の集計).

Few statements, however much there is; nothing is stored, everything is added up from the books.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, Sum

from municipal.core import clock
from municipal.office.models import Job

from .balances import FROM_PAYERS, Books, Flows, Standing, books, flows, net, standing_of
from .models import Account, Charge, Closing, CollectionFile, Report, Transfer
from .queues import Waiting, overview
from .rules.instalments import fiscal_year

AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class Due:
    """Charges of one fee that fall due on one day (近い納期限)."""

    fee: str
    due_on: date
    count: int
    yen: int


@dataclass(frozen=True)
class Desk:
    """Everything that the treasurer's first page shows (公金の窓口)."""

    queues: list[Waiting]
    files: dict[str, Any]
    jobs: list[Job]
    due: list[Due]
    books: Books
    year: int
    of_year: Standing
    collected: int
    closed_through: date | None


def desk() -> Desk:
    """The desk as of now: a dozen statements (公金の窓口)."""
    today = clock.today()
    year = fiscal_year(today)
    of_year = flows(Q(posting__fiscal_year=year))
    files = CollectionFile.objects.filter(received_at__gte=_midnight(today))
    jobs = Job.objects.filter(kind__startswith="payments.", state__in=[Job.State.WAITING, Job.State.RUNNING])
    return Desk(
        queues=[one for one in overview() if one.count],
        files=files.aggregate(count=Count("pk"), lines=Sum("lines")),
        jobs=list(jobs.order_by("pk")),
        due=due_soon(today),
        books=books(),
        year=year,
        of_year=standing_of(of_year),
        collected=collected_of(of_year),
        closed_through=Closing.objects.aggregate(last=Max("closed_through"))["last"],
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.TOKYO)


def due_soon(today: date) -> list[Due]:
    """What falls due within a month, by day and fee, as it was charged at first (近い納期限)."""
    soon = Charge.objects.filter(due_on__gte=today, due_on__lte=today + AHEAD, yen__gt=0)
    found = soon.values("due_on", fee=F("assessment__fee")).annotate(count=Count("pk"), sum=Sum("yen"))
    return [Due(row["fee"], row["due_on"], row["count"], row["sum"]) for row in found.order_by("due_on", "fee")]


def collected_of(of: Flows) -> int:
    """Money that came from payers, less what went back to channels (収納額)."""
    return net(of, [Account.IN_TRANSIT], FROM_PAYERS)


def by_day(first: date, last: date) -> dict[date, int]:
    """Collected yen by the day on which they were booked, of the days on which there were any (日別の収納)."""
    found: dict[date, dict[tuple[str, str], int]] = defaultdict(dict)
    money = Q(debit=Account.IN_TRANSIT) | Q(credit=Account.IN_TRANSIT)
    rows = Transfer.objects.filter(money, posting__booked_on__gte=first, posting__booked_on__lte=last)
    keys = ("posting__booked_on", "debit", "credit")
    for day, debit, credit, yen in rows.values_list(*keys).annotate(Sum("yen")).order_by():
        found[day][debit, credit] = yen
    return {day: collected_of(of) for day, of in sorted(found.items()) if collected_of(of)}


def by_channel(first: date, last: date) -> dict[str, tuple[int, int]]:
    """Confirmed reports and collected yen by channel; what was taken back counts against it (チャネル別の収納).

    A reversal by hand belongs to the channel whose report it undoes.
    """
    counts, sums = defaultdict[str, int](int), defaultdict[str, int](int)
    for way in ("posting", "posting__reversals"):
        days = {f"{way}__booked_on__gte": first, f"{way}__booked_on__lte": last}
        # What a later report took back is counted with that report already.
        by_hand = {} if way == "posting" else {f"{way}__reports__isnull": True}
        rows = Report.objects.filter(**days, **by_hand).values_list(
            "channel", f"{way}__transfers__debit", f"{way}__transfers__credit"
        )
        for channel, debit, credit, yen in rows.annotate(Sum(f"{way}__transfers__yen")).order_by():
            sums[channel] += collected_of({(debit, credit): yen})
    booked = Report.objects.filter(posting__booked_on__gte=first, posting__booked_on__lte=last)
    for channel, count in booked.values_list("channel").annotate(Count("pk")).order_by():
        counts[channel] = count
    return {channel: (counts[channel], sums[channel]) for channel in sorted({*counts, *sums})}


def balances_on(day: date) -> Mapping[str, int]:
    """Balances of the accounts at the end of ``day``: the last closing before it, and what was booked since (残高)."""
    closed = Closing.objects.filter(closed_through__lte=day).order_by("-closed_through").first()
    wanted = Q(posting__booked_on__lte=day)
    if closed is not None:
        wanted &= Q(posting__booked_on__gt=closed.closed_through)
    found = {account: int(closed.balances.get(account, 0)) if closed else 0 for account in Account.values}
    for (debit, credit), yen in flows(wanted).items():
        found[debit] += yen
        found[credit] -= yen
    return found
