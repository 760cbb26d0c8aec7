"""A table has rows (データなし)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0010", clause="tabular-file/1#rows", severity=Severity.WARNING)
def there_is_data_below_the_heading(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A table has rows (データなし).

    A file that ends after its heading mostly is an export that failed in silence. Where there is truly nothing to hand
    over, say so in a waiver.
    """
    return faults_of(file, "no_rows")
