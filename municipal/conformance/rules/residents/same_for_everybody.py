"""What differs from person to person is not the same for everybody (一律の値)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, PACK

VARYING = {
    "birth_date": "生年月日",
    "juminhyo_code": "住民票コード",
    "name": "氏名",
    "household_no": "世帯番号",
    "address_banchi": "住所_番地号表記",
}
ENOUGH = 100
"""So many filled cells, all the same, are no chance."""


@set_rule(
    "RES-0066",
    clause="resident-record/1.0#1.1.6/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={"residents": dict.fromkeys(VARYING, Kept.KEY)},
)
def what_differs_between_people_is_not_the_same_for_all(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Birth dates, codes, names, households and lots are not the same for a hundred people and more (一律の値).

    A column that was not mapped is often filled with a default, because it may not be empty: everybody is born on
    1900-01-01 or lives at lot 1. The single rows look right, so it shows only over the whole file. Found once, at the
    first row that holds the value. Map the column to its source and export again.

    Right although it looks odd: a few rows that are the same, and empty cells, which other rules judge.
    """
    for item, heading in VARYING.items():
        filled = [row for row in tables["residents"] if row[item]]
        if len(filled) >= ENOUGH and len({row[item] for row in filled}) == 1:
            yield filled[0], Fault(heading, filled[0][item], {"rows": len(filled)})


@what_differs_between_people_is_not_the_same_for_all.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = [NOTHING]
    for item, heading in VARYING.items():
        filled = frames["residents"].drop_nulls(item).select("_file", "_row", item)
        if filled.height >= ENOUGH and (filled[item] == filled[item][0]).all():
            count = pl.lit(filled.height).alias("rows")
            found.append(filled.head(1).select("_file", "_row", pl.lit(heading).alias("column"), count))
    return pl.concat(found, how="diagonal")
