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

    Names of earlier editions and other usual spellings are understood, and the values are judged as usual. Said once
    for a file, with the number of such headings and the present name of the first. A heading that is the present name
    of an item in another table of the standard is right: editions that are both in use name things differently. So is
    every heading where nobody prescribes any.
    """
    if not isinstance(file, TableFile) or context.pack.facts.get("any_heading"):
        return
    present = {plain(item.name_ja) for item in context.pack.items}
    old = [(file.columns[index], item.name_ja) for index, item in file.items.items()]
    old = [(heading, name) for heading, name in old if plain(heading) not in present]
    if old:
        heading, name = old[0]
        yield file.header_row, Fault(heading, facts={"name": name, "count": len(old)})
