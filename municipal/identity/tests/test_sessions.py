"""How long sessions and tokens last (セッションの試験)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import Session
from municipal.identity.operations import (
    issue_token,
    revoke_token,
)
from municipal.identity.operations import sessions as keys
from municipal.identity.operations.sessions import find
from municipal.identity.tests.people import opened_by, somebody
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db
NEW = "a wholly different phrase"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)


def is_open(key: str, kind: str = "web", town: int = TOWN) -> bool:
    with wall.within(town):
        return find(key, kind=kind) is not None


def test_an_idle_session_closes_and_a_used_one_lasts_twelve_hours_at_most(settings: Any) -> None:
    clerk = somebody()
    with clock.stopped_at(NOW):
        opened = opened_by(clerk)
    with clock.stopped_at(NOW + timedelta(minutes=9, seconds=59)):
        assert is_open(opened.key)
    with clock.stopped_at(NOW + timedelta(minutes=10)):
        assert not is_open(opened.key)
    settings.KIJUN_IDLE_MINUTES = 100_000
    with clock.stopped_at(NOW + timedelta(hours=12, seconds=-1)):
        assert is_open(opened.key)
    with clock.stopped_at(NOW + timedelta(hours=12)):
        assert not is_open(opened.key)


def test_the_time_of_the_last_request_is_written_at_most_once_a_minute() -> None:
    with clock.stopped_at(NOW):
        session = opened_by(somebody()).session
    for seconds, expected in ((59, NOW), (60, NOW + timedelta(seconds=60))):
        with clock.stopped_at(NOW + timedelta(seconds=seconds)), wall.within(TOWN):
            keys.see(session)
            assert Session.objects.get(pk=session.pk).last_seen_at == expected


def test_a_token_is_no_cookie_and_a_cookie_no_token() -> None:
    clerk = somebody()
    with wall.within(TOWN):
        token = issue_token(actor=clerk, label="集計")
    assert is_open(token.key, kind="token")
    assert not is_open(token.key, kind="web")
    assert not is_open(opened_by(clerk).key, kind="token")


def test_a_token_ends_with_the_fiscal_year_and_never_idles(town: int) -> None:
    with clock.stopped_at(NOW):
        token = issue_token(actor=somebody(), label="集計")
        with pytest.raises(Refused) as refused:
            issue_token(actor=somebody(login_name="other"), label="長い", expires_on=NOW.date().replace(year=2028))
        assert refused.value.field == "expires_on"
    with clock.stopped_at(datetime(2027, 3, 31, 23, 59, 59, tzinfo=clock.TOKYO)):
        assert is_open(token.key, kind="token")
    with clock.stopped_at(datetime(2027, 4, 1, tzinfo=clock.TOKYO)):
        assert not is_open(token.key, kind="token")


def test_only_its_holder_revokes_a_token(town: int) -> None:
    clerk, other = somebody(), somebody(login_name="other")
    token = issue_token(actor=clerk, label="集計")
    with pytest.raises(Refused):
        revoke_token(actor=other, token=token.session)
    assert is_open(token.key, kind="token")
    revoke_token(actor=clerk, token=token.session)
    assert not is_open(token.key, kind="token")


@pytest.mark.parametrize("label", ["", "  ", "x" * 61, "a\nb", "\0"])
def test_a_token_needs_a_name_that_can_be_read(town: int, label: str) -> None:
    with pytest.raises(Refused) as refused:
        issue_token(actor=somebody(), label=label)
    assert refused.value.field == "label"
