"""A text file is in an encoding that the pack names (指定の文字コード)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import wanted_form


@file_rule("FILE-0041", clause="pack.toml#file.encoding", severity=Severity.ERROR)
def a_file_is_in_the_wanted_encoding(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A text file is in an encoding that the pack names (指定の文字コード).

    A file of nothing but ASCII is right in all of them except UTF-16. Where a pack names none, every encoding that can
    be told is right.
    """
    if not isinstance(file, TableFile):
        return
    wanted = wanted_form(file, context).get("encoding")
    if not wanted or not file.encoding or file.encoding in wanted or (file.is_ascii and "cp932" in wanted):
        return
    yield 0, Fault(facts={"encoding": file.encoding, "wanted": ", ".join(wanted)})
