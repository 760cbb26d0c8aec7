"""No address of a protected person stands in a list that is given away (支援対象者の住所の掲載)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.suppression import addresses, listed, number, numbers


@set_rule(
    "RES-0171",
    clause="resident-record/1.0#3.4/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    kinds=("disclosure",),
    collects=listed,
)
def no_address_of_a_protected_person_stands_in_the_list(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """The row of a protected person holds no address, present, former or future (支援対象者の住所の掲載).

    The first filled cell of the row is named; a postal code or a town-block code is an address too. Former addresses
    lead to relatives and to the present one. It is found beside the rule on the person, because this is what costs
    lives: whoever sees it stops the release before anything else.
    """
    protected = numbers(tables.get("protected", []), "atena_no")
    headings = {item.item: item.name_ja for item in context.pack.items_of("people")}
    for row in tables.get("people", []):
        filled = next((item for item in addresses(context.pack) if row[item].strip()), None)
        if filled and number(row["atena_no"]) in protected:
            yield row, Fault(headings[filled], row[filled])
