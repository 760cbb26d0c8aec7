"""Looking through the audit for what should not be: nights, failures, searches in bulk (記録の分析; #10.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Func, IntegerField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncHour
from django.utils.translation import gettext_noop as _

from municipal.core.business_days import is_business_day
from municipal.core.clauses import implements
from municipal.core.clock import TOKYO

from .models import Entry, Kind, Subject

NIGHT_FROM, NIGHT_TO = 22, 5
MANY_PEOPLE, MANY_TIMES = 200, 60
"""From how many people, or from how many times within an hour, looking people up counts as bulk."""
LOOKING_UP = ("residents:search", "api:residents-list", "numbers:find")
MOST_DAYS = 366

SETTING = ("identity.", "places.", "register.", "statistics.configure", "transfer.restore")
_SETTINGS = Q(act__endswith="change_settings") | Q(act__endswith=".switch")
for _prefix in SETTING:
    _SETTINGS |= Q(act__startswith=_prefix)
_SIGNING = Q(kind__in=[Kind.SIGN_IN, Kind.SIGN_OUT, Kind.FAILED_SIGN_IN])
_PRINT = Q(act__startswith="certificates.") | Q(act__startswith="printing.") | Q(fields__contains=["printed"])
_EVENTS = Q(kind=Kind.REFUSAL) | Q(act__in=["audit.verify", "numbers.reseal", "transfer.back_up", "transfer.restore"])
_WIRE = Q(act__startswith="deliveries.") | Q(act__startswith="linkage.") | Q(act="identity.use_token")

LOGS: Mapping[str, tuple[str, Q]] = {
    "operation": (_("操作ログ"), Q(kind__in=[Kind.OPERATION, Kind.DISCLOSURE]) & ~_SIGNING & ~_SETTINGS & ~_PRINT),
    "authentication": (_("認証ログ"), _SIGNING),
    "event": (_("イベントログ"), _EVENTS),
    "communication": (_("通信ログ"), _WIRE),
    "print": (_("印刷ログ"), _PRINT),
    "settings": (_("設定変更ログ"), _SETTINGS & Q(kind=Kind.OPERATION)),
    "error": (_("エラーログ"), Q(kind=Kind.ERROR)),
}
"""The seven kinds of log that #10.2 asks for, each a cut through the one chain."""


@dataclass(frozen=True)
class Counted:
    """Somebody's entries counted: who, how many, of how many people, from when to when (集計行)."""

    actor_kind: str
    actor_id: int
    times: int
    people: int
    first: datetime
    last: datetime


def during(first: date, last: date) -> QuerySet[Entry]:
    """Entries of these civil days in Japan, both included, the oldest first (期間の記録)."""
    start = datetime.combine(first, time.min, TOKYO)
    end = datetime.combine(min(last, first + timedelta(days=MOST_DAYS)) + timedelta(days=1), time.min, TOKYO)
    return Entry.objects.filter(at__gte=start, at__lt=end).order_by("seq")


@implements("resident-record/1.0#10.2/m3")
def out_of_hours(first: date, last: date) -> QuerySet[Entry]:
    """What was done at night or on a day on which the office is closed, by people (深夜・休業日のアクセス一覧)."""
    found = during(first, last).filter(actor_kind="staff").annotate(hour=ExtractHour("at", tzinfo=TOKYO))
    wanted = Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_TO)
    day = first
    while day <= min(last, first + timedelta(days=MOST_DAYS)):
        if not is_business_day(day):
            start = datetime.combine(day, time.min, TOKYO)
            wanted |= Q(at__gte=start, at__lt=start + timedelta(days=1))
        day += timedelta(days=1)
    return found.filter(wanted)


@implements("resident-record/1.0#10.2/m3")
def failed_sign_ins(first: date, last: date) -> QuerySet[Entry]:
    """Every failure to sign in (ログイン失敗一覧)."""
    return during(first, last).filter(kind=Kind.FAILED_SIGN_IN)


@implements("resident-record/1.0#10.2/m3")
def sign_ins_by_account(first: date, last: date) -> list[Counted]:
    """How often each account signed in, most first (ID別ログイン数一覧)."""
    return _counted(during(first, last).filter(kind=Kind.SIGN_IN), by_hour=False)


@implements("resident-record/1.0#10.2/m3")
def bulk_searches(first: date, last: date) -> list[Counted]:
    """Hours in which somebody looked up very many people, or looked very often (大量検索実行一覧)."""
    looked = during(first, last).filter(kind=Kind.DISCLOSURE, screen__in=LOOKING_UP)
    return [one for one in _counted(looked, by_hour=True) if one.people >= MANY_PEOPLE or one.times >= MANY_TIMES]


@implements("resident-record/1.0#10.2/m3")
def about(addressee: int, first: date, last: date) -> QuerySet[Entry]:
    """Who looked somebody up, by the person's addressee id (宛名番号等からの検索実行一覧)."""
    return during(first, last).filter(seq__in=Subject.objects.filter(addressee=addressee).values("seq"))


def _counted(entries: QuerySet[Entry], *, by_hour: bool) -> list[Counted]:
    keys = ["actor_kind", "actor_id", *(["hour_of"] if by_hour else [])]
    size = Func(F("subjects"), function="cardinality", output_field=IntegerField())
    asked = entries.annotate(hour_of=TruncHour("at", tzinfo=TOKYO)) if by_hour else entries
    rows = (
        asked.order_by().values(*keys).annotate(times=Count("seq"), people=Sum(size), first=Min("at"), last=Max("at"))
    )
    return [
        Counted(row["actor_kind"], row["actor_id"], row["times"], row["people"] or 0, row["first"], row["last"])
        for row in rows.order_by("-times", "-people", "actor_id")
    ]


ANALYSES: Mapping[str, tuple[str, Callable[..., object]]] = {
    "night": (_("深夜・休業日におけるアクセス一覧"), out_of_hours),
    "failures": (_("ログイン失敗一覧"), failed_sign_ins),
    "accounts": (_("ID別ログイン数一覧"), sign_ins_by_account),
    "bulk": (_("大量検索実行一覧"), bulk_searches),
    "person": (_("宛名番号から該当者の検索実行一覧"), about),
}
"""The lists of the standard's example, by a word for the address of their page."""
