"""One amount in several payments, the days they are due, the year they belong to (期割・納期限・会計年度)."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise

from municipal.core.business_days import next_business_day
from municipal.core.refusals import Refused


def instalments(total: int, count: int, *, unit: int = 1_000) -> list[int]:
    """``total`` yen in ``count`` parts of whole ``unit`` yen; what is over goes into the first (期割).

    100,900 yen in four make 25,900 and three times 25,000 (Local Tax Act, article 20-4-2, paragraph 6). An amount of
    less than one unit a part is not divided: everything is due at once, the other parts are 0. Raises Refused for a
    negative amount, no part or no unit.
    """
    if total < 0 or count < 1 or unit < 1:
        raise Refused("期割する金額、回数、端数の単位を確かめてください。", field="total", code="invalid")
    each = total // count // unit * unit
    return [total - each * (count - 1), *[each] * (count - 1)]


def due_days(days: Sequence[date], closed: Collection[date] = ()) -> list[date]:
    """The days on which payments are due: a day when the office is closed moves to the next open one (納期限).

    Local Tax Act, article 20-5; Local Autonomy Act, article 4-2. Raises Refused where the days are not in order.
    """
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise Refused("納期限は早い順に、重ならないように入力してください。", field="due_on", code="invalid")
    return [next_business_day(day, closed) for day in days]


def fiscal_year(day: date) -> int:
    """The fiscal year of a day, 1 April to 31 March, by the year in which it begins (会計年度)."""
    return day.year - (day.month < 4)


def closing_day(year: int) -> date:
    """The last day on which money of fiscal ``year`` is received: 31 May after its end (出納閉鎖の日).

    Local Autonomy Act, article 235-5.
    """
    return date(year + 1, 5, 31)


def year_of_money(levied: int, day: date, *, closed: int | None = None) -> int:
    """The fiscal year to which money received on ``day`` belongs (収入の会計年度).

    ``levied``: the year of the claim, that in which its due day falls. Up to the closing day the money is of that year,
    paid in advance too; after it the claim is carried over and the money is of the year in which it comes (Order for
    Enforcement of the Local Autonomy Act, articles 142 and 160). ``closed``: the last year whose books are closed; what
    comes to light after that counts in the next.
    """
    year = levied if day <= closing_day(levied) else fiscal_year(day)
    return year if closed is None else max(year, closed + 1)
