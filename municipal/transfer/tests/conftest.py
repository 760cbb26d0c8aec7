"""The day on which the tests' acts are entered (異動の試験の日)."""

from collections.abc import Iterator

import pytest

from municipal.core import clock
from municipal.residents.tests.acting import ACTS_ON


@pytest.fixture
def may() -> Iterator[None]:
    """20 May 2026, ten in the morning."""
    with clock.stopped_at(ACTS_ON):
        yield
