"""What is written after an act, and who hears of a new address (通知・依頼・戸籍附票への連携の試験)."""

from typing import Any

import pytest

from municipal.office.models import OutboxEvent
from municipal.residents import letters
from municipal.residents.operations.telling import SUPPLEMENT
from municipal.residents.tests.acting import ELSEWHERE, PLACE, act, day, family, member, newcomer_said, people_of

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    return people_of(act("move_in", people=family()))


def kinds(event: Any) -> list[str]:
    return [letter.kind for letter in letters.letters(event)]


@pytest.mark.clause(f"{V1}#4.2.0.1/m2", f"{V1}#4.2.0.1/m3")
def test_an_act_without_a_notice_leaves_a_record_sheet_and_tells_the_people(home: list[Any]) -> None:
    assert kinds(home[0].event) == []
    removed = act(
        "removal_ex_officio", people=tuple(map(member, home[2:])), event_on=day(2026, 5, 18), basis="ex_officio"
    )
    found = letters.letters(removed)
    assert [one.kind for one in found] == [letters.EX_OFFICIO_RECORD, *[letters.EX_OFFICIO_NOTICE] * 2]
    assert [one.recipient.name for one in found[1:] if one.recipient] == ["甲野　一郎", "甲野　二子"]
    assert len(found[0].rows) == 2
    told = act("death", people=(member(home[1]),), event_on=day(2026, 5, 18), basis="family_register")
    assert kinds(told) == [letters.EX_OFFICIO_RECORD]


@pytest.mark.clause(f"{V1}#4.0.4/m2", f"{V1}#4.0.5/m1")
def test_the_last_one_is_told_to_lead_now(town: int, may: None) -> None:
    rows = people_of(act("move_in", people=family()[:2]))
    left = act("move_out", people=(member(rows[0]),), place=ELSEWHERE, event_on=day(2026, 5, 18))
    (letter,) = letters.letters(left)
    assert (letter.kind, letter.recipient.name) == (letters.HEAD_NOTICE, "甲野　花子")  # type: ignore[union-attr]


@pytest.mark.clause(f"{V1}#4.0.4/m5", f"{V1}#4.0.5/m1", f"{V1}#4.0.5/m2", f"{V1}#4.0.5/m3")
def test_two_who_stay_without_a_head_are_asked_through_the_topmost(home: list[Any]) -> None:
    left = act("death", people=(member(home[0]),), event_on=day(2026, 5, 18), basis="family_register")
    found = letters.letters(left)
    assert [one.kind for one in found] == [letters.EX_OFFICIO_RECORD, letters.HEAD_REQUEST]
    assert found[1].recipient.name == "甲野　花子"  # type: ignore[union-attr]
    assert [(one.number, row.name) for one, row in letters.headless()] == [(home[0].household.number, "甲野　花子")]
    chosen = act("householder_change", people=(member(home[1]),), event_on=day(2026, 5, 19), basis="ex_officio")
    assert letters.HEAD_NOTICE in kinds(chosen)
    assert letters.headless() == []


# The family-register supplement.


def told() -> list[list[int]]:
    return [list(one.subjects) for one in OutboxEvent.objects.filter(topic=SUPPLEMENT).order_by("pk")]


@pytest.mark.clause(f"{V1}#7.2.4/m1", f"{V1}#4.2.3.1/n1")
def test_only_a_new_address_of_somebody_registered_here_is_told(home: list[Any]) -> None:
    assert told() == []
    ours = newcomer_said(serial=30, domicile="架空県架空市松町１番地")
    (row,) = people_of(act("move_in", people=(ours,)))
    act("move_within", people=(member(row),), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    act("minor_correction", people=(member(row, alias="タロ"),), event_on=day(2026, 5, 19), basis="ex_officio")
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    assert told() == [[row.addressee_id]] * 2
    assert {tuple(one.payload) for one in OutboxEvent.objects.filter(topic=SUPPLEMENT)} == {("event",)}
