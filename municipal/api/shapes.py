"""Records as plain data (データの形)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from municipal.addressees.outputs import Purpose, address_for
from municipal.core.dates import RegisterDate
from municipal.residents.acts import acts
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.shown import HIDDEN, labels, why_not_shown

NOT_ITEMS = {"id", "municipality_id", "addressee_id", "household_id", "event_id", "serial", "recorded_at", "source_at"}
COPIED = ("name", "alias", "sex", "kind", "status", "relationship", "member_order")


def day(value: RegisterDate | None) -> dict[str, Any] | None:
    """A date that may be unknown; ``value`` is what is known of it, with 00 where nothing is (年月日)."""
    if value is None:
        return None
    known = f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    return {"value": known, "text": value.shown(), "is_exact": value.is_exact}


def row(found: Mapping[str, Any]) -> dict[str, Any]:
    """One resident of a list, from ``inquiry.LIST_FIELDS`` (住民の一行)."""
    address = address_for(Purpose.API, found, "address", is_protected=found["is_protected"])
    said = {name: found[name] for name in COPIED}
    return said | {
        "number": found["addressee__number"],
        "household_number": found["household__number"],
        "kana": found["name_kana"],
        "born_on": day(found["born_on"]),
        "address": None if address.is_withheld else address.text,
        "postal_code": None if address.is_withheld else address.postal_code,
        "address_withheld": address.is_withheld,
        "is_suppressed": found["is_suppressed"],
    }


@cache
def fields() -> tuple[str, ...]:
    """The items of a record, by field name, in the order of the register."""
    return tuple(name for name in labels() if name not in NOT_ITEMS)


def record(found: ResidentRecord, *, permissions: Collection[str], withheld: Collection[str]) -> dict[str, Any]:
    """Every item of one row that may be seen; the rest is null, and named if a permission is missing (履歴の一行)."""
    why = {name: why_not_shown(name, permissions=permissions, withheld=withheld) for name in fields()}
    return {
        "serial": found.serial,
        "recorded_at": found.recorded_at.isoformat(),
        "items": {name: None if why[name] else plain(getattr(found, name)) for name in fields()},
        "hidden_items": [name for name in fields() if why[name] == HIDDEN],
        "address_withheld": bool(withheld),
    }


def plain(value: Any) -> Any:
    """A value of a record as JSON holds it; null for an empty one (値)."""
    if isinstance(value, RegisterDate):
        return day(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value == "" else value


def event(found: ResidentEvent, serials: list[int]) -> dict[str, Any]:
    """One decided act, and the serials of the rows it made of one person (異動)."""
    known = acts.get(found.act)
    copied = ("basis", "notifier_name", "notifier_capacity", "identity_check", "document")
    return {name: getattr(found, name) for name in copied} | {
        "id": found.pk,
        "act": found.act,
        "act_label": known.label if known else "転出予定日の到来",
        "event_on": day(found.event_on or None),
        "notified_on": plain(found.notified_on),
        "processed_on": plain(found.processed_on),
        "recorded_at": plain(found.recorded_at),
        "cancels": found.cancels_id,
        "follows": found.follows_id,
        "cancelled_by": next((one.pk for one in found.cancellations.all()), None),
        "serials": sorted(serials),
    }
