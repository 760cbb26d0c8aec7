"""An id stands in one row only (IDの重複)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, by_file, collecting, heading, items_named
from municipal.conformance.rules.opendata.placeholder import is_placeholder


@set_rule(
    "ODS-0026",
    clause="open-data-sets/2021#NO",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(
        items_named(frozenset({"id"})), items_named(frozenset({"local_government_code", "kind", "name"}))
    ),
)
def an_id_stands_in_one_row_only(tables: Tables, context: Context) -> Found:
    """No two rows of a file with the same local government have the same id (IDの重複).

    The first row is taken as right and every later one is found. Two municipalities in one file may number alike.
    Usually a row was copied to make the next one. Give the newer row a number of its own.
    """
    for table, rows in tables.items():
        title = heading(context, table, "id")
        for same in by_file(rows):
            seen: dict[tuple[str, str], int] = {}
            for row in same:
                key = row["local_government_code"], row["id"].strip()
                if not key[1] or is_placeholder(key[1]):
                    continue
                first = seen.setdefault(key, row.number)
                if first != row.number:
                    yield row, Fault(title, row["id"], {"first": first})
