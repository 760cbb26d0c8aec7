"""What stays of attempts, in a database that really commits (サインインの記録の試験)."""

import pytest

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.core.refusals import Refused
from municipal.identity.models import FailedSignIn
from municipal.identity.operations import sign_in
from municipal.identity.tests.people import PASSWORD, somebody
from municipal.municipalities import wall


def fail(login_name: str) -> None:
    with pytest.raises(Refused):
        sign_in(town=TOWN, login_name=login_name, password="wrong")


def test_failures_stay_and_are_logged_though_the_attempt_was_refused(committed_db: str) -> None:
    clerk = somebody()
    fail("clerk")
    fail("nobody")
    sign_in(town=TOWN, login_name="clerk", password=PASSWORD)
    with wall.within(TOWN):
        logged = list(Entry.objects.order_by("seq").values_list("kind", "actor_kind", "actor_id", "code"))
        assert FailedSignIn.objects.count() == 1
    assert logged == [
        ("failed_sign_in", "staff", clerk.pk, "wrong_credentials"),
        ("failed_sign_in", "system", 0, "wrong_credentials"),
        ("sign_in", "staff", clerk.pk, ""),
    ]


def test_nothing_that_was_typed_stands_in_the_log_or_in_the_count(committed_db: str) -> None:
    fail("my-secret-by-mistake")
    with wall.within(TOWN):
        stored = str(list(Entry.objects.values())) + str(list(FailedSignIn.objects.values()))
    assert "my-secret" not in stored
