"""Households on joint copies: the order of the members, how many sheets, what stands on each (世帯連記式の試験)."""

import re
from itertools import permutations
from typing import Any

import pytest

from municipal.certificates.contents import Block, Contents, Item
from municipal.certificates.kinds import KINDS
from municipal.certificates.models import MemberOrder
from municipal.certificates.operations import arrange, arrange_by_rule, proposed
from municipal.certificates.paper.forms import draw
from municipal.certificates.rules.items import items_of
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.rules.order import Seat, in_order
from municipal.residents.tests.acting import act, child, day, home_of, member, people_of

from .issuing import CLERK, issued, text_of
from .test_rules import facts, rows

MEMBER = re.compile(r"(?P<relationship>\D*)(?P<year>[0-9]{4})(?P<sex>[男女]?)(?P<first>筆?)")


def seats(members: str) -> list[Seat]:
    found = []
    for place, said in enumerate(members.split("、"), 1):
        one = MEMBER.fullmatch(said)
        assert one is not None, said
        year = int(one["year"])
        born = RegisterDate(year, 1, 1) if year else RegisterDate.parse("0000-00-00/年月日不詳")
        sex = {"男": "1", "女": "2"}.get(one["sex"], "")
        found.append(Seat(str(place), one["relationship"], born, f"{place:010}", sex, bool(one["first"])))
    return found


def people_named(*names: str) -> tuple[Block, ...]:
    kind = KINDS["household_copy"]
    return tuple(Block(name, items_of(facts(name=name), kind, (), has_reading=False)) for name in names)


@pytest.mark.clause("resident-record/1.0#5.2/m1")
@pytest.mark.parametrize(("why", "members", "order", "sheets"), rows("households.csv"))
def test_members_stand_in_the_order_of_the_four_ranks(why: str, members: str, order: str, sheets: str) -> None:
    found = seats(members)
    assert in_order(found) == order.split()
    # In whatever order the register gives them.
    for mixed in [found[::-1], found[1:] + found[:1]]:
        assert in_order(mixed) == order.split(), why
    people = people_named(*(f"人{seat.key}号" for seat in found))
    contents = Contents("household_copy", "住民票の写し", "架空市", (Item("address", "住所", "架空市"),), people)
    assert draw(contents, None).pages == int(sheets)


def test_every_order_of_one_household_gives_the_same_order() -> None:
    members = seats("世帯主1970男、妻1972女、子2000男、子の妻2001女、父1940男、縁故者1950男")
    assert {tuple(in_order(mixed)) for mixed in permutations(members)} == {("1", "2", "3", "4", "5", "6")}


@pytest.mark.clause("resident-record/1.0#5.1/m6", "resident-record/1.0#1.1.3/m2")
def test_five_people_fill_two_sheets_and_the_last_one_is_certified() -> None:
    contents = Contents(
        "household_copy", "住民票の写し", "架空市", people=people_named(*"甲乙丙丁戊"), attestation="証明する。",
        officer="架空県架空市長", officer_name="架空　太郎", dated="令和8年11月29日",
    )  # fmt: skip
    pdf = draw(contents, None).pdf
    first, last = text_of(pdf, 0), text_of(pdf, 1)
    assert ("丁" in first, "戊" in first, "戊" in last) == (True, False, True)
    assert ("証明する" in first, "証明する" in last) == (False, True)
    assert ("架空県架空市長" in first, "架空県架空市長" in last) == (False, True)
    assert ("1/2" in first, "2/2" in last) == (True, True)


@pytest.mark.django_db
@pytest.mark.clause("resident-record/1.0#5.2/m1")
def test_an_order_is_kept_until_it_is_changed_and_newcomers_stand_last(home: list[Any]) -> None:
    numbers = [row.addressee.number for row in home]
    household = home_of(home[0])
    assert proposed(household) == numbers
    mine = [numbers[0], numbers[3], numbers[2], numbers[1]]
    arrange(actor=CLERK, household=household, numbers=mine)
    made = issued("household_copy", *home)
    assert [one["heading"] for one in made.contents["people"]] == [
        "甲野　太郎",
        "甲野　二子",
        "甲野　一郎",
        "甲野　花子",
    ]
    (newborn,) = people_of(act("birth", people=(child(born_on=day(2026, 5, 11)),), joins=household.number))
    made = issued("household_copy", *home, newborn)
    assert [one["heading"] for one in made.contents["people"]][-1] == "甲野　三郎"
    arrange_by_rule(actor=CLERK, household=household)
    made = issued("household_copy", *home, newborn)
    assert [one["heading"] for one in made.contents["people"]][1] == "甲野　花子"


@pytest.mark.django_db
@pytest.mark.clause("resident-record/1.0#5.2/n1")
@pytest.mark.parametrize("spoil", ["short", "twice", "stranger", "empty", "word"])
def test_an_order_names_every_member_once_and_is_no_rule(home: list[Any], spoil: str) -> None:
    numbers = [row.addressee.number for row in home]
    wrong = {
        "short": numbers[:3], "twice": [*numbers[:3], numbers[0]], "stranger": [*numbers[:3], "0000000000"],
        "empty": [], "word": ["born_on"],
    }[spoil]  # fmt: skip
    with pytest.raises(Refused, match="一度ずつ"):
        arrange(actor=CLERK, household=home_of(home[0]), numbers=wrong)
    assert not MemberOrder.objects.exists()


@pytest.mark.django_db
def test_who_has_left_is_not_asked_for_a_place(home: list[Any]) -> None:
    act("death", people=(member(home[3]),), notifier_capacity="")
    assert len(proposed(home_of(home[0]))) == 3
