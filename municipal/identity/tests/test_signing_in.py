"""Signing in by name and password, and being shut out (サインインの試験)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings, strategies

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import Session, Staff
from municipal.identity.operations import (
    change_password,
    close_account,
    issue_token,
    reset_password,
    sign_in,
    sign_out,
    unlock_account,
)
from municipal.identity.operations import sessions as keys
from municipal.identity.operations.attempts import FAILURES_FROM_ONE_ADDRESS, FAILURES_OF_ONE_NAME, WINDOW
from municipal.identity.operations.sessions import find
from municipal.identity.tests.people import PASSWORD, opened_by, somebody
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db
NEW = "a wholly different phrase"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)


def attempt(password: str = PASSWORD, login_name: str = "clerk", town: int = TOWN, **said: Any) -> keys.Opened:
    return sign_in(town=town, login_name=login_name, password=password, **said)


def fails(times: int, **said: Any) -> Refused:
    for _ in range(times):
        with pytest.raises(Refused) as refused:
            attempt("wrong", **said)
    return refused.value


def is_open(key: str, kind: str = "web", town: int = TOWN) -> bool:
    with wall.within(town):
        return find(key, kind=kind) is not None


def test_the_same_name_in_two_towns_is_two_accounts() -> None:
    somebody()
    somebody(town=OTHER_TOWN, password="!")
    assert is_open(attempt().key)
    with pytest.raises(Refused):
        attempt(town=OTHER_TOWN)


def test_a_key_opens_nothing_in_another_town() -> None:
    key = opened_by(somebody()).key
    somebody(town=OTHER_TOWN)
    forged = f"{OTHER_TOWN:06d}.{key.partition('.')[2]}"
    assert is_open(key)
    assert not is_open(key, town=OTHER_TOWN)
    assert not is_open(forged, town=OTHER_TOWN)


def test_an_unknown_town_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        attempt(town=123456)
    assert refused.value.field == "town"


@pytest.mark.parametrize("typed", ["clerk", " Clerk ", "ｃｌｅｒｋ", "CLERK"])
def test_a_name_is_found_however_a_japanese_keyboard_wrote_it(typed: str) -> None:
    somebody()
    assert attempt(login_name=typed).session.staff.login_name == "clerk"


def test_unknown_name_and_wrong_password_get_the_same_answer() -> None:
    somebody()
    known, unknown = fails(1), fails(1, login_name="nobody")
    assert (known.sentence, known.code, known.field) == (unknown.sentence, unknown.code, unknown.field)


@pytest.mark.parametrize("login_name", ["clerk", "nobody", "", "x" * 10_000, "a\0b", "\ud800", "氏名"])
def test_every_attempt_costs_exactly_one_comparison_of_hashes(monkeypatch: pytest.MonkeyPatch, login_name: str) -> None:
    """Equal time by construction: the same work is done whether or not there is anything to compare with."""
    somebody()
    asked: list[str] = []

    def counted(password: str, encoded: str, setter: Any = None) -> bool:
        asked.append(encoded.split("$")[0])
        return check_password(password, encoded, setter)

    monkeypatch.setattr("municipal.identity.operations.signing_in.check_password", counted)
    fails(1, login_name=login_name)
    assert asked == ["md5"]


@pytest.mark.parametrize("password", ["", "\0", "\ud800", "x" * 10_000, PASSWORD + "\0", PASSWORD.upper()])
def test_a_password_that_nobody_can_have_is_just_wrong(password: str) -> None:
    somebody()
    with pytest.raises(Refused) as refused:
        attempt(password)
    assert refused.value.code == "wrong_credentials"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.text(strategies.characters(exclude_categories=()), max_size=60), strategies.text(max_size=60))
def test_nothing_that_can_be_typed_is_more_than_refused(login_name: str, password: str) -> None:
    with pytest.raises(Refused):
        attempt(password, login_name=login_name)


@pytest.mark.clause("resident-record/1.0#10.3/m14")
def test_five_failures_shut_the_door_even_for_the_right_password_until_the_time_is_over() -> None:
    somebody()
    with clock.stopped_at(NOW):
        assert fails(FAILURES_OF_ONE_NAME).code == "wrong_credentials"
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "locked"
    with clock.stopped_at(NOW + WINDOW):
        assert attempt()


def test_a_name_that_does_not_exist_is_shut_out_alike() -> None:
    assert fails(FAILURES_OF_ONE_NAME + 1, login_name="nobody").code == "locked"


def test_a_success_and_an_administrator_forget_the_failures() -> None:
    clerk, manager = somebody(), somebody(login_name="manager")
    fails(FAILURES_OF_ONE_NAME - 1)
    attempt()
    fails(FAILURES_OF_ONE_NAME - 1)
    attempt()
    fails(FAILURES_OF_ONE_NAME)
    with wall.within(TOWN):
        unlock_account(actor=manager, staff=clerk)
    assert attempt()


def test_one_address_that_tries_many_names_is_shut_out() -> None:
    somebody()
    for number in range(FAILURES_FROM_ONE_ADDRESS):
        fails(1, login_name=f"guess{number}", source="192.0.2.7")
    with pytest.raises(Refused) as refused:
        attempt(source="192.0.2.7")
    assert refused.value.code == "locked"
    assert attempt(source="192.0.2.8")


def test_failures_in_one_town_do_not_shut_the_door_of_another() -> None:
    somebody()
    somebody(town=OTHER_TOWN)
    fails(FAILURES_OF_ONE_NAME)
    assert attempt(town=OTHER_TOWN)


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"valid_until": clock.today() - timedelta(days=1), "valid_from": "2020-01-01"}]
)
def test_an_account_that_cannot_be_used_says_so_only_to_its_holder(state: dict[str, Any]) -> None:
    somebody(**state)
    assert fails(1).code == "wrong_credentials"
    with pytest.raises(Refused) as refused:
        attempt()
    assert refused.value.code == "not_active"


def test_demo_accounts_are_shut_out_by_a_secret_of_ones_own(settings: Any) -> None:
    key = opened_by(somebody(is_demo=True)).key
    assert is_open(key)
    settings.SECRET_KEY = "a secret of the installation's own"
    assert not is_open(key)
    with pytest.raises(Refused):
        attempt()


def test_a_sign_in_begins_a_new_session_and_ends_the_one_it_replaces() -> None:
    somebody()
    first = attempt()
    second = attempt(replacing=first.key)
    assert first.key != second.key
    assert (is_open(first.key), is_open(second.key)) == (False, True)


def test_only_the_hash_of_a_key_is_stored() -> None:
    somebody()
    opened = attempt()
    secret = opened.key.partition(".")[2]
    with wall.within(TOWN):
        row = Session.objects.filter(pk=opened.session.pk).values().get()
    assert len(secret) == 43
    assert not any(secret in str(value) for value in row.values())


def test_after_signing_out_the_key_opens_nothing() -> None:
    opened = opened_by(somebody())
    with wall.within(TOWN):
        sign_out(actor=opened.session.staff, session=opened.session)
    assert not is_open(opened.key)


@pytest.mark.clause("resident-record/1.0#10.3/m3")
def test_a_new_password_ends_the_other_sessions_and_is_used_from_now_on() -> None:
    clerk = somebody(must_change_password=True)
    here, elsewhere = opened_by(clerk), opened_by(clerk)
    with wall.within(TOWN):
        change_password(actor=clerk, old=PASSWORD, new=NEW, session=here.session)
    assert (is_open(here.key), is_open(elsewhere.key)) == (True, False)
    assert not attempt(NEW).session.staff.must_change_password
    with pytest.raises(Refused):
        attempt(PASSWORD)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("short", "短"),
        ("password1234", "よく使われる"),
        ("109283746501", "数字"),
        ("reception.desk", "似"),
        (PASSWORD, "同じ"),
        ("x" * 257, "256文字以内"),
        ("line\nbreak in it", "制御文字"),
        ("half \ud800 character", "制御文字"),
    ],
)
def test_a_poor_password_is_refused_with_its_reason_in_japanese(town: int, new: str, reason: str) -> None:
    clerk = somebody(login_name="reception.desk")
    with pytest.raises(Refused, match=reason) as refused:
        change_password(actor=clerk, old=PASSWORD, new=new)
    assert refused.value.field == "new_password1"


def test_without_the_old_password_there_is_no_new_one(town: int) -> None:
    with pytest.raises(Refused) as refused:
        change_password(actor=somebody(), old="wrong", new=NEW)
    assert (refused.value.field, refused.value.code) == ("old_password", "wrong_credentials")


@pytest.mark.clause("resident-record/1.0#10.3/m3")
def test_a_reset_gives_a_password_once_ends_everything_and_must_be_changed() -> None:
    clerk, manager = somebody(), somebody(login_name="manager")
    opened = opened_by(clerk)
    with wall.within(TOWN):
        token = issue_token(actor=clerk, label="集計")
        password = reset_password(actor=manager, staff=clerk)
    assert not is_open(opened.key)
    assert not is_open(token.key, kind="token")
    assert attempt(password).session.staff.must_change_password
    with pytest.raises(Refused, match="自分の"), wall.within(TOWN):
        reset_password(actor=manager, staff=manager)


def test_closing_an_account_ends_its_sessions_and_tokens_at_once() -> None:
    clerk, manager = somebody(), somebody(login_name="manager")
    with wall.within(TOWN):
        token = issue_token(actor=clerk, label="集計")
    opened = opened_by(clerk)
    with wall.within(TOWN):
        close_account(actor=manager, staff=clerk)
    assert not is_open(opened.key)
    assert not is_open(token.key, kind="token")


def test_the_database_lets_nobody_delete_an_account(town: int) -> None:
    somebody()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Staff.objects.all()._raw_delete("default")
