"""Killed while an applicant writes or hands in: the draft stays, nothing is half done (強制終了の試験)."""

from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.models import Case, CaseEvent, Draft
from municipal.applications.operations import APPLICANT, Begun, save, submit
from municipal.municipalities import wall
from municipal.tests.crashing import points, statements, struck

from .acting import YOU, a_draft

FIRST, SECOND = {"is_unchanged": False, "change": "job"}, {"is_unchanged": True}


def written(begun: Begun, answers: dict[str, Any]) -> None:
    with wall.within(TOWN):
        save(
            actor=APPLICANT, draft=begun.draft.public, token=begun.token, page="status", applicant=YOU, answers=answers,
            people={},
        )  # fmt: skip


def handed_in(begun: Begun) -> None:
    with wall.within(TOWN):
        submit(actor=APPLICANT, draft=begun.draft.public, token=begun.token)


def begun() -> Begun:
    with wall.within(TOWN):
        return a_draft("nursery-status", FIRST)


@pytest.fixture(autouse=True)
def _no_anchors(committed_db: str, settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path


def test_what_was_written_before_the_kill_is_there_and_can_be_handed_in() -> None:
    count = statements(lambda: written(begun(), SECOND))
    one = begun()
    for last in points(count):
        struck(lambda: written(one, SECOND), last)
        with wall.within(TOWN):
            assert Draft.objects.get(pk=one.draft.pk).answers in (FIRST, SECOND)
    written(one, SECOND)
    handed_in(one)
    with wall.within(TOWN):
        assert Case.objects.get().answers == SECOND


def test_killed_after_any_statement_a_submission_is_whole_or_absent_and_is_done_once() -> None:
    first = begun()
    written(first, SECOND)
    count = statements(lambda: handed_in(first))
    seen: set[int] = set()
    for last in points(count):
        one = begun()
        written(one, SECOND)
        with wall.within(TOWN):
            before = Case.objects.count()
        struck(lambda: handed_in(one), last)  # noqa: B023 (called at once)
        with wall.within(TOWN):
            made = Case.objects.count() - before
            draft = Draft.objects.get(pk=one.draft.pk)
            assert (made, draft.case is not None, draft.answers == SECOND) in ((0, False, True), (1, True, False))
        seen.add(made)
        handed_in(one)
        with wall.within(TOWN):
            assert Case.objects.count() == before + 1
            assert CaseEvent.objects.filter(case__drafts=draft).count() == 1
    assert 0 in seen
