"""A code is in its list and valid on the day (コード値)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.lists import right_codes, validity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule


@item_rule(
    "ITEM-0007",
    clause="codes.csv",
    severity=Severity.ERROR,
    concerns=lambda item: item.codes not in ("", "999"),
    is_unsettled=lambda item, pack: item.codes not in ("", "999") and validity(pack, item.codes) is None,
)
def a_code_is_in_its_list(value: str, item: Item, context: Context) -> Fault | None:
    """A coded cell holds a value of its list that is valid on the day of the data (コード値).

    Codes have validity dates: a municipality that has merged keeps its old code in old addresses, where the item asks
    for a code of any time, but not in a current one. List 999 is free for the municipality and is not judged. Of a
    list whose numbers are not published the report says that it cannot tell.
    """
    known = validity(context.pack, item.codes)
    if known is None or value in right_codes(context.pack, item.codes, context.as_of):
        return None
    first, last = known.get(value, (None, None))
    ended = last.isoformat() if last and last < context.as_of else first.isoformat() if first else "-"
    return Fault(item.name_ja, value, {"list": item.codes.removesuffix("*"), "changed": ended, "count": 1})


@a_code_is_in_its_list.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    if validity(context.pack, item.codes) is None:
        return pl.lit(value=True)
    return column.is_in(sorted(right_codes(context.pack, item.codes, context.as_of)))
