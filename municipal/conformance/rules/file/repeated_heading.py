"""The heading stands once, above the data (見出しの繰返し)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0009", clause="RFC 4180 section 2.3", severity=Severity.WARNING)
def the_heading_stands_only_once(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """The heading stands once, above the data (見出しの繰返し).

    A second one is the seam of files that were put together. It is left out; the rows behind it are judged as the
    others. See whether the files that were joined are all there, and none twice.
    """
    return faults_of(file, "repeated_heading")
