"""Rows that begin with ``#`` in a file whose heading does so are comments (注釈行)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0008", clause="tabular-file/1#rows", severity=Severity.INFO)
def comment_rows_are_left_out(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Rows that begin with ``#`` in a file whose heading does so are comments (注釈行).

    Catalogues of linked data write licence and data types above and below the heading in this way. They are no data and
    are left out; this only says that it was done.
    """
    return faults_of(file, "comment_row")
