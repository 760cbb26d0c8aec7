"""Which act counts in which cell of which month: the example table (異動から統計への試験)."""

import csv
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents.counts import month
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import (
    CHIEF,
    ELSEWHERE,
    PLACE,
    act,
    child,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)
from municipal.statistics.national import segment

EXAMPLES = Path(__file__).parent / "examples" / "acts.csv"
with EXAMPLES.open(encoding="utf-8", newline="") as _file:
    ROWS = [tuple(row) for row in list(csv.reader(_file))[1:]]
STORIES = [(story, list(rows)) for story, rows in groupby(ROWS, key=lambda row: row[0])]
FOREIGN = {
    "kind": "2", "domicile": "", "register_head": "", "article30_45_class": "mid_long_term",
    "residence_card_number": "AB12345678CD", "became_foreign_resident_on": RegisterDate(2026, 4, 2),
    "nationality": "韓国",
}  # fmt: skip
NEWCOMERS = {
    "新男": lambda: newcomer_said("新井　男", serial=31),
    "新女": lambda: newcomer_said("新井　女", serial=32, sex="2"),
    "外男": lambda: newcomer_said("KIM", serial=33, **FOREIGN),
    "外女": lambda: newcomer_said("LEE", serial=34, sex="2", **FOREIGN),
    "赤男": lambda: child("甲野　三郎", serial=35, sex="1"),
    "赤女": lambda: child("甲野　四子", serial=36, sex="2"),
}
ABROAD = {"country": "例示国", "abroad": "例示市1番"}
JAPANESE = {
    "name": "金　一",
    "family_name": "金",
    "given_name": "一",
    "domicile": PLACE["city"],
    "register_head": "金　一",
}


@cache
def said_day(text: str) -> date:
    number, of_month = text.split("/")
    return date(2026, int(number), int(of_month))


class Story:
    """Plays what happened, one act after the other, each entered and decided on its day (できごとの上演)."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.last: Any = None

    def play(self, deed: str) -> None:
        name, _, rest = deed.partition(" ")
        days, _, who = rest.partition(" ")
        event, _, processed = days.partition(">")
        with clock.stopped_at(datetime.combine(said_day(processed), datetime.min.time(), clock.TOKYO).replace(hour=10)):
            on = {"event_on": RegisterDate.exact(said_day(event))} if event else {}
            self.last = getattr(self, f"_{NAMES[name]}")(who, on) or self.last

    def _known(self, who: str) -> Any:
        return newest(self.people[who])

    def _arrives(self, who: str, on: Any, **said: Any) -> Any:
        if who == "家族":
            event = act("move_in", people=family(), **on)
            self.people |= dict(zip(("太郎", "花子", "一郎", "二子"), people_of(event), strict=True))
            return event
        back = self.people.get(who)
        person = member(back, relationship="世帯主") if back else NEWCOMERS[who]()
        event = act("move_in", people=(person,), **on, **said)
        self.people.setdefault(who, people_of(event)[0])
        return event

    def _arrives_from_abroad(self, who: str, on: Any) -> Any:
        return self._arrives(who, on, came_from=ABROAD)

    def _leaves(self, who: str, on: Any) -> Any:
        return act("move_out", people=(member(self._known(who)),), place=ELSEWHERE, **on)

    def _leaves_for_abroad(self, who: str, on: Any) -> Any:
        return act("move_out", people=(member(self._known(who)),), place=ABROAD, **on)

    def _day_comes(self, who: str, on: Any) -> None:
        remove_announced(actor=CHIEF)

    def _dies(self, who: str, on: Any) -> Any:
        return act("death", people=(member(self._known(who)),), **on)

    def _is_born(self, who: str, on: Any) -> Any:
        born = NEWCOMERS[who]()
        said = type(born)("", dict(born.items) | {"born_on": on["event_on"]})
        return act("birth", people=(said,), joins=self._known("太郎").household.number, **on)

    def _moves_within(self, who: str, on: Any) -> Any:
        people = tuple(member(self._known(one)) for one in ("太郎", "花子", "一郎", "二子"))
        return act("move_within", people=people, place=PLACE | {"lot": "９番地"}, **on)

    def _splits(self, who: str, on: Any) -> Any:
        return act("household_split", people=(member(self._known(who), relationship="世帯主"),), **on)

    def _is_cancelled(self, who: str, on: Any) -> Any:
        return act("cancellation", cancels=self.last.pk, basis="application", **on)

    def _is_removed(self, who: str, on: Any) -> Any:
        return act("removal_ex_officio", people=(member(self._known(who)),), basis="ex_officio", **on)

    def _is_corrected(self, who: str, on: Any) -> Any:
        return act("correction_of_error", people=(member(self._known(who), sex="1"),), **on)

    def _becomes_japanese(self, who: str, on: Any) -> Any:
        return act("naturalisation", people=(member(self._known(who), **JAPANESE),), basis="family_register", **on)

    def _ceases_to_be(self, who: str, on: Any) -> Any:
        lost = {"name": "ARAI", "roman_name": "ARAI", "nationality": "例示国"}
        foreign = {
            "article30_45_class": "mid_long_term", "residence_card_number": "AB12345678CD",
            "residence_status": "permanent_resident",
        }  # fmt: skip
        return act(
            "nationality_lost", people=(member(self._known(who), **lost, **foreign),), basis="family_register", **on
        )


NAMES = {
    "転入": "arrives", "国外転入": "arrives_from_abroad", "転出": "leaves", "国外転出": "leaves_for_abroad",
    "到来": "day_comes", "死亡": "dies", "出生": "is_born", "転居": "moves_within", "世帯分離": "splits",
    "取消": "is_cancelled", "職権消除": "is_removed", "誤記性別": "is_corrected", "帰化": "becomes_japanese",
    "喪失": "ceases_to_be",
}  # fmt: skip


@pytest.mark.clause("resident-record/1.0#6.1/m1", "resident-record/1.0#6.1/m4")
@pytest.mark.parametrize(("story", "rows"), STORIES)
def test_an_act_counts_in_its_cell_of_its_month(town: int, story: str, rows: list[tuple[str, ...]]) -> None:
    played = Story()
    for deed in story.split(" / "):
        played.play(deed)
    with clock.stopped_at(datetime(2026, 12, 31, 10, tzinfo=clock.TOKYO)):
        months = {number: month(2026, number) for number in range(3, 8)}
    assert all(one.is_balanced for one in months.values())
    for _story, number, name, column, men, women in rows:
        said = tuple(value_of(months[int(number)], name, column, sex) for sex in ("1", "2"))
        assert (number, column, said) == (number, column, (int(men), int(women)))


def value_of(counted: Any, name: str, column: str, sex: str) -> int:
    found = segment(counted, name, sex=sex)
    if column == "計":
        return found.after
    return {
        **found.additions,
        **{f"消{key}": value for key, value in found.removals.items()},
        **{key: value for key, value in found.removals.items() if key in ("死亡", "転出（国内）", "転出（国外）")},
    }[column]
