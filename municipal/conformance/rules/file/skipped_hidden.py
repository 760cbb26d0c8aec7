"""Hidden files, folders and sheets are left out (隠しファイル)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0027", clause="tabular-file/1#readable", severity=Severity.INFO)
def hidden_things_are_left_out(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Hidden files, folders and sheets are left out (隠しファイル).

    Names with a dot in front, ``Thumbs.db``, ``__MACOSX``, the lock files of an open workbook: programs leave them
    behind. A hidden sheet mostly holds the lists of a form. This only says that they were left out.
    """
    return faults_of(file, "skipped_hidden")
