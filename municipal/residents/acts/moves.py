"""Moving in, within and out, and the arrival notice (転入・転居・転出・転入通知; Act articles 22 to 24)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from municipal.addressees.fields import ADDRESS_PARTS
from municipal.addressees.models import LifeState
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, ResidentEvent, ResidentRecord
from municipal.residents.notices import PARTS, Notice
from municipal.residents.rules import deadlines
from municipal.residents.rules.days import refuse_before_birth

from . import newcomers
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
from .timing import Timing, timing

ABROAD = ("country", "abroad")
NOT_OF_A_PLACE: Mapping[str, Any] = {
    **dict.fromkeys(("lot_in_digits", "building_code", "building_kana", "ward_code", "district_code"), ""),
    "is_place_notified": None,
}
"""What went with the old address and is not true of a new one."""


def placed(prefix: str, place: Mapping[str, str], parts: tuple[str, ...] = ADDRESS_PARTS) -> dict[str, str]:
    """``place`` as the items of group ``prefix``, every part said, those not given empty."""
    return {f"{prefix}_{part}": place.get(part, "") for part in parts}


def address_of(record: ResidentRecord, prefix: str = "address") -> dict[str, str]:
    """The parts of an address of a record."""
    return {part: getattr(record, f"{prefix}_{part}") for part in ADDRESS_PARTS}


def _here(place: Mapping[str, str]) -> dict[str, str]:
    if not (place.get("city") and place.get("block")):
        raise Refused("住所の市区町村名と町字を入力してください。", field="place", code="address_missing")
    return placed("address", place)


@implements(
    "resident-record/1.0#4.1.0.1/m1", "resident-record/1.0#4.1.0.1/m2", "resident-record/1.0#4.1.1.1/m1",
    "resident-record/1.0#4.1.1.1/m2", "resident-record/1.0#4.0.1/m3", "resident-record/1.0#4.0.2/m1",
)  # fmt: skip
@act("move_in", "転入")
def move_in(notice: Notice) -> Plan:
    """People come from another municipality or from abroad, as a household or to join one (転入; article 22).

    The reason follows from where they came from (#1.2.2). Whoever lived here before keeps the number (#4.1.1.2).
    """
    when, plan = timing(notice), Plan()
    is_abroad = any(notice.came_from.get(part) for part in ABROAD)
    reason = "move_in_from_abroad" if is_abroad else "move_in"
    said = newcomers.entered(notice, plan, when)
    home = household_of(notice.joins) if notice.joins else None
    address = placed("address", address_of(members_of(home)[0])) if home else _here(notice.place)
    seats = seated_last(said, home) if home else seated_apart(said, plan)
    if home:
        plan.touch(home)
    since = dict.fromkeys(("became_resident_on", "address_set_on", "entry_event_on"), when.event_on)
    here = {**when.row(reason), **since, "entry_reason": reason, **placed("address_before", notice.came_from, PARTS)}
    for one, items, seat in zip(notice.people, said, seats, strict=True):
        former = newcomers.returning(one, when)
        plan.changes.append(Change(former, {**here, **address, **items, **seat}, home, when.valid_from))
    return plan


@implements("resident-record/1.0#4.1.1.3/m1", "resident-record/1.0#4.1.1.3/m2")
@act("move_in_by_card", "特例転入")
def move_in_by_card(notice: Notice) -> Plan:
    """A move-in with the individual-number card in place of the certificate (特例転入; article 24-2).

    Raises Refused where the card comes too late (Cabinet Order article 24-2).
    """
    when = timing(notice)
    if notice.planned_on is None:
        raise Refused("転出予定日を入力してください。", field="planned_on", code="planned_day_missing")
    if deadlines.card_move_in_is_void(
        moved_on=when.valid_from, planned_on=notice.planned_on, notified_on=when.told_on or clock.today()
    ):
        raise Refused(
            "特例転入の期限を過ぎています。転出証明書による転入として入力してください。",
            field="notified_on",
            code="card_too_late",
        )
    return move_in(notice)


@implements("resident-record/1.0#4.1.0.1/m1", "resident-record/1.0#4.1.2.1/m1", "resident-record/1.0#4.0.1/m2")
@act("move_within", "転居")
def move_within(notice: Notice) -> Plan:
    """A household or some of it moves inside the municipality (転居; article 23).

    All of a household keep it, unless they join another one; some of it form a household of their own or join one.
    """
    when, plan, movers = timing(notice), Plan(), residents(notice.people)
    refuse_unless_next(movers, when.valid_from)
    old = movers[0].household
    is_whole = len(movers) == len(members_of(old))
    said = [{"name": record.name, **one.items} for one, record in zip(notice.people, movers, strict=True)]
    items: list[dict[str, Any]] = list(said)
    home = household_of(notice.joins) if notice.joins else old if is_whole else None
    if notice.joins and home == old:
        raise Refused(
            "同じ世帯には移れません。移る先の世帯を選び直してください。", field="joins", code="same_household"
        )
    if home != old:
        seats = seated_last(said, home) if home else seated_apart(said, plan)
        items = [{**one, **seat} for one, seat in zip(said, seats, strict=True)]
    address = placed("address", address_of(members_of(home)[0])) if notice.joins and home else _here(notice.place)
    plan.touch(old, *([home] if home else []))
    for record, own in zip(movers, items, strict=True):
        before = placed("address_within_before", address_of(record))
        moved = {**when.row("move_within"), **NOT_OF_A_PLACE, **address, **before, "address_set_on": when.event_on}
        plan.changes.append(Change(record, {**moved, **own}, home, when.valid_from))
    if home != old:
        leave(plan, movers, old, when.valid_from, when.event_on)
    return plan


@implements(
    "resident-record/1.0#4.1.0.1/m1", "resident-record/1.0#4.1.3.0.1/m1", "resident-record/1.0#4.1.3.0.2/m1",
    "resident-record/1.0#4.1.3.0.2/m3", "resident-record/1.0#4.1.3.0.2/m4", "resident-record/1.0#1.1.5/m1",
    "resident-record/1.0#1.1.5/m5",
)  # fmt: skip
@act("move_out", "転出", may_be_ahead=True)
def move_out(notice: Notice) -> Plan:
    """People leave the municipality; told ahead, they stay residents until the day (転出; article 24).

    From the 15th day after leaving the entry is ex officio, and an equivalent certificate takes the place of the
    certificate. An announced removal is carried out by ``operations.departures``.
    """
    when, plan, movers = timing(notice), Plan(), residents(notice.people)
    today = clock.today()
    told = when.told_on or today
    plan.document = deadlines.move_out_document(when.valid_from, told)
    if plan.document == deadlines.EQUIVALENT:
        plan.basis = Basis.EX_OFFICIO.value
        when = Timing(when.event_on, when.valid_from, None, plan.basis)
    is_ahead = when.valid_from > today
    valid_from = told if is_ahead else when.valid_from
    refuse_unless_next(movers, valid_from)
    _refuse_announced(movers)
    plan.touch(movers[0].household)
    to = placed("planned_destination", notice.place, PARTS)
    reason = leaving_reason(notice.place)
    for one, record in zip(notice.people, movers, strict=True):
        refuse_before_birth(when.event_on, record.born_on)
        items = {**when.row(reason), **to, "move_out_notified_on": told, "move_out_planned_on": when.valid_from}
        gone = {} if is_ahead else removed(reason, told, when.event_on)
        plan.changes.append(Change(record, {**items, **gone, **one.items}, record.household, valid_from))
    leave(plan, movers, movers[0].household, when.valid_from, when.event_on)
    if is_ahead:
        # Whoever is left alone becomes head on the day itself, not when it is announced.
        plan.changes = [change for change in plan.changes if change.items["reason"] == reason]
    return plan


def destination_of(record: ResidentRecord) -> dict[str, str]:
    """Where somebody said they would go, as far as it tells home from abroad."""
    return {part: getattr(record, f"planned_destination_{part}") for part in ABROAD}


def leaving_reason(place: Mapping[str, str]) -> str:
    """The reason of #1.2.2 for leaving to ``place``."""
    return "move_out_abroad" if any(place.get(part) for part in ABROAD) else "move_out"


def removed(reason: str, told: date | None, event_on: Any) -> dict[str, Any]:
    """The items of a removed record (除票; #1.1.5)."""
    return {"status": "2", "removal_reason": reason, "removal_notified_on": told, "removed_on": event_on}


def _refuse_announced(movers: list[ResidentRecord]) -> None:
    if any(record.move_out_planned_on for record in movers):
        raise Refused(
            "この方の転出はすでに届け出られています。変えるときは、先にその転出を取り消してください。",
            field="people",
            code="move_out_announced",
        )


@implements(
    "resident-record/1.0#4.1.3.1.1/m1", "resident-record/1.0#4.1.3.1.1/m2", "resident-record/1.0#4.1.3.1.1/m3",
    "resident-record/1.0#4.1.3.1.2/m6", "resident-record/1.0#4.1.3.1.3/m1", "resident-record/1.0#1.1.5/m1",
    "resident-record/1.0#1.1.5/m2",
)  # fmt: skip
@act("arrival_notice", "転入通知の受理")
def arrival_notice(notice: Notice) -> Plan:
    """The new municipality reports that people arrived; what was planned stays beside it (転入通知).

    Whoever was still counted here is removed: the earlier of the planned day and the day of arrival (#1.1.5). Whoever
    was removed ex officio stays removed as of that day; where they went and when is noted.
    """
    when, plan = timing(notice), Plan()
    if not notice.people:
        raise Refused("異動する人を選んでください。", field="people", code="nobody")
    leavers = [record_of(one.number) for one in notice.people]
    refuse_twice([record.addressee_id for record in leavers])
    to = placed("confirmed_destination", notice.place)
    day = when.valid_from
    for record in leavers:
        plan.changes.append(_arrived(record, when, to))
    plan.follows = move_out_of(leavers[0])
    staying = [record for record in leavers if record.status == RESIDENT]
    if staying:
        plan.touch(staying[0].household)
        leave(plan, staying, staying[0].household, min(day, staying[0].move_out_planned_on), when.event_on)
    return plan


def _arrived(record: ResidentRecord, when: Timing, to: dict[str, str]) -> Change:
    planned = record.move_out_planned_on
    if record.status == LifeState.DEAD:
        raise Refused("この方は死亡により消除されています。対象者を確かめてください。", field="people", code="is_dead")
    was_removed = record.status == LifeState.REMOVED and record.removal_reason == "deletion_ex_officio"
    if planned is None and not was_removed:
        raise Refused(
            "この方の転出は記録されていません。対象者を確かめてください。", field="people", code="no_move_out"
        )
    told = when.told_on or clock.today()
    noted = {
        **to, "move_out_confirmed_on": when.valid_from, "arrival_notice_on": told, "remarks": record.remarks,
    }  # fmt: skip
    gone_on = min(planned or when.valid_from, when.valid_from)
    if not was_removed and (record.status == RESIDENT or gone_on < newest_from(record)):
        reason = leaving_reason(destination_of(record))
        gone = removed(reason, record.move_out_notified_on, type(when.event_on).exact(gone_on))
        return Change(record, {**when.row(reason), **noted, **gone}, record.household, gone_on)
    return Change(record, {**when.row("minor_correction"), **noted}, record.household, max(told, newest_from(record)))


def move_out_of(record: ResidentRecord) -> ResidentEvent | None:
    """The act by which the person's leaving was entered, the last that stands."""
    acts = (*deadlines.BEFORE_LEAVING, "removal_ex_officio", "disappearance", "immigration_removal")
    rows = ResidentRecord.objects.filter(addressee=record.addressee, event__act__in=acts, event__cancellations=None)
    found = rows.order_by("-serial").select_related("event").first()
    return found.event if found else None
