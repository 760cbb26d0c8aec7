"""Coordinates come in pairs (緯度経度の組)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, heading, items_named


@set_rule(
    "ODS-0003",
    clause="open-data-sets/2021#緯度,経度",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(frozenset({"latitude"})), items_named(frozenset({"longitude"}))),
)
def coordinates_come_in_pairs(tables: Tables, context: Context) -> Found:
    """A row with a latitude has a longitude and the other way round (緯度経度の組).

    Half a point cannot be shown on a map. Both empty is right: coordinates may be left out. The empty cell is named.
    """
    for table, rows in tables.items():
        for row in rows:
            filled = [item for item in ("latitude", "longitude") if row[item].strip()]
            if len(filled) == 1:
                missing = "longitude" if filled == ["latitude"] else "latitude"
                yield row, Fault(heading(context, table, missing))
