"""An event ends no earlier than it begins (開始日と終了日)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Kept, set_rule
from municipal.conformance.rules.opendata import Found, Tables, columns, items_named, told
from municipal.conformance.rules.opendata.day_foreign import notation


@set_rule(
    "ODS-0019",
    clause="open-data-sets/2021#開始日,終了日",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("open-data-sets",),
    collects={"event": {"starts_on": Kept.TEXT, "ends_on": Kept.TEXT}},
)
def an_event_ends_no_earlier_than_it_begins(tables: Tables, context: Context) -> Found:
    """The last day of an event is not before its first day (開始日と終了日).

    One day for both is right. Judged where both are written YYYY-MM-DD; other notations have their own rules. Usually
    the year was not changed when last year's row was copied.
    """
    for item, rows in columns(tables, context, items_named(frozenset({"ends_on"}))):
        wrong = [
            row
            for row in rows
            if notation(row["starts_on"]) == "" == notation(row["ends_on"])
            and row["ends_on"].strip()[:10] < row["starts_on"].strip()[:10]
            and len(row["ends_on"].strip()) >= len("YYYY-MM-DD") <= len(row["starts_on"].strip())
        ]
        yield from told(item, wrong, rows)
