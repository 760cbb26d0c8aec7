"""What the register says about people who are already identified (照会; resident-record/1.0#2.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from municipal.addressees.models import Addressee
from municipal.addressees.suppression import suppressed_among
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate

from .models import Household, Period, ResidentRecord, StoredRecord
from .secrecy import Secrets, secrets

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
    """A resident as asked for: the number, the record that answers, and what is withheld from everybody (本人)."""

    addressee: Addressee
    record: ResidentRecord
    secrets: Secrets

    @property
    def is_protected(self) -> bool:
        """Whether the address is withheld, because the person is covered or lives with somebody who is."""
        return self.secrets.hides(self.addressee.pk, vars(self.record), "address")

    def withheld(self, *rows: ResidentRecord | None) -> frozenset[str]:
        """The fields that nobody is shown in any of ``rows`` of this person's history."""
        found = [self.secrets.fields_of(self.addressee.pk, vars(row)) for row in rows if row is not None]
        return frozenset().union(*found)


def latest() -> QuerySet[ResidentRecord]:
    """The record of everybody as it stands: the one with the highest serial (#1.2.1)."""
    return ResidentRecord.objects.order_by("addressee", "-serial").distinct("addressee")


def withheld() -> set[int]:
    """Everybody of whom anything is withheld from everybody; what exactly, says ``secrecy`` row by row (秘匿の対象)."""
    return set(secrets().people)


def rows(addressees: Collection[int]) -> list[dict[str, Any]]:
    """LIST_FIELDS of the latest record of each of ``addressees`` (ids), in the order given."""
    found = {row["addressee_id"]: row for row in _listed(latest().filter(addressee__in=addressees))}
    return [found[key] for key in addressees if key in found]


def in_store(people: Collection[int]) -> frozenset[int]:
    """Which of ``people`` (addressee ids) the register does not hold any more: all their rows are in the store."""
    newest = ResidentRecord.objects.filter(addressee=OuterRef("addressee")).order_by("-serial").values("serial")
    found = StoredRecord.objects.filter(addressee__in=people).annotate(newest=Subquery(newest[:1]))
    # One person may have been stored twice; whoever came back since then has rows beyond the border.
    return frozenset(one.addressee_id for one in found if one.last_serial >= one.newest)


def page(*, after: str, size: int) -> list[dict[str, Any]]:
    """LIST_FIELDS of ``size`` residents whose addressee number comes after ``after``, in the order of numbers."""
    people: list[int] = []
    while len(people) < size:
        found = Addressee.objects.filter(kind="resident", number__gt=after).order_by("number")
        block = list(found.values_list("pk", "number")[: size - len(people)])
        if not block:
            break
        stored, after = in_store([pk for pk, _ in block]), block[-1][1]
        people += [pk for pk, _ in block if pk not in stored]
    return sorted(_listed(latest().filter(addressee__in=people)), key=lambda row: str(row["addressee__number"]))


@implements("resident-record/1.0#3.1/m9")
def _listed(records: QuerySet[ResidentRecord]) -> list[dict[str, Any]]:
    found, hidden = list(records.values(*LIST_FIELDS)), secrets()
    held = suppressed_among({row["addressee_id"]: row["household__number"] for row in found})
    return [
        row
        | {
            "is_protected": hidden.hides(row["addressee_id"], row, "address"),
            "is_suppressed": row["addressee_id"] in held,
        }
        for row in found
    ]


LONGEST_NUMBER = 15


def is_number(text: str) -> bool:
    """Whether ``text`` has the shape of an addressee or household number; anything else names nobody."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


@implements("resident-record/1.0#1.1.3/m1")
def person(number: str) -> Person | None:
    """The resident with addressee number ``number`` as the register stands, or None."""
    if not is_number(number):
        return None
    record = latest().select_related("addressee", "household").filter(addressee__number=number).first()
    if record is None:
        return None
    return Person(record.addressee, record, secrets())


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


@dataclass(frozen=True)
class FormerRecord:
    """A record that was made anew: which one, its rows, the last of them, and when it was replaced (改製原住民票)."""

    revision: int
    rows: int
    last: ResidentRecord
    revised_on: RegisterDate | None


@implements("resident-record/1.0#1.1.4/m4", "resident-record/1.0#1.1.5/m1")
def former_records(addressee: Addressee) -> list[FormerRecord]:
    """The records of a person that were made anew, the newest of them first (改製原住民票)."""
    found: dict[int, list[ResidentRecord]] = {}
    rows = list(history(addressee))
    for row in rows:
        found.setdefault(row.revision, []).append(row)
    replaced = {row.revision - 1: row.revised_on for row in reversed(rows) if row.revision}
    current = rows[-1].revision if rows else 0
    return [
        FormerRecord(revision, len(own), own[-1], replaced.get(revision))
        for revision, own in sorted(found.items(), reverse=True)
        if revision != current
    ]
