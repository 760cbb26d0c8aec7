"""Text holds no NUL (NULバイト)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0005", clause="RFC 4180 section 2 (TEXTDATA)", severity=Severity.ERROR)
def no_row_holds_a_nul(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Text holds no NUL (NULバイト).

    Zero bytes come from fields of fixed length, from a disk that was full or from a computer that lost its power. Most
    programs end the text there. The rows are left out. Export again, with blanks trimmed.
    """
    return faults_of(file, "nul_byte")
