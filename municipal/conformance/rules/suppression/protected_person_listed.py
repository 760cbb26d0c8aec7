"""No protected person stands in a list that is given away (支援対象者の掲載)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.suppression import listed, number, numbers


@set_rule(
    "RES-0170",
    clause="resident-record/1.0#3.4/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    kinds=("disclosure",),
    collects=listed,
)
def no_protected_person_stands_in_the_list(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """No addressee number of a protected person is in a list for the public or for others (支援対象者の掲載).

    Give the list of protected people together with the list that is to be given away, only for the check. That
    somebody is in the municipality at all is what a perpetrator looks for, so the row must go, not only its address.
    Numbers are compared without leading zeros, which spreadsheets drop.

    Right although it looks odd: a protected person whose measure has passed is still protected, because a measure
    does not end by itself (3.1); only a deleted row does not count. In a hand-over between registers the person must
    be there: this rule runs on lists that leave the office only.
    """
    protected = numbers(tables.get("protected", []), "atena_no")
    for row in tables.get("people", []):
        if number(row["atena_no"]) in protected:
            yield row, Fault("宛名番号", row["atena_no"])
