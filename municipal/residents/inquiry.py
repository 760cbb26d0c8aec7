"""What the register says about people who are already identified (照会; resident-record/1.0#2.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from municipal.addressees.models import Addressee
from municipal.core.clauses import implements

from .models import Household, Period, ResidentRecord

COUNTER = "counter"
PURPOSES = {COUNTER: "窓口対応", "telephone": "電話照会", "internal": "内部事務", "survey": "調査"}
"""What a record is looked at for; it goes into the audit (照会の目的)."""

LIST_FIELDS = (
    "addressee_id", "addressee__number", "serial", "household_id", "household__number", "kind", "status", "name",
    "name_kana", "alias", "sex", "born_on", "relationship", "member_order", "address_prefecture", "address_city",
    "address_block", "address_lot", "address_building", "address_postal_code",
)  # fmt: skip
"""What a list of people shows of each."""


@dataclass(frozen=True)
class Person:
    """A resident as asked for: the number, the record that answers, and whether the address is withheld (本人)."""

    addressee: Addressee
    record: ResidentRecord
    is_protected: bool


def latest() -> QuerySet[ResidentRecord]:
    """The record of everybody as it stands: the one with the highest serial (#1.2.1)."""
    return ResidentRecord.objects.order_by("addressee", "-serial").distinct("addressee")


WITHHELD = """
    SELECT addressee_id FROM addressees_protection WHERE lifted_on IS NULL
    UNION
    SELECT other.addressee_id
    FROM addressees_protection protection
    JOIN residents_period newest ON newest.addressee_id = protection.addressee_id
    JOIN residents_period own
      ON own.addressee_id = newest.addressee_id AND own.household_id = newest.household_id
    JOIN residents_period other ON other.household_id = own.household_id AND other.valid && own.valid
    WHERE protection.lifted_on IS NULL
      AND upper(newest.recorded) IS NULL AND upper(newest.valid) IS NULL
      AND upper(own.recorded) IS NULL AND upper(other.recorded) IS NULL
"""


@implements("resident-record/1.0#3.1/m2")
def withheld() -> set[int]:
    """Whose address is shown to nobody: the protected, and who has lived with them in their household (抑止).

    Whoever moved out still holds its address as the one before; whoever left town with them, the one they went to.
    Few people in any town, so that asking for all of them is cheaper than asking for each; and every list asks, so
    it is one statement written out.
    """
    with connection.cursor() as cursor:
        cursor.execute(WITHHELD)
        return {addressee for (addressee,) in cursor.fetchall()}


def rows(addressees: Collection[int]) -> list[dict[str, Any]]:
    """LIST_FIELDS of the latest record of each of ``addressees`` (ids), in the order given."""
    found = {row["addressee_id"]: row for row in _listed(latest().filter(addressee__in=addressees))}
    return [found[key] for key in addressees if key in found]


def page(*, after: str, size: int) -> list[dict[str, Any]]:
    """LIST_FIELDS of ``size`` residents whose addressee number comes after ``after``, in the order of numbers."""
    people = Addressee.objects.filter(kind="resident", number__gt=after).order_by("number").values("pk")[:size]
    return sorted(_listed(latest().filter(addressee__in=people)), key=lambda row: str(row["addressee__number"]))


def _listed(records: QuerySet[ResidentRecord]) -> list[dict[str, Any]]:
    hidden = withheld()
    return [row | {"is_protected": row["addressee_id"] in hidden} for row in records.values(*LIST_FIELDS)]


LONGEST_NUMBER = 15


def is_number(text: str) -> bool:
    """Whether ``text`` has the shape of an addressee or household number; anything else names nobody."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def person(number: str) -> Person | None:
    """The resident with addressee number ``number`` as the register stands, or None."""
    if not is_number(number):
        return None
    record = latest().select_related("addressee", "household").filter(addressee__number=number).first()
    if record is None:
        return None
    return Person(record.addressee, record, record.addressee_id in withheld())


@implements("resident-record/1.0#2.2.1/m1")
def as_of(addressee: Addressee, *, valid_on: date, known_at: datetime) -> ResidentRecord | None:
    """What was known at ``known_at`` about the person on day ``valid_on``; None if nothing was."""
    found = Period.objects.filter(addressee=addressee, valid__contains=valid_on, recorded__contains=known_at)
    period = found.select_related("record__household").first()
    return period.record if period else None


@implements("resident-record/1.0#2.2.1/m2")
def history(addressee: Addressee) -> QuerySet[ResidentRecord]:
    """Every record of a person, the first first."""
    return ResidentRecord.objects.filter(addressee=addressee).select_related("household").order_by("serial")


@implements("resident-record/1.0#3.3/m1")
def members(household: Household) -> list[dict[str, Any]]:
    """Everybody whose latest record names ``household``, in stored order; the removed stand last (#3.3, #5.2)."""
    ever = ResidentRecord.objects.filter(household=household).values("addressee")
    found = [row for row in _listed(latest().filter(addressee__in=ever)) if row["household_id"] == household.pk]
    return sorted(found, key=lambda row: (row["status"] != "1", row["member_order"], row["addressee__number"]))


def members_as_of(household: Household, *, valid_on: date, known_at: datetime) -> list[ResidentRecord]:
    """Who belonged to ``household`` on ``valid_on`` as known at ``known_at``, in stored order."""
    periods = Period.objects.filter(
        household=household, is_registered=True, valid__contains=valid_on, recorded__contains=known_at
    )
    return sorted((period.record for period in periods.select_related("record")), key=lambda found: found.member_order)
