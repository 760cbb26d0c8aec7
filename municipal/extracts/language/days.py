"""Days inside the database as texts that sort: 1985-04-01, and nothing for a day that is not known (日付の式).

A day that no calendar has keeps its place in the order, and no other day is ever put in its place: whatever must be
counted from it is empty (resident-record/1.0#1.1.8).
"""

from typing import Any

from django.db.models import Case, CharField, DateField, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Left, Substr
from django.db.models.lookups import Exact, GreaterThan, LessThan

from municipal.extracts.items import Item

_TOKYO = Value("Asia/Tokyo")


def of_item(item: Item) -> Any:
    """The day that an item holds, NULL where it is unknown or empty (項目の日付)."""
    if item.may_be_unknown:
        is_known = ~Q(**{item.path: ""}) & ~Q(**{f"{item.path}__contains": "/"})
        return Case(When(is_known, then=Left(item.path, 10, output_field=CharField())), output_field=CharField())
    if item.is_moment:
        return _text(Func(_TOKYO, F(item.path), function="timezone"))
    return _text(F(item.path))


def _text(day: Any) -> Any:
    return Func(day, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())


def year(day: Any) -> Any:
    """Its year as a number (年)."""
    return Cast(Left(day, 4), IntegerField())


def month(day: Any) -> Any:
    """Its month as a number (月)."""
    return Cast(Substr(day, 6, 2), IntegerField())


def day_of_month(day: Any) -> Any:
    """Its day of the month as a number (日)."""
    return Cast(Substr(day, 9, 2), IntegerField())


def _plus(*terms: Any, of: Any) -> Any:
    return Func(*terms, template="(%(expressions)s)", arg_joiner=" + ", output_field=of)


def _calendar(day: Any) -> Any:
    """A day of the calendar; NULL for one that no calendar has."""
    first = Func(year(day), month(day), Value(1), function="make_date", output_field=DateField())
    counted = Cast(_plus(first, day_of_month(day), Value(-1), of=DateField()), DateField())
    return Case(When(Exact(_text(counted), day), then=counted), output_field=DateField())


def later(day: Any, days: Any) -> Any:
    """So many days later (日数の加算)."""
    return _text(Cast(_plus(_calendar(day), Cast(days, IntegerField()), of=DateField()), DateField()))


def days_between(later_day: Any, earlier: Any) -> Any:
    """How many days lie between two (日数の差)."""
    return Func(
        _calendar(later_day), _calendar(earlier), template="(%(expressions)s)", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip


def age(birth: Any, on: Any) -> Any:
    """The age on a day: the new one from the birthday on, of 29 February from 1 March in a common year (年齢).

    NULL where the birth date is not known or lies ahead; compares letters as ``core.ages.age_on`` compares numbers.
    """
    is_before = LessThan(Substr(on, 6, 5), Substr(birth, 6, 5))
    less = Case(When(is_before, then=Value(-1)), default=Value(0), output_field=IntegerField())
    counted = Func(year(on), year(birth), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())
    found = _plus(counted, less, of=IntegerField())
    return Case(When(GreaterThan(found, Value(-1)), then=found), output_field=IntegerField())
