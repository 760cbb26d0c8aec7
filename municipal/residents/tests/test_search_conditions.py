"""Searching by several conditions: former names and addresses, wards, protected people (複数条件による検索の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.addressees.operations import protect
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.places.finding import ward_of, wards
from municipal.places.models import InputPlace
from municipal.places.operations import put_place
from municipal.residents.models import ResidentRecord
from municipal.residents.search import Conditions, find_by
from municipal.residents.tests.acting import ELSEWHERE, act, member, newcomer_said, people_of
from municipal.residents.tests.people import enter, newcomer

SINCE = date(2025, 4, 1)


def found(**said: Any) -> tuple[int, ...]:
    return find_by(Conditions(**said)).addressees


@pytest.fixture
def moved(town: int) -> ResidentRecord:
    """甲野花子 of 松町１番地 became 乙川花子 of 竹町２番地３."""
    first = newcomer(valid_from=SINCE)
    return enter(
        first, date(2026, 2, 1), name="乙川　花子", name_kana="オツカワ　ハナコ", family_name="乙川",
        family_kana="オツカワ", address_block="竹町", address_lot="２番地３", address_building="コーポ月見１０１号",
        reason="move_within",
        event_on=RegisterDate(2026, 2, 1),
    )  # fmt: skip


@pytest.mark.clause("resident-record/1.0#2.1.3/m5", "resident-record/1.0#2.1.3/m9")
@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ({"name": "甲野"}, True),
        ({"name": "乙川"}, True),
        ({"kana": "コウノ ハナコ", "match": "exact"}, True),
        ({"address": "松町1"}, True),
        ({"address": "架空県架空市竹町2-3"}, True),
        ({"address": "竹町２番地３"}, True),
        ({"address": "竹町3"}, False),
        ({"address": "竹町2-31"}, False),
        ({"address": "松町1", "times": "now"}, False),
        ({"address": "竹町", "times": "now"}, True),
        ({"address": "松町", "on": "2025-12-31"}, True),
        ({"address": "竹町", "on": "2025-12-31"}, False),
        ({"building": "月見101"}, True),
        ({"building": "コーポ月見"}, True),
        ({"lot": "2-3", "address": "竹町"}, True),
        ({"name": "甲野", "address": "竹町"}, True),
        ({"number": "1"}, False),
    ],
)
def test_former_names_and_addresses_lead_to_the_person(
    moved: ResidentRecord, said: dict[str, str], is_found: bool
) -> None:
    assert (found(**said) == (moved.addressee_id,)) is is_found


def test_who_no_longer_has_the_name_is_marked(moved: ResidentRecord) -> None:
    assert find_by(Conditions(name="甲野")).by_former_name == {moved.addressee_id}
    assert find_by(Conditions(name="乙川")).by_former_name == frozenset()


@pytest.mark.clause("resident-record/1.0#2.1.3/m1")
def test_every_item_of_the_list_is_searched_by(town: int) -> None:
    one = newcomer(
        valid_from=SINCE, alias="甲野　通称", alias_kana="コウノ　ツウショウ", former_family_name="丙山",
        former_family_kana="ヘイヤマ", roman_name="KONO HANAKO", residence_card_number="AB12345678CD",
        address_block_code="0010001", address_municipality_code="990019", ward_code="990019000001",
    )  # fmt: skip
    newcomer(
        valid_from=SINCE,
        name="他人　某",
        given_name="某",
        name_kana="タニン　ボウ",
        address_block="梅町",
        sex="1",
        born_on=RegisterDate(1950, 1, 1),
    )
    for said in (
        {"name": "甲野花子"}, {"name": "kono"}, {"name": "丙山", "part": "former"}, {"name": "通称", "part": "alias"},
        {"kana": "ヘイヤマ", "part": "former"}, {"kana": "ツウショウ"}, {"born": "S60.4.1"}, {"born": "1985"},
        {"born": "昭和60年4月"}, {"name": "花子", "sex": "2"}, {"name": "花子", "relationship": "世帯主"},
        {"address": "松町"}, {"number": one.addressee.number}, {"household": one.household.number},
        {"card_number": "AB12345678CD"}, {"name": "花子", "status": "1"},
    ):  # fmt: skip
        assert found(**said) == (one.addressee_id,), said
    assert found(resident_code=one.resident_code)[0] == one.addressee_id


@pytest.mark.clause("resident-record/1.0#2.1.3/m1")
def test_an_address_code_means_the_block_whatever_it_was_called(town: int) -> None:
    from municipal.places.demo import furnish

    furnish("990019", "架空市")
    one = newcomer(valid_from=SINCE, address_block="青葉一丁目", address_municipality_code="990019")
    newcomer(valid_from=SINCE, address_block="青葉二丁目", address_municipality_code="990019")
    assert found(address_code="99001010001") == (one.addressee_id,)


@pytest.mark.clause("resident-record/1.0#2.1.3/m1", "resident-record/1.0#2.1.3/m6")
def test_a_removed_person_is_found_by_the_reason_and_an_empty_item_is_a_condition(town: int, may: None) -> None:
    people = people_of(
        act("move_in", people=(newcomer_said(), newcomer_said("甲野　花子", serial=2, relationship="妻")))
    )
    act("move_out", people=(member(people[1]),), event_on=RegisterDate(2026, 5, 25), place=ELSEWHERE)
    assert found(removal_reason="move_out") == ()
    assert found(name="甲野", status="1") == (people[0].addressee_id, people[1].addressee_id)
    assert found(name="甲野", blank=("address_building",)) == tuple(one.addressee_id for one in people)
    assert found(name="甲野", blank=("name_kana",)) == ()
    act("death", people=(member(people[1]),), event_on=RegisterDate(2026, 5, 20), basis="family_register")
    assert found(removal_reason="death") == (people[1].addressee_id,)
    assert found(name="甲野", status="removed") == (people[1].addressee_id,)


@pytest.mark.clause("resident-record/1.0#2.1.3/m2", "resident-record/1.0#2.1.3/m3", "resident-record/1.0#1.3.3/m12")
def test_in_a_designated_city_a_search_is_narrowed_to_a_ward(town: int) -> None:
    for code, name, ward in (("W1", "東区役所", "990019000001"), ("W2", "西区役所", "990019000002")):
        entry = InputPlace(code=code, name=name, kind="ward", ward_code=ward)
        put_place(actor=System(), entry=entry, valid_from=date(2020, 4, 1))
    east = newcomer(valid_from=SINCE, ward_code="990019000001")
    west = newcomer(valid_from=SINCE, ward_code="990019000002")
    # The clerk's own ward comes from the office; the other ones may be chosen.
    assert ward_of("東区役所") == "990019000001"
    assert ward_of("市民課") == ward_of("") == ""
    assert wards() == [("990019000001", "東区役所"), ("990019000002", "西区役所")]
    assert found(name="甲野", ward_code=ward_of("東区役所")) == (east.addressee_id,)
    assert found(name="甲野", ward_code="990019000002") == (west.addressee_id,)
    assert found(name="甲野") == (east.addressee_id, west.addressee_id)


@pytest.mark.parametrize("said", [{"address": "松町1"}, {"building": "月見"}, {"name": "甲野", "address": "松町"}])
def test_an_address_never_confirms_where_a_protected_person_lives(town: int, said: dict[str, str]) -> None:
    one = newcomer(valid_from=SINCE, address_building="月見荘")
    assert found(**said) == (one.addressee_id,)
    protect(actor=System(), addressee=one.addressee, starts_on=SINCE, ends_on=None, is_own=True)
    assert found(**said) == ()
    assert found(name="甲野", blank=("address_postal_code",)) == ()
    # The person is found by name, so that nobody takes the protected for somebody who is not there.
    assert found(name="甲野") == (one.addressee_id,)


@pytest.mark.clause("resident-record/1.0#2.1.2/n1")
@pytest.mark.parametrize("name", ["（株）甲野", "㈱甲野", "甲野㈲", "(有)甲野"])
def test_company_symbols_are_neither_searched_for_nor_entered(town: int, name: str) -> None:
    for said in ({"name": name}, {"building": name}):
        with pytest.raises(Refused) as refused:
            found(**said)
        assert refused.value.code == "company_symbol"
    with pytest.raises(Refused) as refused:
        newcomer(valid_from=SINCE, name=name)
    assert refused.value.code == "company_symbol"


@pytest.mark.clause("resident-record/1.0#1.1.17/m1")
def test_every_address_of_a_record_keeps_its_postal_code(town: int, may: None) -> None:
    (one,) = people_of(act("move_in", people=(newcomer_said(),)))
    assert (one.address_postal_code, one.address_before_postal_code) == ("9990001", "0000401")
    there = {**ELSEWHERE, "postal_code": "0000402"}
    act("move_out", people=(member(one),), event_on=RegisterDate(2026, 5, 20), place=there)
    newest: Any = ResidentRecord.objects.filter(addressee=one.addressee).order_by("-serial")[0]
    assert newest.planned_destination_postal_code == "0000402"
    act(
        "arrival_notice", people=(member(one),), event_on=RegisterDate(2026, 5, 20), basis="municipality",
        place={**ELSEWHERE, "postal_code": "0000403"},
    )  # fmt: skip
    newest = ResidentRecord.objects.filter(addressee=one.addressee).order_by("-serial")[0]
    assert newest.confirmed_destination_postal_code == "0000403"
