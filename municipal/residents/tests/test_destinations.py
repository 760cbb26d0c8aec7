"""Where people go and come from: abroad, unknown, nowhere in particular (転出先・転入前住所の例の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.residents.lateness import not_arrived
from municipal.residents.tests.acting import ELSEWHERE, PLACE, act, day, member, newcomer_said, newest, people_of
from municipal.residents.tests.examples import rows_of
from municipal.residents.tests.test_foreigners import STAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
ROWS = rows_of("destinations.csv")
PARTS = {
    "prefecture": "都道府県", "city": "市区町村", "block": "町字", "lot": "番地", "building": "方書",
    "country": "国名等", "abroad": "国外住所",
}  # fmt: skip
LEAVING = {"転出": "move_out", "特例による転出": "move_out_by_card"}
COMING = {
    "転入": "move_in", "未届転入": "move_in_unreported", "職権記載": "entry_ex_officio", "法第30条の46": "article30_46",
    "法第30条の47": "article30_47",
}  # fmt: skip
REMOVED = {"職権消除": ("removal_ex_officio", "ex_officio"), "入管庁消除": ("immigration_removal", "immigration")}
LEFT_ON = day(2026, 5, 18)


def lives_here(by: str = "move_in", **items: Any) -> Any:
    said = newcomer_said(has_individual_number_card=True, **items)
    return people_of(act(by, people=(said,), came_from=ELSEWHERE, place=PLACE))[0]


def played(row: dict[str, str]) -> tuple[Any, str]:
    """The person of the row after the act, and which of its addresses the row is about."""
    place = {part: row[heading] for part, heading in PARTS.items() if row[heading]}
    if name := LEAVING.get(row["異動"]):
        person = lives_here()
        act(name, people=(member(person),), place=place, event_on=LEFT_ON)
        return newest(person), "planned_destination"
    if name := COMING.get(row["異動"]):
        items = STAY if name.startswith("article") else {"last_registered_address": "見本県例示町"}
        basis = {"basis": "ex_officio"} if name == "entry_ex_officio" else {}
        return people_of(act(name, people=(newcomer_said(**items),), came_from=place, place=PLACE, **basis))[
            0
        ], "address_before"
    name, basis_code = REMOVED[row["異動"]]
    person = lives_here("article30_46", **STAY) if basis_code == "immigration" else lives_here()
    act(name, people=(member(person),), event_on=LEFT_ON, basis=basis_code)
    return newest(person), "planned_destination"


@pytest.mark.clause(
    "resident-record/1.0#4.1.3.0.2/m1", "resident-record/1.0#4.1.3.0.2/m3", "resident-record/1.0#4.1.3.0.2/m4",
    "resident-record/1.0#4.1.0.1/m2", "resident-record/1.0#4.1.1.4/m1", "resident-record/1.0#4.1.3.1.4/m1",
    "resident-record/1.0#4.5.1/m2", "resident-record/1.0#4.5.2/m2",
)  # fmt: skip
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["番号"])
def test_a_row_of_the_table_is_what_is_recorded(town: int, row: dict[str, str]) -> None:
    if row["結果"] != "記載":
        with pytest.raises(Refused) as refused:
            played(row)
        assert refused.value.sentence == row["結果"]
        return
    person, group = played(row)
    written = "".join(getattr(person, f"{group}_{part}") for part in PARTS)
    assert (table("event_reason")[person.reason].name_ja, written) == (row["異動事由"], row["記載される住所"])
    if row["未着一覧"]:
        awaited = [one.record.addressee for one in not_arrived(date(2026, 5, 1))]
        assert awaited == ([person.addressee] if row["未着一覧"] == "出る" else [])


def test_the_table_has_sixty_rows() -> None:
    assert len(ROWS) >= 60
    assert {row["異動"] for row in ROWS} == {*LEAVING, *COMING, *REMOVED}
