"""The portal is told what became of an application: in order, at least once, only where it may be (処理状況の試験)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from municipal.applications.models import Case
from municipal.applications.tests.acting import stepped
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.intake.models import PortalApplication, Received, ReportState, StatusReport
from municipal.intake.operations import configure, note_steps, release
from municipal.intake.operations.reporting import PAUSES, _note, _take_up
from municipal.office.outbox import deliver_next

from .coming import CLERK, NOON, OPEN_ENTRY, a_zip, taken


@pytest.fixture(autouse=True)
def _noon(town: int) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def case() -> Case:
    row = taken(a_zip(OPEN_ENTRY))
    assert row.case is not None
    return row.case


def delivered() -> None:
    while deliver_next():
        pass


def reports() -> list[tuple[int, str, str]]:
    return list(StatusReport.objects.order_by("number").values_list("number", "word", "state"))


def switched_on() -> None:
    configure(actor=CLERK, is_on=True, every_minutes=15, is_feedback_on=True)


def test_feedback_by_itself_is_off_until_the_town_wants_it(case: Case) -> None:
    """Common functions 2.1, section 2.1.2: business to intake is left for after the transition period."""
    delivered()
    assert reports() == [(1, "processing", "held")]
    assert _take_up() is None
    assert release(actor=CLERK, received=Received.objects.get().pk) == 1
    assert reports() == [(1, "processing", "waiting")]


def test_a_state_that_the_portal_calls_the_same_is_told_once(case: Case) -> None:
    switched_on()
    stepped(case, "accept", "pass_form")
    delivered()
    assert reports() == [(1, "processing", "waiting")]
    for _ in range(3):
        assert note_steps(case.pk) == 0


def test_what_the_applicant_has_to_know_goes_along(case: Case) -> None:
    switched_on()
    field = case.asked.asks[0].name
    stepped(case, "accept")
    stepped(
        case, "send_back", reason="品目を直してください", fields=[field], correct_by=clock.today() + timedelta(days=9)
    )
    delivered()
    assert [(one.word, one.message) for one in StatusReport.objects.order_by("number")] == [
        ("processing", ""), ("correction", "品目を直してください"),
    ]  # fmt: skip


def test_a_case_that_came_another_way_is_nobodys_business_there() -> None:
    from municipal.applications.tests.acting import a_case

    switched_on()
    a_case("nursery-status", {"is_unchanged": True})
    delivered()
    assert reports() == []


def test_the_younger_waits_until_the_older_was_told(case: Case) -> None:
    switched_on()
    delivered()
    stepped(case, "accept", "pass_form")
    stepped(case, "reject", reason="対象外です") if case.workflow != "standard" else stepped(case, "propose")
    delivered()
    first = _take_up()
    assert first is not None
    assert first.report.sequence == 1
    assert _take_up() is None
    _note(first.number, "URLError")
    assert _take_up() is None
    with clock.stopped_at(NOON + PAUSES[0]):
        again = _take_up()
        assert again is not None
        assert again.report == first.report
        _note(again.number, "")
        second = _take_up()
    assert second is None or second.report.sequence > 1


def test_what_cannot_be_told_is_given_up_after_the_last_pause_and_told_when_somebody_says_so(case: Case) -> None:
    switched_on()
    delivered()
    at = NOON
    for turn in range(len(PAUSES) + 1):
        with clock.stopped_at(at):
            one = _take_up()
            assert one is not None, turn
            _note(one.number, "http_500")
        at += PAUSES[min(turn, len(PAUSES) - 1)]
    assert reports() == [(1, "processing", ReportState.DEAD)]
    release(actor=CLERK, received=Received.objects.get().pk)
    assert _take_up() is not None


@pytest.mark.parametrize("minutes", [0, 4, 1441, -1])
def test_a_pace_that_is_none_is_refused(minutes: int) -> None:
    with pytest.raises(Refused):
        configure(actor=CLERK, is_on=True, every_minutes=minutes, is_feedback_on=False)


def test_the_simulated_portal_counts_the_newest_report_and_takes_a_repeated_one_calmly() -> None:
    from municipal.intake.simulator import _status

    PortalApplication.objects.create(receipt="M1", procedure="x", content=b"", digest="", made_at=NOON)

    def told(number: Any, status: str = "processing") -> int:
        body = f'{{"sequence":{number},"status":"{status}","at":"x","message":""}}'
        return _status("M1", body.encode()).status

    assert [told(1), told(3, "completed"), told(3, "completed"), told(2)] == [200, 200, 200, 200]
    assert [one["status"] for one in PortalApplication.objects.get().reports] == ["processing", "completed"]
    assert [_status("M1", body).status for body in (b"", b"[]", b"{}", b'{"sequence":"x"}')] == [400] * 4
    assert _status("M2", b"{}").status == 404
