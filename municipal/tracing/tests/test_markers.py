"""Marks of tests are found however a test file names its standard (条項の印の試験)."""

from pathlib import Path

from municipal.tracing.markers import marked

SOURCE = """
import pytest
V1 = "resident-record/1.0"
WHICH = object()

@pytest.mark.clause(f"{V1}#1.1.5/m1", "resident-record/1.0#1.1.5/m2")
def test_one(): ...

@pytest.mark.clause(f"{WHICH}#1.1.5/m3", f"{UNKNOWN}#1.1.5/m4")
def test_other(): ...
"""


def test_a_constant_of_the_module_is_spelt_out_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(SOURCE, encoding="utf-8")
    assert marked(tmp_path) == {
        "resident-record/1.0#1.1.5/m1": ["test_it.py::test_one"],
        "resident-record/1.0#1.1.5/m2": ["test_it.py::test_one"],
    }
