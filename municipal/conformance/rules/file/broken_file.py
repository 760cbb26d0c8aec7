"""A file can be opened and is what its name says (壊れたファイル)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0024", clause="tabular-file/1#readable", severity=Severity.ERROR)
def a_file_can_be_read(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A file can be opened and is what its name says (壊れたファイル).

    A workbook that is none, JSON that breaks off, a Parquet file without its end, a file that may not be opened:
    nothing in it was judged. Copy it again from where it was made.
    """
    return faults_of(file, "broken_file")
