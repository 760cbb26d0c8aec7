"""What stands open before a period or a year is closed (締めの前の確認)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min

from municipal.core import clock

from . import queues
from .balances import books, by_account
from .models import Account, Closing, Posting, YearClosing
from .reconciliation import by_channel
from .rules.instalments import closing_day, fiscal_year


@dataclass(frozen=True)
class Open:
    """What a person should know before closing (未了の事項). All may be closed over; the books may not be wrong."""

    waiting: tuple[queues.Waiting, ...]
    in_transit: int
    late: int
    suspense: int
    broken: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands open (未了がないか)."""
        return not (self.in_transit or self.suspense or self.broken or any(one.count for one in self.waiting))


def still_open() -> Open:
    """What stands open in the town now (未了の事項の照会)."""
    balances, found = by_account(), tuple(queues.overview())
    late = sum(day.yen for one in by_channel() for day in one.late)
    return Open(
        tuple(one for one in found if one.count), balances[Account.IN_TRANSIT], late, -balances[Account.SUSPENSE],
        tuple(books().broken()),
    )  # fmt: skip


@dataclass(frozen=True)
class Ends:
    """Days up to which books can be closed today: yesterday, the ends of the last month and year (締められる日)."""

    day: date
    month: date
    year: date


def ends() -> Ends:
    """The usual ends before today (締めの候補日)."""
    today = clock.today()
    return Ends(today - timedelta(days=1), today.replace(day=1) - timedelta(days=1), date(fiscal_year(today), 3, 31))


def last_closing() -> Closing | None:
    """The latest period that was closed (直近の締め)."""
    return Closing.objects.order_by("-closed_through").first()


def next_year() -> int | None:
    """The fiscal year to be closed next: the one after the last closed, else the first of the books (次の年度)."""
    last = YearClosing.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    if last is not None:
        return last + 1
    first: int | None = Posting.objects.aggregate(first=Min("fiscal_year"))["first"]
    return first


def may_close(year: int) -> bool:
    """Whether money of ``year`` is received no more: from 1 June after it (出納閉鎖の時期)."""
    return clock.today() > closing_day(year)
