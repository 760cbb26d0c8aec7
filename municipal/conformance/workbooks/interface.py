"""API specifications: parameters, responses, errors, and the facts of the call (API仕様の解釈)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from municipal.conformance.workbooks import cells
from municipal.conformance.workbooks.conditions import Surroundings
from municipal.conformance.workbooks.documents import Document
from municipal.conformance.workbooks.items import Lines, absences, item_line, type_and_length
from municipal.conformance.workbooks.sheets import plain
from municipal.conformance.workbooks.tables import Record

_FACTS = {
    "method": r"HTTPメソッド(?:は|:)?\s*(GET|POST|PUT|PATCH|DELETE)",
    "http_at_least": r"HTTP\s?(\d\.\d)以上",
    "tls_at_least": r"TLS\s?(\d\.\d)[^。]{0,40}以上",
    "timeout_seconds": r"処理が(\d+)秒以上",
    "authentication": r"認証方式[:：]([A-Za-z_]+)",
}
"""What the prose says of the call, each found by the words around it (呼出しの事実)."""


def parameters(records: list[Record], lines: Lines) -> None:
    """Write down the request: ``parameters.csv``, and the same as items of the table ``request`` (要求項目).

    Values that a description lists itself become a code list named like the parameter.
    """
    codes = {r.text("title"): dict(cells.named_values(_definition(r))) for r in records}
    table = Surroundings(codes, absences(records, "title"))
    for record in records:
        name, parameter = record.text("title"), record.text("parameter")
        texts = cells.conditions_in(_definition(record), record.text("remark"))
        item_line(record, lines, item=parameter, name=name, romaji=parameter, conditions=texts, table=table)
        line = lines.of("items.csv")[-1]
        is_required = cells.is_circled(record.text("required"))
        line["table"] = "request"
        line["column"] = "must" if is_required else ""
        line["presence"] = "required" if is_required else "conditional" if texts else "optional"
        line["codes"] = parameter if codes[name] else ""
        for code, said in codes[name].items():
            lines.add("codes.csv", list=parameter, code=code, name_ja=said, status="official", source=record.source)
        lines.add(
            "parameters.csv",
            number=plain(record.text("number")),
            parameter=parameter,
            name_ja=name,
            description=_definition(record),
            required="yes" if is_required else "",
            type=line["type"],
            max_length=line["max_length"],
            search=record.text("search"),
            example=record.text("sample"),
            remark=record.text("remark"),
            source=record.source,
        )


def responses(records: Iterable[Record], lines: Lines) -> None:
    """Write down the parts of every answer with their path, ``result[].rirekibango`` (応答項目).

    A part stands below the last one of a lower level; the status is read in the caption of the block.
    """
    trail: list[str] = []
    for record in records:
        level = int(plain(record.text("level")) or 0) if plain(record.text("level")).isdecimal() else 0
        word = plain(record.text("type"))
        type_ = cells.STRUCTURES.get(word) if word in cells.STRUCTURES else type_and_length(record)[0]
        if level:
            trail[level - 1 :] = [record.text("object") + ("[]" if type_ == "array" else "")]
        fixed = re.search(r"[\"”“](.+?)[\"”“]固定", record.text("remark"))
        lines.add(
            "responses.csv",
            status="".join(re.findall(r"ステータスコード[：:](\d{3})", record.block)[:1]),
            number=plain(record.text("number")),
            level=str(level or ""),
            object=record.text("object"),
            path=".".join(trail[1:level]),
            name_ja=record.text("title"),
            description=_definition(record),
            type=type_ or "",
            written_type=word,
            max_length=type_and_length(record)[1],
            required="yes" if cells.is_circled(record.text("required")) else "",
            nullable="yes" if cells.is_circled(record.text("nullable")) else "",
            fixed=fixed[1] if fixed else "",
            example="\n".join(record.parts("sample")),
            remark=record.text("remark"),
            source=record.source,
        )


def errors(records: Iterable[Record], lines: Lines) -> None:
    """Write down the error codes and their texts (エラーコード)."""
    for record in records:
        lines.add(
            "errors.csv",
            code=plain(record.text("error")),
            name_ja=record.text("error_name"),
            text_ja=record.text("error_text"),
            remark=record.text("remark"),
            source=record.source,
        )


def calls(records: Iterable[Record], lines: Lines) -> None:
    """Write down the calls that the specification offers (APIコール)."""
    for record in records:
        lines.add(
            "calls.csv",
            number=plain(record.text("number")),
            call=record.text("call"),
            operation=record.text("operation"),
            summary_ja=record.text("summary"),
            source=record.source,
        )


def facts(document: Document) -> dict[str, str]:
    """What the prose says of the call: method, least versions, time limit, authentication (呼出しの事実)."""
    found = {}
    prose = unicodedata.normalize("NFKC", "\n".join(text for _, _, text in document.notes))
    for name, pattern in _FACTS.items():
        if said := re.search(pattern, prose):
            found[name] = said[1]
    paths = [record.text("call") for record in document.records("calls")]
    return {**({"path": paths[0]} if paths else {}), **found}


def _definition(record: Record) -> str:
    """Item definitions call it 項目定義; API specifications have 項目説明 alone."""
    return record.text("definition") or record.text("description")
