"""A zip archive is whole (壊れたzip)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0031", clause="tabular-file/1#archives", severity=Severity.ERROR)
def an_archive_is_whole(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A zip archive is whole (壊れたzip).

    Its table of contents stands at the end, so that a copy that broke off cannot be opened at all. A member whose check
    sum is wrong is told by itself.
    """
    return faults_of(file, "broken_archive")
