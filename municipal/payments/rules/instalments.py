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
