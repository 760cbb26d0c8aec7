"""No cell of a workbook shows an error of a formula (数式のエラー)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import faults_of


@file_rule("FILE-0011", clause="ECMA-376 part 1, 18.18.11 (cell type e)", severity=Severity.ERROR)
def no_cell_is_a_formula_error(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """No cell of a workbook shows an error of a formula (数式のエラー).

    ``#REF!``, ``#N/A`` and their like stand where a formula lost what it referred to; the value is gone. A cell in
    which somebody typed such a word as text is the same to a reader.
    """
    return faults_of(file, "error_cell")
