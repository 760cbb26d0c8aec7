"""The parts of a count are not more than the whole (トイレ数の内訳)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import Found, Tables, collecting, heading, items_named, number

PARTS = {
    "men_total": ("men_urinals", "men_squat", "men_seated"),
    "women_total": ("women_squat", "women_seated"),
    "unisex_total": ("unisex_squat", "unisex_seated"),
}


@set_rule(
    "ODS-0040",
    clause="open-data-sets/2021#トイレ総数",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("open-data-sets",),
    collects=collecting(items_named(frozenset(PARTS)), items_named(frozenset(sum(PARTS.values(), ())))),
)
def parts_are_not_more_than_the_whole(tables: Tables, context: Context) -> Found:
    """The toilets of each kind are together not more than the total for the same users (トイレ数の内訳).

    Empty parts count as none, and a total may be greater, since not every kind has a column. Count again, or correct
    the total that was not changed after a rebuilding.
    """
    for table, rows in tables.items():
        for row in rows:
            for total, parts in PARTS.items():
                whole, known = number(row[total]), [number(row[part]) or 0.0 for part in parts]
                if whole is not None and sum(known) > whole:
                    facts = {"total": int(whole), "parts": int(sum(known))}
                    yield row, Fault(heading(context, table, total), row[total], facts)
