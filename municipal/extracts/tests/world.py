"""A handful of people of all sorts, whom the examples ask about (抽出の試験の住民)."""

from typing import Any

from municipal.core.dates import RegisterDate
from municipal.extracts.queries import Column, Query, Ready, ready
from municipal.extracts.running import everything
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import (
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    member,
    newcomer_said,
    people_of,
)

SEEING = frozenset({"extracts.run", "item.family_register", "item.resident_code", "item.residence_status"})
MARKER = "まぼろし荘９０９号"


def founded() -> dict[str, ResidentRecord]:
    """甲野太郎 and family; 乙川's in 竹町, one with a birth date unknown in part; KIM; a protected one; one who left."""
    people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 11)))
    unknown = RegisterDate.entered("昭和25年 月日不詳")
    people += people_of(
        act("move_in", people=(
            newcomer_said("乙川　次郎", serial=11, born_on=unknown, name_kana="オツカワ　ジロウ", district_code="01"),
            newcomer_said("乙川　梅", serial=12, sex="2", relationship="妻", born_on=RegisterDate(1999, 2, 29),
                          name_kana="オツカワ　ウメ", is_under_guardianship=True),
        ), event_on=day(2026, 5, 12), place=PLACE | {"block": "竹町", "lot": "７番地"})
    )  # fmt: skip
    people += people_of(
        act("move_in", people=(
            newcomer_said(
                "KIM MINJUN", serial=13, kind="2", domicile="", register_head="", article30_45_class="mid_long_term",
                residence_card_number="AB12345678CD", became_foreign_resident_on=day(2026, 5, 2), nationality="韓国",
                name_kana="キム　ミンジュン", born_on=RegisterDate(2001, 12, 31),
            ),
        ), event_on=day(2026, 5, 2), place=PLACE | {"block": "梅町", "lot": "３番地"})
    )  # fmt: skip
    people += people_of(
        act("move_in", people=(
            newcomer_said("丙山　三子", serial=14, sex="2", born_on=RegisterDate(1990, 6, 15), name_kana="ヘイヤマ　ミツコ"),
        ), event_on=day(2026, 5, 3), place=PLACE | {"block": "桜町", "lot": "９番地", "building": MARKER})
    )  # fmt: skip
    leaving = people_of(
        act("move_in", people=(newcomer_said("丁田　四郎", serial=15, born_on=RegisterDate(1970, 1, 1)),
                               child("丁田　五郎", serial=16, born_on=RegisterDate(2020, 4, 1))),
            event_on=day(2026, 4, 1), place=PLACE | {"block": "松町", "lot": "８番地"})
    )  # fmt: skip
    act("move_out", people=(member(leaving[0]), member(leaving[1])), event_on=day(2026, 5, 15), place=ELSEWHERE)
    return {row.name: row for row in (*people, *leaving)}


def names_by(where: str, *, source: str = "residents", hidden: Any = (), permissions: Any = SEEING) -> list[str]:
    """Whom a condition finds, by name in the order of the alphabet."""
    found = ask(Query(source, (Column("[氏名]"),), where), hidden=hidden, permissions=permissions)
    return sorted({str(line.values[0]) for line in everything(found)})


def ask(query: Query, *, hidden: Any = (), permissions: Any = SEEING) -> Ready:
    """A question made ready."""
    return ready(query, permissions=permissions, hidden=set(hidden))


def values_of(query: Query, **said: Any) -> list[tuple[Any, ...]]:
    """The values of every line of an answer."""
    return [line.values for line in everything(ask(query, **said))]
