"""Foreign residents, names and received notices by machine (外国人住民の異動APIの試験)."""

from collections.abc import Iterator
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.models import Received, ResidentRecord
from municipal.residents.operations import receive
from municipal.residents.tests.acting import ACTS_ON, CLERK, PLACE, act, day, newcomer_said, newest, people_of
from municipal.residents.tests.acting import member as said_of
from municipal.residents.tests.test_foreigners import STAY
from municipal.residents.tests.test_received import RENEWED, file_of

from .machines import Machine, chief, counter, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture
def anna() -> ResidentRecord:
    """A foreign resident of the town."""
    with wall.within(TOWN):
        row: ResidentRecord = people_of(act("article30_46", people=(newcomer_said(**STAY),), place=PLACE))[0]
        return row


def decided(clerk: Machine, decider: Machine, name: str, **said: Any) -> dict[str, Any]:
    draft = clerk.enter(name, **said)
    answer = decider.post(f"events/{draft['id']}/decide", {"version": 1})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_an_alias_and_a_naturalisation_by_machine(anna: ResidentRecord) -> None:
    clerk, decider = counter(), chief()
    decided(
        clerk,
        decider,
        "alias_entry",
        people=(said_of(anna, alias="例示　愛"),),
        event_on=day(2026, 5, 12),
        basis="application",
    )
    said = said_of(anna, name="例示　愛", domicile="架空県架空市", register_head="例示　愛")
    decided(clerk, decider, "naturalisation", people=(said,), event_on=day(2026, 5, 18), basis="family_register")
    with wall.within(TOWN):
        now = newest(anna)
    assert (now.kind, now.name, now.alias, now.serial) == ("1", "例示　愛", "", 4)


def test_a_received_notice_is_answered_once(anna: ResidentRecord) -> None:
    with wall.within(TOWN):
        (row,) = receive(actor=CLERK, kind="immigration", text=file_of("immigration", RENEWED))
    said: dict[str, Any] = {
        "people": (said_of(anna, stay_years=5, stay_expires_on="2031-05-15"),), "basis": "immigration",
        "event_on": day(2026, 5, 15), "answers": row.pk,
    }  # fmt: skip
    clerk = counter()
    decided(clerk, chief(), "immigration_correction", **said)
    again = clerk.post("events", sent("immigration_correction", **said))
    assert (again.status_code, again.json()["code"]) == (422, "not_waiting")
    for answers in (10**12, -1, "x", True):
        refused = clerk.post("events", sent("immigration_correction", **said) | {"answers": answers})
        assert refused.status_code == 422, answers


def test_another_towns_notice_is_none(anna: ResidentRecord) -> None:
    with wall.within(OTHER_TOWN):
        receive(actor=CLERK, kind="immigration", text=file_of("immigration", RENEWED))
        foreign = Received.objects.get().pk
    answer = counter().post(
        "events",
        sent("immigration_correction", people=(said_of(anna, stay_years=5),), basis="immigration", answers=foreign),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "not_waiting")


@pytest.mark.parametrize(
    ("name", "items", "basis", "code"),
    [
        ("alias_entry", {"alias": "名" * 101}, "application", "too_long"),
        ("alias_entry", {"alias": "a\u0000b"}, "application", None),
        ("immigration_correction", {"stay_years": -1}, "immigration", None),
        ("immigration_correction", {"stay_expires_on": "2026-02-31"}, "immigration", None),
        ("immigration_correction", {"stay_years": 10**9}, "immigration", None),
        ("naturalisation", {"name": ["x"]}, "family_register", None),
        ("article30_46", {}, "notice", None),
    ],
)
def test_bad_input_is_a_refusal_and_no_fault(
    anna: ResidentRecord, name: str, items: dict[str, Any], basis: str, code: str | None
) -> None:
    body = sent(name, people=(said_of(anna),), basis=basis)
    body["people"][0]["items"] = items
    answer = counter().post("events", body)
    assert answer.status_code in (400, 422), answer.content
    assert code is None or answer.json()["code"] == code
