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


FOREIGN = {
    "kind": "2", "domicile": "", "register_head": "", "article30_45_class": "mid_long_term", "nationality": "韓国",
    "residence_card_number": "AB12345678CD", "became_foreign_resident_on": day(2026, 5, 2),
}  # fmt: skip


def founded() -> dict[str, ResidentRecord]:
    """A family; two in 竹町, one of unknown birth; a foreigner; a protected one; two who left."""
    unknown, impossible = RegisterDate.entered("昭和25年 月日不詳"), RegisterDate(1999, 2, 29)
    jiro = newcomer_said("乙川　次郎", serial=11, born_on=unknown, name_kana="オツカワ　ジロウ", district_code="01")
    ume = newcomer_said(
        "乙川　梅", serial=12, sex="2", relationship="妻", born_on=impossible, name_kana="オツカワ　ウメ",
        is_under_guardianship=True,
    )  # fmt: skip
    kim = newcomer_said("KIM MINJUN", serial=13, name_kana="キム", born_on=RegisterDate(2001, 12, 31), **FOREIGN)
    born_on = RegisterDate(1990, 6, 15)
    mitsuko = newcomer_said("丙山　三子", serial=14, sex="2", born_on=born_on, name_kana="ヘイヤマ　ミツコ")
    shiro = newcomer_said("丁田　四郎", serial=15, born_on=RegisterDate(1970, 1, 1))
    goro = child("丁田　五郎", serial=16, born_on=RegisterDate(2020, 4, 1))
    people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 11)))
    people += _come((jiro, ume), day(2026, 5, 12), block="竹町", lot="７番地")
    people += _come((kim,), day(2026, 5, 2), block="梅町", lot="３番地")
    people += _come((mitsuko,), day(2026, 5, 3), block="桜町", lot="９番地", building=MARKER)
    leaving = _come((shiro, goro), day(2026, 4, 1), block="松町", lot="８番地")
    act("move_out", people=tuple(map(member, leaving)), event_on=day(2026, 5, 15), place=ELSEWHERE)
    return {row.name: row for row in (*people, *leaving)}


def _come(people: tuple[Any, ...], on: RegisterDate, **place: str) -> list[Any]:
    return people_of(act("move_in", people=people, event_on=on, place=PLACE | place))


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
