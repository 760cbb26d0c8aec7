"""Every column that the standard wants in any case is in the file (必須の列)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule


@file_rule("FILE-0052", clause="items.csv#column", severity=Severity.ERROR)
def every_column_that_must_be_there_is(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Every column that the standard wants in any case is in the file (必須の列).

    Even where all its values are empty the column itself has to be there, so that an empty value can be told from a
    forgotten one.
    """
    if not isinstance(file, TableFile) or not file.header_row:
        return
    there = {item.item for item in file.items.values()}
    for item in context.pack.items_of(file.table):
        if item.column == "must" and item.item not in there:
            yield file.header_row, Fault(item.name_ja)
