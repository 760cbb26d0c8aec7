"""What was reported against what is on the account, by channel and day (三者照合).

Of the three, charge and collection are compared by fee (``balances.by_fee``), collection and money by channel: a
transfer names no fee.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum

from municipal.core import clock

from .balances import by_account
from .models import Account, Channel, Report, Settlement, Stage
from .rules.reconciling import Credit, Day, Pairing, pair, short_by_one

LATE = timedelta(days=10)
"""After so many days a transfer is overdue: our own figure, no rule of the channels."""
LOOKED_BACK = 60
"""So many of the days that are left are searched for a hint."""


@dataclass(frozen=True)
class Reconciled:
    """One channel: all that was reported, all that came, and how they pair (チャネルごとの照合).

    ``hints``: by reference of a transfer that does not add up, the one report without which it would.
    """

    channel: Channel
    reported: int
    settled: int
    pairing: Pairing
    hints: dict[str, tuple[int, date]]

    @property
    def in_transit(self) -> int:
        """Reported and not on the account; below 0 where more came than was reported (未入金額)."""
        return self.reported - self.settled

    @property
    def late(self) -> tuple[Day, ...]:
        """Days whose money should have come (入金の遅れ)."""
        return tuple(day for day in self.pairing.days if day.on < clock.today() - LATE)


def by_channel() -> Iterator[Reconciled]:
    """Every channel through which something was reported or paid (チャネルごとの照合)."""
    live = Report.objects.filter(stage=Stage.CONFIRMED, posting__isnull=False, posting__reversals__isnull=True)
    days, credits = defaultdict(list), defaultdict(list)
    for row in live.values("channel", "paid_on").annotate(count=Count("pk"), total=Sum("yen")).order_by("paid_on"):
        days[row["channel"]].append(Day(row["paid_on"], row["count"], row["total"]))
    standing = Settlement.objects.filter(posting__reversals__isnull=True)
    for channel, reference, on, yen in standing.values_list("channel", "reference", "credited_on", "yen"):
        credits[channel].append(Credit(reference, on, yen))
    for channel in Channel:
        if channel in days or channel in credits:
            paired = pair(days[channel], credits[channel])
            amounts = _amounts(live.filter(channel=channel), paired) if paired.credits else {}
            yield Reconciled(
                channel, sum(day.yen for day in days[channel]), sum(one.yen for one in credits[channel]), paired,
                short_by_one(paired, amounts),
            )  # fmt: skip


def _amounts(live: QuerySet[Report], paired: Pairing) -> dict[date, set[int]]:
    """The yen of single reports of the last days that are left: older ones give no hint any more."""
    found: dict[date, set[int]] = defaultdict(set)
    wanted = [day.on for day in paired.days[-LOOKED_BACK:]]
    for on, yen in live.filter(paid_on__in=wanted).values_list("paid_on", "yen").distinct():
        found[on].add(yen)
    return found


def unexplained(found: list[Reconciled]) -> int:
    """Yen in transit in the books that no channel accounts for; 0 where all came by report and settlement (差異)."""
    return by_account()[Account.IN_TRANSIT] - sum(one.in_transit for one in found)
