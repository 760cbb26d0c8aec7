"""An archive unpacks to at most 10,000 files and 20 gigabytes, and no large file to 200 times its size (過大なzip)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0032", clause="tabular-file/1#archives", severity=Severity.ERROR)
def an_archive_stays_within_limits(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """An archive unpacks to at most 10,000 files and 20 gigabytes, and no large file to 200 times its size (過大なzip).

    Beyond that it is refused before anything is unpacked: a small archive can be made to fill any disk. Hand over the
    files in several archives, or unpacked.
    """
    return faults_of(file, "archive_refused")
