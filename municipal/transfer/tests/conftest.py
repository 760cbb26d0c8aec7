"""The day on which the tests' acts are entered (異動の試験の日)."""

from collections.abc import Iterator
from typing import Any

import pytest

from conftest import pointing_at
from municipal.core import clock
from municipal.residents.tests.acting import ACTS_ON


@pytest.fixture
def may() -> Iterator[None]:
    """20 May 2026, ten in the morning."""
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture(scope="module")
def register_db(cluster: Any, django_db_blocker: Any) -> Iterator[str]:
    """An empty database for a module whose tests write nothing into the register; its name."""
    name = "kijun_transfer_refused"
    with django_db_blocker.unblock():
        cluster.clone(name)
        with pointing_at(name):
            yield name
        cluster.drop(name)
