"""A cell for a date holds a day of the calendar (日付として読めない値)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import DATES, PACKS, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.day_foreign import notation
from municipal.conformance.rules.opendata.placeholder import is_placeholder


@set_rule(
    "ODS-0015",
    clause="open-data-sets/2021#日付",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(DATES)),
)
def a_cell_for_a_date_holds_a_day(tables: Tables, context: Context) -> Found:
    """A cell for a date can be read as a day, and the calendar has it (日付として読めない値).

    February 30, words (随時, 未定) and several days in one cell are found; unusual notations of a real day are judged
    by other rules. Correct the day; words belong in the remarks.
    """
    for item, rows in columns(tables, context, items_named(DATES)):
        wrong = [row for row in rows if notation(row[item.item]) is None and not is_placeholder(row[item.item])]
        yield from told(item, wrong, rows)
