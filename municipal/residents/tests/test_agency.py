"""Whom the immigration agency is told of, by law and in order (入管庁への通知の対象者の試験)."""

from datetime import date, datetime
from typing import Any

import pytest

from municipal.core import clock
from municipal.residents.agency import BASIC, BOTH, IMMIGRATION, law_of, to_be_told
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import CLERK, ELSEWHERE, act, day, member, newcomer_said
from municipal.residents.tests.test_foreigners import comes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"


@pytest.mark.clause(f"{V1}#4.5.7/n1")
@pytest.mark.parametrize(
    ("name", "has_card", "is_notified", "law"),
    [
        ("article30_46", True, True, BOTH), ("article30_46", True, False, ""), ("article30_47", True, True, BOTH),
        ("move_within", True, True, BOTH), ("move_within", True, False, ""), ("move_in", False, False, BASIC),
        ("place_notification", True, True, IMMIGRATION), ("move_out", True, False, BASIC), ("death", True, True, BASIC),
        ("birth", False, False, BASIC), ("removal_ex_officio", True, True, BASIC), ("move_in_by_card", True, False, ""),
    ],
)  # fmt: skip
def test_the_law_follows_from_the_act_and_the_card(name: str, has_card: bool, is_notified: bool, law: str) -> None:
    assert law_of(name, has_card=has_card, is_place_notified=is_notified) == law


def listed() -> list[tuple[str, str]]:
    return [(one.record.event.act, one.law) for one in to_be_told(date(2026, 5, 1)) if one.record.event]


@pytest.mark.clause(f"{V1}#4.5.7/n1")
def test_a_card_without_the_new_address_is_told_of_only_once_it_says_it(town: int) -> None:
    row = comes()
    assert listed() == []
    act("place_notification", people=(member(row),), event_on=day(2026, 5, 18))
    assert listed() == [("place_notification", IMMIGRATION)]


def test_the_list_keeps_the_order_and_waits_for_the_planned_day(town: int) -> None:
    row = comes(is_place_notified=True)
    act("alias_entry", people=(member(row, alias="例示　愛"),), event_on=day(2026, 5, 18), basis="application")
    act("move_out", people=(member(row),), place=ELSEWHERE, event_on=day(2026, 5, 25))
    act("move_in", people=(newcomer_said(serial=8),))
    assert listed() == [("article30_46", BOTH), ("alias_entry", BASIC)]
    with clock.stopped_at(datetime(2026, 5, 25, 9, tzinfo=clock.TOKYO)):
        remove_announced(actor=CLERK)
        assert listed() == [("article30_46", BOTH), ("alias_entry", BASIC), ("removal_of_announced", BASIC)]


def test_whoever_becomes_japanese_leaves_the_list_with_the_removal(town: int) -> None:
    row: Any = comes(is_place_notified=True)
    said = member(row, name="例示　愛", domicile="架空県", register_head="例示　愛")
    act("naturalisation", people=(said,), event_on=day(2026, 5, 18), basis="family_register")
    assert listed() == [("article30_46", BOTH), ("naturalisation", BASIC)]
