"""Tables come as CSV, TSV, XLSX, JSON or Parquet (読めない形式)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0025", clause="tabular-file/1#readable", severity=Severity.ERROR)
def a_table_is_in_a_form_that_can_be_read(
    file: TableFile | Unreadable, context: Context
) -> Iterator[tuple[int, Fault]]:
    """Tables come as CSV, TSV, XLSX, JSON or Parquet (読めない形式).

    Workbooks of Excel 97-2003, those with a password, databases and other archives are not read; neither is a web page
    that was saved under the name of a CSV file. Save the table as CSV or XLSX without a password.
    """
    return faults_of(file, "unsupported_kind")
