"""Cells are separated by a character that the pack names (区切り文字)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import wanted_form
from municipal.core.characters import named


@file_rule("FILE-0044", clause="pack.toml#file.delimiter", severity=Severity.ERROR)
def cells_are_separated_as_wanted(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Cells are separated by a character that the pack names (区切り文字).

    With a single column there is nothing to separate, and every file is right.
    """
    if not isinstance(file, TableFile):
        return
    wanted = wanted_form(file, context).get("delimiter")
    if wanted and len(file.columns) > 1 and file.delimiter not in wanted:
        facts = {"delimiter": named(file.delimiter), "wanted": ", ".join(map(named, wanted))}
        yield 0, Fault(facts=facts)
