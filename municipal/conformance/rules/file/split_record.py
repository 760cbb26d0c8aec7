"""A newline inside a cell is written within quotes, so that a record stays one record (レコードの分断)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0001", clause="RFC 4180 section 2.6", severity=Severity.ERROR)
def no_record_is_split(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A newline inside a cell is written within quotes, so that a record stays one record (レコードの分断).

    An address or a remark with a bare newline falls into two lines with too few cells each. Pieces in consecutive lines
    that add up to one whole record are told once, at the first of them; none of them is judged further. Write the cell
    in double quotes, or without the newline. A newline within quotes is right.
    """
    return faults_of(file, "split_record")
