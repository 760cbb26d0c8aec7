"""The traceability report: proofs, accounts, gaps (追跡表の試験)."""

import csv
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from municipal.conformance.packs import Requirement, find
from municipal.tracing.markers import marked
from municipal.tracing.reports import FORMATS
from municipal.tracing.rows import Account, Row, State, accounts, figures, trace

TEST_FILE = """
import pytest
pytestmark = pytest.mark.clause("a/1#1")

@pytest.mark.clause("a/1#2", "a/1#3")
class TestTwo:
    def test_inside(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("a/1#4"))])
def test_of_a_parameter(x): ...

@pytest.mark.clause("a/1#5")
def not_a_test(): ...
"""


def requirement(level: str = "must") -> Requirement:
    return Requirement(
        clause="9.9/m1", section="9.9", title_ja="題", title_en="title", level=level, omit="", summary_ja="<要約>",
        summary_en="summary", method="attest", reason_ja="", reason_en="", checks=(), status="cited", source="",
    )  # fmt: skip


def row(level: str = "must", *, code: bool = False, tests: bool = False, account: State | None = None) -> Row:
    said = Account(account, "理由", "reason") if account else None
    return Row(requirement(level), ("x.y",) * code, ("t.py::test_z",) * tests, said)


def test_marks_of_module_class_function_and_parameter_are_found(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TEST_FILE)
    inside, other = "test_it.py::TestTwo::test_inside", "test_it.py::test_of_a_parameter"
    assert marked(tmp_path) == {"a/1#1": [inside, other], "a/1#2": [inside], "a/1#3": [inside], "a/1#4": [other]}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (row(), State.GAP),
        (row(code=True), State.GAP),
        (row(tests=True), State.GAP),
        (row(code=True, tests=True), State.IMPLEMENTED),
        (row("may", code=True, tests=True), State.IMPLEMENTED),
        (row("must_not", tests=True), State.ABSENT),
        (row("must_not", code=True), State.GAP),
        (row(account=State.ATTESTED), State.ATTESTED),
        (row(code=True, account=State.MISSING), State.MISSING),
    ],
)
def test_a_sentence_is_what_its_proofs_make_it(found: Row, state: State) -> None:
    assert found.state is state


def test_an_account_of_what_is_proved_is_superfluous() -> None:
    assert row(code=True, tests=True, account=State.MISSING).is_superfluous
    assert not row(code=True, account=State.MISSING).is_superfluous


@pytest.mark.parametrize("line", ["1.1.1/m1,attested,,because", "1.1.1/m1,attested,なぜ,", "1.1.1/m1,implemented,な,w"])
def test_an_account_without_a_reason_or_of_another_state_is_none(tmp_path: Path, line: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"clause,state,reason_ja,reason_en\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"accounts|State"):
        accounts(path)


def test_no_sentence_is_accounted_for_twice(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("clause,state,reason_ja,reason_en\n" + "1.1.1/m1,attested,な,w\n" * 2, encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        accounts(path)


def test_every_sentence_of_the_standard_is_proved_or_accounted_for() -> None:
    """The gate of the build: a sentence that loses its code or its test becomes a gap, and fails here."""
    found = trace(find("resident-record"))
    assert [one.requirement.clause for one in found if one.state is State.GAP] == []
    assert [one.requirement.clause for one in found if one.is_superfluous] == []
    assert sorted(set(accounts()) - {one.requirement.clause for one in found}) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_form_of_the_report_holds_every_sentence_that_is_not_proved(name: str) -> None:
    rows = [row(), row("must_not", tests=True), row(account=State.ATTESTED)]
    said = FORMATS[name]("resident-record 1.0", rows)
    assert "9.9/m1" in said
    assert "reason" in said


def test_the_figures_count_every_sentence_once() -> None:
    rows = [row(), row(code=True, tests=True), row("must_not", tests=True)]
    assert figures(rows)["must"] == {State.GAP: 1, State.IMPLEMENTED: 1}
    assert figures(rows)["must_not"] == {State.ABSENT: 1}


def test_csv_and_json_can_be_read_back() -> None:
    rows = [row(code=True, tests=True)]
    assert next(csv.DictReader(io.StringIO(FORMATS["csv"]("x", rows))))["state"] == "implemented"
    assert json.loads(FORMATS["json"]("x", rows))["rows"][0]["tests"] == ["t.py::test_z"]


def test_html_escapes_what_it_prints() -> None:
    assert "&lt;要約&gt;" in FORMATS["html"]("<x>", [row()])


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        call_command("trace", "--format", "json")
    said = json.loads(capsys.readouterr().out)
    assert sum(n for states in said["figures"].values() for n in states.values()) == 546
