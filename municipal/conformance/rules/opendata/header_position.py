"""The headings stand in the first row (見出しの行)."""

from collections.abc import Iterator
from typing import Any

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.opendata import PACKS


@file_rule(
    "ODS-0032", clause="open-data-sets/2021#見出し", severity=Severity.INFO, standing=Standing.CITED, packs=PACKS
)
def the_headings_stand_in_the_first_row(file: Any, context: Context) -> Iterator[tuple[int, Fault]]:
    """The headings of a table stand in its first row (見出しの行).

    Rows with a title, a licence or links before the headings are found by this checker and read over, but programs
    that expect the headings in row 1 fail, most of all when the place changes from month to month.
    """
    if file.header_row > 1:
        yield file.header_row, Fault(facts={"row": file.header_row})
