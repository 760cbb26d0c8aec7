"""What the resident register says of the person: who they are, where, with whom (台帳からの引用)."""

from collections.abc import Mapping
from typing import Any

from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.addressees.outputs import written as address_written
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import written

from .items import Line, Value
from .subjects import Subject

IDENTITY = ("name", "name_kana", "born_on", "sex")


def _plain(record: ResidentRecord, field: str) -> str:
    value = getattr(record, field)
    return "" if value in (None, "") else str(value)


def _said(record: ResidentRecord, *fields: str) -> list[Line]:
    texts = (written(field, getattr(record, field), kind=record.kind) for field in fields)
    return [Line(text) for text in texts if text]


@prints_addresses("applications.prefill", Purpose.SCREEN)
def _address(subject: Subject, record: ResidentRecord, group: str) -> tuple[str, str]:
    """The address that may be shown, and all of it for comparing."""
    found = address_for(Purpose.SCREEN, vars(record), group, is_protected=subject.hides(group))
    return found.text, address_written(vars(record), group)


def identity(subject: Subject) -> Value | None:
    """Name, reading, birth date, sex and address (基本4情報)."""
    record = subject.record
    if record is None:
        return None
    shown, whole = _address(subject, record, "address")
    data = {field: _plain(record, field) for field in IDENTITY}
    lines = [*_said(record, *IDENTITY), *([Line(shown, is_home=True)] if shown else [])]
    return Value(data | {"address": shown}, tuple(lines), (subject.about.pk,), address=whole)


def address(subject: Subject) -> Value | None:
    """The address alone (住所)."""
    if subject.record is None:
        return None
    shown, whole = _address(subject, subject.record, "address")
    lines = (Line(shown, is_home=True),) if shown else ()
    return Value({"address": shown}, lines, (subject.about.pk,), address=whole)


def whole(subject: Subject) -> Value | None:
    """What the record says of the person beside: place in the household, since when they live here (住民票の項目)."""
    found, record = identity(subject), subject.record
    if found is None or record is None:
        return None
    data = found.data | {field: _plain(record, field) for field in ("relationship", "became_resident_on")}
    lines = [*found.lines, *(Line(one.text, is_home=True) for one in _said(record, "relationship"))]
    lines += [Line(f"住民となった日 {one.text}") for one in _said(record, "became_resident_on")]
    return Value(data, tuple(lines), found.people, address=found.address)


def members(subject: Subject) -> Value | None:
    """Who belongs to the household today, by name, birth date and relationship (世帯員・続柄).

    Where one of them is protected no resident is shown any of them: a missing name would tell as much as a name.
    """
    if subject.record is None:
        return None
    rows = [_member(one) for one in subject.household]
    lines = tuple(Line("　".join(filter(None, row.values())), is_home=True) for row in rows if row)
    people = tuple(one.addressee_id for one in subject.household)
    data = [
        {field: _plain(one, field) for field in (*IDENTITY, "relationship")} | {"number": one.addressee.number}
        for one in subject.household
    ]  # fmt: skip
    return Value(data, lines, people, is_for_staff=subject.hides_household)


def _member(record: ResidentRecord) -> Mapping[str, str]:
    shown = {field: written(field, getattr(record, field), kind=record.kind) for field in ("name", "born_on")}
    return {**shown, "relationship": record.relationship}


def moved_in(subject: Subject) -> Value | None:
    """When the person came to live here, and where they came from (転入の日と前の住所)."""
    return _moved(subject, ("became_resident_on",), "address_before")


def moved_out(subject: Subject) -> Value | None:
    """When the person means to leave or has left, and for where (転出の記録)."""
    return _moved(subject, ("move_out_notified_on", "move_out_planned_on", "removed_on"), "planned_destination")


LABELS = {
    "became_resident_on": "住民となった日", "move_out_notified_on": "転出届の日", "move_out_planned_on": "転出の予定日",
    "removed_on": "消除の日",
}  # fmt: skip


def _moved(subject: Subject, days: tuple[str, ...], group: str) -> Value | None:
    record = subject.record
    if record is None or not any(_plain(record, day) for day in days):
        return None
    shown, whole = _address(subject, record, group)
    data: dict[str, Any] = {day: _plain(record, day) for day in days} | {"address": shown}
    lines = [
        Line(f"{LABELS[day]} {written(day, getattr(record, day), kind=record.kind)}") for day in days
        if _plain(record, day)
    ]  # fmt: skip
    lines += [Line(shown, is_home=True)] if shown else []
    return Value(data, tuple(lines), (subject.about.pk,), address=whole)
