"""Every element of the list is an object with the items as its keys (オブジェクトでない要素)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0012", clause="RFC 8259 section 4", severity=Severity.ERROR)
def every_element_is_an_object(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Every element of the list is an object with the items as its keys (オブジェクトでない要素).

    A bare text or a list among objects cannot be a row. The number of the row is that of the element plus one.
    """
    return faults_of(file, "not_an_object")
