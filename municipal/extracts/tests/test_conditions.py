"""Conditions of the example table find whom they say, or are refused for what they say (抽出条件の試験)."""

import csv
from pathlib import Path
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.extracts.running import bounded

from .world import names_by

EXAMPLES = Path(__file__).parent / "examples" / "conditions.csv"
with EXAMPLES.open(encoding="utf-8", newline="") as _file:
    ROWS = [tuple(row) for row in list(csv.reader(_file))[1:]]


@pytest.mark.clause("resident-record/1.0#10.1/m9", "resident-record/1.0#10.1/m10")
@pytest.mark.parametrize(("source", "where", "expected"), ROWS)
def test_a_condition_finds_whom_it_says(inside: Any, source: str, where: str, expected: str) -> None:
    hidden = {inside["丙山　三子"].addressee_id}
    if expected.startswith("!"):
        with pytest.raises(Refused) as refused, bounded(5):
            names_by(where, source=source, hidden=hidden)
        assert refused.value.code == expected[1:]
        return
    found = [name for name in names_by(where, source=source, hidden=hidden) if name != "丙山　三子"]
    assert found == sorted(filter(None, expected.split("|")))
