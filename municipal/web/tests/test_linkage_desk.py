"""Asking other offices, on the pages of a case and of the desk (情報連携の画面の試験)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.operations import protect
from municipal.applications.models import Case
from municipal.applications.tests.acting import a_case, stepped
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.evidence.models import EvidenceRequest, EvidenceSettings, IncomingQuestion, SimulatedBehaviour
from municipal.evidence.operations import SERVER, attend, take_question
from municipal.evidence.operations.asking import code_of
from municipal.evidence.rules.payloads import Question
from municipal.evidence.tests.acting import played, resident
from municipal.evidence.tests.test_protected import insured
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.web.tests.keeping import key_in, staff

WORK = ("applications.view", "applications.work", "applications.decide")
DESK = ("evidence.answer", "evidence.settings")


@pytest.fixture
def case(committed_db: str) -> Case:
    with wall.within(TOWN):
        made = a_case("nursery-status", {"is_unchanged": True})
        Case.objects.filter(pk=made.pk).update(about=resident())
        return stepped(Case.objects.get(pk=made.pk), "accept", "pass_form")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def carried(times: int = 3) -> None:
    for number in range(times):
        with clock.stopped_at(clock.now() + timedelta(hours=2 * number)):
            attend(town=TOWN)
    with clock.stopped_at(clock.now() + timedelta(hours=2 * times)), wall.within(TOWN):
        while deliver_next():
            pass


def ask(client: Any, case: Case, **said: Any) -> Any:
    with wall.within(TOWN):
        seen = case.events.count()
    return client.post(f"/cases/{case.pk}/evidence/ask", {"key": "ask", "seen": seen, "kinds": ["income"]} | said)


def test_a_clerk_asks_reads_the_answer_and_the_look_is_recorded(case: Case) -> None:
    clerk, page = staff(*WORK), f"/cases/{case.pk}"
    shown = text(clerk.get(page))
    assert "ほかの役所への照会" in shown
    assert "第19条第8号（未確認・暫定）" in shown
    assert "work-certificate" not in shown
    for _ in range(2):
        assert ask(clerk, case).status_code == 302
    with wall.within(TOWN):
        assert EvidenceRequest.objects.count() == 1
    assert "待たずに進めるときは" in text(clerk.get(page))
    carried()
    shown = text(clerk.get(page))
    assert "回答あり" in shown
    assert "実質審査" in shown
    assert "合計所得金額" in shown
    with wall.within(TOWN):
        found = EvidenceRequest.objects.get()
        entry = Entry.objects.filter(act="applications.evidence").latest("seq")
        assert (entry.kind, entry.subjects) == ("disclosure", [found.subject_id])
        assert "income.total_income" in entry.fields
    assert clerk.post(f"{page}/evidence/{found.pk}/used", {"key": "use"}).status_code == 302
    assert "確認済み" in text(clerk.get(page))
    viewer = text(staff("applications.view", login="viewer").get(page))
    assert "合計所得金額" not in viewer


def test_not_found_becomes_a_request_that_is_filled_in_already(case: Case) -> None:
    clerk, page = staff(*WORK), f"/cases/{case.pk}/evidence/papers"
    assert clerk.get(page).status_code == 302
    with wall.within(TOWN):
        played("income", "not_found")
    ask(clerk, case)
    carried()
    assert "申請者に書類を依頼する" in text(clerk.get(f"/cases/{case.pk}"))
    form = clerk.get(page)
    assert "情報連携で確かめられませんでした" in text(form)
    said = {name: form.context["form"].initial[name] for name in ("seen", "reason")}
    said |= {"documents": ["income-certificate"], "correct_by": "2100-01-01", "key": key_in(form)}
    assert clerk.post(page, said | {"documents": ["work-certificate"]}).status_code == 422
    assert clerk.post(page, said | {"correct_by": "R1.5.1"}).status_code == 422
    for _ in range(2):
        assert clerk.post(page, said).status_code == 302
    with wall.within(TOWN):
        now = Case.objects.get(pk=case.pk)
        assert (now.state, now.events.latest("number").fields) == ("correction", ["evidence-income-certificate"])
        assert "前の市区町村" not in now.events.latest("number").reason


def test_what_is_withheld_is_marked_for_the_desk(case: Case) -> None:
    with wall.within(TOWN):
        played("income", "withheld")
    clerk = staff(*WORK)
    ask(clerk, case)
    carried()
    assert "申請者にも、ほかの部署にも、内容と相手を伝えないでください" in text(clerk.get(f"/cases/{case.pk}"))


def test_asking_about_a_protected_person_needs_a_tick(case: Case) -> None:
    with wall.within(TOWN):
        person = Case.objects.get(pk=case.pk).about
        assert person is not None
        protect(actor=System(), addressee=person, starts_on=clock.today(), ends_on=None, is_own=True)
    clerk = staff(*WORK)
    assert "責任者に確かめました" in text(clerk.get(f"/cases/{case.pk}"))
    assert "責任者に確かめてから" in text(clerk.get(ask(clerk, case)["Location"]))
    with wall.within(TOWN):
        assert not EvidenceRequest.objects.exists()
    ask(clerk, case, is_confirmed="on", key="again")
    with wall.within(TOWN):
        assert EvidenceRequest.objects.count() == 1


@pytest.mark.parametrize("said", [
    {"kinds": []}, {"kinds": ["pension"]}, {"kinds": ["<script>"]}, {"seen": "x"}, {"seen": "-1"}, {"seen": "1"},
])  # fmt: skip
def test_bad_input_asks_nothing(case: Case, said: dict[str, Any]) -> None:
    assert ask(staff(*WORK), case, **said).status_code == 302
    with wall.within(TOWN):
        assert not EvidenceRequest.objects.exists()


def test_who_may_not_is_not_let_in(case: Case) -> None:
    nobody, viewer = staff("residents.view"), staff("applications.view", login="viewer")
    for path in ("/linkage", "/linkage/simulator", "/linkage/incoming/1"):
        assert nobody.get(path).status_code == 403, path
    assert ask(viewer, case).status_code == 403
    assert viewer.get(f"/cases/{case.pk}/evidence/papers").status_code == 403
    clerk = staff(*WORK, login="clerk2")
    assert clerk.get("/linkage").status_code == 200
    assert clerk.post("/linkage/settings", {"patience_days": 3}).status_code == 403
    assert clerk.get("/linkage/incoming/1").status_code == 403
    assert staff(*DESK, login="desk").get("/linkage/incoming/99").status_code == 404
    with wall.within(TOWN):
        other = a_case("nursery-status", {"is_unchanged": True})
    ask(clerk, case)
    with wall.within(TOWN):
        row = EvidenceRequest.objects.get().pk
    assert clerk.post(f"/cases/{other.pk}/evidence/{row}/used", {"key": "k"}).status_code == 404


def test_a_question_about_a_protected_person_is_decided_by_hand(committed_db: str) -> None:
    with wall.within(TOWN):
        person = insured()
        protect(actor=System(), addressee=person, starts_on=clock.today(), ends_on=None, is_own=True)
        said = Question(
            uuid4(), OTHER_TOWN, code_of(person), "care", "care-certificate-transfer", "介護保険法", "第36条"
        )
        row = take_question(actor=SERVER, question=said).pk
    desk = staff(*DESK)
    assert "模擬町" in text(desk.get("/linkage"))
    page = desk.get(f"/linkage/incoming/{row}")
    assert "甲野" in text(page)
    assert "松町" not in text(page)
    assert "支援措置" in text(page)
    key = key_in(page)
    assert desk.post(f"/linkage/incoming/{row}", {"key": key, "act": "refuse", "reason": ""}).status_code == 422
    done = {"key": key, "act": "refuse", "reason": "本人の安全のため。"}
    for _ in range(2):
        assert desk.post(f"/linkage/incoming/{row}", done).status_code == 302
    with wall.within(TOWN):
        assert IncomingQuestion.objects.get(pk=row).state == "refused"
        assert Entry.objects.filter(act="evidence.look", kind="disclosure", subjects=[person.pk]).exists()
    assert "この内容で回答する" not in text(desk.get(f"/linkage/incoming/{row}"))


def test_a_trainer_chooses_how_the_other_side_behaves(committed_db: str) -> None:
    desk = staff(*DESK)
    key = key_in(desk.get("/linkage/simulator"))
    good = {"key": key, "kind": "income", "behaviour": "refused", "polls": "2"}
    for wrong in ({"kind": "land"}, {"behaviour": "x"}, {"polls": "21"}, {"polls": "-1"}, {"polls": ""}):
        assert desk.post("/linkage/simulator", good | wrong).status_code == 422, wrong
    assert desk.post("/linkage/simulator", good).status_code == 302
    with wall.within(TOWN):
        found = SimulatedBehaviour.objects.get()
        assert (found.kind, found.behaviour, found.polls) == ("income", "refused", 2)
    assert "回答できないと答える" in text(desk.get("/linkage/simulator"))
    assert desk.post("/linkage/simulator/send").status_code == 302


def test_the_town_says_how_it_asks(committed_db: str, settings: Any) -> None:
    desk = staff(*DESK)
    for wrong in ("0", "61", "", "x"):
        desk.post("/linkage/settings", {"patience_days": wrong})
    with wall.within(TOWN):
        assert not EvidenceSettings.objects.exists()
    desk.post("/linkage/settings", {"patience_days": "3", "asks_automatically": "on"})
    with wall.within(TOWN):
        now = EvidenceSettings.objects.get()
        assert (now.asks_automatically, now.patience_days) == (True, 3)
    settings.KIJUN_LINKAGE_SERVER = ""
    assert "まだ使えません" in text(desk.get("/linkage"))
    assert "研修用の環境でだけ" in text(desk.get("/linkage/simulator"))
