"""The parts of a count are not more than the whole (トイレ数の内訳)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.opendata import Found, Tables, by_file, collecting, heading, items_named, number

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
    the total that was not changed after a rebuilding. Where it is so in every row, the total counts rooms and the parts
    count what stands in them: that is told once.
    """
    for table, rows in tables.items():
        for same in by_file(rows):
            for total, parts in PARTS.items():
                wrong, judged = _less_than_parts(same, total, parts)
                is_usual = len(wrong) > 1 and len(wrong) == judged
                for row, whole, known in wrong[:1] if is_usual else wrong:
                    facts = {"total": int(whole), "parts": int(known), "count": len(wrong) if is_usual else 1}
                    yield row, Fault(heading(context, table, total), row[total], facts)


def _less_than_parts(rows: list[Row], total: str, parts: tuple[str, ...]) -> tuple[list[tuple[Row, float, float]], int]:
    """The rows with more parts than the total has, and how many rows have both (内訳の多い行)."""
    found, judged = [], 0
    for row in rows:
        whole, known = number(row[total]), sum(number(row[part]) or 0.0 for part in parts)
        judged += whole is not None and known > 0
        if whole is not None and known > whole:
            found.append((row, whole, known))
    return found, judged
