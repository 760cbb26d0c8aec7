"""Headings are written without half-width kana (見出しの半角カナ)."""

from collections.abc import Iterator
from typing import Any

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.opendata import PACKS
from municipal.conformance.rules.opendata.half_width_kana import HALF_WIDTH


@file_rule(
    "ODS-0012", clause="open-data-sets/2021#見出し", severity=Severity.WARNING, standing=Standing.CITED, packs=PACKS
)
def headings_are_written_without_half_width_kana(file: Any, context: Context) -> Iterator[tuple[int, Fault]]:
    """The headings are spelled as the definition spells them, in full-width kana (見出しの半角カナ).

    This checker knows the column all the same; programs that look for the exact heading do not find it and take the
    column for missing. Correct the heading.
    """
    for column in file.columns:
        if HALF_WIDTH.search(column):
            yield file.header_row, Fault(column)
