"""The functions of the language, as spreadsheets and databases name them (式の関数)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DecimalField,
    ExpressionWrapper,
    Func,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import (
    Abs,
    Cast,
    Coalesce,
    Concat,
    Floor,
    Greatest,
    Least,
    Length,
    Lower,
    Mod,
    NullIf,
    Replace,
    Round,
    StrIndex,
    Trim,
    Upper,
)
from django.db.models.lookups import Exact, GreaterThan
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.extracts.items import Kind

from . import days

TEXT, NUMBER, DAY, YES = Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.YES
ANY = None
"""Any type; where it stands several times, all of the same."""


@dataclass(frozen=True)
class Function:
    """One function: the types it takes (the last once more as often as ``repeats``), what it gives, how (関数)."""

    takes: tuple[Kind | None, ...]
    gives: Kind | None
    make: Callable[..., Any]
    least: int
    repeats: bool = False
    explanation: str = ""


def number(value: Any) -> Any:
    """A value as a number with as many digits as it takes, so that nothing runs over (数)."""
    return Cast(value, DecimalField(max_digits=40, decimal_places=6))


def _whole(value: Any, *, least: int = 0, most: int = 10_000) -> Any:
    """A number as the length or place of letters: whole, and never beyond what a text has."""
    bounded = Greatest(Least(number(value), number(Value(most))), number(Value(least)))
    return Cast(bounded, IntegerField())


def _part(text: Any, start: Any, length: Any) -> Any:
    return Func(text, start, length, function="substr", output_field=CharField())


def _right(text: Any, length: Any) -> Any:
    return Func(text, _whole(length), function="right", output_field=CharField())


def truth(condition: Any) -> Any:
    """A condition as a value, in brackets of its own wherever it comes to stand (真偽)."""
    wrapped = ExpressionWrapper(condition, output_field=BooleanField())
    return Func(wrapped, template="(%(expressions)s)", output_field=BooleanField())


def is_blank(value: Any) -> Any:
    """Whether there is nothing: no value, or a text without letters (空欄か)."""
    return Exact(Coalesce(Cast(value, CharField()), Value("")), Value(""))


def _value(text: Any) -> Any:
    """The number that a text writes; NULL where it writes none."""
    is_number = Q(Func(text, Value(r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"), template="(%(expressions)s)",
                       arg_joiner=" ~ ", output_field=BooleanField()))  # fmt: skip
    return Case(When(is_number, then=number(text)), output_field=DecimalField(max_digits=40, decimal_places=6))


def _if(condition: Any, then: Any, otherwise: Any) -> Any:
    return Case(When(condition, then=then), default=otherwise)


def _todays_age(birth: Any, on: Any = None) -> Any:
    return days.age(birth, on if on is not None else Value(clock.today().isoformat(), output_field=CharField()))


def _divided(dividend: Any, divisor: Any) -> Any:
    return Mod(number(dividend), NullIf(number(divisor), number(Value(0))))


FUNCTIONS: Mapping[str, Function] = {
    "LEFT": Function((TEXT, NUMBER), TEXT, lambda t, n: _part(t, Value(1), _whole(n)), 2, explanation=_("左からn文字")),
    "RIGHT": Function((TEXT, NUMBER), TEXT, _right, 2, explanation=_("右からn文字")),
    "MID": Function(
        (TEXT, NUMBER, NUMBER),
        TEXT,
        lambda t, s, n: _part(t, _whole(s, least=1), _whole(n)),
        3,
        explanation=_("s文字目からn文字"),
    ),
    "LEN": Function((TEXT,), NUMBER, Length, 1, explanation=_("文字数")),
    "TRIM": Function((TEXT,), TEXT, Trim, 1, explanation=_("前後の空白を除く")),
    "UPPER": Function((TEXT,), TEXT, Upper, 1, explanation=_("大文字にする")),
    "LOWER": Function((TEXT,), TEXT, Lower, 1, explanation=_("小文字にする")),
    "SUBSTITUTE": Function((TEXT, TEXT, TEXT), TEXT, Replace, 3, explanation=_("文字の置換え")),
    "FIND": Function(
        (TEXT, TEXT), NUMBER, lambda part, t: StrIndex(t, part), 2, explanation=_("現れる位置（なければ0）")
    ),
    "CONCAT": Function((TEXT,), TEXT, Concat, 2, repeats=True, explanation=_("文字をつなぐ")),
    "TEXT": Function((ANY,), TEXT, lambda value: Cast(value, CharField()), 1, explanation=_("文字にする")),
    "VALUE": Function((TEXT,), NUMBER, _value, 1, explanation=_("数にする（数でなければ空欄）")),
    "ABS": Function((NUMBER,), NUMBER, lambda n: Abs(number(n)), 1, explanation=_("絶対値")),
    "INT": Function((NUMBER,), NUMBER, lambda n: Floor(number(n)), 1, explanation=_("小数を切り捨てる")),
    "ROUND": Function((NUMBER,), NUMBER, lambda n: Round(number(n)), 1, explanation=_("四捨五入")),
    "MOD": Function((NUMBER, NUMBER), NUMBER, _divided, 2, explanation=_("割った余り")),
    "GREATEST": Function((ANY,), ANY, Greatest, 2, repeats=True, explanation=_("いちばん大きい値")),
    "LEAST": Function((ANY,), ANY, Least, 2, repeats=True, explanation=_("いちばん小さい値")),
    "IF": Function((YES, ANY, ANY), ANY, _if, 3, explanation=_("条件で分ける")),
    "IFBLANK": Function(
        (ANY, ANY),
        ANY,
        lambda a, b: Case(When(is_blank(a), then=b), default=a),
        2,
        explanation=_("空欄なら別の値"),
    ),
    "ISBLANK": Function((ANY,), YES, is_blank, 1, explanation=_("空欄か")),
    "NOT": Function((YES,), YES, lambda c: ~Q(c), 1, explanation=_("でない")),
    "CONTAINS": Function(
        (TEXT, TEXT), YES, lambda t, s: GreaterThan(StrIndex(t, s), Value(0)), 2, explanation=_("含む")
    ),
    "STARTS": Function((TEXT, TEXT), YES, lambda t, s: Exact(StrIndex(t, s), Value(1)), 2, explanation=_("で始まる")),
    "ENDS": Function(
        (TEXT, TEXT),
        YES,
        lambda t, s: Exact(Func(t, Length(s), function="right", output_field=CharField()), s),
        2,
        explanation=_("で終わる"),
    ),
    "TODAY": Function(
        (), DAY, lambda: Value(clock.today().isoformat(), output_field=CharField()), 0, explanation=_("今日")
    ),
    "YEAR": Function((DAY,), NUMBER, days.year, 1, explanation=_("西暦の年")),
    "MONTH": Function((DAY,), NUMBER, days.month, 1, explanation=_("月")),
    "DAY": Function((DAY,), NUMBER, days.day_of_month, 1, explanation=_("日")),
    "DAYS": Function((DAY, DAY), NUMBER, days.days_between, 2, explanation=_("日数の差")),
    "AGE": Function((DAY, DAY), NUMBER, _todays_age, 1, explanation=_("年齢（日を書かなければ今日）")),
}
"""Every function by its name (関数の一覧)."""

SPOKEN = {"年齢": "AGE", "文字数": "LEN", "空欄": "ISBLANK", "今日": "TODAY", "年": "YEAR", "月": "MONTH", "日": "DAY"}
"""Functions under the names that clerks use."""
