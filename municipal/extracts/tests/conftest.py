"""People to ask about, made once for a module (抽出の試験の土台)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.tests.acting import ACTS_ON, CHIEF
from municipal.residents.tests.conftest import may

from .world import founded

__all__ = ["may"]


@pytest.fixture(scope="module")
def founded_people(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.stopped_at(ACTS_ON), wall.within(TOWN):
            people = founded()
            hers = people["丙山　三子"].addressee
            protect(actor=CHIEF, addressee=hers, starts_on=ACTS_ON.date(), ends_on=None, is_own=True)
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def people(founded_people: Any, db: None) -> Iterator[Any]:
    """Rows by name, on 20 May 2026, outside the wall."""
    with clock.stopped_at(ACTS_ON):
        yield founded_people


@pytest.fixture
def inside(people: Any) -> Iterator[Any]:
    """The same inside the wall."""
    with wall.within(TOWN):
        yield people
