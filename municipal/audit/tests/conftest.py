"""What the tests of the audit share: a clerk, anchors of the test's own, a filled chain (試験の土台)."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def anchors_apart(settings: Any, tmp_path: Path) -> Path:
    """No test writes into the anchors of the town one works in."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    return tmp_path / "anchors"
