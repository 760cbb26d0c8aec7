"""The byte order mark of a UTF-8 file is there, or not, as the pack says (BOMの有無)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.rules import Context, file_rule
from municipal.conformance.rules.file import wanted_form

_WORDS = {"required": "必須", "forbidden": "禁止"}


@file_rule("FILE-0042", clause="pack.toml#file.bom", severity=Severity.ERROR)
def the_byte_order_mark_is_as_wanted(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """The byte order mark of a UTF-8 file is there, or not, as the pack says (BOMの有無).

    With it, spreadsheets open the file rightly; without being told of it, programs take it for a part of the first
    heading. Where the pack says ``allowed`` or nothing, both are right.
    """
    if not isinstance(file, TableFile):
        return
    wanted = wanted_form(file, context).get("bom")
    if file.encoding == "utf-8" and wanted == ("forbidden" if file.has_bom else "required"):
        found_ja, found_en = ("あります", "there") if file.has_bom else ("ありません", "missing")
        facts = {"found_ja": found_ja, "found_en": found_en, "wanted_ja": _WORDS[wanted], "wanted_en": wanted}
        yield 0, Fault(facts=facts)
