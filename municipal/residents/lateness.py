"""Notices that came late, and people who left and have not arrived anywhere (届出期限の一覧; Act articles 22 to 25)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from municipal.core import clock
from municipal.core.clauses import implements

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
    """Somebody whose day of leaving has come, and of whom no municipality reported the arrival (未着).

    ``gone_on``: the announced day, or the day of the removal ex officio. ``is_still_here``: the daily removal has not
    run yet, or the person is counted for another reason.
    """

    record: ResidentRecord
    gone_on: date
    days: int
    is_still_here: bool
    was_removed: bool = False


@implements("resident-record/1.0#4.1.3.1.4/m1", "resident-record/1.0#4.1.3.1.4/m2")
def not_arrived(first: date) -> list[NotArrived]:
    """Who was to leave within Japan in the month that begins on ``first``, the longest ago first (転入通知未着者一覧).

    Whoever was removed ex officio that month, having left without notice, stands in it too. Who left for abroad is
    reported by nobody.
    """
    today = clock.today()
    until = min(next_month(first), today + timedelta(days=1))
    later = ResidentRecord.objects.filter(addressee=OuterRef("addressee"), serial__gt=OuterRef("serial"))
    newest = ResidentRecord.objects.filter(~Exists(later), arrival_notice_on=None).select_related("addressee")
    leaving = newest.filter(
        move_out_planned_on__gte=first, move_out_planned_on__lt=until, status__in=("1", "2"),
        planned_destination_abroad="", planned_destination_country="",
    )  # fmt: skip
    removed = newest.filter(
        removal_reason="deletion_ex_officio", event__act="removal_ex_officio",
        removed_on__gte=first.isoformat(), removed_on__lt=until.isoformat(),
    )  # fmt: skip
    found = [_not_arrived(one, one.move_out_planned_on, today) for one in leaving if one.move_out_planned_on]
    found += [_not_arrived(one, one.removed_on.latest(), today) for one in removed]
    return sorted(found, key=lambda one: (one.gone_on, one.record.household_id, one.record.member_order))


def _not_arrived(record: ResidentRecord, gone_on: date, today: date) -> NotArrived:
    return NotArrived(record, gone_on, (today - gone_on).days, record.status == "1", record.status == "9")
