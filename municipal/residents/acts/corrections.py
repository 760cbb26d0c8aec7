"""Corrections: of what has changed, of letters, of errors in the past (職権修正・軽微な修正・誤記修正; #4.2.3)."""

from collections.abc import Mapping
from typing import Any

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Period, ResidentRecord
from municipal.residents.models.groups import Removal
from municipal.residents.notices import Notice
from municipal.residents.rules.kinship import HEAD

from .plan import Change, Plan, act
from .standing import members_of, newest_from, record_of, refuse_unless_next, residents
from .timing import Timing, timing

LEAVING = frozenset(
    name.attname for name in Removal._meta.fields if name.attname.startswith(("move_out_", "remov", "arr"))
)
"""Items of leaving: of somebody who lives here, only a move-out says them."""


@implements("resident-record/1.0#4.2.3.1/m1", "resident-record/1.0#4.2.3.1/m2")
@act("correction_ex_officio", "職権修正")
def correction_ex_officio(notice: Notice) -> Plan:
    """Items of people change from a day on (職権修正); the head's new name is every member's head name."""
    return _from_a_day_on(notice, "correction_ex_officio")


@implements("resident-record/1.0#4.2.3.1/m3", "resident-record/1.0#4.2.3.2/m1")
@act("minor_correction", "軽微な修正")
def minor_correction(notice: Notice) -> Plan:
    """Letters and place names change without a change of fact (軽微な修正)."""
    return _from_a_day_on(notice, "minor_correction")


def _from_a_day_on(notice: Notice, reason: str) -> Plan:
    when, plan = timing(notice), Plan()
    records = residents(notice.people)
    refuse_unless_next(records, when.valid_from)
    said = {record.pk for record in records}
    for one, record in zip(notice.people, records, strict=True):
        _refuse_nothing_new(dict(one.items), record)
        _refuse_leaving(one.items)
        items = {**when.row(reason), **one.items}
        name = one.items.get("name", record.name)
        if record.relationship == HEAD and name != record.name:
            items["head_name"] = name
            plan.changes += _follow(record, name, when, reason, said)
        plan.changes.append(Change(record, items, record.household, when.valid_from))
    return plan


def _follow(head: ResidentRecord, name: Any, when: Timing, reason: str, said: set[int]) -> list[Change]:
    """The members' rows that follow a new name of the head."""
    rest = [one for one in members_of(head.household) if one.pk not in said]
    return [
        Change(one, {**when.row(reason), "head_name": name}, one.household, max(when.valid_from, newest_from(one)))
        for one in rest
    ]


def _refuse_nothing_new(items: dict[str, Any], record: ResidentRecord) -> None:
    if all((getattr(record, name) or None) == (value or None) for name, value in items.items()):
        raise Refused("直す内容がありません。正しい値を入力してください。", field="people", code="nothing_new")
    seat = {"relationship", "household_id", "head_name", "member_order"} & items.keys()
    if "relationship" in seat and HEAD in (items["relationship"], record.relationship):
        raise Refused(
            "世帯主の異動は、世帯主変更として入力してください。", field="relationship", code="use_head_change"
        )


def _refuse_leaving(items: Mapping[str, Any]) -> None:
    if not LEAVING.isdisjoint(items):
        raise Refused("転出に関する日付は、転出として入力してください。", field="people", code="use_move_out")


@implements("resident-record/1.0#4.2.3.3/m1", "resident-record/1.0#4.2.3.3/m2", "resident-record/1.0#4.2.3.3/m3")
@act("correction_of_error", "誤記修正")
def correction_of_error(notice: Notice) -> Plan:
    """What was entered wrongly is said rightly for all the days on which it was wrong (誤記修正).

    ``notice.corrects``: the serial of the row with the error, the newest if none is named. Rows after it that repeat
    the wrong value are said anew too, the newest last, so that the highest serial stays the record as it stands.
    """
    when, plan = timing(notice), Plan()
    if len(notice.people) != 1:
        raise Refused("誤記修正は一人ずつ入力してください。", field="people", code="one_person")
    said, newest = notice.people[0], record_of(notice.people[0].number)
    stretches = list(
        Period.objects.filter(addressee=newest.addressee, recorded__endswith__isnull=True)
        .select_related("record__household", "record__addressee")
        .order_by("valid")
    )
    wrong = _stretch_of(notice.corrects or newest.serial, stretches)
    _refuse_nothing_new(dict(said.items), wrong.record)
    for stretch in stretches[stretches.index(wrong) :]:
        items = {
            name: value
            for name, value in said.items.items()
            if getattr(stretch.record, name) == getattr(wrong.record, name)
        }
        plan.changes.append(_again(stretch, {**when.row("correction_of_error"), **items}))
    return plan


def _stretch_of(serial: int, stretches: list[Period]) -> Period:
    found = [one for one in stretches if one.record.serial == serial]
    if not found:
        raise Refused(
            "この履歴は、すでに別の異動で置き換えられています。今の履歴から選んでください。",
            field="corrects",
            code="replaced",
        )
    return found[0]


def _again(stretch: Period, items: dict[str, Any]) -> Change:
    valid: Any = stretch.valid
    return Change(stretch.record, items, stretch.household, valid.lower, valid.upper)
