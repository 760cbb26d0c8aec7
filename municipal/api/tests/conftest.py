"""A small town that commits, and callers who may do different things (試験の土台)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.identity.models import Staff
from municipal.identity.operations import issue_token
from municipal.municipalities import wall

Caller = Callable[..., Any]


@pytest.fixture
def call(two_towns: str) -> Caller:
    """``call(path, login, town)``: GET with a token of that account, or without one where login is empty."""

    def get(path: str, login: str = "counter", town: int = TOWN, **headers: str) -> Any:
        if login:
            with wall.within(town):
                staff = Staff.objects.get(login_name=login)
                headers["Authorization"] = f"Bearer {issue_token(actor=staff, label='試験').key}"
        return Client(raise_request_exception=False, headers=headers).get(f"/api/v1/{path}")

    return get
