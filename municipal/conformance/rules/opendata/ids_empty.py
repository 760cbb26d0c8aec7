"""Not all ids are empty (空のID)."""

from collections.abc import Iterator
from typing import Any

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.opendata import PACKS


@file_rule("ODS-0025", clause="open-data-sets/2021#NO", severity=Severity.WARNING, standing=Standing.CITED, packs=PACKS)
def not_all_ids_are_empty(file: Any, context: Context) -> Iterator[tuple[int, Fault]]:
    """The column of the id is not empty from top to bottom (空のID).

    Without an id nobody can say next year which row changed, and links to a row break. Any numbering serves, as long
    as a place keeps its number. A file without the column is right: the definition of 2021 does not demand it.
    """
    for index, item in file.items.items():
        if item.item == "id":
            filled = (batch.get_column(f"c{index}").str.strip_chars() != "" for batch in file.batches())
            told = [(column.len(), column.any()) for column in filled]
            if any(count for count, _ in told) and not any(is_filled for _, is_filled in told):
                yield file.header_row, Fault(file.columns[index], facts={"count": sum(count for count, _ in told)})
