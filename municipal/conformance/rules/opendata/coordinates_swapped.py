"""Latitude and longitude stand in their own columns (緯度経度の入れ違い)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, items_named, number, told
from municipal.conformance.rules.opendata.coordinates_in_japan import are_exchanged


@set_rule(
    "ODS-0002",
    clause="open-data-sets/2021#緯度,経度",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(frozenset({"latitude"})), items_named(frozenset({"longitude"}))),
)
def coordinates_are_not_exchanged(tables: Tables, context: Context) -> Found:
    """The latitude stands under latitude and the longitude under longitude (緯度経度の入れ違い).

    In Japan the two can be told apart by their size, so an exchange is certain: latitudes end at 46 and longitudes
    begin at 122. If all rows are exchanged it is said once: exchange the two headings. Single rows were typed.
    """
    for item, rows in columns(tables, context, items_named(frozenset({"latitude"}))):
        wrong = [row for row in rows if are_exchanged(number(row["latitude"]), number(row["longitude"]))]
        yield from told(item, wrong, rows)
