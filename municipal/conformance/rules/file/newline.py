"""Rows end with a newline that the pack names, all with the same (改行コード)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import wanted_form

_NAMES = {"\r\n": "crlf", "\n": "lf", "\r": "cr", "mixed": "mixed"}


@file_rule("FILE-0043", clause="pack.toml#file.newline", severity=Severity.ERROR)
def newlines_are_as_wanted(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """Rows end with a newline that the pack names, all with the same (改行コード).

    Mixed newlines come from files put together on different systems; they are told whatever the pack says, because a
    program that knows one newline reads several rows as one. Newlines within quoted cells do not count.
    """
    if not isinstance(file, TableFile):
        return
    wanted = wanted_form(file, context).get("newline")
    if file.newline == "mixed" or (wanted and file.newline and _NAMES[file.newline] not in wanted):
        yield 0, Fault(facts={"newline": _NAMES[file.newline], "wanted": ", ".join(wanted or ("crlf", "lf"))})
