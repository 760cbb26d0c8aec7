"""Every state of every workflow has one word at the portal, or none on purpose (状態の変換の試験)."""

import csv

import pytest

from municipal.applications.rules.steps import outward
from municipal.intake.payload import SCHEMAS
from municipal.intake.words import ERROR, word_of, words


def test_the_table_knows_every_outward_word_and_no_other() -> None:
    with (SCHEMAS / "statuses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {told for told, _texts in outward().values()}
    assert sorted(row["outward"] for row in rows) == sorted(known)
    assert {row["status"] for row in rows} <= {"seen", "provisional", "none"}


@pytest.mark.parametrize(("workflow", "state"), sorted(outward()))
def test_every_state_is_mapped(workflow: str, state: str) -> None:
    word = word_of(workflow, state)
    # Of a draft the office knows nothing, and what was thrown away is nowhere.
    assert (word is None) == (state in ("draft", "discarded"))
    assert word is None or (word.code in words() and word.ja and word.en)


def test_an_application_that_never_became_a_case_has_a_word_too() -> None:
    assert ERROR in words()
