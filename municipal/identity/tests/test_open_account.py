"""The first administrator of a town (最初の管理者の試験)."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.identity.models import Staff, permissions_of
from municipal.identity.operations import enroll_second_factor, sign_in
from municipal.municipalities import wall

pytestmark = pytest.mark.django_db


def run(**said: Any) -> str:
    printed = StringIO()
    call_command("open_account", stdout=printed, **{"town": TOWN, "login": "first", **said})
    return printed.getvalue().split()[-1]


def test_the_printed_password_lets_the_first_administrator_in() -> None:
    password = run(name="最初の人")
    staff = sign_in(town=TOWN, login_name="first", password=password).session.staff
    assert staff.must_change_password
    with wall.within(TOWN):
        assert permissions_of(staff) == {"staff.view", "staff.manage", "staff.items", "audit.view"}


def test_a_second_run_is_the_way_back_in() -> None:
    run(name="最初の人")
    with wall.within(TOWN):
        enroll_second_factor(actor=Staff.objects.get(login_name="first"))
    password = run()
    assert sign_in(town=TOWN, login_name="first", password=password).session.staff.login_name == "first"


@pytest.mark.parametrize("said", [{"town": 123456, "name": "x"}, {"name": ""}, {"login": "氏名", "name": "x"}])
def test_what_makes_no_account_is_said_in_one_line(said: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        run(**said)
