"""Entered and removed ex officio: nobody notified (職権記載・職権消除・失踪; resident-record/1.0#4.2.1.1, #4.2.2.2)."""

from typing import Any

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.rules.days import refuse_before_birth

from .moves import address_of, move_in, placed, removed
from .newcomers import GONE
from .plan import Change, Plan, act
from .seats import leave, seated_apart, seated_last
from .standing import (
    RESIDENT,
    household_of,
    members_of,
    newest_from,
    record_of,
    refuse_twice,
    refuse_unless_next,
    residents,
)
from .timing import timing

ENTRY, REMOVAL, DISAPPEARANCE = "entry_ex_officio", "removal_ex_officio", "disappearance"
GONE_REASON = "deletion_ex_officio"


@implements(
    "resident-record/1.0#4.2.0.1/m1", "resident-record/1.0#4.2.0.2/m1", "resident-record/1.0#4.2.1.1/m1",
    "resident-record/1.0#4.2.1.1/m2", "resident-record/1.0#4.2.1.1/m5", "resident-record/1.0#4.6.0.1/m5",
)  # fmt: skip
@act(ENTRY, "職権記載")
def entry_ex_officio(notice: Notice) -> Plan:
    """People who live here without a record are entered, or entered again (職権記載・住所設定).

    As a move-in in all else: where they lived before may be 不明, or stay empty where there was no such place. The
    last registered address is an item of the person.
    """
    plan = move_in(notice)
    for change in plan.changes:
        change.items |= {"reason": ENTRY, "entry_reason": ENTRY}
    return plan


@implements("resident-record/1.0#4.2.0.1/m1", "resident-record/1.0#4.0.2/m4", "resident-record/1.0#1.1.5/m1")
@act(REMOVAL, "職権消除")
def removal_ex_officio(notice: Notice) -> Plan:
    """People who are found not to live here any more: left without a notice, or not there (職権消除)."""
    when, plan, gone = timing(notice), Plan(), residents(notice.people)
    refuse_unless_next(gone, when.valid_from)
    for one, record in zip(notice.people, gone, strict=True):
        refuse_before_birth(when.event_on, record.born_on)
        items = {**when.row(GONE_REASON), **removed(GONE_REASON, when.told_on, when.event_on)}
        row = {**items, "status": LifeState.REMOVED.value, **one.items}
        plan.changes.append(Change(record, row, record.household, when.valid_from))
    plan.touch(gone[0].household)
    leave(plan, gone, gone[0].household, when.valid_from, when.event_on)
    return plan


@implements("resident-record/1.0#4.2.2.2/m1", "resident-record/1.0#1.1.8/m2")
@act(DISAPPEARANCE, "失踪宣告")
def disappearance(notice: Notice) -> Plan:
    """A court declared somebody missing, as the family register's municipality tells (失踪宣告による職権消除).

    The day may be doubtful, as in the family register. Raises Refused where the notice has another ground.
    """
    if notice.basis not in (Basis.FAMILY_REGISTER, Basis.MUNICIPALITY):
        raise Refused(
            "失踪宣告は、戸籍の届出・通知に基づいて入力してください。異動の根拠を選び直してください。",
            field="basis", code="wrong_basis",
        )  # fmt: skip
    when, plan, gone = timing(notice), Plan(), residents(notice.people)
    for one, record in zip(notice.people, gone, strict=True):
        refuse_before_birth(when.event_on, record.born_on)
        items = {**when.row(GONE_REASON), **removed(GONE_REASON, when.told_on, when.event_on)}
        row = {**items, "status": LifeState.REMOVED.value, **one.items}
        # What was recorded of days after the one the court names is no longer so.
        since = max(when.valid_from, (record.entry_event_on or record.became_resident_on or record.born_on).earliest())
        plan.changes.append(Change(record, row, record.household, since))
    plan.touch(gone[0].household)
    leave(plan, gone, gone[0].household, max(when.valid_from, *map(newest_from, gone)), when.event_on)
    return plan


@implements("resident-record/1.0#4.2.1.1/m1", "resident-record/1.0#4.2.2.2/m1")
@act("disappearance_annulled", "失踪宣告の取消し")
def disappearance_annulled(notice: Notice) -> Plan:
    """Whom a court had declared missing is there: entered ex officio, under the old number (失踪宣告の取消し).

    They join the household that is named, or lead one of their own, at the address that is named or was theirs.
    Raises Refused for anybody who was not removed by such a declaration.
    """
    when, plan = timing(notice), Plan()
    if not notice.people:
        raise Refused("異動する人を選んでください。", field="people", code="nobody")
    former = [record_of(one.number) for one in notice.people]
    refuse_twice([record.addressee_id for record in former])
    for record in former:
        _refuse_unless_missing(record)
    refuse_unless_next(former, when.valid_from)
    home = household_of(notice.joins) if notice.joins else None
    said = [{"name": record.name, **one.items} for one, record in zip(notice.people, former, strict=True)]
    seats = seated_last(said, home) if home else seated_apart(said, plan)
    plan.touch(*([home] if home else []))
    own = placed("address", notice.place) if notice.place.get("block") else {}
    there = placed("address", address_of(members_of(home)[0])) if home else own
    entry: dict[str, Any] = {**when.row(ENTRY), "entry_reason": ENTRY, "entry_event_on": when.event_on}
    for record, items, seat in zip(former, said, seats, strict=True):
        plan.changes.append(Change(record, {**GONE, **entry, **there, **items, **seat}, home, when.valid_from))
    return plan


def _refuse_unless_missing(record: ResidentRecord) -> None:
    rows = ResidentRecord.objects.filter(addressee=record.addressee_id, event__act=DISAPPEARANCE)
    if record.status == RESIDENT or not rows.filter(event__cancellations=None).exists():
        raise Refused(
            "この方は失踪宣告により消除された方ではありません。対象者を確かめてください。",
            field="people", code="not_missing",
        )  # fmt: skip
