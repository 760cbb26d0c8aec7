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
from municipal.residents.acts.standing import living_in
from municipal.residents.models import Basis, Period, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice

from .carrying_out import carry_out

ACT = "removal_of_announced"


def announced_and_due() -> list[ResidentRecord]:
    """The newest rows of everybody whose announced day of leaving has come, by household and order."""
    current = Period.objects.filter(
        recorded__endswith__isnull=True, valid__endswith__isnull=True, is_registered=True,
        record__move_out_planned_on__lte=clock.today(), record__status="1",
    ).select_related("record__addressee", "record__household", "record__event")  # fmt: skip
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
    leaving: dict[tuple[object, ...], list[ResidentRecord]] = {}
    for one in announced_and_due():
        leaving.setdefault((one.household_id, one.event_id, one.move_out_planned_on), []).append(one)
    events = [_remove(actor, together) for together in leaving.values()]
    record(actor=actor, subjects=sorted({one.addressee_id for one in due}), fields=["status"])
    return events


def _remove(actor: Actor, together: list[ResidentRecord]) -> ResidentEvent:
    first = together[0]
    day = first.move_out_planned_on
    assert day is not None
    event_on = RegisterDate.exact(day)
    plan = Plan(follows=first.event, basis=Basis.EX_OFFICIO.value)
    reason = leaving_reason(destination_of(first))
    told = (
        {"notified_on": first.move_out_notified_on} if first.event is None or first.event.basis == Basis.NOTICE else {}
    )
    for one in together:
        items = {"reason": reason, "event_on": event_on, **told, **removed(reason, one.move_out_notified_on, event_on)}
        plan.changes.append(Change(one, items, one.household, day))
    leave(plan, together, first.household, day, event_on)
    notice = Notice(act=ACT, event_on=event_on, notified_on=first.move_out_notified_on, basis=plan.basis)
    return carry_out(actor, notice, plan)
