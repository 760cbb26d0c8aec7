"""Schedules, lists of what falls due, alarms, the till (一括処理・日締めの試験)."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.batches.kinds import KINDS
from municipal.batches.models import ListedPerson, Schedule
from municipal.batches.operations import begin_due_runs, close_day, order_run, reopen_day, schedule_run
from municipal.batches.operations.closing import figures, has_moved, standing
from municipal.batches.rules import When, next_start, range_of_numbers
from municipal.batches.tasks import begin_due_everywhere
from municipal.certificates.models import CertificateIssue
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import CLERK, ELSEWHERE, act, family, member, people_of
from municipal.residents.tests.people import newcomer

NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def november(town: int) -> Iterator[int]:
    with clock.stopped_at(NOVEMBER):
        yield town


def table() -> list[dict[str, str]]:
    with (Path(__file__).parent / "schedules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.clause("resident-record/1.0#9.1/m1")
@pytest.mark.parametrize("row", table(), ids=lambda row: row["why"])
def test_a_schedule_begins_when_the_table_says(row: dict[str, str]) -> None:
    when = When(
        row["timing"], time.fromisoformat(row["at"]), date.fromisoformat(row["on"]) if row["on"] else None,
        int(row["weekday"]) if row["weekday"] else None, int(row["day"]) if row["day"] else None,
    )  # fmt: skip
    after = datetime.fromisoformat(row["after"]).replace(tzinfo=clock.TOKYO)
    expected = datetime.fromisoformat(row["next"]).replace(tzinfo=clock.TOKYO) if row["next"] else None
    assert next_start(when, after) == expected


def run(kind: str, **parameters: int) -> list[ListedPerson]:
    job = order_run(actor=CLERK, kind=kind, parameters=parameters)
    jobs.run(TOWN, job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure
    return list(ListedPerson.objects.filter(job=job).order_by("pk"))


@pytest.mark.clause("resident-record/1.0#9.1/m1", "resident-record/1.0#9.1/m9")
def test_what_is_due_begins_once_even_after_days_without_power(november: int) -> None:
    schedule_run(actor=CLERK, kind="batches.stays_ending", timing="daily", at=time(22), parameters={"days_ahead": 30})
    assert begin_due_runs(actor=System()) == []
    with clock.stopped_at(datetime(2026, 11, 25, 8, tzinfo=clock.TOKYO)):
        (job,) = begin_due_runs(actor=System())
        assert (job.parameters, job.actor_id) == ({"days_ahead": 30}, CLERK.actor_id)
        assert begin_due_runs(actor=System()) == []
        assert Schedule.objects.get().next_at == datetime(2026, 11, 25, 22, tzinfo=clock.TOKYO)


def test_the_beat_begins_runs_in_every_town(two_towns: str) -> None:
    with clock.stopped_at(NOVEMBER):
        with wall.within(TOWN):
            schedule_run(
                actor=CLERK, kind="batches.remove_announced", timing="once", at=time(11), on=date(2026, 11, 20)
            )
        begin_due_everywhere()
    with clock.stopped_at(datetime(2026, 11, 20, 11, 1, tzinfo=clock.TOKYO)):
        begin_due_everywhere()
    with wall.within(TOWN):
        assert Job.objects.get().run.schedule is not None
        assert Schedule.objects.get().next_at is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "nothing", "timing": "daily"}, "unknown_job"),
        ({"kind": "batches.address_change", "timing": "daily"}, "unknown_job"),
        ({"kind": "batches.stays_ending", "timing": "never"}, "never_begins"),
        ({"kind": "batches.stays_ending", "timing": "once", "on": date(2020, 1, 1)}, "never_begins"),
        ({"kind": "batches.stays_ending", "timing": "weekly"}, "never_begins"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(november: int, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        schedule_run(actor=CLERK, at=time(22), **said)
    assert refused.value.code == code


@pytest.mark.clause("resident-record/1.0#9.1/m10")
def test_lists_name_whose_stay_and_whose_measure_ends(november: int) -> None:
    foreign: dict[str, Any] = {
        "kind": "2", "domicile": "", "register_head": "", "article30_45_class": "mid_long_term",
        "residence_card_number": "AB12345678CD", "became_foreign_resident_on": RegisterDate(2024, 1, 1),
        "valid_from": date(2024, 1, 1),
    }  # fmt: skip
    soon = newcomer(**foreign, stay_expires_on=date(2026, 12, 1))
    gone = newcomer(**foreign, stay_expires_on=date(2026, 11, 1))
    newcomer(**foreign, stay_expires_on=date(2027, 12, 1))
    listed = run("batches.stays_ending", days_ahead=30)
    assert [(one.addressee_id, one.due_on) for one in listed] == [
        (gone.addressee_id, date(2026, 11, 1)), (soon.addressee_id, date(2026, 12, 1)),
    ]  # fmt: skip
    protect(actor=CLERK, addressee=soon.addressee, starts_on=date(2025, 12, 1), ends_on=date(2026, 11, 30), is_own=True)
    listed = run("batches.measures_ending", days_ahead=31)
    assert [(one.addressee_id, one.due_on) for one in listed] == [(soon.addressee_id, date(2026, 11, 30))]


@pytest.mark.clause("resident-record/1.0#9.1/m10")
def test_late_notices_and_planned_leavings_run_as_batches(town: int) -> None:
    with clock.stopped_at(datetime(2026, 10, 20, 10, tzinfo=clock.TOKYO)):
        people = people_of(act("move_in", people=family(), event_on=RegisterDate(2026, 9, 1)))
        act("move_out", people=(member(people[3]),), event_on=RegisterDate(2026, 10, 30), place=ELSEWHERE)
    with clock.stopped_at(NOVEMBER):
        late = {one.addressee_id for one in run("batches.notices_due", months_back=1)}
        assert late == {one.addressee_id for one in people}
        assert run("batches.notices_due", months_back=2) == []
        assert {one.addressee_id for one in run("batches.remove_announced")} == {people[3].addressee_id}
        assert ResidentRecord.objects.filter(addressee=people[3].addressee).order_by("-serial")[0].status == "2"


@pytest.mark.clause("resident-record/1.0#9.1/m10")
def test_every_job_kind_of_the_system_has_a_name_on_the_page() -> None:
    assert {kind for kind in jobs.kinds if not kind.startswith("test")} - set(KINDS) == set()


@pytest.mark.clause("resident-record/1.0#9.1/m8")
def test_a_run_that_breaks_off_tells_whoever_watches(committed_db: str, caplog: pytest.LogCaptureFixture) -> None:
    with wall.within(TOWN):
        job = order_run(actor=CLERK, kind="batches.stays_ending", parameters={"days_ahead": 1})
        Job.objects.filter(pk=job.pk).update(attempts=jobs.ATTEMPTS)
    jobs.run(TOWN, job.pk)
    assert [record.levelname for record in caplog.records if record.name == "kijun.alarm"] == ["ERROR"]
    assert "batches.stays_ending" in caplog.text
    with wall.within(TOWN):
        assert Job.objects.get().state == Job.State.FAILED


def test_the_day_counts_acts_and_a_later_act_shows(november: int) -> None:
    today = date(2026, 11, 20)
    assert figures(today).acts == 0
    closing = close_day(actor=CLERK, day=today, cash_yen=0)
    assert not has_moved(closing)
    act("move_in", people=family())
    assert has_moved(closing)
    reopen_day(actor=CLERK, day=today, because="締めたあとの転入")
    assert standing(today) is None
    assert close_day(actor=CLERK, day=today, cash_yen=0).serial == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"day": date(2026, 11, 21), "cash_yen": 0}, "day_to_come"),
        ({"day": date(2026, 11, 20), "cash_yen": 1}, "difference_is_explained"),
        ({"day": date(2026, 11, 20), "cash_yen": -1, "explanation": "?"}, "cash_is_not_below_zero"),
        ({"day": date(2026, 11, 20), "cash_yen": 0, "explanation": "長" * 501}, "too_long"),
    ],
)
def test_a_till_that_does_not_agree_is_refused(november: int, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        close_day(actor=CLERK, **said)
    assert refused.value.code == code


def test_a_day_that_is_open_cannot_be_opened(november: int) -> None:
    with pytest.raises(Refused) as refused:
        reopen_day(actor=CLERK, day=date(2026, 11, 20), because="理由")
    assert refused.value.code == "day_is_open"
    assert CertificateIssue.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "found"), [("", None), ("10-20", (10, 20)), ("１０〜２０", (10, 20)), ("7", (7, 7)), (" 7 ", (7, 7))]
)
def test_a_range_of_lots_is_read(typed: str, found: tuple[int, int] | None) -> None:
    assert range_of_numbers(typed) == found


@pytest.mark.parametrize("typed", ["a", "10-", "1-2-3", "番地", "9" * 9])
def test_what_is_no_range_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        range_of_numbers(typed)
