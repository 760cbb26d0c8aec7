"""All rows are in the one encoding of the file (文字コードの混在)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0006", clause="tabular-file/1#encoding", severity=Severity.ERROR)
def every_row_is_in_the_encoding_of_the_file(
    file: TableFile | Unreadable, context: Context
) -> Iterator[tuple[int, Fault]]:
    """All rows are in the one encoding of the file (文字コードの混在).

    The encoding is found from the first lines. Rows with other bytes come from files in different encodings put
    together, or from a character that was cut in two. The place of the first byte is given; the rows are left out.
    """
    return faults_of(file, "wrong_encoding")
