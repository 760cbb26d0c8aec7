"""A folder or an archive that is handed over holds files (空のフォルダー)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0028", clause="tabular-file/1#readable", severity=Severity.WARNING)
def a_folder_or_archive_holds_files(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A folder or an archive that is handed over holds files (空のフォルダー).

    With nothing in it, nothing was judged. Mostly a wrong folder was named, or the files were never copied.
    """
    return faults_of(file, "empty_folder")
