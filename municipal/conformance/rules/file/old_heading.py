"""A heading is the name that the standard gives the item now (旧称の見出し)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.recognition import plain
from municipal.conformance.rules import Context, file_rule


@file_rule("FILE-0054", clause="items.csv#aliases", severity=Severity.INFO)
def headings_have_their_present_names(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A heading is the name that the standard gives the item now (旧称の見出し).

    Names of earlier editions and other usual spellings are understood, and the values are judged as usual. This only
    says what the present name is.
    """
    if not isinstance(file, TableFile):
        return
    for index, item in file.items.items():
        if plain(file.columns[index]) != plain(item.name_ja):
            yield file.header_row, Fault(file.columns[index], facts={"name": item.name_ja})
