"""A place of its own for whatever a test uploads or finds handed over (試験の置き場所)."""

from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.KIJUN_INSPECTIONS = tmp_path / "inspections"
    settings.KIJUN_HANDOVER_FOLDER = ""
    return tmp_path / "inspections"


@pytest.fixture
def handover(settings: Any, tmp_path: Path) -> Path:
    """The part of the hand-over place that belongs to TOWN."""
    place = tmp_path / "handover"
    settings.KIJUN_HANDOVER_FOLDER = str(place)
    mine = place / f"{TOWN:06d}"
    mine.mkdir(parents=True)
    return mine
