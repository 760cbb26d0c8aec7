"""What of a record is shown, to whom, and how it is written (表示項目).

Two things hide an item: what ``secrecy`` withholds is shown to nobody, and a missing permission hides the items
that resident-record/1.0#10.4 names. The relationship is never hidden. Dates are era dates, but for two items of
foreign residents (#1.1.9).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from municipal.addressees.outputs import names_of_group
from municipal.core.clauses import implements
from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.eras import wareki

from .models import Kind, ResidentRecord

ADDRESS_GROUPS = (
    "address", "address_before", "address_within_before", "planned_destination", "confirmed_destination",
)  # fmt: skip

OF_THE_ADDRESS = frozenset({"lot_in_digits", "building_code", "building_kana", "ward_code", "district_code"})
"""What stands beside an address and leads to the same door."""

WITHHELD_FIELDS = frozenset(
    {name for prefix in ADDRESS_GROUPS for name in names_of_group(prefix)}
    # Whatever else leads to the door: the family register's place, free text, codes of buildings and districts.
    | OF_THE_ADDRESS
    | {"last_registered_address", "remarks", "head_before"}
    | {name.attname for name in ResidentRecord._meta.fields if name.attname.startswith("domicile")}
)
"""Fields of a record that no output has for a protected person (#3.1)."""


FIELDS_BY_PERMISSION: Mapping[str, frozenset[str]] = {
    "item.family_register": frozenset(
        name.attname for name in ResidentRecord._meta.fields if name.attname.startswith(("domicile", "register_head"))
    ),
    "item.resident_code": frozenset({"resident_code"}),
    "item.residence_status": frozenset(
        {
            "article30_45_class",
            "residence_card_number",
            "residence_card_kind",
            "residence_status",
            "stay_years",
            "stay_months",
            "stay_days",
            "stay_expires_on",
            "landing_period",
            "provisional_stay_period",
            "article30_46_47_class",
        }
    ),
}
"""Items that resident-record/1.0#10.4 lets a permission hide; the individual number is not in the record at all."""

NEVER_SHOWN = frozenset({"signature_certificate_serial", "authentication_certificate_serial"})
"""Items from which one could tell whether a card holds certificates, which nobody may check here (#7.1.1.3/n2)."""

GREGORIAN_FOR_FOREIGNERS = frozenset({"born_on", "stay_expires_on"})

CODE_TABLES = {
    "kind": "resident_kind", "status": "resident_status", "sex": "sex", "reason": "event_reason",
    "entry_reason": "event_reason", "removal_reason": "event_reason", "article30_45_class": "article30_45",
    "residence_status": "status_of_residence",
}  # fmt: skip

WITHHELD, HIDDEN = "withheld", "hidden"


@dataclass(frozen=True)
class Item:
    """One item of a record: its field, its label, what to show, and why nothing is shown (項目)."""

    field: str
    label: str
    text: str
    why_empty: str = ""


@implements("resident-record/1.0#10.4/m1", "resident-record/1.0#10.4/n1")
def why_not_shown(field: str, *, permissions: Collection[str], withheld: Collection[str]) -> str:
    """WITHHELD, HIDDEN, or the empty string where ``field`` may be shown.

    ``withheld``: the fields of that row that nobody is shown, from ``secrecy.Secrets.fields_of``.
    """
    if field in withheld:
        return WITHHELD
    if field in NEVER_SHOWN:
        return HIDDEN
    for permission, fields in FIELDS_BY_PERMISSION.items():
        if field in fields and permission not in permissions:
            return HIDDEN
    return ""


@implements(
    "resident-record/1.0#1.1.9/m1", "resident-record/1.0#1.1.9/m2", "resident-record/1.0#1.1.9/m3",
    "resident-record/1.0#1.1.1/m2",
)  # fmt: skip
def written(field: str, value: Any, *, kind: str) -> str:
    """A value as a member of staff reads it: era dates, names for codes, yes and no; empty for nothing."""
    if value is None or value == "":
        return ""
    is_gregorian = kind == Kind.FOREIGN and field in GREGORIAN_FOR_FOREIGNERS
    if isinstance(value, RegisterDate):
        return value.shown_gregorian() if is_gregorian else value.shown()
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日" if is_gregorian else wareki(value)
    if isinstance(value, bool):
        return "有" if value else "無"
    if field in CODE_TABLES and str(value) in (codes := table(CODE_TABLES[field])):
        return codes[str(value)].name_ja
    return str(value)


@cache
def labels() -> Mapping[str, str]:
    """The label of every field of a record: the item name of the published lists."""
    return {field.attname: str(field.verbose_name) for field in ResidentRecord._meta.fields}


def items(
    record: ResidentRecord, fields: Iterable[str], *, permissions: Collection[str], withheld: Collection[str]
) -> list[Item]:
    """``fields`` of ``record`` as they may be shown to somebody with ``permissions``, ``withheld`` ones to nobody."""
    found = []
    for name in fields:
        why = why_not_shown(name, permissions=permissions, withheld=withheld)
        # A household is known to people by its number; the key of its row means nothing outside.
        value = record.household.number if name == "household_id" else getattr(record, name)
        text = "" if why else written(name, value, kind=record.kind)
        found.append(Item(name, labels()[name], text, why))
    return found


def changed_fields(before: ResidentRecord | None, after: ResidentRecord) -> list[str]:
    """The items in which two rows of one history differ, in the order of the record; all filled ones for the first."""
    own = {"id", "municipality_id", "addressee_id", "event_id", "serial", "recorded_at", "source_at"}
    names = [field.attname for field in ResidentRecord._meta.fields if field.attname not in own]
    if before is None:
        return [name for name in names if getattr(after, name) not in (None, "")]
    return [name for name in names if getattr(before, name) != getattr(after, name)]
