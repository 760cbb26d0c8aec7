"""A support measure does not end before it starts (支援措置の期間)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


@row_rule(
    "RES-0160",
    clause="resident-record/1.0#3.4/m4",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="support_measures",
    needs=("starts_on", "ends_on"),
)
def a_measure_does_not_end_before_it_starts(row: Row, context: Context) -> Fault | None:
    """The last day of a support measure is not before its first day (支援措置の期間).

    A measure normally runs for a year less a day: 2020-04-01 to 2021-03-31. The usual mistake is the year of the end.

    Right although it looks odd: an end that has passed (a measure does not end by itself, 3.1), no end, one day only,
    less or more than a year (the end may be corrected), a start in the future (a provisional measure protects until
    then). Cells that are no date are left to the rule on dates.
    """
    first, last = row["starts_on"], row["ends_on"]
    are_days = re.fullmatch(DAY, first) and re.fullmatch(DAY, last)
    return Fault("支援措置終了年月日", last) if are_days and last < first else None


@a_measure_does_not_end_before_it_starts.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    first, last = row("starts_on"), row("ends_on")
    are_days = first.str.contains(rf"\A{DAY}\z") & last.str.contains(rf"\A{DAY}\z")
    return ~are_days | (last >= first)
