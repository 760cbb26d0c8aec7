"""A table of a closed standard has no column that the standard does not know (未定義の列)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.recognition import items_by_heading, plain
from municipal.conformance.rules import Context, file_rule


@file_rule("FILE-0051", clause="pack.toml#closed", severity=Severity.ERROR)
def a_closed_table_has_no_unknown_column(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A table of a closed standard has no column that the standard does not know (未定義の列).

    Such a standard is a list of what may be there and nothing else. In open packs further columns are right. The two
    columns that belong to a date which may be unknown are known with it.
    """
    if not isinstance(file, TableFile) or not context.pack.is_closed or not file.header_row:
        return
    headings = {*items_by_heading(context.pack, file.table)}
    dates = (item.name_ja for item in context.pack.items_of(file.table) if item.may_be_unknown)
    headings |= {plain(name + suffix) for name in dates for suffix in ("_不詳フラグ", "_不詳表記")}
    for index, column in enumerate(file.columns):
        if plain(column) not in headings:
            yield file.header_row, Fault(column, facts={"number": index + 1})
