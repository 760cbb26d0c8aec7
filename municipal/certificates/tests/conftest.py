"""A family in a town whose mayor certifies (証明の試験の場面)."""

from collections.abc import Iterator
from typing import Any

import pytest

from municipal.core import clock
from municipal.residents.tests.acting import ACTS_ON, act, family, people_of

from .issuing import ready


@pytest.fixture
def may(town: int) -> Iterator[None]:
    """20 May 2026, ten in the morning, inside the town."""
    with clock.stopped_at(ACTS_ON):
        ready()
        yield


@pytest.fixture
def home(may: None) -> list[Any]:
    """A couple and two children who moved in on 11 May 2026."""
    return people_of(act("move_in", people=family()))
