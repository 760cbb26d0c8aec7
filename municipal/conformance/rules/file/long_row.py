"""No row has more cells than the heading (項目数の超過)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0003", clause="RFC 4180 section 2.4", severity=Severity.ERROR)
def no_row_is_long(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """No row has more cells than the heading (項目数の超過).

    Mostly a cell holds the separator and is not quoted, and everything behind it is one column too far right. In a
    workbook it is something written beside the table; there the row is judged as far as the heading goes.
    """
    return faults_of(file, "long_row")
