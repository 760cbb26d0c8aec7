"""The day on which the tests' acts are entered (異動の試験の日)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from municipal.core import clock
from municipal.residents.tests.acting import ACTS_ON


@pytest.fixture
def may() -> Iterator[None]:
    """20 May 2026, ten in the morning."""
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture(scope="module")
def founded_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The people of ``bad_input``, made once for a module; each test's changes are rolled back to here."""
    from .bad_input import founded

    with django_db_blocker.unblock(), transaction.atomic():
        with clock.stopped_at(ACTS_ON):
            world = founded()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(founded_world: Any, db: None, may: None) -> Any:
    """Those people, on the day of the acts."""
    return founded_world
