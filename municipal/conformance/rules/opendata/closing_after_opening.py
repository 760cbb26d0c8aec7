"""A place closes after it opens (開始時間と終了時間)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.time_of_day import minutes

_NOON = 12 * 60
_CLOSES = items_named(frozenset({"closes_at"}))


@set_rule(
    "ODS-0016",
    clause="open-data-sets/2021#開始時間,終了時間",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(frozenset({"opens_at"})), _CLOSES),
)
def a_place_closes_after_it_opens(tables: Tables, context: Context) -> Found:
    """The closing time is not before the opening time (開始時間と終了時間).

    A closing time up to noon is taken for the next day: 18:00 to 02:00 and an emergency ward from 18:00 to 09:00 are
    right, as is 24:00, and two equal times for a whole day. What is left, 19:00 to 17:00, was typed into the wrong
    columns or has a wrong digit. Events that last several days are not judged.
    """
    for item, rows in columns({name: rows for name, rows in tables.items() if name != "event"}, context, _CLOSES):
        wrong = []
        for row in rows:
            opens, closes = minutes(row["opens_at"]), minutes(row["closes_at"])
            if opens is not None and closes is not None and _NOON < closes < opens:
                wrong.append(row)
        yield from told(item, wrong, rows)
