"""A heading has at most 5,000 columns and a record at most 64 megabytes (上限超過)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0023", clause="tabular-file/1#limits", severity=Severity.ERROR)
def no_record_is_beyond_the_limits(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A heading has at most 5,000 columns and a record at most 64 megabytes (上限超過).

    What is beyond it is no table of a municipality but a damaged or hostile file: all on one line, or all in one cell.
    Reading stops there, so that memory is not filled.
    """
    return faults_of(file, "beyond_limits")
