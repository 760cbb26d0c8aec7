"""Nothing in a folder or archive leads outside of it (外を指すリンク)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0029", clause="tabular-file/1#readable", severity=Severity.ERROR)
def nothing_leads_outside(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Nothing in a folder or archive leads outside of it (外を指すリンク).

    Links are not followed: they may lead to files of others, or round in circles. Members of an archive whose names
    climb out of it (``../``, a drive, a backslash) are not unpacked. Hand over the files themselves.
    """
    return faults_of(file, "not_followed")
