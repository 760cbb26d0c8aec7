"""A temporary release of a restriction is short and has an end (抑止の一時解除)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

MOMENT = "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
LONGEST = 1


def day_of(text: str) -> date | None:
    """The day of a moment ``2026-04-01T10:00``, None where the text does not begin with a day (日付の部分)."""
    try:
        return date.fromisoformat(text[:10]) if re.search(MOMENT, text) else None
    except ValueError:
        return None


@row_rule(
    "RES-0163",
    clause="resident-record/1.0#3.1/m5",
    severity=Severity.INFO,
    standing=Standing.PROVISIONAL,
    pack="resident-record-data",
    table="support_measures",
    needs=("release_from", "release_until"),
)
def a_temporary_release_is_short(row: Row, context: Context) -> Fault | None:
    """A temporary release has an end, at the latest on the day after it began (抑止の一時解除).

    The standard wants the restriction to come back by itself after a set time and gives no number; a day is our
    reading, so this is for information. A release that stays open for weeks is protection switched off. The standard
    does not ask for releases to be handed over at all, because another system could take one for the end.
    """
    first, last = day_of(row["release_from"]), day_of(row["release_until"])
    if first is None or (last is not None and (last - first).days <= LONGEST):
        return None
    return Fault("一時解除終了", row["release_until"], {"limit": LONGEST})


@a_temporary_release_is_short.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    first, last = (
        pl.when(row(item).str.contains(MOMENT)).then(row(item).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
        for item in ("release_from", "release_until")
    )
    return first.is_null() | ((last - first).dt.total_days() <= LONGEST).fill_null(value=False)
