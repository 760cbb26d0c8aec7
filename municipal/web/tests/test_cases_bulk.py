"""The same step with several applications at once: each for itself, and once (申請の一括処理の試験)."""

from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.models import Case, CaseEvent
from municipal.applications.tests.acting import a_case, stepped
from municipal.municipalities import wall
from municipal.web.tests.keeping import staff

from .entering import text

WORK = ("applications.view", "applications.work")


@pytest.fixture
def cases(committed_db: str) -> list[Case]:
    with wall.within(TOWN):
        return [a_case("nursery-status", {"is_unchanged": True}) for _ in range(3)]


def pairs(cases: list[Case]) -> list[str]:
    with wall.within(TOWN):
        return [f"{one.pk}:{one.events.count()}" for one in cases]


def states(cases: list[Case]) -> list[str]:
    with wall.within(TOWN):
        return [Case.objects.get(pk=one.pk).state for one in cases]


def press(client: Any, action: str, ticked: list[str], key: str = "k") -> Any:
    return client.post("/cases/bulk", {"key": key, "action": action, "cases": ticked})


def test_only_who_may_take_the_step_takes_it(cases: list[Case]) -> None:
    assert press(staff("applications.view"), "accept", pairs(cases)).status_code == 403
    decider = staff("applications.view", "applications.decide", login="decider")
    assert "できませんでした" in text(press(decider, "accept", pairs(cases)))
    assert states(cases) == ["submitted"] * 3


@pytest.mark.parametrize("ticked", [[], ["x"], ["1"], ["-1:0"], ["999999:1"], ["1:99999999999999999999"]])
def test_bad_input_changes_nothing(cases: list[Case], ticked: list[str]) -> None:
    assert press(staff(*WORK), "accept", ticked).status_code == 422
    for action in ("withdraw", "reject", "", "made_up"):
        assert press(staff(*WORK, login="x" + action), action, pairs(cases)).status_code == 422
    assert states(cases) == ["submitted"] * 3


def test_one_that_is_refused_does_not_stop_the_others(cases: list[Case]) -> None:
    ticked = pairs(cases)
    with wall.within(TOWN):
        stepped(Case.objects.get(pk=cases[1].pk), "accept")
    answer = press(staff(*WORK), "accept", ticked)
    assert "3件のうち2件を処理しました" in text(answer)
    assert states(cases) == ["form_check"] * 3
    refusals = {row["id"]: row["refusal"] for row in answer.context["rows"]}
    assert [bool(refusals[one.pk]) for one in cases] == [False, True, False]


def test_pressed_twice_it_happens_once(cases: list[Case]) -> None:
    clerk, ticked = staff(*WORK), pairs(cases)
    first = press(clerk, "accept", ticked)
    again = press(clerk, "accept", ticked)
    assert text(first) == text(again)
    with wall.within(TOWN):
        assert CaseEvent.objects.filter(action="accept").count() == 3


def test_different_procedures_are_not_handled_at_once(cases: list[Case]) -> None:
    with wall.within(TOWN):
        other = a_case("care-reduction", {"reason": "disaster"})
    assert press(staff(*WORK), "accept", pairs([*cases, other])).status_code == 422
    assert states([*cases, other]) == ["submitted"] * 4


def test_who_proposed_several_approves_none_of_them(committed_db: str) -> None:
    with wall.within(TOWN):
        found = [a_case("care-reduction", {"reason": "disaster"}) for _ in range(2)]
    both = staff(*WORK, "applications.decide")
    for at, action in enumerate(("accept", "pass_form", "propose", "approve")):
        press(both, action, pairs(found), key=f"k{at}")
    assert states(found) == ["proposed"] * 2
    press(staff("applications.decide", login="chief"), "approve", pairs(found))
    assert "proposed" not in states(found)


def test_the_list_offers_it_for_one_procedure_only(cases: list[Case]) -> None:
    clerk = staff(*WORK)
    assert clerk.get("/cases").context["bulk"] == []
    page = clerk.get("/cases?procedure=nursery-status")
    assert [one["action"] for one in page.context["bulk"]] == ["accept"]
    assert f'value="{cases[0].pk}:1"' in page.content.decode()
