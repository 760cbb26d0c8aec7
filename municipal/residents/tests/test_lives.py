"""Birth, death, and corrections (出生・死亡・修正の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.tests.acting import act, child, day, entered, family, member, newest, people_of

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children."""
    return people_of(act("move_in", people=family()))


BORN = RegisterDate(2026, 5, 12)


def born(home: list[Any], on: RegisterDate = BORN, **items: object) -> Any:
    said = child("甲野　三郎", serial=9, **{"born_on": on, "domicile": "", "register_head": ""} | items)
    return people_of(act("birth", people=(said,), joins=home[0].household.number, event_on=on))[0]


@pytest.mark.clause(f"{V1}#4.2.1.2/m1", f"{V1}#4.2.0.3/m2", f"{V1}#4.2.1.1/m3")
def test_a_child_is_born_into_the_household_and_its_family_register(home: list[Any]) -> None:
    baby = born(home)
    assert (baby.reason, baby.relationship, baby.head_name, baby.member_order) == ("birth", "子", "甲野　太郎", 5)
    assert (baby.domicile, baby.register_head) == (home[0].domicile, "甲野　太郎")
    assert (baby.address_lot, baby.address_before_city) == ("１番地", "")
    assert baby.born_on == baby.became_resident_on == baby.event_on == day(2026, 5, 12)


@pytest.mark.clause(f"{V1}#1.1.8/m1")
@pytest.mark.parametrize("written", ["令和8年5月頃", "令和8年 月日不詳", "年月日不詳", "令和7年2月29日"])
def test_a_day_of_birth_may_be_unknown_or_impossible(home: list[Any], written: str) -> None:
    baby = born(home, RegisterDate.entered(written))
    assert baby.event_on.shown() == written


@pytest.mark.clause(f"{V1}#4.2.2.1/m1", f"{V1}#4.0.2/m4")
def test_who_died_is_removed_as_of_the_day(home: list[Any]) -> None:
    act("death", people=(member(home[2]),), event_on=day(2026, 5, 13), basis="family_register")
    gone = newest(home[2])
    assert (gone.status, gone.reason, gone.removal_reason, gone.removed_on) == ("3", "death", "death", day(2026, 5, 13))
    assert (gone.notified_on, gone.notice_on) == (None, date(2026, 5, 20))
    assert [row["name"] for row in inquiry.members(home[0].household) if row["status"] == "1"] == [
        "甲野　太郎", "甲野　花子", "甲野　二子",
    ]  # fmt: skip


@pytest.mark.clause(f"{V1}#1.1.8/m1")
def test_a_day_of_death_may_be_unknown(home: list[Any]) -> None:
    act("death", people=(member(home[2]),), event_on=RegisterDate.entered("令和8年5月推定1日から10日までの間"))
    assert newest(home[2]).removed_on.shown() == "令和8年5月推定1日から10日までの間"


def test_death_before_birth_is_refused(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("death", people=(member(home[2]),), event_on=day(2014, 1, 1))
    assert refused.value.code == "before_birth"


def test_the_dead_move_nowhere(home: list[Any]) -> None:
    act("death", people=(member(home[2]),))
    with pytest.raises(Refused) as refused:
        entered("move_out", people=(member(home[2]),))
    assert refused.value.code == "not_a_resident"


@pytest.mark.clause(f"{V1}#4.2.3.1/m1", f"{V1}#4.2.3.1/m2")
def test_the_heads_new_name_is_everybodys_head_name(home: list[Any]) -> None:
    act(
        "correction_ex_officio",
        people=(member(home[0], name="甲山　太郎"),),
        basis="family_register",
        event_on=day(2026, 5, 18),
    )
    assert [newest(row).head_name for row in home] == ["甲山　太郎"] * 4
    assert newest(home[1]).reason == "correction_ex_officio"


@pytest.mark.clause(f"{V1}#4.2.3.1/m3", f"{V1}#4.2.3.2/m1")
def test_a_letter_is_corrected_as_a_minor_correction(home: list[Any]) -> None:
    act("minor_correction", people=(member(home[1], name="甲野　華子"),), event_on=day(2026, 5, 18))
    assert (newest(home[1]).name, newest(home[1]).reason) == ("甲野　華子", "minor_correction")


def test_a_correction_that_says_nothing_new_is_refused(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("minor_correction", people=(member(home[1], name="甲野　花子"),))
    assert refused.value.code == "nothing_new"


@pytest.mark.clause(f"{V1}#4.2.3.3/m1", f"{V1}#4.2.3.3/m2", f"{V1}#4.2.3.3/m3", f"{V1}#4.2.3.3/n1")
def test_an_error_of_the_past_is_right_on_all_days_and_the_wrong_row_stays(home: list[Any]) -> None:
    person = home[1]
    act("minor_correction", people=(member(person, alias="ハナ"),), event_on=day(2026, 5, 15))
    before = clock.now()
    with clock.stopped_at(before + timedelta(days=3)):
        act(
            "correction_of_error",
            people=(member(person, born_on=day(1986, 3, 2)),),
            corrects=1,
            event_on=day(2026, 5, 23),
        )
        now = clock.now() + timedelta(minutes=1)
    rows = list(inquiry.history(person.addressee))
    assert [row.reason for row in rows] == ["move_in", "minor_correction", "correction_of_error", "correction_of_error"]
    assert [row.born_on for row in rows] == [day(1986, 2, 3)] * 2 + [day(1986, 3, 2)] * 2
    # The highest serial is the record as it stands.
    assert (rows[-1].alias, rows[-2].alias) == ("ハナ", "")

    def told(valid_on: date, known_at: datetime) -> object:
        found = inquiry.as_of(person.addressee, valid_on=valid_on, known_at=known_at)
        assert found is not None
        return found.born_on

    for valid_on in (date(2026, 5, 12), date(2026, 5, 16), date(2026, 6, 1)):
        assert told(valid_on, before + timedelta(minutes=1)) == day(1986, 2, 3)
        assert told(valid_on, now) == day(1986, 3, 2)


def test_an_error_of_one_stretch_leaves_later_ones_as_they_are(home: list[Any]) -> None:
    person = home[1]
    act("minor_correction", people=(member(person, alias="ハナ"),), event_on=day(2026, 5, 15))
    act("correction_of_error", people=(member(person, alias="はな"),), corrects=1, event_on=day(2026, 5, 20))
    assert newest(person).alias == "ハナ"
    found = inquiry.as_of(person.addressee, valid_on=date(2026, 5, 12), known_at=clock.now() + timedelta(minutes=1))
    assert found is not None
    assert found.alias == "はな"


def test_a_correction_sends_nobody_away(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("minor_correction", people=(member(home[1], move_out_planned_on=date(2026, 6, 1)),))
    assert refused.value.code == "use_move_out"
