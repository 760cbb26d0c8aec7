"""The stock of resident-record codes, changes and corrections of codes, and the slips (住民票コードの試験)."""

from dataclasses import replace
from typing import Any

import pytest

from municipal.core.actors import System
from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.core.refusals import Refused
from municipal.numbers.models import StockedCode
from municipal.numbers.operations import change_settings, stock_codes, stocked
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.operations import amend, decide, enter, preview, withdraw

from . import acting
from .acting import CHIEF, CLERK, act, child, code, day, entered, home_of, member, newcomer_said, newest, notice


def one() -> Any:
    """甲野太郎, who moved in."""
    event = act("move_in", people=(newcomer_said(),))
    return ResidentRecord.objects.select_related("addressee", "household").get(event=event)


def stocked_codes(count: int) -> list[str]:
    codes = [RESIDENT_RECORD_CODE.of(f"888{serial:07}") for serial in range(count)]
    stock_codes(actor=System(), codes=codes)
    return codes


def test_codes_are_stocked_once_and_only_codes(town: int) -> None:
    codes = stocked_codes(3)
    assert stock_codes(actor=System(), codes=[*codes, code(1)]) == 1
    assert stocked() == 4
    for bad in ([], ["12345678901"], ["x"], [code(2), ""]):
        with pytest.raises(Refused):
            stock_codes(actor=System(), codes=bad)
    assert stocked() == 4


@pytest.mark.clause("resident-record/1.0#4.3.1/m2")
def test_a_newborn_without_a_code_gets_one_from_the_stock_and_nobody_else_gets_it(town: int, may: None) -> None:
    row = one()
    codes = stocked_codes(2)
    first = entered("birth", confirm=False, people=(_unborn("甲野　三郎"),), joins=home_of(row).number)
    assert stocked() == 2, "an entry that may be withdrawn takes nothing out"
    other = act("move_in", people=(newcomer_said("乙野　次郎", serial=9),))
    second = entered("birth", confirm=False, people=(_unborn("乙野　四郎"),), joins=_home(other))
    given = [draft.notice["people"][0]["items"]["resident_code"] for draft in (first, second)]
    assert sorted(given) == codes
    decide(actor=CHIEF, draft=first.pk)
    assert list(StockedCode.objects.values_list("code", flat=True)) == [given[1]]
    withdraw(actor=CLERK, draft=second.pk)
    assert stocked() == 1


def _unborn(name: str) -> Said:
    said = child(name, born_on=day(2026, 5, 11))
    return replace(said, items={k: v for k, v in said.items.items() if k not in {"resident_code", "domicile"}})


def _home(event: ResidentEvent) -> str:
    return home_of(acting.people_of(event)[0]).number


def test_with_an_empty_stock_the_clerk_is_asked_for_the_code(town: int, may: None) -> None:
    row = one()
    with pytest.raises(Refused) as refused:
        entered("birth", confirm=False, people=(_unborn("甲野　三郎"),), joins=home_of(row).number)
    assert (refused.value.field, refused.value.code) == ("resident_code", "missing")
    with pytest.raises(Refused) as refused:
        entered("resident_code_change", confirm=False, people=(member(row),))
    assert refused.value.code == "no_code"


@pytest.mark.clause("resident-record/1.0#4.3.1/m3")
def test_the_code_is_drawn_at_random(town: int) -> None:
    from municipal.numbers.operations import unused_code

    codes = stocked_codes(30)
    drawn = [unused_code() for _ in range(40)]
    assert set(drawn) <= set(codes)
    # All forty the same, or in the order of the stock: less likely than that the test machine burns down.
    assert len(set(drawn)) > 5
    assert drawn != sorted(drawn, key=str)


@pytest.mark.clause("resident-record/1.0#4.3.1/m4")
def test_a_low_stock_is_alerted_at_entry_and_does_not_stop_the_decision(town: int, may: None) -> None:
    row = one()
    stocked_codes(3)
    change_settings(actor=System(), least_codes=3)
    wanted = notice("birth", people=(child(born_on=day(2026, 5, 11)),), joins=home_of(row).number)
    assert [alert.code for alert in preview(wanted).alerts] == []
    change_settings(actor=System(), least_codes=4)
    assert [alert.code for alert in preview(wanted).alerts] == ["codes_are_low"]
    with pytest.raises(Refused) as refused:
        enter(actor=CLERK, notice=wanted)
    assert refused.value.code == "unconfirmed:codes_are_low"
    change_settings(actor=System(), least_codes=0)
    draft = enter(actor=CLERK, notice=wanted)
    change_settings(actor=System(), least_codes=4)
    assert decide(actor=CHIEF, draft=draft.pk).act == "birth"


