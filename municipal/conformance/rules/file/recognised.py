"""A file is of a known kind (ファイルの種類の判別)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule


@file_rule("FILE-0100", clause="pack.toml#tables", severity=Severity.INFO)
def a_file_is_of_a_known_kind(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """The headings or the name of a file tell which table of which pack it is (ファイルの種類の判別).

    A file that nobody recognises is no fault in itself, but no rule about its content could run: the run ends as
    incomplete. Name the pack, or see whether the first line holds the names of the items.
    """
    if isinstance(file, TableFile) and not file.table:
        yield 0, Fault()
