"""Removing people on the day they had announced to leave (転出予定日の到来による消除; resident-record/1.0#1.1.5)."""

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.residents.acts.moves import destination_of, leaving_reason, removed
from municipal.residents.acts.plan import Change, Plan
from municipal.residents.acts.seats import leave
from municipal.residents.acts.standing import living_in, newest_periods
from municipal.residents.models import Basis, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.rules.deadlines import BEFORE_LEAVING
from municipal.residents.rules.kinship import HEAD

from .carrying_out import carry_out

ACT = "removal_of_announced"


def announced_and_due() -> list[ResidentRecord]:
    """The newest rows of everybody whose announced day of leaving has come, by household and order."""
    current = newest_periods().filter(
        is_registered=True, record__move_out_planned_on__lte=clock.today(), record__status="1"
    )
    current = current.select_related("record__addressee", "record__household", "record__event")
    found = [period.record for period in current]
    return sorted(found, key=lambda one: (one.move_out_planned_on, one.household_id, one.member_order))


@implements("resident-record/1.0#1.1.5/m1", "resident-record/1.0#4.0.2/m4")
@operation("residents.remove_announced")
def remove_announced(*, actor: Actor) -> list[ResidentEvent]:
    """Remove everybody whose announced day has come; one event for those who leave together (消除).

    Runs every day and when the town starts; a second run finds nobody. What waits for a decision is not asked.
    """
    due = announced_and_due()
    # The whole household: who stays may become head.
    locked = living_in({one.household for one in due})
    list(Addressee.objects.select_for_update().filter(pk__in=locked).order_by("pk").values_list("pk", flat=True))
    events = []
    # Read anew each time: whom one leaving makes head may be the next to leave.
    while waiting := announced_and_due():
        first = waiting[0]
        that_day = [one for one in waiting if _home_and_day(one) == _home_and_day(first)]
        events.append(_remove(actor, [one for one in that_day if one.event_id == first.event_id], that_day))
    record(actor=actor, subjects=sorted({one.addressee_id for one in due}), fields=["status"])
    return events


def _home_and_day(one: ResidentRecord) -> tuple[object, ...]:
    return one.household_id, one.move_out_planned_on


def _remove(actor: Actor, together: list[ResidentRecord], that_day: list[ResidentRecord]) -> ResidentEvent:
    """Remove those who left ``together``; nobody else who goes ``that_day`` becomes head in between."""
    first = together[0]
    day = first.move_out_planned_on
    assert day is not None
    event_on = RegisterDate.exact(day)
    # Where something was recorded after the announcement, that must be cancelled before it: the removal stands alone.
    announced = first.event if first.event and first.event.act in BEFORE_LEAVING else None
    plan = Plan(follows=announced, basis=Basis.EX_OFFICIO.value)
    reason = leaving_reason(destination_of(first))
    told = (
        {"notified_on": first.move_out_notified_on} if first.event is None or first.event.basis == Basis.NOTICE else {}
    )
    for one in together:
        items = {"reason": reason, "event_on": event_on, **told, **removed(reason, one.move_out_notified_on, event_on)}
        plan.changes.append(Change(one, items, one.household, day))
    if any(one.relationship == HEAD for one in together):
        leave(plan, that_day, first.household, day, event_on)
    notice = Notice(act=ACT, event_on=event_on, notified_on=first.move_out_notified_on, basis=plan.basis)
    return carry_out(actor, notice, plan)
