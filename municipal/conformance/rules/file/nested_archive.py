"""An archive may hold archives, but these hold none (zipの入れ子)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0034", clause="tabular-file/1#archives", severity=Severity.ERROR)
def archives_are_not_nested_deeply(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """An archive may hold archives, but these hold none (zipの入れ子).

    Deeper ones are not opened, for an archive can be made to hold itself. Unpack the outer ones first.
    """
    return faults_of(file, "nested_archive")
