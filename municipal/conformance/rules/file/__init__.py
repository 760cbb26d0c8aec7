"""Rules about files as they were read: encoding, heading, broken lines, archives (ファイルの規則)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from municipal.conformance.findings import Fault
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context


def faults_of(file: TableFile | Unreadable, kind: str) -> Iterator[tuple[int, Fault]]:
    """What reading met of one kind of oddity, as faults (読取時の異常の指摘)."""
    for oddity in file.oddities:
        if oddity.kind == kind:
            yield oddity.row, Fault(oddity.column, facts=oddity.facts)


def wanted_form(file: TableFile, context: Context, kinds: Sequence[str] = ("csv", "tsv")) -> Mapping[str, Any]:
    """``[file]`` of the pack for these kinds of files: encoding, bom, newline, delimiter, header (指定の書式)."""
    wanted: Mapping[str, Any] = context.pack.facts.get("file", {}) if file.kind in kinds else {}
    return wanted
