"""Interest by the day on an amount that changes: the arithmetic, and the schemes that say how (利息の計算).

Amounts are whole yen, rates tenths of a percent a year. No fraction of a number is ever kept: each stretch of days
is cut to the yen, the sum to the unit of the scheme.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from municipal.core.codes import STANDARDS, rows
from municipal.core.refusals import Refused

FOLDER = STANDARDS / "fees" / "1"
DAYS_OF_A_YEAR = 365
"""In leap years too: the rate is for 365 days (利率等の表示の年利建て移行に関する法律, article 25)."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rates:
    """The rates of one calendar year in tenths of a percent: the first month, and later (割合)."""

    first_month: int
    later: int


@dataclass(frozen=True)
class Scheme:
    """How interest of one kind is reckoned (利息の定め).

    ``base_unit``, ``smallest_base``: what is left of an amount; ``interest_unit``, ``smallest_interest``: what is left
    of the sum. ``is_fixed_at_start``: the rate of the first day holds to the end. ``status``: how sure the data are.
    """

    code: str
    name_ja: str
    rates: str
    base_unit: int
    smallest_base: int
    interest_unit: int
    smallest_interest: int
    is_fixed_at_start: bool
    status: str

    def base(self, yen: int) -> int:
        """What interest is reckoned on."""
        return yen // self.base_unit * self.base_unit if yen >= self.smallest_base else 0

    def whole(self, yen: int) -> int:
        """What is left of a sum of interest."""
        return yen // self.interest_unit * self.interest_unit if yen >= self.smallest_interest else 0


@dataclass(frozen=True)
class Stretch:
    """The days from ``begin`` to ``end``, both counted, on which the amount was the same (同額の期間)."""

    begin: date
    end: date
    yen: int


@dataclass(frozen=True)
class Segment:
    """So many days at one rate on one base, and the yen they make (計算の区間)."""

    is_first_month: bool
    days: int
    rate: int
    yen: int
    base: int
    begin: date


@cache
def schemes() -> Mapping[str, Scheme]:
    """Every scheme by its code (利息の定めの一覧)."""
    return {
        row["code"]: Scheme(
            row["code"], row["name_ja"], row["rates"], int(row["base_unit"]), int(row["smallest_base"]),
            int(row["interest_unit"]), int(row["smallest_interest"]), row["is_fixed_at_start"] == "1", row["status"],
        )
        for row in rows(FOLDER / "interest_schemes.csv")
    }  # fmt: skip


@cache
def rates_of(name: str) -> Mapping[int, Rates]:
    """A table of rates by calendar year (割合の表)."""
    found = {}
    for row in rows(FOLDER / f"{name}.csv"):
        later = row.get("later_tenths_percent") or row["tenths_percent"]
        found[int(row["year"])] = Rates(int(row.get("first_month_tenths_percent") or later), int(later))
    return found


def rates_in(scheme: Scheme, year: int) -> Rates:
    """The rates of a year. Raises Refused for a year that the table lacks (割合の照会)."""
    found = rates_of(scheme.rates).get(year)
    if found is None:
        raise Refused(
            "%(year)d年の延滞金などの割合が登録されていません。割合の表に加えてから計算してください。",
            field="paid_on", code="no_rate", year=year,
        )  # fmt: skip
    return found


def segments(stretches: Iterable[Stretch], scheme: Scheme, *, first_month_ends: date | None = None) -> list[Segment]:
    """The stretches cut by calendar year and at the end of the first month, each with its yen (区間への分割).

    Stretches follow each other; days on which the base is 0 make none. Raises Refused for a year without a rate.
    """
    found: list[Segment] = []
    start: date | None = None
    for stretch in _merged(stretches, scheme.base):
        start = start or stretch.begin
        for begin, end in _cut(stretch, scheme, first_month_ends):
            is_first = first_month_ends is not None and begin <= first_month_ends
            said = rates_in(scheme, (start if scheme.is_fixed_at_start else begin).year)
            rate, days = said.first_month if is_first else said.later, (end - begin).days + 1
            yen = stretch.yen * rate * days // (1_000 * DAYS_OF_A_YEAR)
            found.append(Segment(is_first, days, rate, yen, stretch.yen, begin))
    return found


def _merged(stretches: Iterable[Stretch], base_of: Callable[[int], int]) -> Iterator[Stretch]:
    """By base instead of amount: neighbours with the same base are one, because each is cut to the yen."""
    last: Stretch | None = None
    for one in stretches:
        based = Stretch(one.begin, one.end, base_of(one.yen))
        if last and last.yen == based.yen and last.end + _ONE_DAY == based.begin:
            last = Stretch(last.begin, based.end, based.yen)
            continue
        if last and last.yen:
            yield last
        last = based
    if last and last.yen:
        yield last


def _cut(stretch: Stretch, scheme: Scheme, border: date | None) -> Iterator[tuple[date, date]]:
    begin = stretch.begin
    while begin <= stretch.end:
        ends = [stretch.end]
        if not scheme.is_fixed_at_start:
            ends.append(date(begin.year, 12, 31))
        if border and begin <= border:
            ends.append(border)
        yield begin, min(ends)
        begin = min(ends) + _ONE_DAY


def stretches_between(begin: date, until: date, changes: Collection[date]) -> Iterator[tuple[date, date]]:
    """The days from ``begin`` to ``until`` divided after each day of ``changes`` (変更日による分割)."""
    ends = sorted({day for day in changes if begin <= day < until} | {until})
    for end in ends if begin <= until else ():
        yield begin, end
        begin = end + _ONE_DAY


def total(found: Sequence[Segment]) -> int:
    """The yen of all segments (合計)."""
    return sum(one.yen for one in found)
