"""Papers and pictures in a folder are no tables (表でないファイル)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0026", clause="tabular-file/1#readable", severity=Severity.INFO)
def other_papers_are_left_out(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Papers and pictures in a folder are no tables (表でないファイル).

    This only says that they were left out, so that nobody believes they were judged.
    """
    return faults_of(file, "not_a_table")