@pytest.mark.clause("resident-record/1.0#4.3.2/m1", "resident-record/1.0#4.3.1/m2")
def test_a_code_is_changed_from_the_stock_and_corrected_by_hand(town: int, may: None) -> None:
    row, codes = one(), stocked_codes(1)
    changed = act("resident_code_change", people=(member(row, resident_code=codes[0]),), event_on=day(2026, 5, 12))
    assert newest(row).resident_code == codes[0]
    assert stocked() == 0
    corrected = act(
        "resident_code_correction", people=(member(row, resident_code=code(70)),), event_on=day(2026, 5, 13)
    )
    assert newest(row).resident_code == code(70)
    assert [changed.document, corrected.document] == ["code_change_notice", "code_correction_notice"]


def test_a_change_of_code_without_a_code_takes_one_from_the_stock(town: int, may: None) -> None:
    row, codes = one(), stocked_codes(5)
    draft = enter(actor=CLERK, notice=notice("resident_code_change", people=(member(row),)))
    decide(actor=CHIEF, draft=draft.pk)
    assert newest(row).resident_code in codes
    again = enter(actor=CLERK, notice=notice("resident_code_change", people=(member(row),), event_on=day(2026, 5, 12)))
    first = again.notice["people"][0]["items"]["resident_code"]
    amended = amend(
        actor=CLERK, draft=again.pk, version=again.version,
        notice=notice("resident_code_change", people=(member(row),), event_on=day(2026, 5, 13)),
    )  # fmt: skip
    assert amended.notice["people"][0]["items"]["resident_code"] != first


@pytest.mark.parametrize("act_name", ["resident_code_change", "resident_code_correction"])
def test_a_code_that_anybody_has_or_had_is_given_to_nobody(town: int, may: None, act_name: str) -> None:
    row = one()
    act("move_in", people=(newcomer_said("乙野　次郎", serial=9),))
    act("resident_code_correction", people=(member(row, resident_code=code(70)),), event_on=day(2026, 5, 12))
    for taken in (code(1), code(70), code(9)):
        with pytest.raises(Refused) as refused:
            preview(notice(act_name, people=(member(row, resident_code=taken),), event_on=day(2026, 5, 13)))
        assert refused.value.code == "code_is_taken"
    for bad in ("12345678901", "1"):
        with pytest.raises(Refused) as refused:
            preview(notice(act_name, people=(member(row, resident_code=bad),), event_on=day(2026, 5, 13)))
        assert refused.value.code == "resident_record_code"


@pytest.mark.clause("resident-record/1.0#4.3.3/m1")
def test_whoever_gets_a_first_code_from_us_gets_the_slip_and_nobody_else(town: int, may: None) -> None:
    arrived = act("move_in", people=(newcomer_said(),))
    assert arrived.document == ""
    home = _home(arrived)
    born = act("birth", people=(child(born_on=day(2026, 5, 11)),), joins=home)
    (stocked_one,) = stocked_codes(1)
    from_abroad = act("move_in", people=(newcomer_said("乙野　次郎", resident_code=stocked_one),))
    assert [born.document, from_abroad.document] == ["code_notice", "code_notice"]


@pytest.mark.clause("resident-record/1.0#4.3.2/n1", "resident-record/1.0#4.3.1/n1")
def test_nothing_tells_when_a_code_was_given_or_changed_but_the_ordinary_history() -> None:
    """No model of codes has a time, a person or a former code, and none lists who got which."""
    from django.apps import apps

    names = {field.name for field in StockedCode._meta.get_fields()}
    assert names == {"id", "municipality", "code"}
    keeping = {
        model.__name__
        for model in apps.get_models()
        if any("code" in getattr(field, "name", "") and "住民票コード" in str(getattr(field, "verbose_name", ""))
               for field in model._meta.get_fields())
    }  # fmt: skip
    assert keeping <= {"StockedCode", "ResidentRecord", "NumberSettings"}
