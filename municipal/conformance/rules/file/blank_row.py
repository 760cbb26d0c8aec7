"""Blank rows between others are pointed out (空行)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0007", clause="tabular-file/1#rows", severity=Severity.INFO)
def there_are_no_blank_rows_between(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Blank rows between others are pointed out (空行).

    They are left out and cost nothing, but a file that is put together by hand often has one where something was
    forgotten. Blank rows at the end are not mentioned, and neither are rows of nothing but separators there.
    """
    return faults_of(file, "blank_row")
