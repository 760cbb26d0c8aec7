"""No two columns have the same heading (見出しの重複)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.recognition import plain
from municipal.conformance.rules import Context, file_rule


@file_rule("FILE-0053", clause="RFC 4180 section 2.3", severity=Severity.ERROR)
def every_heading_stands_once(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """No two columns have the same heading (見出しの重複).

    Which of them is meant nobody can tell; the first one is judged. Width, case and blanks make no difference. Columns
    without a heading are another matter.
    """
    if not isinstance(file, TableFile):
        return
    counts = Counter(plain(column) for column in file.columns)
    for column in file.columns:
        if column.strip() and (count := counts.pop(plain(column), 0)) > 1:
            yield file.header_row, Fault(column, facts={"count": count})
