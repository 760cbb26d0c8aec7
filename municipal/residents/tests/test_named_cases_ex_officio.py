"""Cases asked for by name: a head who dies, a special adoption (名前のある事例: 世帯主の死亡・特別養子縁組)."""

from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents import inquiry, letters, remarks
from municipal.residents.operations import enter, preview
from municipal.residents.tests.acting import CLERK, act, day, family, member, newest, notice, people_of

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
REGISTER = "family_register"


@pytest.mark.clause(f"{V1}#4.0.4/m1", f"{V1}#4.0.4/m2")
def test_case_3_a_head_dies_and_the_one_who_is_left_leads_ex_officio(town: int, may: None) -> None:
    husband, wife = people_of(act("move_in", people=family()[:2]))
    event = act("death", people=(member(husband),), event_on=day(2026, 5, 18), basis=REGISTER)
    row = newest(wife)
    assert (row.relationship, row.head_name, row.reason) == ("世帯主", "甲野　花子", "householder_change")
    assert (newest(husband).status, newest(husband).relationship) == ("3", "世帯主")
    assert [one.kind for one in letters.letters(event)] == [letters.EX_OFFICIO_RECORD, letters.HEAD_NOTICE]


@pytest.mark.clause(f"{V1}#4.0.4/m3", f"{V1}#4.0.4/m4", f"{V1}#1.1.10/m1", f"{V1}#4.0.5/m1")
def test_case_3_of_two_or_more_an_alert_asks_first_and_they_may_stay_without_a_head(town: int, may: None) -> None:
    rows = people_of(act("move_in", people=family()))
    died = notice("death", people=(member(rows[0]),), event_on=day(2026, 5, 18), basis=REGISTER)
    assert [alert.code for alert in preview(died).alerts] == ["head_leaves"]
    with pytest.raises(Refused) as caught:
        enter(actor=CLERK, notice=died)
    assert caught.value.code == "unconfirmed:head_leaves"
    event = act("death", people=(member(rows[0]),), event_on=day(2026, 5, 18), basis=REGISTER)
    assert [one.kind for one in letters.letters(event)][-1] == letters.HEAD_REQUEST
    assert {newest(one).relationship for one in rows[1:]} == {"妻", "子"}
    # The others go on living: whoever moves, and whoever leads later.
    act("move_out", people=(member(rows[2]),), event_on=day(2026, 5, 19), place={"city": "見本市", "block": "本通"})
    act("householder_change", people=(member(rows[1]),), event_on=day(2026, 5, 20), basis="ex_officio")
    assert [newest(one).relationship for one in (rows[1], rows[3])] == ["世帯主", "子"]


@pytest.mark.clause(f"{V1}#1.1.5/m3", f"{V1}#1.1.4/m5", f"{V1}#1.1.14/m9")
def test_case_9_a_special_adoption_leaves_no_destination_and_no_trace_on_a_certificate(town: int, may: None) -> None:
    rows: list[Any] = people_of(act("move_in", people=family()))
    child = rows[3]
    act("special_adoption_leaving", people=(member(child),), event_on=day(2026, 5, 18), basis=REGISTER)
    history = list(inquiry.history(child.addressee).select_related("event", "addressee"))
    assert {name: value for name, value in vars(history[-1]).items() if "destination" in name and value} == {}
    by_default = remarks.lines(history, permissions=set(), with_special=False)
    asked_for = remarks.lines(history, permissions=set())
    assert not any("特別養子縁組" in line.text for line in by_default)
    assert any(line.text == "特別養子縁組" for line in asked_for)
    assert [line.serial for line in by_default if line.sort == remarks.HISTORY] == [1]


@pytest.mark.clause(f"{V1}#1.1.4/m5")
def test_case_9_an_adoption_within_the_household_is_hidden_but_the_record_is_not_made_anew(
    town: int, may: None
) -> None:
    rows: list[Any] = people_of(act("move_in", people=family()))
    said = member(rows[3], domicile="架空県架空市松町７番地", register_head="甲野　太郎")
    act("special_adoption", people=(said,), event_on=day(2026, 5, 18), basis=REGISTER)
    row = newest(rows[3])
    assert (row.revision, row.domicile, row.remarks) == (0, "架空県架空市松町７番地", "特別養子縁組")
    history = list(inquiry.history(rows[3].addressee).select_related("event", "addressee"))
    assert [line.serial for line in remarks.lines(history, permissions=set(), with_special=False)] == [1]
