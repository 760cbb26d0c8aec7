"""CC-09: the same answers at the counter and online are the same JSON, byte for byte (窓口とオンラインの一致の試験)."""

import json
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from municipal.applications.counter.sources import RECEIVED, Member
from municipal.applications.tests.filling import value_of
from municipal.procedures.catalogue import Entry, by_id, shipped
from municipal.web.forms.applying import PageForm
from municipal.web.forms.desk import DeskForm, kept

ONLINE = [entry for entry in shipped() if entry.is_online]
MEMBERS = [
    Member(f"r{at}", RECEIVED, date(2026, 11, 18), name, kana, born)
    for at, (name, kana, born) in enumerate(
        [("乙野　一郎", "オツノ　イチロウ", "1985-04-01"), ("乙野　桃", "", "2022-03-03")]
    )
]  # fmt: skip


def sent(said: dict[str, Any], prefix: str = "") -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in said.items():
        found.setlist(f"{prefix}{name}", value if isinstance(value, list) else [value])
    return found


def written(form: PageForm) -> str:
    assert form.is_valid(), form.errors
    return json.dumps([form.answers, form.people], ensure_ascii=False)


@pytest.mark.parametrize("entry", ONLINE, ids=lambda entry: entry.id)
def test_every_form_filled_in_alike_is_the_same(entry: Entry) -> None:
    rows = {one.name: 2 for one in entry.asks if one.type in ("group", "people") and one.most != 1}
    blank = PageForm(entry.asks, "ja", rows)
    said = {name: value_of(name, field) for name, field in blank.fields.items()}
    online = PageForm(entry.asks, "ja", rows, sent(said))
    desk = DeskForm(entry.id, entry.asks, rows, [], sent(said, f"{entry.id}-"))
    assert written(online) == written(desk)
    assert json.loads(written(online)) != [{}, {}]


@pytest.mark.parametrize("code", ["move-out", "school-transfer", "nursery-status"])
def test_whoever_is_ticked_is_whom_one_would_have_typed(code: str) -> None:
    fields = [one for one in by_id(shipped())[code].asks if one.type == "people"]
    for field in fields:
        typed: dict[str, str] = {}
        ticked = {f"{field.name}__member": [one.key for one in MEMBERS]}
        for at, one in enumerate(MEMBERS):
            typed |= {f"{field.name}__{at}__{part}": said for part, said in one.person.items()}
        online = PageForm([field], "ja", {field.name: 2}, sent(typed))
        desk = DeskForm(code, [field], {}, MEMBERS, sent(ticked, f"{code}-"))
        assert written(online) == written(desk)


def test_somebody_of_the_household_may_stand_beside_somebody_else() -> None:
    field = next(one for one in by_id(shipped())["move-out"].asks if one.type == "people")
    said = {f"{field.name}__member": ["r1"], f"{field.name}__0__name": "丙野　五郎"}
    form = DeskForm("move-out", [field], {field.name: 1}, MEMBERS, sent(said, "move-out-"))
    written(form)
    assert [one["name"] for one in form.people.values()] == ["乙野　桃", "丙野　五郎"]
    initial, rows = kept([field], form.answers, form.people, MEMBERS)
    assert initial[f"{field.name}__member"] == ["r1"]
    assert (rows[field.name], initial[f"{field.name}__0__name"]) == (1, "丙野　五郎")


def test_a_row_of_the_household_counts_only_where_something_is_answered() -> None:
    field = by_id(shipped())["nhi-join"].asks[0]
    cause = field.fields[1].options[0].value
    said = {"joining__0__member__member": "r0", "joining__1__member__member": "r1", "joining__1__cause": cause}
    form = DeskForm("nhi-join", [field], {"joining": 2}, MEMBERS, sent(said, "nhi-join-"))
    written(form)
    assert form.answers["joining"] == [{"member": ["joining-0-member"], "cause": cause}]
    assert form.people == {"joining-0-member": MEMBERS[1].person}


def test_an_invented_key_is_nobody() -> None:
    field = next(one for one in by_id(shipped())["move-out"].asks if one.type == "people")
    form = DeskForm("move-out", [field], {}, MEMBERS, sent({f"{field.name}__member": ["r9"]}, "move-out-"))
    assert not form.is_valid()
