"""Changes of households and heads (世帯変更・世帯主変更の試験)."""

from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.tests.acting import (
    PLACE,
    act,
    child,
    day,
    entered,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children."""
    return people_of(act("move_in", people=family()))


@pytest.mark.clause(f"{V1}#4.1.4.1/m1")
def test_a_child_forms_a_household_at_the_same_address(home: list[Any]) -> None:
    act("household_split", people=(member(home[2], relationship="世帯主"),))
    apart = newest(home[2])
    assert (apart.reason, apart.relationship, apart.head_name) == ("household_split", "世帯主", "甲野　一郎")
    assert (apart.household_id == home[0].household_id, apart.address_lot) == (False, "１番地")
    assert apart.address_set_on == day(2026, 5, 11)


def test_a_whole_household_cannot_split(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("household_split", people=tuple(member(row) for row in home))
    assert refused.value.code == "whole_household"


@pytest.mark.clause(f"{V1}#4.1.4.1/m1", f"{V1}#5.2/m1")
def test_two_households_at_one_address_merge_and_the_joiners_stand_last(home: list[Any]) -> None:
    act("household_split", people=(member(home[2], relationship="世帯主"),))
    act("household_merger", people=(member(home[2], relationship="子"),), joins=home[0].household.number)
    back = newest(home[2])
    assert (back.reason, back.household_id, back.head_name) == ("household_merger", home[0].household_id, "甲野　太郎")
    assert [row["name"] for row in inquiry.members(home[0].household)][-1] == "甲野　一郎"


@pytest.mark.clause(f"{V1}#4.1.4.1/m1", f"{V1}#4.1.4.1/n1")
def test_a_member_joins_another_household_only_at_the_same_address(home: list[Any]) -> None:
    [near] = people_of(act("move_in", people=(newcomer_said("乙川　梅", serial=8),)))
    [far] = people_of(act("move_in", people=(newcomer_said("丙山　松", serial=9),), place={**PLACE, "lot": "５番地"}))
    act("household_transfer", people=(member(home[3], relationship="同居人"),), joins=near.household.number)
    assert (newest(home[3]).household_id, newest(home[3]).head_name) == (near.household_id, "乙川　梅")
    with pytest.raises(Refused) as refused:
        entered("household_transfer", people=(member(home[2], relationship="同居人"),), joins=far.household.number)
    assert refused.value.code == "other_address"


@pytest.mark.clause(f"{V1}#4.1.4.1/n2")
def test_the_building_of_a_household_joined_may_differ(home: list[Any]) -> None:
    [near] = people_of(
        act("move_in", people=(newcomer_said("乙川　梅", serial=8),), place={**PLACE, "building": "松荘２号"})
    )
    act("household_transfer", people=(member(home[3], relationship="同居人"),), joins=near.household.number)
    assert newest(home[3]).address_building == ""


@pytest.mark.clause(f"{V1}#4.1.4.2/m1")
def test_the_wife_becomes_head_and_the_rule_turns_the_relationships(home: list[Any]) -> None:
    act("householder_change", people=(member(home[1]),))
    assert [(newest(row).relationship, newest(row).head_name) for row in home] == [
        ("夫", "甲野　花子"),
        ("世帯主", "甲野　花子"),
        ("子", "甲野　花子"),
        ("子", "甲野　花子"),
    ]


@pytest.mark.clause(f"{V1}#4.1.4.2/m1")
def test_rewritten_relationships_must_be_confirmed(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("householder_change", confirm=False, people=(member(home[1]),))
    assert refused.value.code == "unconfirmed:relationships_rewritten"


def test_where_the_rule_cannot_tell_the_clerk_must(town: int, may: None) -> None:
    said = (
        newcomer_said(),
        child("甲野　一郎", serial=2),
        newcomer_said("甲野　梅", serial=3, sex="2", relationship="母"),
    )
    rows = people_of(act("move_in", people=said))
    with pytest.raises(Refused) as refused:
        entered("householder_change", people=(member(rows[1]),))
    assert refused.value.code == "relationship_missing"
    act("householder_change", people=(member(rows[1]),), others=(member(rows[2], relationship="父の母"),))
    assert [newest(row).relationship for row in rows] == ["父", "世帯主", "父の母"]


def test_the_head_cannot_become_head_again(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("householder_change", people=(member(home[0]),))
    assert refused.value.code == "already_head"


def test_another_head_beside_the_new_one_is_refused(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("householder_change", people=(member(home[1]),), others=(member(home[0], relationship="世帯主"),))
    assert refused.value.code == "second_head"


@pytest.mark.clause(f"{V1}#1.1.11/n1")
def test_a_grandchild_is_written_as_the_child_of_a_child(home: list[Any]) -> None:
    for relationship, is_right in (("孫", False), ("子の子", True)):
        said = child("甲野　四郎", serial=9, relationship=relationship, born_on=day(2026, 5, 11))
        if is_right:
            assert act("birth", people=(said,), joins=home[0].household.number)
            continue
        with pytest.raises(Refused) as refused:
            entered("birth", people=(said,), joins=home[0].household.number)
        assert refused.value.code == "relationship_word"


def test_nobody_of_another_household_is_related_to_the_new_head(home: list[Any]) -> None:
    [near] = people_of(act("move_in", people=(newcomer_said("乙川　梅", serial=8),)))
    with pytest.raises(Refused) as refused:
        entered("householder_change", people=(member(home[1]),), others=(member(near, relationship="子"),))
    assert refused.value.code == "not_a_member"


def test_who_stays_is_spoken_of_in_a_change_of_head_only(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("death", people=(member(home[3]),), others=(member(home[1], relationship="子"),))
    assert refused.value.code == "others_not_asked"
