"""What an entry does not show: a protected person's address to anybody, items without their permission (抑止の試験)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import ACTS_ON, act, child, family, home_of, newcomer_said, newest, people_of
from municipal.residents.tests.acting import member as said_of

from .machines import ALL_ITEMS, Machine, chief, counter, registered

pytestmark = pytest.mark.django_db
HOME, REFUGE, ORIGIN = "レンギョウ荘七七号", "ハナミズキ荘八八号", "サルスベリ荘九九号"
MARKERS = (HOME, REFUGE, ORIGIN)


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


def address(building: str) -> dict[str, str]:
    return {"prefecture": "架空県", "city": "架空市", "block": "松町", "lot": "１番地", "building": building}


@pytest.fixture
def household() -> list[ResidentRecord]:
    """Four people of whom the wife is protected."""
    with wall.within(TOWN):
        rows = people_of(act("move_in", people=family(), place=address(HOME), came_from=address(ORIGIN)))
        today = clock.today()
        protect(
            actor=System(), addressee=rows[1].addressee, starts_on=today, ends_on=today + timedelta(365), is_own=True
        )
        return rows


def number_of(rows: list[ResidentRecord]) -> str:
    with wall.within(TOWN):
        return home_of(newest(rows[0])).number


def entries(rows: list[ResidentRecord]) -> dict[str, dict[str, Any]]:
    """Entries by which an address of the protected person could get out, each in its own way."""
    whole = tuple(said_of(row) for row in rows)
    alone = said_of(rows[0], relationship="世帯主")
    birth = newcomer_said("甲野　四郎", serial=7, relationship="子", born_on="2026-05-11")
    lodger = newcomer_said("乙川　次郎", serial=8, relationship="同居人", born_on="1970-01-01")
    return {
        "all move": {"name": "move_within", "people": whole, "place": address(REFUGE)},
        "another member moves": {"name": "move_within", "people": (alone,), "place": address(REFUGE)},
        "all leave": {"name": "move_out", "people": whole, "place": address(REFUGE)},
        "somebody is born": {"name": "birth", "people": (birth,), "joins": number_of(rows)},
        "somebody joins": {
            "name": "move_in", "people": (lodger,), "joins": number_of(rows), "came_from": address(HOME),
        },
        "a letter is corrected": {
            "name": "minor_correction", "people": (said_of(rows[1], address_building=REFUGE, remarks=HOME),),
        },
        "an error is corrected": {"name": "correction_of_error", "people": (said_of(rows[2], address_lot=REFUGE),)},
    }  # fmt: skip


def everything(*callers: Machine, entry: int) -> bytes:
    """All that anybody is told about an entry."""
    paths = (f"events/{entry}", "events", "events?state=decided")
    answers = [caller.get(path) for caller in callers for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return b"".join(answer.content for answer in answers)


WAYS = (
    "all move", "another member moves", "all leave", "somebody is born", "somebody joins", "a letter is corrected",
    "an error is corrected",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_protected_address_is_in_no_byte_of_an_entry(household: list[ResidentRecord], way: str) -> None:
    clerk, decider = counter(), chief()
    entry = clerk.enter(**entries(household)[way])["id"]
    shown = clerk.get(f"events/{entry}").json()
    assert shown["address_withheld"] is True
    assert (shown["notice"]["place"], shown["notice"]["came_from"]) == (None, None)
    waiting = everything(clerk, decider, entry=entry)
    decided = decider.post(f"events/{entry}/decide", {"version": 1})
    assert decided.status_code == 200, decided.content.decode()
    said = waiting + decided.content + everything(clerk, decider, entry=entry)
    for marker in MARKERS:
        assert marker.encode() not in said


def test_an_answer_that_is_kept_for_a_repetition_holds_no_address(household: list[ResidentRecord]) -> None:
    counter().enter(**entries(household)["all move"])
    with wall.within(TOWN):
        kept = [str(one.answer) for one in KeptAnswer.objects.all()]
    assert kept
    assert not any(marker in one for marker in MARKERS for one in kept)


def test_somebody_elses_entry_shows_its_addresses(household: list[ResidentRecord]) -> None:
    clerk = counter()
    entry = clerk.enter(
        "move_in", people=(child("丙山　三郎", serial=6, relationship="世帯主"),), place=address(REFUGE)
    )
    shown = clerk.get(f"events/{entry['id']}").json()
    assert shown["address_withheld"] is False
    assert shown["notice"]["place"]["building"] == REFUGE
    assert {"item": "address_building", "before": None, "after": REFUGE} in shown["changes"][0]["items"]


def test_a_protection_that_comes_after_the_entry_hides_at_once() -> None:
    clerk = counter()
    with wall.within(TOWN):
        rows = people_of(act("move_in", people=(newcomer_said(),), place=address(HOME)))
    entry = clerk.enter("move_within", people=(said_of(rows[0]),), place=address(REFUGE))["id"]
    assert REFUGE.encode() in clerk.get(f"events/{entry}").content
    with wall.within(TOWN):
        protect(actor=System(), addressee=rows[0].addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    assert REFUGE.encode() not in clerk.get(f"events/{entry}").content


def test_a_withdrawn_entry_hides_as_much_as_an_open_one(household: list[ResidentRecord]) -> None:
    clerk = counter()
    for way in ("all move", "somebody joins"):
        entry = clerk.enter(**entries(household)[way])["id"]
        clerk.post(f"events/{entry}/withdraw", {"version": 1})
        said = clerk.get(f"events/{entry}").content
        assert not any(marker.encode() in said for marker in MARKERS)


def test_an_old_entry_still_hides_the_home_that_its_person_has_left(household: list[ResidentRecord]) -> None:
    clerk, decider = counter(), chief()
    letter = said_of(household[0], address_building=HOME + "一階")
    entry = clerk.enter("minor_correction", people=(letter,))["id"]
    clerk.post(f"events/{entry}/withdraw", {"version": 1})
    moving = clerk.enter(**entries(household)["another member moves"])["id"]
    assert decider.post(f"events/{moving}/decide", {"version": 1}).status_code == 200
    assert HOME.encode() not in clerk.get(f"events/{entry}").content
    assert HOME.encode() not in clerk.get(f"events/{moving}").content


def test_items_without_their_permission_are_null_and_named() -> None:
    entry = counter().enter("move_in", people=(newcomer_said(),))["id"]
    less = Machine("less", "residents.enter").get(f"events/{entry}").json()
    items = {one["item"]: one["after"] for one in less["changes"][0]["items"]}
    assert items["domicile"] is items["resident_code"] is items["register_head"] is None
    assert set(less["changes"][0]["hidden_items"]) == {"domicile", "register_head", "resident_code"}
    assert less["notice"]["people"][0]["items"]["resident_code"] is None
    full = Machine("full", "residents.enter", *ALL_ITEMS).get(f"events/{entry}").json()
    assert full["changes"][0]["hidden_items"] == []
    assert full["notice"]["people"][0]["items"]["domicile"]
    assert registered() == 0
