"""The columns of a file are of one generation (見出しの世代)."""

from collections.abc import Iterator, Sequence
from typing import Any

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Pack
from municipal.conformance.recognition import plain
from municipal.conformance.rules import Context, file_rule


def of_generation(columns: Sequence[str], pack: Pack) -> tuple[list[str], list[str]]:
    """The headings that only the first and those that only the second generation has (世代ごとの見出し)."""
    known = pack.facts.get("generations", {})
    first, second = ({plain(heading) for heading in known.get(which, ())} for which in ("first", "second"))
    return [column for column in columns if plain(column) in first], [
        column for column in columns if plain(column) in second
    ]


@file_rule(
    "ODS-0030",
    clause="open-data-sets/2021#見出し",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("open-data-sets",),
)
def the_columns_are_of_one_generation(file: Any, context: Context) -> Iterator[tuple[int, Fault]]:
    """The headings of a file are all of the 2021 definition or all of the one that followed it (見出しの世代).

    Both are known here. The first has NO, 住所 and 方書, the second ID, 所在地_連結表記 and 町字ID. A file with some of
    each fits neither: programs for one generation miss columns. Said once, at the first heading of the fewer kind.
    """
    first, second = of_generation(file.columns, context.pack)
    if first and second:
        fewer = min(first, second, key=len)
        yield file.header_row, Fault(fewer[0], facts={"first": len(first), "second": len(second)})
