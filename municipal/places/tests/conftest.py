"""A town with its places (場所の試験の土台)."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.places.demo import furnish

TODAY = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def furnished(town: int) -> Iterator[int]:
    with clock.stopped_at(TODAY):
        furnish(str(TOWN), "架空市")
        yield town
