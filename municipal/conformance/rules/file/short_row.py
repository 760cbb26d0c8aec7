"""Every row has as many cells as the heading (項目数の不足)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0002", clause="RFC 4180 section 2.4", severity=Severity.ERROR)
def no_row_is_short(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Every row has as many cells as the heading (項目数の不足).

    In a row with fewer cells nobody can tell which one is missing, so it is not judged further. Consecutive rows with
    the same number of cells are told once. Look for a separator that was lost, or a file that was cut off at its end.
    """
    return faults_of(file, "short_row")
