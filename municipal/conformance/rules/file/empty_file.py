"""A file holds something (空のファイル)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0021", clause="tabular-file/1#readable", severity=Severity.ERROR)
def a_file_is_not_empty(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A file holds something (空のファイル).

    No bytes at all, or nothing but blank lines: an export or a copy that failed. Nothing could be judged.
    """
    return faults_of(file, "empty_file")
