"""The code of the authenticator app (ワンタイムコードの試験)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import FailedSignIn, Staff
from municipal.identity.operations import (
    confirm_second_factor,
    enroll_second_factor,
    pass_second_factor,
    remove_second_factor,
    sign_in,
)
from municipal.identity.operations.attempts import FAILURES_OF_ONE_NAME
from municipal.identity.operations.second_factor import address_for_app, is_right_code, secret_of
from municipal.identity.operations.sessions import Opened, find
from municipal.identity.tests.people import PASSWORD, opened_by, somebody
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def clerk() -> Staff:
    """Somebody whose app is set up; the code of NOW is used up by that."""
    clerk = somebody()
    with wall.within(TOWN):
        enroll_second_factor(actor=clerk)
        confirm_second_factor(actor=clerk, code=code_of(clerk, NOW - timedelta(seconds=30)))
    return clerk


def code_of(staff: Staff, at: datetime) -> str:
    return str(pyotp.TOTP(secret_of(staff)).at(at))


def password_step() -> Opened:
    return sign_in(town=TOWN, login_name="clerk", password=PASSWORD)


def test_the_published_vectors_of_the_algorithm_hold() -> None:
    """RFC 6238 appendix B, SHA-1, cut to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert pyotp.TOTP(secret).at(second) == code


def test_the_password_alone_is_not_enough_and_the_code_replaces_the_session(clerk: Staff) -> None:
    first = password_step()
    assert first.session.needs_second_factor
    second = pass_second_factor(key=first.key, code=code_of(clerk, NOW))
    with wall.within(TOWN):
        found = find(second.key, kind="web")
        assert found is not None
        assert not found.needs_second_factor
        assert find(first.key, kind="web") is None


def test_a_code_works_once(clerk: Staff) -> None:
    code = code_of(clerk, NOW)
    pass_second_factor(key=password_step().key, code=code)
    with pytest.raises(Refused) as refused:
        pass_second_factor(key=password_step().key, code=code)
    assert refused.value.field == "code"


@pytest.mark.parametrize(("seconds", "is_good"), [(-60, False), (-30, False), (0, True), (30, True), (60, False)])
def test_one_step_of_clock_error_is_allowed_but_no_step_comes_back(clerk: Staff, seconds: int, is_good: bool) -> None:
    """The step before NOW is the one that set the app up: used, so no longer good."""
    with wall.within(TOWN):
        assert is_right_code(clerk, code_of(clerk, NOW + timedelta(seconds=seconds))) is is_good


def test_a_code_may_be_typed_in_two_groups(clerk: Staff) -> None:
    code = code_of(clerk, NOW)
    assert pass_second_factor(key=password_step().key, code=f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("code", ["", "000000", "12345", "１２３４５６", "\0", "\ud800", "9" * 10_000])
def test_what_is_no_code_is_refused_and_counted(clerk: Staff, code: str) -> None:
    with pytest.raises(Refused):
        pass_second_factor(key=password_step().key, code=code)
    with wall.within(TOWN):
        assert FailedSignIn.objects.count() == 1


def test_the_right_password_does_not_wipe_out_wrong_codes(clerk: Staff) -> None:
    """Else somebody who has the password could guess codes for ever."""
    for _ in range(FAILURES_OF_ONE_NAME):
        with pytest.raises(Refused):
            pass_second_factor(key=password_step().key, code="000000")
    with pytest.raises(Refused) as refused:
        password_step()
    assert refused.value.code == "locked"


@pytest.mark.clause("resident-record/1.0#10.3/m14")
def test_too_many_wrong_codes_end_the_session(clerk: Staff) -> None:
    key = password_step().key
    for _ in range(FAILURES_OF_ONE_NAME + 1):
        with pytest.raises(Refused) as refused:
            pass_second_factor(key=key, code="000000")
    assert refused.value.code == "locked"
    with wall.within(TOWN):
        assert find(key, kind="web") is None


@pytest.mark.parametrize("key", ["", "nonsense", f"{TOWN}." + "A" * 43])
def test_without_a_password_before_it_there_is_no_second_step(key: str) -> None:
    with pytest.raises(Refused) as refused:
        pass_second_factor(key=key, code="000000")
    assert refused.value.code == "not_signed_in"


def test_the_secret_is_stored_sealed_and_an_older_secret_of_the_installation_still_opens_it(
    clerk: Staff, settings: Any
) -> None:
    secret = secret_of(clerk)
    assert secret.encode() not in bytes(clerk.second_factor_secret)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert secret_of(clerk) == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert secret_of(clerk) == ""


def test_it_counts_only_once_a_code_has_confirmed_it(town: int) -> None:
    staff = somebody()
    enroll_second_factor(actor=staff)
    assert not staff.has_second_factor
    with pytest.raises(Refused) as refused:
        confirm_second_factor(actor=staff, code="000000")
    assert refused.value.field == "code"
    assert not Staff.objects.get(pk=staff.pk).has_second_factor


def test_the_image_names_the_town_and_the_account(clerk: Staff) -> None:
    address = address_for_app(clerk)
    assert address.startswith("otpauth://totp/Kijun:clerk%40990019?secret=")


def test_one_who_finds_the_screen_unlocked_cannot_put_another_device_in_place(clerk: Staff) -> None:
    before = bytes(clerk.second_factor_secret)
    with pytest.raises(Refused), wall.within(TOWN):
        enroll_second_factor(actor=clerk)
    with wall.within(TOWN):
        assert bytes(Staff.objects.get(pk=clerk.pk).second_factor_secret) == before


def test_an_administrator_takes_it_away_and_every_session_ends(clerk: Staff) -> None:
    manager, key = somebody(login_name="manager"), opened_by(clerk, passed=True).key
    with wall.within(TOWN):
        remove_second_factor(actor=manager, staff=clerk)
        assert find(key, kind="web") is None
    assert not password_step().session.needs_second_factor
    with pytest.raises(Refused, match="自分の"), wall.within(TOWN):
        remove_second_factor(actor=manager, staff=manager)
