"""Corrections: of what has changed, of letters, of errors in the past (職権修正・軽微な修正・誤記修正; #4.2.3)."""

from collections.abc import Iterator, Mapping
from datetime import date
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


@implements("resident-record/1.0#4.2.3.1/m1", "resident-record/1.0#4.2.3.1/m2", "resident-record/1.0#9.4/m1")
@act("correction_ex_officio", "職権修正")
def correction_ex_officio(notice: Notice) -> Plan:
    """Items of people change from a day on (職権修正); the head's new name is every member's head name."""
    return from_a_day_on(notice, "correction_ex_officio")


@implements("resident-record/1.0#4.2.3.1/m3", "resident-record/1.0#4.2.3.2/m1")
@act("minor_correction", "軽微な修正")
def minor_correction(notice: Notice) -> Plan:
    """Letters and place names change without a change of fact (軽微な修正)."""
    return from_a_day_on(notice, "minor_correction")


def from_a_day_on(notice: Notice, reason: str) -> Plan:
    """Rows that say the items of ``notice`` from its day on; the head's new name reaches every member (修正の案)."""
    when, plan = timing(notice), Plan()
    records = residents(notice.people)
    refuse_unless_next(records, when.valid_from)
    said = {record.pk for record in records}
    led_by = _new_name_of_the_head(notice, records)
    for one, record in zip(notice.people, records, strict=True):
        _refuse_nothing_new(dict(one.items), record)
        _refuse_leaving(one.items)
        items = {**when.row(reason), **one.items, **({"head_name": led_by} if led_by else {})}
        plan.changes.append(Change(record, items, record.household, when.valid_from))
    if led_by:
        plan.changes[:0] = _follow(records[0], led_by, when, reason, said)
    return plan


def _new_name_of_the_head(notice: Notice, records: list[ResidentRecord]) -> str:
    """The head's name where the notice changes it; else nothing."""
    for one, record in zip(notice.people, records, strict=True):
        name = str(one.items.get("name") or record.name)
        if record.relationship == HEAD and name != record.name:
            return name
    return ""


def _follow(one: ResidentRecord, name: str, when: Timing, reason: str, said: set[int]) -> list[Change]:
    """The rows of the members who are not named, for they follow a new name of the head."""
    rest = [member for member in members_of(one.household) if member.pk not in said]
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
    the wrong value are said anew too, the newest last, so that the highest serial stays the record as it stands. A
    wrong name of the head is put right in every member's rows that repeat it (#4.2.3.1/m2).
    """
    when, plan = timing(notice), Plan()
    if len(notice.people) != 1:
        raise Refused("誤記修正は一人ずつ入力してください。", field="people", code="one_person")
    said, newest = notice.people[0], record_of(notice.people[0].number)
    stretches = known_now(newest.addressee_id)
    wrong = _stretch_of(notice.corrects or newest.serial, stretches)
    _refuse_nothing_new(dict(said.items), wrong.record)
    for stretch in stretches[stretches.index(wrong) :]:
        items = {
            name: value
            for name, value in said.items.items()
            if getattr(stretch.record, name) == getattr(wrong.record, name)
        }
        valid: Any = stretch.valid
        items = {**when.row("correction_of_error"), **_head_of_oneself(stretch, items)}
        plan.changes.append(_again(stretch, items, valid.lower, valid.upper or date.max))
    if said.items.get("name"):
        plan.changes += _members_follow(plan.changes, when)
    return plan


def known_now(addressee: int) -> list[Period]:
    """What is known now of a person, stretch by stretch from the first day on (現在の知識)."""
    periods = Period.objects.filter(addressee=addressee, recorded__endswith__isnull=True)
    return list(periods.select_related("record__household", "record__addressee").order_by("valid"))


def _head_of_oneself(stretch: Period, items: dict[str, Any]) -> dict[str, Any]:
    """A head's own head name is the own name."""
    is_own = "name" in items and stretch.record.relationship == HEAD
    return {**items, "head_name": items["name"]} if is_own else items


def _members_follow(of_the_head: list[Change], when: Timing) -> list[Change]:
    """The rows of members that repeat the name that was wrong, on the days on which the head led them."""
    renamed = [one for one in of_the_head if "head_name" in one.items and one.before is not None]
    homes = {one.household.pk for one in renamed if one.household is not None}
    head = of_the_head[0].addressee
    members = Period.objects.filter(household__in=homes, recorded__endswith__isnull=True).exclude(addressee=head)
    found: list[Change] = []
    for addressee in sorted(set(members.values_list("addressee", flat=True))):
        found += _follow_error(known_now(addressee), renamed, when)
    return found


def _follow_error(stretches: list[Period], renamed: list[Change], when: Timing) -> list[Change]:
    """One member's rows said anew from the first that repeats the error on; nothing where none does."""
    parts = [(stretch, *part) for stretch in stretches for part in _parts(stretch, renamed)]
    first = next((place for place, (*_, is_wrong) in enumerate(parts) if is_wrong), len(parts))
    name = {"head_name": str(renamed[0].items["head_name"])} if renamed else {}
    return [
        _again(stretch, {**when.row("correction_of_error"), **(name if is_wrong else {})}, since, until)
        for stretch, since, until, is_wrong in parts[first:]
    ]


def _parts(stretch: Period, renamed: list[Change]) -> Iterator[tuple[date, date, bool]]:
    """A stretch cut where the head's corrected name begins and ends to hold; whether each part repeats the error."""
    valid: Any = stretch.valid
    begin, end = valid.lower, valid.upper or date.max
    spans = [
        (max(begin, one.valid_from), min(end, one.valid_until or date.max))
        for one in renamed
        if one.household == stretch.household and one.before and one.before.name == stretch.record.head_name
    ]
    for since, until in _joined(sorted(span for span in spans if span[0] < span[1])):
        if begin < since:
            yield begin, since, False
        yield since, until, True
        begin = until
    if begin < end:
        yield begin, end, False


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans that follow each other without a gap as one."""
    found: list[tuple[date, date]] = []
    for since, until in spans:
        if found and found[-1][1] == since:
            found[-1] = (found[-1][0], until)
        else:
            found.append((since, until))
    return found


def _stretch_of(serial: int, stretches: list[Period]) -> Period:
    found = [one for one in stretches if one.record.serial == serial]
    if not found:
        raise Refused(
            "この履歴は、すでに別の異動で置き換えられています。今の履歴から選んでください。",
            field="corrects",
            code="replaced",
        )
    return found[0]


def _again(stretch: Period, items: dict[str, Any], since: date, until: date) -> Change:
    kept = {**items, "remarks": items.get("remarks") or stretch.record.remarks}
    return Change(stretch.record, kept, stretch.household, since, None if until == date.max else until)
