"""Notices that came late, and people who left and have not arrived anywhere (届出期限の一覧; Act articles 22 to 25)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from municipal.core import clock

from .counts import next_month
from .models import ResidentEvent, ResidentRecord
from .rules.deadlines import BEFORE_LEAVING, WITH_A_DEADLINE, due

ACTS = WITH_A_DEADLINE | BEFORE_LEAVING


@dataclass(frozen=True)
class Late:
    """A decided act whose notice came after its last day (期限を過ぎた届出).

    ``days_late`` counts from the last day, which a closed office moves on.
    """

    event: ResidentEvent
    told_on: date
    last_day: date
    days_late: int


def late(first: date, act: str = "") -> list[Late]:
    """What was told too late among the acts processed in the month that begins on ``first``, by day of processing.

    ``act``: only this one. Acts that were cancelled are not in it, nor is what nobody had to tell.
    """
    acts = ACTS & {act} if act else ACTS
    processed = ResidentEvent.objects.filter(processed_on__gte=first, processed_on__lt=next_month(first), act__in=acts)
    standing = processed.filter(cancellations=None).order_by("processed_on", "pk")
    return list(_late(standing))


def _late(events: QuerySet[ResidentEvent]) -> Iterator[Late]:
    for event in events:
        told = event.notified_on
        if told is None or not event.event_on.date:
            continue
        found = due(event.act, event.event_on.date, told)
        if found is not None and found.days_late:
            yield Late(event, told, found.last_day, found.days_late)


@dataclass(frozen=True)
class NotArrived:
    """Somebody whose announced day of leaving has come, and of whom no municipality reported the arrival (未着).

    ``is_still_here``: the daily removal has not run yet, or the person is counted for another reason.
    """

    record: ResidentRecord
    days: int
    is_still_here: bool


def not_arrived(first: date) -> list[NotArrived]:
    """Who was to leave within Japan in the month that begins on ``first``, the longest ago first (転入通知の未着).

    Who left for abroad is reported by nobody.
    """
    today = clock.today()
    until = min(next_month(first), today + timedelta(days=1))
    later = ResidentRecord.objects.filter(addressee=OuterRef("addressee"), serial__gt=OuterRef("serial"))
    leaving = ResidentRecord.objects.filter(
        move_out_planned_on__gte=first, move_out_planned_on__lt=until, arrival_notice_on=None, status__in=("1", "2"),
        planned_destination_abroad="", planned_destination_country="",
    ).select_related("addressee")  # fmt: skip
    newest = leaving.filter(~Exists(later)).order_by("move_out_planned_on", "household_id", "member_order")
    return [
        NotArrived(one, (today - one.move_out_planned_on).days, one.status == "1")
        for one in newest
        if one.move_out_planned_on is not None
    ]
