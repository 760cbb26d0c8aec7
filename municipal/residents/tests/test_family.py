"""What the family register tells, and what it may change (戸籍の届出・通知による修正の試験)."""

from typing import Any

import pytest

from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.residents import remarks
from municipal.residents.acts.family import EVENTS, REGISTER, SPECIAL_MOVES
from municipal.residents.models import ResidentRecord
from municipal.residents.rules.special import is_hidden_by_default, noted
from municipal.residents.tests.acting import (
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
REGISTER_OFFICE = "family_register"
NEW = {
    "name": "乙山　花子", "family_name": "乙山", "given_name": "花子", "name_kana": "オツヤマ　ハナコ",
    "family_kana": "オツヤマ", "given_kana": "ハナコ", "domicile": "架空県架空市松町９番地",
    "register_head": "乙山　次郎",
    "sex": "1", "born_on": day(1986, 2, 4), "relationship": "同居人", "alias": "ハナ", "address_lot": "９番地",
    "register_head_family_name": "乙山",
}  # fmt: skip


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    return people_of(act("move_in", people=family()))


def told(name: str, *people: Any, **said: Any) -> Any:
    usual = {"event_on": day(2026, 5, 18), "basis": REGISTER_OFFICE, "notifier_capacity": ""}
    return act(name, people=people, **usual | said)


def refused(name: str, *people: Any, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        told(name, *people, **said)
    return caught.value.code


@pytest.mark.walk
@pytest.mark.clause(f"{V1}#4.2.0.3/m1", f"{V1}#4.2.3.1/m1", f"{V1}#4.2.0.1/m1")
@pytest.mark.parametrize("item", NEW)
@pytest.mark.parametrize("name", EVENTS)
def test_each_event_changes_its_own_items_and_no_others(home: list[Any], name: str, item: str) -> None:
    one = member(home[1], **{item: NEW[item]})
    if item not in EVENTS[name].items:
        assert refused(name, one) == "item_not_allowed"
        return
    event = told(name, one)
    row = newest(home[1])
    assert (row.reason, row.event_id, event.act) == ("correction_ex_officio", event.pk, name)
    assert getattr(row, item) == NEW[item]
    assert row.notice_on.isoformat() == "2026-05-20"


@pytest.mark.clause(f"{V1}#1.2.2/m1", f"{V1}#1.2.2/m3")
def test_every_event_has_a_reason_of_the_closed_list(home: list[Any]) -> None:
    for place, name in enumerate(EVENTS):
        item = "relationship" if name == "recognition" else "domicile" if name != "name_change" else "name"
        told(name, member(home[3], **{item: "同居人" if item == "relationship" else f"松町{place}番地"}))
    reasons = set(ResidentRecord.objects.values_list("reason", flat=True))
    assert reasons <= set(table("event_reason"))


def test_the_ground_is_the_family_register(home: list[Any]) -> None:
    for basis in ("notice", "ex_officio", "application"):
        assert refused("marriage", member(home[1], name="乙山　花子"), basis=basis) == "wrong_basis"
    told("marriage", member(home[1], name="乙山　花子"), basis="municipality")
    assert newest(home[1]).event.basis == "municipality"


@pytest.mark.clause(f"{V1}#4.2.3.1/m2")
def test_the_heads_new_name_is_everybodys_head_name_whoever_is_named_beside(home: list[Any]) -> None:
    told("name_change", member(home[0], name="甲山　太郎"), member(home[1], name="甲山　花子"))
    rows = [newest(one) for one in home]
    assert {row.head_name for row in rows} == {"甲山　太郎"}
    assert [row.name for row in rows] == ["甲山　太郎", "甲山　花子", "甲野　一郎", "甲野　二子"]


@pytest.mark.clause(f"{V1}#4.0.6/m3")
def test_a_family_register_said_once_is_that_of_everybody_named(home: list[Any]) -> None:
    said = {"domicile": "架空県架空市松町７番地", "register_head": "甲野　太郎"}
    told("domicile_transfer", member(home[0], **said), *map(member, home[1:3]))
    rows = [newest(one) for one in home]
    assert [row.domicile for row in rows] == ["架空県架空市松町７番地"] * 3 + ["見本県見本市本通２番地"]
    assert [row.serial for row in rows] == [2, 2, 2, 1]


@pytest.mark.clause(f"{V1}#1.1.12/m1")
@pytest.mark.parametrize("said", ["なし", "不明"])
def test_a_family_register_may_be_none_or_unknown(home: list[Any], said: str) -> None:
    told("register_correction", member(home[2], domicile=said, register_head=said))
    assert (newest(home[2]).domicile, newest(home[2]).register_head) == (said, said)


def test_nothing_new_two_homes_and_a_change_of_head_are_refused(home: list[Any]) -> None:
    (other,) = people_of(act("move_in", people=(newcomer_said(serial=20),)))
    assert refused("marriage", member(home[1], relationship="妻")) == "nothing_new"
    assert refused("marriage", member(home[1], relationship="世帯主")) == "use_head_change"
    assert refused("marriage", member(home[1], name="あ"), member(other, name="い")) == "two_homes"
    assert refused("marriage") == "nobody"
    assert refused("marriage", member(home[1], name="あ"), event_on=day(2026, 5, 1)) == "later_act_recorded"


@pytest.mark.clause(f"{V1}#1.1.4/m5", f"{V1}#1.1.14/m9")
@pytest.mark.parametrize(("name", "words"), [
    ("special_adoption", "特別養子縁組"), ("special_adoption_dissolution", "特別養子縁組解消"), ("sex_change", ""),
])  # fmt: skip
def test_a_special_reason_is_noted_and_left_out_of_certificates(home: list[Any], name: str, words: str) -> None:
    said = {"sex": "2"} if name == "sex_change" else {"domicile": "架空県架空市松町７番地"}
    told(name, member(home[2], **said))
    told("marriage", member(home[2], name="甲野　一朗"))
    rows = list(ResidentRecord.objects.filter(addressee=home[2].addressee).select_related("event").order_by("serial"))
    assert [row.remarks for row in rows] == ["", words, ""]
    told_to_certificate = remarks.lines(rows, permissions={"item.family_register"}, with_special=False)
    assert [line.serial for line in told_to_certificate] == [1, 3]
    whole = remarks.lines(rows, permissions={"item.family_register"})
    assert {line.serial for line in whole} == {1, 2, 3}
    assert [line.text for line in whole if line.sort == remarks.NOTE] == ([words] if words else [])


@pytest.mark.clause(f"{V1}#1.1.14/m9")
@pytest.mark.parametrize(("name", "note", "wanted"), [
    ("special_adoption", "", "特別養子縁組"),
    ("special_adoption", "特別養子縁組による", "特別養子縁組による"),
    ("special_adoption", "裁判確定", "特別養子縁組 裁判確定"),
    ("special_adoption", "特別養子縁組解消", "特別養子縁組 特別養子縁組解消"),
    ("special_adoption_dissolution", "特別養子縁組", "特別養子縁組解消 特別養子縁組"),
    ("special_adoption_dissolution", "特別養子縁組解消", "特別養子縁組解消"),
    ("special_adoption_leaving", "", "特別養子縁組"),
    ("special_dissolution_coming", "", "特別養子縁組解消"),
    ("marriage", "", ""), ("marriage", "婚姻", "婚姻"),
])  # fmt: skip
def test_the_fixed_words_are_in_the_note(name: str, note: str, wanted: str) -> None:
    assert noted(name, note) == wanted
    assert is_hidden_by_default(name, [wanted]) == ("特別養子縁組" in wanted)


@pytest.mark.clause(f"{V1}#1.1.5/m3", f"{V1}#1.1.14/m9")
def test_a_child_leaves_with_a_special_adoption_and_no_destination(home: list[Any]) -> None:
    event = told("special_adoption_leaving", member(home[3]))
    row = newest(home[3])
    assert (event.act, row.status, row.remarks) == ("move_out", "2", "特別養子縁組")
    assert [name for name in vars(row) if "destination" in name and getattr(row, name)] == []
    act("arrival_notice", people=(member(home[3]),), event_on=day(2026, 5, 19), basis="municipality", place={})
    row = newest(home[3])
    assert (row.confirmed_destination_city, row.remarks) == ("", "特別養子縁組")
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    assert newest(home[3]).status == "1"


@pytest.mark.clause(f"{V1}#1.1.14/m9")
def test_a_child_comes_with_a_special_adoption_and_no_address_before(home: list[Any]) -> None:
    one = child(serial=60)
    told("special_adoption_coming", one, joins=home[0].household.number, came_from={})
    row: Any = ResidentRecord.objects.get(resident_code=one.items["resident_code"])
    assert (row.reason, row.remarks, row.address_before_city) == ("move_in", "特別養子縁組", "")
    assert SPECIAL_MOVES.keys() == {
        "special_adoption_leaving", "special_adoption_coming", "special_dissolution_leaving",
        "special_dissolution_coming",
    }  # fmt: skip
    assert {"domicile", "register_head"} <= REGISTER


@pytest.mark.clause(f"{V1}#4.2.3.1/m2", f"{V1}#4.2.3.3/m1")
def test_an_error_in_the_heads_name_is_put_right_with_every_member(home: list[Any]) -> None:
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 15))
    act("minor_correction", people=(member(home[1], alias="ハナ"),), event_on=day(2026, 5, 18))
    said = (member(home[0], name="甲野　太朗"),)
    act("correction_of_error", people=said, corrects=1, event_on=day(2026, 5, 20), basis="ex_officio")
    for one in home:
        assert newest(one).head_name == "甲野　太朗"
        assert (newest(one).address_lot, newest(one).reason) == ("８番地", "correction_of_error")
    assert newest(home[1]).alias == "ハナ"
    periods = home[1].addressee.periods.filter(recorded__endswith__isnull=True).order_by("valid")
    assert [one.record.head_name for one in periods] == ["甲野　太朗"] * 3
    assert [one.record.alias for one in periods] == ["", "", "ハナ"]


