"""A file has a heading where the pack requires one (見出し行)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import wanted_form


@file_rule("FILE-0045", clause="pack.toml#file.header", severity=Severity.ERROR)
def there_is_a_heading_where_one_is_wanted(
    file: TableFile | Unreadable, context: Context
) -> Iterator[tuple[int, Fault]]:
    """A file has a heading where the pack requires one (見出し行).

    Without it nobody can tell the columns, so that no rule about items runs. Lines above the heading are passed over if
    the heading is among the first fifty.
    """
    if not isinstance(file, TableFile):
        return
    if wanted_form(file, context, ("csv", "tsv", "xlsx")).get("header") == "required" and not file.header_row:
        yield 0, Fault(facts={"columns": len(file.columns)})
