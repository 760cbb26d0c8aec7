"""The rows that bring back what was known before an act, and the households they lead to (元の状態への復元)."""

from datetime import date

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Household, Period, ResidentRecord
from municipal.residents.rules.deadlines import BEFORE_LEAVING
from municipal.residents.rules.kinship import HEAD
from municipal.residents.times import INSTANT

from .moves import address_of
from .plan import Change, Plan
from .seats import leave
from .standing import RESIDENT, members_of, record_of
from .timing import Timing


@implements("resident-record/1.0#4.6.0.1/m4", "resident-record/1.0#4.6.0.1/m6", "resident-record/1.0#4.6.0.1/m7")
def restored(rows: list[ResidentRecord], when: Timing) -> list[Change]:
    """What was known of one person just before ``rows`` (all of one act) were recorded, from their first day on.

    Somebody of whom nothing was known is removed as of that day: never a resident, but the history stays.
    """
    newest = record_of(rows[0].addressee.number)
    since = min(period.valid.lower for period in Period.objects.filter(record__in=[row.pk for row in rows]))
    known = Period.objects.filter(addressee=newest.addressee, recorded__contains=rows[0].recorded_at - INSTANT)
    known = known.select_related("record__addressee", "record__household").order_by("valid")
    stretches = [one for one in known if one.valid.upper is None or one.valid.upper > since]
    if not stretches:
        return [_never_entered(newest, since, when)]
    return [_again(one, newest, since, when) for one in stretches]


def _never_entered(newest: ResidentRecord, since: date, when: Timing) -> Change:
    gone = {
        "status": LifeState.REMOVED.value, "removal_reason": "cancellation_removing",
        "removal_notified_on": when.told_on, "removed_on": when.event_on, "relationship": "",
    }  # fmt: skip
    return Change(newest, {**when.row("cancellation_removing"), **gone}, newest.household, since)


def _again(stretch: Period, newest: ResidentRecord, since: date, when: Timing) -> Change:
    was = stretch.record
    reason = "cancellation_correcting"
    if was.status == RESIDENT and newest.status != RESIDENT:
        reason = "cancellation_adding"
    elif was.status != RESIDENT and newest.status == RESIDENT:
        reason = "cancellation_removing"
    items = {**when.row(reason), "remarks": was.remarks}
    return Change(was, items, stretch.household, max(stretch.valid.lower, since), stretch.valid.upper)


@implements("resident-record/1.0#4.6.0.1/m8")
def put_back(plan: Plan, when: Timing) -> None:
    """Back to the household they left; where nobody lives there any more, to a new one at the same address.

    A death took nobody from the address: the household that ended with it goes on. Raises Refused where somebody else
    leads the household by now: the change of head must be cancelled first.
    """
    homes = list(dict.fromkeys(change.household for change in plan.changes if change.household))
    plan.touch(
        *homes, *(record_of(change.before.addressee.number).household for change in plan.changes if change.before)
    )
    for home in homes:
        mine = [change for change in plan.changes if change.household == home]
        back = [change for change in mine if change.valid_until is None and change.after().status == RESIDENT]
        staying = _staying(home, plan)
        if back and _is_left(home, back, staying, plan):
            for change in mine:
                change.household = None
        elif back:
            _refuse_another_head(back, staying)
        else:
            _leave_behind(plan, mine, home, when)


def _staying(home: Household, plan: Plan) -> list[ResidentRecord]:
    """Who lives in ``home`` now and is not touched by the plan."""
    touched = set(plan.people())
    return [one for one in members_of(home) if one.addressee_id not in touched]


def _is_left(home: Household, back: list[Change], staying: list[ResidentRecord], plan: Plan) -> bool:
    """Whether the household is no more where they left it: all had moved out, or the rest has moved elsewhere."""
    if staying:
        here, there = address_of(back[0].after()), address_of(staying[0])
        return any(here[part] != there[part] for part in ("city", "block", "lot"))
    assert plan.cancels is not None
    return plan.cancels.act in BEFORE_LEAVING and any(one.items["reason"] == "cancellation_adding" for one in back)


def _refuse_another_head(back: list[Change], staying: list[ResidentRecord]) -> None:
    led = next((change.after() for change in back if change.after().relationship == HEAD), None)
    leads = next((one for one in staying if one.relationship == HEAD), None)
    if leads is None:
        return
    if led is not None or any(change.after().head_name != leads.name for change in back):
        raise rested_on(leads)


def rested_on(row: ResidentRecord) -> Refused:
    """The refusal that says which act must be cancelled first."""
    return Refused(
        "この異動のあとに別の異動（%(day)s処理）が記録されています。新しい異動から順に取り消してください。",
        field="cancels", code="rested_on", day=row.processed_on.isoformat(),
    )  # fmt: skip


def _leave_behind(plan: Plan, mine: list[Change], home: Household, when: Timing) -> None:
    """Nobody comes back to ``home``; if its head goes, those who stay are asked about as in any other leaving."""
    going = [record_of(change.before.addressee.number) for change in mine if change.before]
    going = [one for one in going if one.status == RESIDENT and one.household == home]
    if going:
        leave(plan, going, home, min(change.valid_from for change in mine), when.event_on)
