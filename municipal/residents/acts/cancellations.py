"""Cancelling an act: history grows, and the state before it holds again (異動の取消し; resident-record/1.0#4.6.0.1)."""

from datetime import timedelta
from typing import Any

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Period, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice

from .plan import Change, Plan, act
from .standing import RESIDENT, members_of
from .timing import Timing, timing

INSTANT = timedelta(microseconds=1)
MOVING = frozenset({"move_out", "move_within", "removal_of_announced", "arrival_notice"})
"""Acts that take people from an address: a whole household that left comes back as a new one."""


@implements(
    "resident-record/1.0#4.6.0.1/m1", "resident-record/1.0#4.6.0.1/m2", "resident-record/1.0#4.6.0.1/m4",
    "resident-record/1.0#4.6.0.1/m6", "resident-record/1.0#4.6.0.1/m7", "resident-record/1.0#4.6.0.1/m8",
    "resident-record/1.0#4.6.0.1/m9",
)  # fmt: skip
@act("cancellation", "異動の取消し")
def cancellation(notice: Notice) -> Plan:
    """Everybody whom an act touched is again what they were before it (異動の取消し).

    Acts that complete it (the removal of an announced move-out, the arrival notice) are cancelled with it. Raises
    Refused for an act that is cancelled, is a cancellation, or that a later act rests on: that one must go first.
    """
    when, plan = timing(notice), Plan()
    event = _cancellable(notice.cancels)
    rows = _rows(event)
    _refuse_rested_on(rows)
    plan.cancels = event
    for people_rows in _by_person(rows).values():
        plan.changes += _restored(people_rows, when)
    _put_back_in_households(plan, event)
    return plan


def _cancellable(number: int | None) -> ResidentEvent:
    event = ResidentEvent.objects.filter(pk=number).first() if number else None
    if event is None:
        raise Refused("取り消す異動を履歴から選んでください。", field="cancels", code="no_such_event")
    if event.cancels_id:
        raise Refused("取消しは取り消せません。正しい異動をもう一度入力してください。", field="cancels", code="is_cancellation")
    if event.follows_id:
        return _cancellable(event.follows_id)
    if event.cancellations.exists():
        raise Refused("この異動はすでに取り消されています。", field="cancels", code="already_cancelled")
    return event


def _rows(event: ResidentEvent) -> list[ResidentRecord]:
    """The rows of the act and of those that complete it, in the order of recording."""
    unit = [event.pk, *event.followers.values_list("pk", flat=True)]
    rows = ResidentRecord.objects.filter(event__in=unit).select_related("addressee", "household", "event")
    return list(rows.order_by("addressee", "serial"))


def _by_person(rows: list[ResidentRecord]) -> dict[int, list[ResidentRecord]]:
    found: dict[int, list[ResidentRecord]] = {}
    for row in rows:
        found.setdefault(row.addressee_id, []).append(row)
    return found


def _refuse_rested_on(rows: list[ResidentRecord]) -> None:
    """Nobody has a row after the last one of this act."""
    last = {row.addressee_id: row.serial for row in rows}
    for addressee, serial in last.items():
        later = ResidentRecord.objects.filter(addressee=addressee, serial__gt=serial).order_by("-serial").first()
        if later is not None:
            raise Refused(
                "この異動のあとに別の異動（%(day)s処理）が記録されています。新しい異動から順に取り消してください。",
                field="cancels", code="rested_on", day=later.processed_on.isoformat(),
            )  # fmt: skip


def _restored(rows: list[ResidentRecord], when: Timing) -> list[Change]:
    """The rows that bring back what was known of one person just before ``rows`` were recorded."""
    first = rows[0]
    known_then = first.recorded_at - INSTANT
    touched = min(
        period.valid.lower for period in Period.objects.filter(record__in=[row.pk for row in rows])
    )  # fmt: skip
    before = (
        Period.objects.filter(addressee=first.addressee, recorded__contains=known_then)
        .select_related("record__addressee", "record__household")
        .order_by("valid")
    )
    stretches = [one for one in before if one.valid.upper is None or one.valid.upper > touched]
    if not stretches:
        items = {**when.row("cancellation_removing"), "status": LifeState.REMOVED.value,
                 "removal_reason": "cancellation_removing", "removal_notified_on": when.told_on,
                 "removed_on": when.event_on, "relationship": ""}  # fmt: skip
        return [Change(rows[-1], items, rows[-1].household, touched)]
    return [_again(stretch, rows[-1], when, touched) for stretch in stretches]


def _again(stretch: Period, newest: ResidentRecord, when: Timing, touched: Any) -> Change:
    was, now = stretch.record, newest.status
    reason = "cancellation_correcting"
    if was.status == RESIDENT and now != RESIDENT:
        reason = "cancellation_adding"
    elif was.status != RESIDENT and now == RESIDENT:
        reason = "cancellation_removing"
    since = max(stretch.valid.lower, touched)
    return Change(was, when.row(reason), stretch.household, since, stretch.valid.upper)


def _put_back_in_households(plan: Plan, event: ResidentEvent) -> None:
    """Back to the household they left; a whole household that had moved away forms a new one (#4.6.0.1/m8)."""
    homes = dict.fromkeys(change.household for change in plan.changes if change.household)
    plan.touch(*homes)
    if event.act not in MOVING:
        return
    for home in homes:
        back = [change for change in plan.changes if change.household == home]
        if not members_of(home) and any(change.items["reason"] == "cancellation_adding" for change in back):
            for change in back:
                change.household = None
