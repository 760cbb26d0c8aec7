"""What is held back for whom, by a measure or a suppression, and let through for some minutes (抑止の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.addressees.models import Addressee, Level, Process, Suppression, TemporaryRelease
from municipal.addressees.operations import (
    apply_for_measure,
    change_release_minutes,
    lift_suppression,
    protect,
    release_temporarily,
    suppress,
)
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.residents.models import ResidentRecord
from municipal.residents.suppression import EVENT, INQUIRY, ISSUE, decide, listed
from municipal.residents.tests.acting import ACTS_ON, act, family, member, notice, people_of
from municipal.residents.tests.people import newcomer

CLERK = System(actor_kind="staff", actor_id=1)
DAY = date(2025, 4, 1)


@pytest.fixture
def couple(town: int) -> tuple[ResidentRecord, ResidentRecord]:
    head = newcomer(valid_from=DAY)
    return head, newcomer(valid_from=DAY, household=head.household, is_head=False, relationship="妻", member_order=2)


def hold(record: ResidentRecord, process: str = "issue", level: str = "error", **said: Any) -> Suppression:
    whose = said.pop("whose", {"addressee": record.addressee})
    return suppress(actor=CLERK, process=process, level=level, reason="確認中", **whose, **{"starts_on": DAY} | said)


@pytest.mark.clause("resident-record/1.0#3.4/m1", "resident-record/1.0#3.1/m1")
def test_a_copy_with_a_supported_person_in_it_is_an_error(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    head, wife = couple
    protect(actor=CLERK, addressee=wife.addressee, starts_on=DAY, ends_on=date(2025, 5, 1), is_own=True)
    decision = decide(ISSUE, [head.addressee_id, wife.addressee_id])
    with pytest.raises(Refused, match=f"宛名番号 {wife.addressee.number}"):
        decision.refuse_errors()
    decide(ISSUE, [head.addressee_id]).refuse_errors()
    assert [one.level for one in decide(EVENT, [wife.addressee_id]).grounds] == [Level.ALERT]


@pytest.mark.clause("resident-record/1.0#3.4/m10")
def test_a_copy_is_an_error_already_while_the_measure_is_provisional(couple: Any) -> None:
    said = {"kind": "violence", "applied_on": clock.today()}
    apply_for_measure(actor=CLERK, applicant=couple[1].addressee, said=said)
    with pytest.raises(Refused, match="仮支援措置"):
        decide(ISSUE, [couple[1].addressee_id]).refuse_errors()


@pytest.mark.clause("resident-record/1.0#3.1/m2", "resident-record/1.0#3.1/m10")
def test_each_process_has_its_own_level_for_a_person_and_for_a_household(couple: Any) -> None:
    head, wife = couple
    hold(head, "issue", "error")
    hold(head, "inquiry", "alert", whose={"household_number": head.household.number})
    levels = {process: {one.number: one.level for one in decide(process, _ids(couple)).grounds} for process in Process}
    both = {head.addressee.number: "alert", wife.addressee.number: "alert"}
    assert levels == {"issue": {head.addressee.number: "error"}, "inquiry": both, "event": {}}


def _ids(couple: Any) -> list[int]:
    return [one.addressee_id for one in couple]


@pytest.mark.clause("resident-record/1.0#3.1/m8")
def test_no_day_ends_a_suppression(couple: Any) -> None:
    row = hold(couple[0], ends_on=date(2025, 4, 2))
    assert decide(ISSUE, _ids(couple)).errors
    lift_suppression(actor=CLERK, suppression=row.pk)
    assert not decide(ISSUE, _ids(couple)).grounds
    with pytest.raises(Refused, match="解除できる抑止がありません"):
        lift_suppression(actor=CLERK, suppression=row.pk)


def test_a_suppression_begins_on_its_first_day(couple: Any) -> None:
    hold(couple[0], starts_on=clock.today() + timedelta(days=1))
    assert not decide(ISSUE, _ids(couple)).grounds


@pytest.mark.clause("resident-record/1.0#3.1/m3", "resident-record/1.0#3.1/m5", "resident-record/1.0#3.4/m3")
def test_a_temporary_release_opens_one_process_and_returns_by_itself(couple: Any) -> None:
    wife = couple[1]
    protect(actor=CLERK, addressee=wife.addressee, starts_on=DAY, ends_on=None, is_own=True)
    hold(wife, "inquiry", "error")
    now = datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)
    with clock.stopped_at(now):
        release_temporarily(actor=CLERK, addressee=wife.addressee, process="issue", reason="審査済み")
        assert not decide(ISSUE, [wife.addressee_id]).errors
        assert [one.is_released for one in decide(ISSUE, [wife.addressee_id]).alerts] == [True]
        assert decide(INQUIRY, [wife.addressee_id]).errors
    with clock.stopped_at(now + timedelta(minutes=14, seconds=59)):
        assert not decide(ISSUE, [wife.addressee_id]).errors
    with clock.stopped_at(now + timedelta(minutes=15)):
        assert decide(ISSUE, [wife.addressee_id]).errors


@pytest.mark.clause("resident-record/1.0#3.1/m6")
@pytest.mark.parametrize("minutes", [1, 60, 480])
def test_the_minutes_of_a_release_are_set_by_the_town(couple: Any, minutes: int) -> None:
    change_release_minutes(actor=CLERK, minutes=minutes)
    made = release_temporarily(actor=CLERK, addressee=couple[0].addressee, process="issue", reason="審査済み")
    assert made.until - made.released_at == timedelta(minutes=minutes)


@pytest.mark.clause("resident-record/1.0#3.1/m6")
@pytest.mark.parametrize("minutes", [0, 481])
def test_a_release_of_no_time_or_of_days_is_refused(town: int, minutes: int) -> None:
    with pytest.raises(Refused, match="1分から480分"):
        change_release_minutes(actor=CLERK, minutes=minutes)


@pytest.mark.clause("resident-record/1.0#3.1/m4", "resident-record/1.0#3.2/m1", "resident-record/1.0#3.1/m11")
def test_other_systems_hear_of_setting_and_lifting_and_never_of_a_release(couple: Any) -> None:
    row = hold(couple[0])
    release_temporarily(actor=CLERK, addressee=couple[0].addressee, process="issue", reason="審査済み")
    lift_suppression(actor=CLERK, suppression=row.pk)
    told = list(OutboxEvent.objects.order_by("pk").values_list("topic", "payload"))
    said = {"suppression": row.pk, "process": "issue"}
    assert told == [("addressees.suppression", said | {"state": one}) for one in ("set", "lifted")]
    assert TemporaryRelease.objects.count() == 1


@pytest.mark.clause("resident-record/1.0#3.5/n1")
@pytest.mark.parametrize("reason", ["住民異動不受理の申請", "不受理", "転出の不 受 理", "不　受理申出"])
def test_no_suppression_rests_on_a_request_to_refuse_changes(couple: Any, reason: str) -> None:
    with pytest.raises(Refused, match="不受理"):
        suppress(
            actor=CLERK, addressee=couple[0].addressee, process="event", level="error", reason=reason, starts_on=DAY
        )
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"process": "all"}, "一覧から"), ({"level": "none"}, "一覧から"), ({"reason": " "}, "理由"),
        ({"reason": "長" * 101}, "文字"), ({"ends_on": date(2025, 3, 31)}, "開始日以降"),
        ({"household_number": "1"}, "どちらか一方"), ({"addressee": None}, "どちらか一方"),
    ],
)  # fmt: skip
def test_a_suppression_that_makes_no_sense_is_refused(couple: Any, said: dict[str, Any], why: str) -> None:
    usual = {"addressee": couple[0].addressee, "process": "event", "level": "error", "reason": "確認中"}
    with pytest.raises(Refused, match=why):
        suppress(actor=CLERK, **{"starts_on": DAY} | usual | said)


@pytest.mark.clause("resident-record/1.0#3.1/m1")
def test_an_entry_about_a_suppressed_person_is_stopped_or_confirmed(town: int) -> None:
    from municipal.residents.operations import preview

    with clock.stopped_at(ACTS_ON):
        head, wife = people_of(act("move_in", people=family()))[:2]
        hold(wife, "event", "alert")
        leaving = notice("move_out", people=(member(wife),), place={"city": "見本市"})
        assert [one.code for one in preview(leaving).alerts if "suppressed" in one.code] == ["suppressed_suppression"]
        hold(head, "event", "error")
        with pytest.raises(Refused, match=head.addressee.number):
            preview(leaving)
        release_temporarily(actor=CLERK, addressee=head.addressee, process="event", reason="本人が来庁")
        preview(leaving)


@pytest.mark.clause("resident-record/1.0#9.2/m1")
def test_the_list_of_suppressed_persons_can_be_split_by_ward(town: int) -> None:
    east = newcomer(valid_from=DAY, ward_code="101")
    west = newcomer(valid_from=DAY, ward_code="102")
    protect(actor=CLERK, addressee=east.addressee, starts_on=DAY, ends_on=None, is_own=True)
    hold(west, whose={"household_number": west.household.number})
    assert {one.addressee for one in listed()} == {east.addressee_id, west.addressee_id}
    assert [one.addressee for one in listed("101")] == [east.addressee_id]
    assert [(one.addressee, one.level) for one in listed("102")] == [(west.addressee_id, "error")]
    assert listed("103") == []


def test_another_towns_number_cannot_be_suppressed(couple: Any) -> None:
    stranger = Addressee(pk=10**9, number="9")
    with pytest.raises(Exception, match=r"suppression_is_of_this_town|foreign key"):
        hold(couple[0], whose={"addressee": stranger})
