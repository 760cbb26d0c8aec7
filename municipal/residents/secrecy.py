"""The one rule of what is withheld from everybody, asked by every output (住所の秘匿; resident-record/1.0#3.1, #3.4).

Two sorts of people hold a protected address. Whoever is covered by a measure: nothing that leads to their door is
shown, in no row of their history. And whoever shares or shared the household that a covered person now belongs to:
of them exactly the addresses are withheld that are the covered person's, wherever they stand; their own other
addresses are theirs and are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from municipal.addressees.outputs import names_of_group
from municipal.core.clauses import implements

from .shown import ADDRESS_GROUPS, OF_THE_ADDRESS, WITHHELD_FIELDS

NOTHING: frozenset[str] = frozenset()
PLACE = ("city", "block", "lot")
"""The parts by which two addresses are the same place; the building may be written in one of them only."""

# Every place of a covered person: where they have lived in the household of today, where they go or went from it.
PLACES = """
    SELECT DISTINCT other.addressee_id, place.city, place.block, place.lot
    FROM addressees_protection protection
    JOIN residents_period newest ON newest.addressee_id = protection.addressee_id
    JOIN residents_period own
      ON own.addressee_id = newest.addressee_id AND own.household_id = newest.household_id
    JOIN residents_residentrecord record ON record.id = own.record_id
    JOIN residents_period other ON other.household_id = own.household_id AND other.valid && own.valid
    CROSS JOIN LATERAL (VALUES
        (record.address_city, record.address_block, record.address_lot),
        (record.planned_destination_city, record.planned_destination_block, record.planned_destination_lot),
        (record.confirmed_destination_city, record.confirmed_destination_block, record.confirmed_destination_lot)
    ) AS place (city, block, lot)
    WHERE protection.lifted_on IS NULL AND other.addressee_id <> protection.addressee_id
      AND upper(newest.recorded) IS NULL AND upper(newest.valid) IS NULL
      AND upper(own.recorded) IS NULL AND upper(other.recorded) IS NULL
"""


@dataclass(frozen=True)
class Secrets:
    """Who is covered, and which places those who share or shared their household must not give away (秘匿).

    ``covered``: addressee ids. ``places``: addressee id to places of PLACE.
    """

    covered: frozenset[int] = frozenset()
    places: Mapping[int, frozenset[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def people(self) -> frozenset[int]:
        """Everybody of whom anything is withheld."""
        return self.covered | self.places.keys()

    def hides(self, person: int, values: Mapping[str, Any], group: str) -> bool:
        """Whether the address of ``group`` in a row of ``person`` is withheld."""
        if person in self.covered:
            return True
        places = self.places.get(person)
        return bool(places) and tuple(str(values.get(f"{group}_{part}") or "") for part in PLACE) in places  # type: ignore[operator]

    def fields_of(self, person: int, values: Mapping[str, Any]) -> frozenset[str]:
        """The fields of a row of ``person`` that nobody is shown (非表示の項目)."""
        if person in self.covered:
            return WITHHELD_FIELDS
        if person not in self.places:
            return NOTHING
        hidden = [group for group in ADDRESS_GROUPS if self.hides(person, values, group)]
        found = {name for group in hidden for name in names_of_group(group)}
        found |= OF_THE_ADDRESS if "address" in hidden else NOTHING
        found |= {"head_before", "last_registered_address"} if "address_before" in hidden else NOTHING
        # The family register is often where one lives; a remark may say anything.
        is_home = self.hides(person, values, "domicile") or self._says(person, values.get("domicile"))
        found |= {name for name in WITHHELD_FIELDS if name.startswith("domicile")} if is_home else NOTHING
        return frozenset(found | {"remarks"})

    def _says(self, person: int, text: Any) -> bool:
        return any(block and f"{block}{lot}" in str(text or "") for _, block, lot in self.places[person])


@implements("resident-record/1.0#3.1/m2", "resident-record/1.0#3.4/m1", "resident-record/1.0#3.4/m10")
def secrets() -> Secrets:
    """What is withheld in this municipality now (秘匿の一覧).

    Few people in any town, so that asking for all of them is cheaper than asking for each; every list asks. A
    protection holds from the moment it is recorded until somebody lifts it: no day ends it.
    """
    places: dict[int, set[tuple[str, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT addressee_id FROM addressees_protection WHERE lifted_on IS NULL")
        covered = frozenset(person for (person,) in cursor.fetchall())
        if not covered:
            return Secrets()
        cursor.execute(PLACES)
        for person, *place in cursor.fetchall():
            if any(place) and person not in covered:
                places.setdefault(person, set()).add(tuple(place))
    return Secrets(covered, {person: frozenset(found) for person, found in places.items()})
