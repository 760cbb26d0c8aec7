"""A small town that commits, and callers who may do different things (試験の土台)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.identity.demo import ROLES
from municipal.identity.models import Staff
from municipal.identity.operations import issue_token
from municipal.municipalities import wall

AS_OF = date(2026, 11, 23)
Caller = Callable[..., Any]


@pytest.fixture
def two_towns(committed_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    for code, residents in ((TOWN, 60), (OTHER_TOWN, 60)):
        call_command("make_town", town=str(code), residents=residents, seed=1, as_of=AS_OF, verbosity=0)


@pytest.fixture
def call(two_towns: None) -> Caller:
    """``call(path, login, town)``: GET with a token of that account, or without one where login is empty."""

    def get(path: str, login: str = "counter", town: int = TOWN, **headers: str) -> Any:
        if login:
            with wall.within(town):
                staff = Staff.objects.get(login_name=login)
                headers["Authorization"] = f"Bearer {issue_token(actor=staff, label='試験').key}"
        return Client(raise_request_exception=False, headers=headers).get(f"/api/v1/{path}")

    return get


assert {"counter", "tax", "auditor", "admin"} == {role.login_name for role in ROLES}
