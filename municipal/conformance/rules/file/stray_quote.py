"""Double quotes enclose a whole cell, and inside of it each is doubled (引用符の誤り)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0004", clause="RFC 4180 section 2.5-2.7", severity=Severity.ERROR)
def every_quote_is_in_its_place(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Double quotes enclose a whole cell, and inside of it each is doubled (引用符の誤り).

    A quote in the middle of a cell, or one that is never closed, can make a program swallow the lines behind it. The
    line is left out, and reading goes on with the next one. Double the quotes inside of cells.
    """
    return faults_of(file, "stray_quote")
