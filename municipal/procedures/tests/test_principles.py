"""The figures of the three principles, counted anew (三原則の指標の試験)."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from municipal.procedures.catalogue import entry_of, shipped
from municipal.procedures.principles import figures

from .sample import BASIS, field, proof, said, sample

STEP = {"step": said("窓口で見せる"), "why": said("本人を確かめるため"), "basis": "住民基本台帳法22条"}


def entry(name: str, **more: Any) -> Any:
    return entry_of(sample(id=name, **more))


def test_a_step_on_paper_is_counted_and_named() -> None:
    found = figures([entry("a"), entry("b", paper_steps=[STEP]), entry("c", kind="counter"),
                     entry("d", kind="ex_officio")])["digital_first"]  # fmt: skip
    assert (found["taken_here"], found["online"], found["complete_online"], found["paper_steps"]) == (3, 2, 1, 1)
    assert found["complete_online_percent"] == 33
    assert found["steps"] == [{"id": "b", "title": "転出届", "step": "窓口で見せる", "why": "本人を確かめるため",
                               "basis": "住民基本台帳法22条"}]  # fmt: skip


def test_documents_dropped_and_remaining_are_counted() -> None:
    found = figures([entry("a", evidence=[proof("x"), proof("y", "applicant"), proof("z", "linkage", "ask")])])
    assert found["once_only"] | {"obtained": {}, "documents_of_events": []} == {
        "asked": 1, "held": 1, "dropped": 2, "remaining": 1, "asked_and_held": [], "notice_items_confirmed": 1,
        "held_with_unverified_basis": 1, "held_without_basis": 0, "obtained": {}, "documents_of_events": [],
    }  # fmt: skip
    assert found["once_only"]["obtained"] == {"applicant": 1, "linkage": 1, "register": 1}


def test_what_is_both_asked_and_held_is_named_even_if_the_loader_would_refuse_it() -> None:
    held = [{"name": "moved_on", "label": said("x"), "source": "register", "path": "x", "basis": BASIS,
             "is_notice_item": False}]  # fmt: skip
    assert figures([entry("a", holds=held)])["once_only"]["asked_and_held"] == [{"id": "a", "name": "moved_on"}]


def test_a_question_of_two_procedures_is_asked_once_in_a_bundle() -> None:
    found = figures([entry("a"), entry("b", asks=[field(), field("place", "text")])])["connected_one_stop"]
    moving = next(one for one in found["events"] if one["event"] == "moving")
    assert moving == {"event": "moving", "procedures": 2, "questions": 3, "questions_asked_once": 2, "saved": 1}
    assert sum(one["procedures"] for one in found["events"]) == 2


def test_an_empty_catalogue_has_figures() -> None:
    assert figures([])["digital_first"]["complete_online_percent"] == 0


def test_the_shipped_catalogue_keeps_what_was_promised() -> None:
    found = figures(shipped())
    assert found["once_only"]["asked_and_held"] == []
    assert found["connected_one_stop"]["circles"] == []
    drafted = found["drafted"]
    assert drafted["promised"] == {"asked": 90, "held": 70, "dropped": 63, "remaining": 32}
    assert (drafted["missing"], drafted["different"]) == ([], [])
    assert drafted["counted"] == drafted["promised"]


def test_the_shipped_catalogue_is_as_large_as_promised() -> None:
    kinds = [entry.kind for entry in shipped()]
    assert len(kinds) >= 72
    assert kinds.count("elsewhere") >= 10
    assert kinds.count("online") >= 12


@pytest.mark.parametrize("town", [None, 990019])
def test_the_command_prints_the_figures(committed_db: str, town: int | None) -> None:
    out = io.StringIO()
    call_command("principles", town=town, format="json", stdout=out)
    assert json.loads(out.getvalue()) == json.loads(json.dumps(figures(shipped())))
    out = io.StringIO()
    call_command("principles", town=town, stdout=out)
    assert "once only: " in out.getvalue()


def test_the_command_knows_its_towns(committed_db: str) -> None:
    with pytest.raises(CommandError, match="no municipality 5"):
        call_command("principles", town=5)
