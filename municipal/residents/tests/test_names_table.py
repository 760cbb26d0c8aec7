"""Former surnames and aliases of six people, day by day (旧氏・通称の例の試験)."""

from datetime import date
from itertools import groupby
from typing import Any

import pytest

from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import PLACE, act, member, newcomer_said, newest, people_of
from municipal.residents.tests.examples import rows_of
from municipal.residents.tests.test_foreigners import STAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
ROWS = rows_of("names_over_time.csv")
PEOPLE = {person: list(rows) for person, rows in groupby(ROWS, key=lambda row: row["人"])}
ACTS = {
    "旧氏の記載": "former_surname_entry", "旧氏の変更": "former_surname_change",
    "旧氏の削除": "former_surname_deletion",
    "通称の記載": "alias_entry", "通称の削除": "alias_deletion",
}  # fmt: skip


def arrived(kind: str) -> Any:
    if kind == "日本人":
        return people_of(act("move_in", people=(newcomer_said(),)))[0]
    return people_of(act("article30_46", people=(newcomer_said(**STAY),), place=PLACE))[0]


def asked(person: Any, row: dict[str, str]) -> str:
    """What comes of the row: 記載, or the sentence of the refusal."""
    name = ACTS[row["異動"]]
    is_former = name.startswith("former")
    names = ("former_family_name", "former_family_kana") if is_former else ("alias", "alias_kana")
    items = {key: row[heading] for key, heading in zip(names, ("旧氏・通称", "フリガナ"), strict=True) if row[heading]}
    on = RegisterDate.exact(date.fromisoformat(row["日"]))
    try:
        basis = "request" if is_former else "application"
        act(name, people=(member(person, **items),), event_on=on, basis=basis)
    except Refused as refused:
        return refused.sentence % refused.values
    return "記載"


@pytest.mark.clause(f"{V1}#1.1.7/m1", f"{V1}#1.1.7/m2", f"{V1}#1.1.2/m2")
@pytest.mark.parametrize("who", PEOPLE)
def test_the_names_of_a_person_day_by_day(town: int, who: str) -> None:
    rows = PEOPLE[who]
    person = arrived(rows[0]["種別"])
    for row in rows:
        assert asked(person, row) == row["結果"], row["番号"]
        now = newest(person)
        name = now.former_family_name if row["種別"] == "日本人" else now.alias
        days = [str(now.alias_entered_on or ""), str(now.alias_deleted_on or "")]
        assert (name, days) == (row["その後の旧氏・通称"], [row["記載年月日"], row["削除年月日"]]), row["番号"]
        if row["異動事由"]:
            assert table("event_reason")[now.reason].name_ja == row["異動事由"], row["番号"]
    written = ResidentRecord.objects.filter(addressee=person.addressee).count() - 1
    assert written == sum(row["結果"] == "記載" for row in rows)


def test_the_table_has_forty_rows() -> None:
    assert len(ROWS) >= 40
    assert {row["異動"] for row in ROWS} == set(ACTS)