@pytest.mark.clause(f"{V1}#4.2.3.1/m2")
def test_only_the_days_on_which_the_head_led_are_put_right(home: list[Any]) -> None:
    """The son who has split off keeps nothing of the wrong name but the days before."""
    act("household_split", people=(member(home[2], relationship="世帯主"),), event_on=day(2026, 5, 15))
    said = (member(home[0], name="甲野　太朗"),)
    act("correction_of_error", people=said, corrects=1, event_on=day(2026, 5, 20), basis="ex_officio")
    periods = home[2].addressee.periods.filter(recorded__endswith__isnull=True).order_by("valid")
    assert [one.record.head_name for one in periods] == ["甲野　太朗", "甲野　一郎"]
    assert newest(home[2]).head_name == "甲野　一郎"
    act("cancellation", cancels=newest(home[0]).event_id, event_on=day(2026, 5, 20), basis="ex_officio")
    assert [newest(one).head_name for one in home] == ["甲野　太郎", "甲野　太郎", "甲野　一郎", "甲野　太郎"]


def test_a_move_out_with_a_destination_is_no_less_possible(home: list[Any]) -> None:
    told("special_dissolution_leaving", member(home[3]), place=ELSEWHERE)
    row = newest(home[3])
    assert (row.planned_destination_city, row.remarks) == ("見本市", "特別養子縁組解消")
