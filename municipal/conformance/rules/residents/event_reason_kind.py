"""Some reasons are for Japanese or for foreign residents only (住民種別と異動事由)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK, reasons
from municipal.core.codes import table

PARTS = {"event_reason": "異動事由", "entry_reason": "記載の事由", "deletion_reason": "消除の事由"}


def only_for(kind: str) -> frozenset[str]:
    """The reasons that one kind of resident has alone (住民種別に固有の事由)."""
    return reasons(*(code.code for code in table("event_reason").values() if code.extra["only_for"] == kind))


WRONG = {"1": only_for("foreign"), "2": only_for("japanese")}


@row_rule(
    "RES-0043",
    clause="resident-record/1.0#1.2.2/m3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_kind",),
    uses=tuple(PARTS),
)
def a_reason_fits_the_kind_of_resident(row: Row, context: Context) -> Fault | None:
    """Naturalisation and loss of nationality end one record and begin another of the other kind (住民種別と異動事由).

    職権記載（帰化等） and 職権消除（国籍喪失） are for Japanese residents, 職権記載（国籍喪失） and 職権消除（帰化等）
    for foreign residents. The other way round the events were recorded on one and the same record, whose kind was
    changed. The standard removes the old record and makes a new one (4.5.3 to 4.5.5).

    Right although it looks odd: the same person once as each kind, removed as the one and living as the other.
    """
    wrong = WRONG.get(row["resident_kind"], frozenset())
    return next((Fault(heading, row[part]) for part, heading in PARTS.items() if row[part] in wrong), None)


@a_reason_fits_the_kind_of_resident.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return ~pl.any_horizontal(
        (row("resident_kind") == kind) & row(part).is_in(sorted(wrong))
        for kind, wrong in WRONG.items()
        for part in PARTS
    )
