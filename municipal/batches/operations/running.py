"""Ordering runs: at once or by a schedule (実行の依頼・予約; resident-record/1.0#9.1)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from municipal.audit.operations import asking, operation, record
from municipal.batches.kinds import KINDS
from municipal.batches.models import Run, Schedule
from municipal.batches.rules import When, next_start
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.jobs import Ordering
from municipal.office.jobs import kinds as known
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.places.finding import office_of


@implements("resident-record/1.0#9.1/m1", "resident-record/1.0#9.1/m7", "resident-record/1.0#9.1/m10")
@operation("batches.order")
def order_run(
    *, actor: Actor, kind: str, parameters: Mapping[str, Any] | None = None, is_dry_run: bool = False,
    schedule: Schedule | None = None,
) -> Job:  # fmt: skip
    """Order a run at once; where it was ordered is kept with it (実行の依頼). Raises Refused for an unknown kind."""
    job = order_job(actor=actor, kind=kind, parameters=parameters, is_dry_run=is_dry_run)
    office, terminal = office_of(asking().source, str(getattr(actor, "department", ""))[:30])
    Run.objects.create(job=job, schedule=schedule, office=office, terminal=terminal)
    record(actor=actor, code=kind)
    return job


@implements("resident-record/1.0#9.1/m1")
@operation("batches.schedule")
def schedule_run(
    *, actor: Actor, kind: str, timing: str, at: time, on: date | None = None, weekday: int | None = None,
    day: int | None = None, parameters: Mapping[str, Any] | None = None,
) -> Schedule:  # fmt: skip
    """Let a run begin by itself: once, daily, on a weekday, on a day of the month, at the month's end (予約起動).

    Raises Refused for a kind that may not be scheduled, and for a time that never comes.
    """
    if kind not in KINDS or kind not in known or not KINDS[kind].may_be_scheduled:
        raise Refused("この処理は予約できません。一覧から選んでください。", field="kind", code="unknown_job")
    begins = next_start(When(timing, at, on, weekday, day), clock.now())
    if begins is None:
        raise Refused("この予約が始まる時は来ません。日時を直してください。", field="timing", code="never_begins")
    made = Schedule.objects.create(
        kind=kind, parameters=dict(parameters or {}), timing=timing, at=at, on=on, weekday=weekday, day=day,
        next_at=begins, actor_kind=actor.actor_kind, actor_id=actor.actor_id,
    )  # fmt: skip
    record(actor=actor, code=kind)
    return made


@operation("batches.stop_schedule")
def stop_schedule(*, actor: Actor, schedule: int) -> None:
    """Let a schedule begin nothing more (予約の中止). Raises Refused for none, or one that has ended."""
    found = Schedule.objects.select_for_update().filter(pk=schedule, ended_at=None).first()
    if found is None:
        raise Refused("この予約は見つからないか、すでに終わっています。", code="not_found")
    found.ended_at, found.next_at = clock.now(), None
    found.save(update_fields=["ended_at", "next_at"])
    record(actor=actor, code=found.kind)


@implements("resident-record/1.0#9.1/m1", "resident-record/1.0#9.1/m9")
@operation("batches.begin_due")
def begin_due_runs(*, actor: Actor) -> list[Job]:
    """Begin what schedules wanted to begin by now; what a night without power missed begins once (予約の起動)."""
    now, begun = clock.now(), []
    due = Schedule.objects.select_for_update(skip_locked=True).filter(next_at__lte=now, ended_at=None)
    for one in due.order_by("next_at"):
        ordering = Ordering(one.actor_kind, one.actor_id)
        begun.append(order_run(actor=ordering, kind=one.kind, parameters=one.parameters, schedule=one))
        one.next_at = next_start(When(one.timing, one.at, one.on, one.weekday, one.day), now)
        one.save(update_fields=["next_at"])
    record(actor=actor, code="schedules")
    return begun
