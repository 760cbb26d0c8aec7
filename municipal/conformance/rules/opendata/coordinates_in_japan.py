"""Coordinates lie in Japan (座標の範囲)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, heading, items_named, number

LATITUDES = (20.0, 46.0)
LONGITUDES = (122.0, 154.0)


def is_between(value: float, bounds: tuple[float, float]) -> bool:
    """Whether a value lies between two bounds, both included (範囲内か)."""
    return bounds[0] <= value <= bounds[1]


def are_exchanged(latitude: float | None, longitude: float | None) -> bool:
    """Whether the one is surely the other (入れ違いか)."""
    if latitude is None or longitude is None:
        return False
    return is_between(latitude, LONGITUDES) and is_between(longitude, LATITUDES)


@set_rule(
    "ODS-0001",
    clause="open-data-sets/2021#緯度,経度",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(frozenset({"latitude"})), items_named(frozenset({"longitude"}))),
)
def coordinates_lie_in_japan(tables: Tables, context: Context) -> Found:
    """Latitude and longitude are decimal degrees inside Japan (座標の範囲).

    Bounds: latitude 20 to 46, longitude 122 to 154, wide enough for every island. A point outside nearly always has a
    lost decimal point (369.56 for 36.956), a missing digit, or 0 where the cell should be empty; on a map it vanishes
    or lands in the sea. Take the coordinates from a map again. Exchanged pairs have their own rule, and what is no
    number at all is judged as such.
    """
    for table, rows in tables.items():
        for row in rows:
            latitude, longitude = number(row["latitude"]), number(row["longitude"])
            if are_exchanged(latitude, longitude):
                continue
            for item, value, bounds in (
                ("latitude", latitude, LATITUDES),
                ("longitude", longitude, LONGITUDES),
            ):
                if value is not None and not is_between(value, bounds):
                    facts = {"least": int(bounds[0]), "most": int(bounds[1])}
                    yield row, Fault(heading(context, table, item), row[item], facts)
