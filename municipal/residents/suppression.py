"""Whether a process may go on for residents: the question of copies, entries and views (抑止の判定)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from municipal.addressees import measures
from municipal.addressees.models import Process
from municipal.addressees.suppression import Decision, in_force
from municipal.addressees.suppression import decide as decided
from municipal.core.clauses import implements

from .models import Household, Period

EVENT, ISSUE, INQUIRY = Process.EVENT, Process.ISSUE, Process.INQUIRY


@implements("resident-record/1.0#3.1/m2", "resident-record/1.0#3.4/m1", "resident-record/1.0#3.4/m10")
def decide(process: str, people: Collection[int]) -> Decision:
    """Whether ``process`` is held back today for ``people`` (addressee ids) or the households they are in (抑止の判定).

    ``decide(ISSUE, people).refuse_errors()`` stops a copy of anybody of whom it may not be given; name everybody who
    would stand in it, whoever asks. What remains in ``alerts`` must be seen and confirmed.
    """
    return decided(process, people, households=_homes(people))


def _homes(people: Collection[int]) -> dict[int, str]:
    """The household of each, as things stand; the last one of whoever is gone."""
    newest = Period.objects.filter(addressee__in=people, recorded__endswith__isnull=True, valid__endswith__isnull=True)
    numbers = dict(newest.values_list("addressee_id", "household_id"))
    homes = dict(Household.objects.filter(pk__in=set(numbers.values())).values_list("pk", "number"))
    return {person: homes[home] for person, home in numbers.items()}


@dataclass(frozen=True)
class Suppressed:
    """One line of the list of suppressed persons: whom, by what, since and until when (抑止対象者一覧の一行)."""

    addressee: int
    household: str
    code: str
    process: str
    level: str
    starts_on: date
    ends_on: date | None


@implements("resident-record/1.0#9.2/m1", "resident-record/1.0#3.1/m1")
def listed(ward: str = "") -> list[Suppressed]:
    """Everybody whom a measure covers and every suppression in force, oldest first (抑止対象者一覧).

    ``ward``: only those whose record names this ward of a designated city; a suppression of a household stands there
    under each of its members.
    """
    covered = measures.in_force()
    standing = measures.standing_of([row.addressee_id for row in covered])
    found = [
        Suppressed(row.addressee_id, "", standing[row.addressee_id].status, "", "", row.starts_on,
                   standing[row.addressee_id].ends_on)
        for row in covered
    ]  # fmt: skip
    rows = list(in_force())
    members = _members({row.household_number for row in rows if row.household_number})
    for row in rows:
        people = [row.addressee_id] if row.addressee_id else members.get(row.household_number, [])
        found += [
            Suppressed(one, row.household_number, "suppression", row.process, row.level, row.starts_on, row.ends_on)
            for one in people
        ]
    kept = _in_ward(ward, {one.addressee for one in found}) if ward else None
    chosen = [one for one in found if kept is None or one.addressee in kept]
    return sorted(chosen, key=lambda one: (one.starts_on, one.addressee, one.process))


def _members(households: Collection[str]) -> dict[str, list[int]]:
    newest = Period.objects.filter(
        household__number__in=households, recorded__endswith__isnull=True, valid__endswith__isnull=True
    )
    found: dict[str, list[int]] = {}
    for number, person in newest.values_list("household__number", "addressee_id"):
        found.setdefault(number, []).append(person)
    return found


def _in_ward(ward: str, people: Collection[int]) -> set[int]:
    newest = Period.objects.filter(
        addressee__in=people, recorded__endswith__isnull=True, valid__endswith__isnull=True, record__ward_code=ward
    )
    return set(newest.values_list("addressee_id", flat=True))
