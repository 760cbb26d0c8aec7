"""A text file is in UTF-8, CP932 (Shift_JIS of Windows) or UTF-16 (文字コードの判定不能)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0022", clause="tabular-file/1#encoding", severity=Severity.ERROR)
def the_encoding_is_one_of_the_usual(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A text file is in UTF-8, CP932 (Shift_JIS of Windows) or UTF-16 (文字コードの判定不能).

    Other encodings, such as EUC-JP of older Unix systems, cannot be told apart with certainty, so the file is not read.
    Convert it to UTF-8 at its source.
    """
    return faults_of(file, "unknown_encoding")
