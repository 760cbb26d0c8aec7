"""Support measures from the application to the end (支援措置の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.addressees.measures import case, listed, standing_of
from municipal.addressees.models import Addressee, MeasureStatus, MeasureStep, Protection, SupportMeasure
from municipal.addressees.operations import (
    apply_for_measure,
    correct_measure,
    end_measure,
    extend_measure,
    forward_measure,
    join_measure,
    keep_protecting,
    measure_not_needed,
    name_perpetrator,
    receive_measure,
    see_measure,
    start_measure,
    withdraw_perpetrator,
)
from municipal.addressees.rules import Due, due, extension_opens_on, last_day_of_support
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent

CLERK = System(actor_kind="staff", actor_id=1)
SAID: dict[str, Any] = {"kind": "violence", "applied_on": date(2020, 3, 20), "consulting_body": "架空警察署"}


def at(year: int, month: int, day: int) -> Any:
    return clock.stopped_at(datetime(year, month, day, 10, tzinfo=clock.TOKYO))


@pytest.fixture
def somebody(town: int) -> Addressee:
    return Addressee.objects.create(number="17", kind="resident", name="甲野　花子")


@pytest.fixture
def child(town: int) -> Addressee:
    return Addressee.objects.create(number="25", kind="resident", name="甲野　一郎")


def applied(who: Addressee, *joined: tuple[Addressee, str], **said: Any) -> str:
    with at(2020, 3, 20):
        return apply_for_measure(actor=CLERK, applicant=who, said=SAID | said, joined=joined).number


def started(who: Addressee) -> str:
    number = applied(who)
    with at(2020, 4, 1):
        start_measure(actor=CLERK, number=number, starts_on=date(2020, 4, 1))
    return number


@pytest.mark.clause("resident-record/1.0#3.4/m4")
@pytest.mark.parametrize(
    ("starts_on", "last"),
    [
        (date(2020, 4, 1), date(2021, 3, 31)),
        (date(2019, 3, 1), date(2020, 2, 29)),
        (date(2020, 2, 29), date(2021, 2, 28)),
        (date(2024, 3, 1), date(2025, 2, 28)),
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 11, 29), date(2027, 11, 28)),
    ],
)
def test_support_lasts_one_year_less_a_day(starts_on: date, last: date) -> None:
    assert last_day_of_support(starts_on) == last


@pytest.mark.clause("resident-record/1.0#3.4/m5", "resident-record/1.0#3.4/m7")
@pytest.mark.parametrize(
    ("ends_on", "opens_on"),
    [
        (date(2021, 3, 31), date(2021, 2, 28)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2021, 3, 15), date(2021, 2, 15)),
        (date(2021, 1, 10), date(2020, 12, 10)),
        (date(2021, 7, 31), date(2021, 6, 30)),
    ],
)
def test_extension_opens_one_month_before_the_end(ends_on: date, opens_on: date) -> None:
    assert extension_opens_on(ends_on) == opens_on
    assert due(ends_on, opens_on - timedelta(days=1)) == Due.NONE
    assert due(ends_on, opens_on) == due(ends_on, ends_on) == Due.ENDING


@pytest.mark.clause("resident-record/1.0#3.4/m8")
def test_a_passed_period_is_said_and_ends_nothing(somebody: Addressee) -> None:
    started(somebody)
    with at(2021, 4, 1):
        standing = standing_of([somebody.pk])[somebody.pk]
    assert (standing.status, standing.due) == (MeasureStatus.RUNNING, Due.PASSED)
    with at(2050, 1, 1):
        assert standing_of([somebody.pk])[somebody.pk].due == Due.PASSED


@pytest.mark.clause("resident-record/1.0#3.4/m10", "resident-record/1.0#1.1.16/m2")
def test_an_application_protects_everybody_it_names_at_once(somebody: Addressee, child: Addressee) -> None:
    number = applied(somebody, (child, "子"))
    assert case(number).status == MeasureStatus.PROVISIONAL
    assert case(number).provisional_from == date(2020, 3, 20)
    assert {one.status for one in standing_of([somebody.pk, child.pk]).values()} == {MeasureStatus.PROVISIONAL}
    assert Protection.objects.get(addressee=child).relation == "子"


@pytest.mark.clause("resident-record/1.0#3.4/m4")
def test_the_end_follows_from_the_start_and_can_be_corrected(somebody: Addressee) -> None:
    number = started(somebody)
    assert case(number).ends_on == date(2021, 3, 31)
    with at(2020, 5, 1):
        correct_measure(actor=CLERK, number=number, said={"ends_on": date(2021, 3, 15)})
        assert case(number).ends_on == date(2021, 3, 15)
        with pytest.raises(Refused, match="開始日以降"):
            correct_measure(actor=CLERK, number=number, said={"ends_on": date(2019, 3, 15)})
        with pytest.raises(Refused, match="変わる項目"):
            correct_measure(actor=CLERK, number=number, said={"ends_on": date(2021, 3, 15)})


@pytest.mark.clause("resident-record/1.0#3.4/m5")
def test_an_extension_runs_one_year_from_the_day_after(somebody: Addressee) -> None:
    number = started(somebody)
    with at(2021, 2, 27), pytest.raises(Refused, match="令和3年2月28日"):
        extend_measure(actor=CLERK, number=number)
    with at(2021, 2, 28):
        row = extend_measure(actor=CLERK, number=number)
    assert (row.starts_on, row.ends_on) == (date(2021, 4, 1), date(2022, 3, 31))
    with at(2023, 1, 1):
        late = extend_measure(actor=CLERK, number=number)
    assert (late.starts_on, late.ends_on) == (date(2022, 4, 1), date(2023, 3, 31))


@pytest.mark.clause("resident-record/1.0#3.4/m9")
@pytest.mark.parametrize("reason", ["asked", "not_needed", "expired"])
def test_only_ending_ends_the_protection_of_everybody(somebody: Addressee, child: Addressee, reason: str) -> None:
    number = applied(somebody, (child, "子"))
    with at(2020, 4, 1):
        start_measure(actor=CLERK, number=number, starts_on=date(2020, 4, 1))
    with at(2021, 6, 1):
        assert len(standing_of([somebody.pk, child.pk])) == 2
        end_measure(actor=CLERK, number=number, ended_on=date(2021, 6, 1), reason=reason)
        assert standing_of([somebody.pk, child.pk]) == {}
        with pytest.raises(Refused, match="終了しています"):
            extend_measure(actor=CLERK, number=number)


@pytest.mark.clause("resident-record/1.0#3.4/m9")
@pytest.mark.parametrize(
    ("ended_on", "reason", "why"),
    [
        (date(2020, 6, 2), "asked", "今日まで"),
        (date(2020, 6, 1), "expired", "まだ過ぎていません"),
        (date(2020, 6, 1), "because", "一覧から"),
        (date(2020, 6, 1), "", "一覧から"),
    ],
)
def test_an_end_that_cannot_be_is_refused(somebody: Addressee, ended_on: date, reason: str, why: str) -> None:
    number = started(somebody)
    with at(2020, 6, 1), pytest.raises(Refused, match=why):
        end_measure(actor=CLERK, number=number, ended_on=ended_on, reason=reason)
    assert len(standing_of([somebody.pk])) == 1


@pytest.mark.clause("resident-record/1.0#1.1.16/m2")
def test_a_forwarded_application_says_where_it_came_from(somebody: Addressee) -> None:
    with at(2020, 3, 25), pytest.raises(Refused, match="当初受付市区町村"):
        receive_measure(actor=CLERK, applicant=somebody, said=SAID)
    came = {"first_municipality": "見本市", "received_on": date(2020, 3, 24)}
    with at(2020, 3, 25):
        number = receive_measure(actor=CLERK, applicant=somebody, said=SAID | came).number
        assert standing_of([somebody.pk])[somebody.pk].status == MeasureStatus.PROVISIONAL
        row = measure_not_needed(actor=CLERK, number=number, told_on=date(2020, 3, 25))
    assert (row.told_not_needed_on, row.status) == (date(2020, 3, 25), MeasureStatus.ENDED)
    assert standing_of([somebody.pk]) == {}


@pytest.mark.clause("resident-record/1.0#1.1.16/m2")
def test_joined_people_forwardings_and_perpetrators_are_kept(somebody: Addressee, child: Addressee) -> None:
    number = applied(somebody)
    with at(2020, 3, 21):
        join_measure(actor=CLERK, number=number, addressee=child, relation="子")
        with pytest.raises(Refused, match="すでにこの支援措置の対象"):
            join_measure(actor=CLERK, number=number, addressee=child, relation="子")
        forward_measure(actor=CLERK, number=number, to="見本市", forwarded_on=date(2020, 3, 21))
        made = name_perpetrator(actor=CLERK, number=number, name="乙田　太郎", address="見本県見本市", other="親族")
        with pytest.raises(Refused, match="加害者について"):
            name_perpetrator(actor=CLERK, number=number, name=" ")
        withdraw_perpetrator(actor=CLERK, number=number, perpetrator=made.pk)
        with pytest.raises(Refused, match="見つかりません"):
            withdraw_perpetrator(actor=CLERK, number=number, perpetrator=made.pk)
    measure = SupportMeasure.objects.get(number=number)
    assert [one.to for one in measure.forwardings.all()] == ["見本市"]
    assert measure.perpetrators.get().recorded.upper is not None
    assert set(standing_of([somebody.pk, child.pk])) == {somebody.pk, child.pk}


@pytest.mark.clause("resident-record/1.0#3.4/m11")
def test_whoever_leaves_stays_protected_provisionally(somebody: Addressee) -> None:
    number = started(somebody)
    with at(2020, 9, 1):
        keep_protecting(CLERK, [somebody.pk])
        keep_protecting(CLERK, [somebody.pk])
    row = case(number)
    assert (row.status, row.provisional_from, row.ends_on) == ("provisional", date(2020, 9, 1), date(2021, 3, 31))
    assert row.serial == 3
    with at(2022, 9, 1):
        assert standing_of([somebody.pk])[somebody.pk].status == "provisional"


@pytest.mark.clause("resident-record/1.0#3.4/m2")
def test_opening_the_details_needs_a_purpose_and_leaves_a_trace(somebody: Addressee) -> None:
    number = started(somebody)
    with pytest.raises(Refused, match="目的"):
        see_measure(actor=CLERK, number=number, purpose="")
    assert see_measure(actor=CLERK, number=number, purpose="measure_review").measure.number == number


def test_every_step_is_a_row_that_nobody_can_change(somebody: Addressee) -> None:
    from django.db import DatabaseError, transaction

    number = started(somebody)
    assert list(MeasureStep.objects.values_list("serial", "step")) == [(1, "applied"), (2, "started")]
    rows = MeasureStep.objects.filter(measure__number=number)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(ends_on=date(2030, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_the_audit_and_the_outbox_hear_of_every_step(somebody: Addressee) -> None:
    started(somebody)
    told = OutboxEvent.objects.filter(topic="addressees.measure")
    assert [one.payload["step"] for one in told.order_by("pk")] == ["applied", "started"]
    assert all(one.subjects == [somebody.pk] for one in told)


@pytest.mark.clause("resident-record/1.0#9.2/m1")
def test_the_list_tells_ending_and_passed_cases_apart(somebody: Addressee, child: Addressee) -> None:
    number = started(somebody)
    other = applied(child)
    with at(2021, 2, 27):
        assert [one.measure.number for one in listed("ending")] == []
    with at(2021, 2, 28):
        assert [one.measure.number for one in listed("ending")] == [number]
        assert [one.measure.number for one in listed("passed")] == []
    with at(2021, 4, 1):
        assert [one.measure.number for one in listed("passed")] == [number]
        assert {one.measure.number for one in listed()} == {number, other}
        end_measure(actor=CLERK, number=number, ended_on=date(2021, 4, 1), reason="expired")
        assert [one.measure.number for one in listed()] == [other]


@pytest.mark.parametrize("text", ["x" * 400, "架空\x00", "\ud800"])
def test_text_that_no_register_holds_is_refused(somebody: Addressee, text: str) -> None:
    with pytest.raises(Refused):
        applied(somebody, note=text)


def test_an_application_of_tomorrow_is_refused(somebody: Addressee) -> None:
    with pytest.raises(Refused, match="今日まで"):
        applied(somebody, applied_on=date(2020, 3, 21))


def test_a_case_that_is_not_there_is_refused(town: int) -> None:
    for number in ("1", "", "x", "９", "9" * 400):
        with pytest.raises(Refused, match="見つかりません"):
            case(number)
