"""No address of a protected person's household stands in a list that is given away (支援対象者の世帯の掲載)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.suppression import addresses, listed, number, numbers


@set_rule(
    "RES-0172",
    clause="resident-record/1.0#3.4/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    kinds=("disclosure",),
    collects=listed,
)
def no_address_of_a_protected_household_stands_in_the_list(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Whoever shares a household with a protected person is listed without an address (支援対象者の世帯の掲載).

    The child's address is the mother's. The household is known from the list of protected people, or from the
    protected person's own row in the list. Rows without a household number cannot be judged, nor can people who live
    at the same address in a household of their own: whether they betray the person only the office can tell.

    Right although it looks odd: a member of the household who is listed without any address.
    """
    protected = numbers(tables.get("protected", []), "atena_no")
    people = tables.get("people", [])
    own_rows = [row for row in people if number(row["atena_no"]) in protected]
    homes = numbers(tables.get("protected", []), "household_no") | numbers(own_rows, "household_no")
    headings = {item.item: item.name_ja for item in context.pack.items_of("people")}
    for row in people:
        filled = next((item for item in addresses(context.pack) if row[item].strip()), None)
        if filled and number(row["household_no"]) in homes and number(row["atena_no"]) not in protected:
            yield row, Fault(headings[filled], row[filled])
