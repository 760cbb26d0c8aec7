"""The row of a resident is the latest row of the history (現在の内容と最新履歴)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, ORDER, PACK, counted, lives, ordered, whole

COMPARED = {
    "household_no": "世帯番号",
    "name": "氏名",
    "birth_date": "生年月日",
    "resident_status": "住民状態",
    "juminhyo_code": "住民票コード",
    "address_banchi": "住所_番地号表記",
    "event_date": "異動年月日",
}
SERIAL = "個人履歴番号"


@set_rule(
    "RES-0054",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={name: {**ORDER, **dict.fromkeys(COMPARED, Kept.KEY)} for name in ("residents", "history")},
)
def the_row_of_a_resident_is_the_latest_of_the_history(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Where both files are handed over, residents and the latest rows of the histories say the same (最新履歴との一致).

    The highest serial of a person is the record as it stands. If the two files differ, they were made at different
    times, or one of them went through another program. Serial, household, name, birth date, status, resident-record
    code, lot and day of the event are compared; the first difference of a person is found, and people without any
    history.

    Right although it looks odd: people in the histories only, if the file of residents leaves out removed records, and
    columns that one of the files does not have.
    """
    if len(tables) < 2:
        return
    people, histories = lives(tables["residents"]), lives(tables["history"])
    judged = [item for item in COMPARED if all(any(row[item] for row in rows) for rows in tables.values())]
    for person, own in people.items():
        if len(own) == 1:
            latest = histories.get(person, [Row({})])[-1]
            heading = _difference(own[0], latest, judged)
            if heading:
                yield own[0], Fault(heading)


def _difference(row: Row, latest: Row, judged: list[str]) -> str:
    if not latest:
        return "宛名番号"
    serial = whole(row["person_history_no"])
    if serial is not None and serial != whole(latest["person_history_no"]):
        return SERIAL
    return next((COMPARED[item] for item in judged if row[item] != latest[item]), "")


@the_row_of_a_resident_is_the_latest_of_the_history.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    if len(frames) < 2:
        return NOTHING
    judged = [item for item in COMPARED if all(frame[item].null_count() < frame.height for frame in frames.values())]
    alone = counted(frames["residents"]).filter(pl.col("_person").is_unique())
    history = ordered(frames["history"])
    latest = history.filter(pl.col("_person").ne_missing(pl.col("_person").shift(-1))).with_columns(is_there=True)
    both = alone.join(latest, on="_person", how="left", suffix=":latest")
    serial = pl.col("person_history_no")
    column = pl.coalesce(
        pl.when(pl.col("is_there").is_null()).then(pl.lit("宛名番号")),
        pl.when(serial.is_not_null() & serial.ne_missing(pl.col("person_history_no:latest"))).then(pl.lit(SERIAL)),
        *(
            pl.when(pl.col(item).ne_missing(pl.col(f"{item}:latest"))).then(pl.lit(heading))
            for item, heading in COMPARED.items()
            if item in judged
        ),
    )
    return both.select("_file", "_row", column=column).drop_nulls("column")
