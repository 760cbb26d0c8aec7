"""The office works on applications (申請の処理の画面の試験)."""

from datetime import date, timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, attach
from municipal.applications.tests.acting import a_case, stepped
from municipal.applications.tests.filling import picture
from municipal.core import clock
from municipal.municipalities import wall
from municipal.web.tests.keeping import key_in, staff

WORK = ("applications.view", "applications.work")
DECIDE = ("applications.view", "applications.decide")


@pytest.fixture
def case(committed_db: str) -> Case:
    with wall.within(TOWN):
        return a_case("nursery-status", {"is_unchanged": True})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def moved(case: Case, *actions: str, **said: Any) -> Case:
    with wall.within(TOWN):
        return stepped(Case.objects.get(pk=case.pk), *actions, **said)


def state_of(case: Case) -> str:
    with wall.within(TOWN):
        return Case.objects.get(pk=case.pk).state


def press(client: Any, case: Case, action: str, **said: Any) -> Any:
    with wall.within(TOWN):
        seen = case.events.count()
    return client.post(f"/cases/{case.pk}/steps/{action}", {"key": f"k{action}{seen}", "seen": seen} | said)


def test_without_a_permission_nothing_is_seen(case: Case) -> None:
    nobody = staff("residents.view")
    for path in ("/cases", f"/cases/{case.pk}", f"/cases/{case.pk}/notice.pdf", f"/cases/{case.pk}/steps/accept"):
        assert nobody.get(path).status_code == 403, path


def test_who_only_looks_can_do_nothing(case: Case) -> None:
    viewer = staff("applications.view")
    assert "受け付ける" not in text(viewer.get(f"/cases/{case.pk}"))
    assert press(viewer, case, "accept").status_code == 403
    assert state_of(case) == "submitted"


def test_who_works_does_not_decide_and_who_decides_does_not_work(case: Case) -> None:
    clerk, chief = staff(*WORK), staff(*DECIDE, login="chief2")
    press(chief, case, "accept")
    assert state_of(case) == "submitted"
    press(clerk, case, "accept")
    press(clerk, case, "pass_form")
    press(clerk, case, "approve")
    assert state_of(case) == "substance_check"
    press(chief, case, "approve")
    assert state_of(case) == "approved"


def test_two_people_decide_by_the_screen_too(case: Case) -> None:
    with wall.within(TOWN):
        double = a_case("care-reduction", {"reason": "disaster"})
    both = staff(*WORK, "applications.decide")
    for action in ("accept", "pass_form", "propose"):
        assert press(both, double, action).status_code == 302
    refused = press(both, double, "approve")
    assert refused.status_code == 422
    assert "起案した本人は決定できません" in text(refused)
    assert press(staff(*DECIDE, login="chief2"), double, "approve").status_code == 302
    assert state_of(double) == "approved"


def test_sending_back_asks_for_items_a_reason_and_a_day(case: Case) -> None:
    moved(case, "accept")
    clerk = staff(*WORK)
    page = f"/cases/{case.pk}/steps/send_back"
    shown = clerk.get(page)
    key = key_in(shown)
    assert clerk.post(page, {"key": key, "seen": 2}).status_code == 422
    past = {"key": key, "seen": 2, "fields": ["is_unchanged"], "reason": "確かめて", "correct_by": "R1.5.1"}
    assert "明日よりあと" in text(clerk.post(page, past))
    day = (clock.today() + timedelta(days=5)).isoformat()
    assert clerk.post(page, past | {"correct_by": day}).status_code == 302
    assert state_of(case) == "correction"
    assert "確かめて" in text(clerk.get(f"/cases/{case.pk}"))


def test_a_button_pressed_twice_acts_once_and_a_stale_page_does_not_act(case: Case) -> None:
    clerk = staff(*WORK)
    said = {"key": "once", "seen": 1}
    assert clerk.post(f"/cases/{case.pk}/steps/accept", said).status_code == 302
    assert clerk.post(f"/cases/{case.pk}/steps/accept", said).status_code == 302
    with wall.within(TOWN):
        assert case.events.count() == 2
    assert clerk.post(f"/cases/{case.pk}/steps/pass_form", {"key": "late", "seen": 1}).status_code == 422
    assert state_of(case) == "form_check"


def test_the_queue_shows_what_is_due_first_and_marks_what_is_late(case: Case) -> None:
    with wall.within(TOWN):
        late = a_case("nursery-fee", {"method": "slip"})
        Case.objects.filter(pk=late.pk).update(due_on=date(2020, 1, 6))
        over = stepped(a_case("care-plan", {"office": "見本"}), "accept", "refuse_form", reason="対象でない。")
    clerk = staff(*WORK)
    shown = clerk.get("/cases")
    assert [row["number"] for row in shown.context["rows"]] == [late.number, case.number]
    assert "期限を過ぎています" in text(shown)
    assert [row["number"] for row in clerk.get("/cases?show=over").context["rows"]] == [over.number]
    assert [row["number"] for row in clerk.get("/cases?procedure=nursery-fee").context["rows"]] == [late.number]
    assert clerk.get("/cases?show=x&procedure=y&page=z").status_code == 200


def test_a_file_is_seen_with_its_own_case_only(case: Case) -> None:
    with wall.within(TOWN):
        other = a_case("nursery-fee", {"method": "slip"})
        file = attach(actor=APPLICANT, to=case, field="evidence-work-certificate", name="a.png", content=picture())
    clerk = staff(*WORK)
    assert clerk.get(f"/cases/{case.pk}/files/{file.ref}")["Content-Type"] == "image/png"
    assert clerk.get(f"/cases/{other.pk}/files/{file.ref}").status_code == 404


def test_a_decision_is_a_paper_and_an_open_case_has_none(case: Case) -> None:
    clerk = staff(*WORK)
    assert clerk.get(f"/cases/{case.pk}/notice.pdf").status_code == 404
    moved(case, "accept", "pass_form")
    moved(case, "reject", reason="要件に合いません。")
    assert clerk.get(f"/cases/{case.pk}/notice.pdf").content.startswith(b"%PDF-")
    assert "まだ" not in text(clerk.get("/cases?show=decide"))


def test_the_words_of_an_applicant_are_never_markup(committed_db: str) -> None:
    with wall.within(TOWN):
        found = a_case("care-plan", {"office": "<script>alert(1)</script>"})
    assert "<script>alert" not in text(staff(*WORK).get(f"/cases/{found.pk}"))
