"""A good notice of any act, spoilt in any way, is entered whole or refused with a sentence (壊れた届書の試験)."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import TOWN
from municipal.addressees.fields import RegisterDateField
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.residents.acts import acts
from municipal.residents.notices import ITEMS, PARTS
from municipal.residents.operations import decide

from .bad_input import World, rows, said

pytestmark = pytest.mark.django_db
# Far from the numbers of accounts: who decides is not who entered, whatever number chance gave the clerk.
ANOTHER = System(actor_kind="staff", actor_id=900_002)
WORDS = [
    "世帯主", "子", "夫（未届）", "2026-05-11", "2026-02-30", "2026-00-00/令和8年 月日不詳", "9999-12-31", "0001-01-01",
    "0000-00-00/年月日不詳", "1912-07-30@M", "0000000019", "", "\0", "\ud800", "１",
]  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20) | st.sampled_from(WORDS)
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some, max_size=3)
)
FIELDS = (
    "event_on", "notified_on", "basis", "notifier_capacity", "people", "others", "joins", "place", "came_from",
    "planned_on", "cancels", "corrects", "confirmed",
)  # fmt: skip


def _plausible(name: str) -> st.SearchStrategy[Any]:
    """Values that the item may hold, though not in this notice."""
    field = ITEMS[name]
    if isinstance(field, models.BooleanField):
        return st.sampled_from([True, False, None])
    if isinstance(field, models.IntegerField):
        return st.integers(0, 99)
    if isinstance(field, models.DateField):
        return st.dates().map(str)
    if isinstance(field, RegisterDateField):
        return st.sampled_from(WORDS[3:9]) | st.dates(date(1900, 1, 1), date(2030, 1, 1)).map(str)
    return (
        st.sampled_from([*dict(field.flatchoices)]) if field.choices else st.sampled_from(["", "甲", "1", *WORDS[:3]])
    )


def _spoil(draw: Any, good: dict[str, Any]) -> dict[str, Any]:
    """The notice with one to three things put where something else was or nothing belongs."""
    body = deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(["field", "item", "item", "item", "part", "number", "another act", "people twice"]))
        people = body["people"] if isinstance(body["people"], list) else []
        if way == "field":
            body[draw(st.sampled_from(FIELDS))] = draw(JSON)
        elif way == "item" and people and isinstance(people[0], dict):
            name = draw(st.sampled_from([*ITEMS]))
            people[0].setdefault("items", {})[name] = draw(_plausible(name) if draw(st.integers(0, 4)) else JSON)
        elif way == "number" and people and isinstance(people[0], dict):
            people[0]["individual_number"] = draw(JSON)
        elif way == "part":
            body["place"] = {draw(st.sampled_from(PARTS)): draw(SCALARS)}
        elif way == "another act":
            body["act"] = draw(st.sampled_from([*acts]))
        else:
            body["people"] = people * 2
    return body


def test_whatever_is_sent_is_entered_whole_or_refused_with_a_sentence(world: World) -> None:
    good = {name: said(world, name) for name in acts}
    before = rows()

    @settings(max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def send(data: st.DataObject) -> None:
        body = _spoil(data.draw, good[data.draw(st.sampled_from([*acts]))])
        with transaction.atomic():
            answer = world.clerk.post("events", body)
            assert answer.status_code in (201, 400, 409, 422), (answer.status_code, body)
            if answer.status_code != 201:
                assert rows() == before
                assert answer.json()["messages"]["en"].endswith("."), answer.json()["messages"]
            else:
                shown = world.clerk.get(f"events/{answer.json()['id']}")
                assert (shown.status_code, shown.json()["problem"]) == (200, None), (shown.content.decode(), body)
                # What may be entered may be decided: nothing is found wrong only when it is too late.
                with wall.within(TOWN):
                    decide(actor=ANOTHER, draft=answer.json()["id"], version=1)
            transaction.set_rollback(True)

    send()
