"""The one clock, and how it is stopped (時計)."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from municipal.core import clock
from municipal.core.clock import TOKYO, now, stopped_at, today


def test_now_is_aware_and_in_japanese_time() -> None:
    before = datetime.now(UTC)
    moment = now()
    after = datetime.now(UTC)
    assert before <= moment <= after
    assert moment.tzinfo is TOKYO
    assert moment.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 15, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2019, 4, 30, 15, 0, 0, tzinfo=UTC), date(2019, 5, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_japan(utc: datetime, day: date) -> None:
    with stopped_at(utc):
        assert today() == day
        assert now() == utc
        assert now().tzinfo is TOKYO


def test_a_stopped_clock_stands_still_and_runs_again() -> None:
    moment = datetime(2020, 1, 1, 9, 0, tzinfo=TOKYO)
    with stopped_at(moment):
        assert now() == now() == moment
    assert now() > moment + timedelta(days=365)


def test_an_inner_stop_gives_the_outer_one_back() -> None:
    outer = datetime(2020, 1, 1, tzinfo=TOKYO)
    with stopped_at(outer):
        with stopped_at(outer + timedelta(days=1)):
            assert today() == date(2020, 1, 2)
        assert today() == date(2020, 1, 1)


def test_the_clock_runs_again_after_an_error() -> None:
    with pytest.raises(KeyError), stopped_at(datetime(2020, 1, 1, tzinfo=TOKYO)):
        raise KeyError
    assert clock._stopped.get() is None


def test_another_thread_sees_the_real_time() -> None:
    seen: list[datetime] = []
    with stopped_at(datetime(2020, 1, 1, tzinfo=TOKYO)):
        thread = Thread(target=lambda: seen.append(now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2020


def test_a_moment_without_a_time_zone_does_not_stop_the_clock() -> None:
    with (
        pytest.raises(ValueError, match="time zone"),
        stopped_at(datetime(2020, 1, 1)),  # noqa: DTZ001
    ):
        pass
