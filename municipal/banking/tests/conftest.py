"""The day on which the bank's tests play (試験の日付)."""

from collections.abc import Iterator

import pytest

from municipal.core import clock

from .bank import NOON


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield
