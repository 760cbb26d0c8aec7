"""A file that is handed over between systems is CSV with commas (連携ファイルの形式)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.linkage import NUMBERED


@file_rule(
    "LINK-0002",
    clause="linkage/2.7#2.2.2/m3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("linkage",),
)
def a_linkage_file_is_csv_with_commas(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Data that go from system to system by file are CSV, separated by commas (連携ファイルの形式).

    Tabs, semicolons, workbooks and JSON are found. Lists that describe clients, scopes, tokens and connections do not
    go through the linkage and may have any form: only files of addressee numbers are judged.
    """
    if isinstance(file, TableFile) and file.table in NUMBERED:
        separator = file.delimiter if file.kind == "csv" else ""
        if separator != ",":
            yield 0, Fault(facts={"kind": file.kind})
