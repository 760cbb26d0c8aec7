"""The clerk sees what came of a decision, the applicant is told in plain words (決定の実施の画面の試験)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.operations.carrying_out import note_by_hand
from municipal.applications.tests.acting import CLERK, stepped
from municipal.applications.tests.carrying import (
    CODES,
    a_family,
    about,
    approved,
    as_said,
    delivered,
    draft_of,
    moving_out,
    somebody,
)
from municipal.applications.tests.filling import HERE
from municipal.certificates.tests.issuing import ready
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.municipalities import wall
from municipal.residents.models import Draft as Entry
from municipal.residents.models import ResidentRecord
from municipal.residents.operations import decide
from municipal.residents.tests.acting import ACTS_ON, act
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF
from municipal.web.tests.keeping import staff
from municipal.web.views.outcome_shown import CHECKING

from .entering import decided, entered, fields, sent

WORK = ("applications.view", "applications.work")
ENTER = ("residents.enter", "residents.view", "residents.search", "residents.decide")
CARD = "individual_number_card"


@pytest.fixture(autouse=True)
def may(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def made(*steps: Any) -> Case:
    """A case about the family, as ``steps`` make it inside the town."""
    with wall.within(TOWN):
        found: Case = steps[0](a_family())
        return found


def unknown(people: list[Any]) -> Case:
    """Somebody's paper: nobody has noted yet who of the register they are."""
    return approved(about("move-out", None, moving_out(people).answers, *people, **as_said(people[0])))


def within(people: list[Any], address: str = "架空県架空市竹町８番地") -> Case:
    answers = {"new_address": address, "moved_on": "2026-05-18", "movers": ["m0", "m1", "m2", "m3"]}
    return approved(about("move-within", people[0], answers, *people))


def posted(client: Client, case: Case, what: str, key: str = "", **said: Any) -> Any:
    with wall.within(TOWN):
        seen = case.events.count()
    return client.post(f"/cases/{case.pk}/outcome/{what}", {"key": key or what, "seen": seen} | said)


def state_of(case: Case) -> str:
    with wall.within(TOWN):
        return Case.objects.get(pk=case.pk).state


def kinds(case: Case) -> list[str]:
    with wall.within(TOWN):
        return list(case.outcomes.order_by("pk").values_list("kind", flat=True))


def number_of(case: Case) -> str:
    with wall.within(TOWN):
        row = ResidentRecord.objects.select_related("addressee").order_by("pk").first()
        assert row is not None
        return row.addressee.number


def test_who_only_looks_presses_nothing() -> None:
    case, viewer = made(unknown), staff("applications.view")
    shown = text(viewer.get(f"/cases/{case.pk}"))
    assert "申請した人が台帳のどなたか" in shown
    assert "もう一度実施する" not in shown
    for what in ("try", "by-hand", "person"):
        assert posted(viewer, case, what).status_code == 403, what
    for what in ("try", "by-hand", "person"):
        assert staff(*WORK, login=f"w{what}").post(f"/cases/9999/outcome/{what}", {"key": "x"}).status_code == 404


def test_the_person_is_identified_and_the_decision_carried_out() -> None:
    case, clerk = made(unknown), staff(*WORK)
    assert kinds(case) == ["obstacle"]
    for wrong in ("", "x", "999"):
        assert posted(clerk, case, "person", key=f"k{wrong}", number=wrong).status_code == 422, wrong
    assert posted(clerk, case, "person", number=number_of(case)).status_code == 302
    assert posted(clerk, case, "try").status_code == 302
    assert posted(clerk, case, "try").status_code == 302
    assert (kinds(case), state_of(case)) == (["obstacle", "entry"], "approved")
    assert posted(clerk, case, "try", key="later").status_code == 409
    assert "別の職員の決定を待っています" in text(clerk.get(f"/cases/{case.pk}"))


def test_what_is_done_by_hand_says_where() -> None:
    case, clerk = made(unknown), staff(*WORK)
    assert posted(clerk, case, "by-hand", note="").status_code == 422
    assert posted(clerk, case, "by-hand", key="b", note="番" * 201).status_code == 422
    assert posted(clerk, case, "by-hand", key="c", note="仮登録 7").status_code == 302
    assert state_of(case) == "done"
    assert "仮登録 7" in text(clerk.get(f"/cases/{case.pk}"))


def test_at_the_visit_the_form_is_filled_and_its_entry_finishes_the_case() -> None:
    case, clerk = made(within), staff(*WORK, *ENTER)
    shown = clerk.get(f"/cases/{case.pk}")
    assert "転居の入力画面を開く" in text(shown)
    opened = clerk.post(
        "/entries/start", {"act": "move_within", "person": number_of(case), "case": case.pk}, follow=True
    )
    said = fields(opened)
    assert (said["place-block"], said["place-lot"], len(said["movers"])) == (["竹町"], ["８番地"], 4)
    draft = entered(clerk, opened)
    assert kinds(case) == ["prepared", "entry"]
    decided(staff(*ENTER, login="chief2"), draft)
    with wall.within(TOWN):
        delivered()
    assert state_of(case) == "done"
    assert clerk.get(f"/entries/move_within?case={case.pk}&person={number_of(case)}").status_code in (409, 422)


def test_an_address_that_cannot_be_read_is_typed_on_the_form() -> None:
    case, clerk = made(lambda people: within(people, "となりの家")), staff(*WORK, *ENTER)
    opened = clerk.post(
        "/entries/start", {"act": "move_within", "person": number_of(case), "case": case.pk}, follow=True
    )
    assert opened.status_code == 200
    assert fields(opened)["place-block"] == [""]


def test_a_form_opens_no_case_of_another_state_and_for_nobody_without_a_permission() -> None:
    case = made(lambda people: stepped(moving_out(people), "accept"))
    clerk = staff(*WORK, *ENTER)
    assert clerk.get(f"/entries/move_in?case={case.pk}").status_code in (409, 422)
    assert clerk.get("/entries/move_in?case=9999").status_code == 404
    assert clerk.get("/entries/move_in?case=x").status_code in (400, 422)
    assert staff(*ENTER, login="enters").get(f"/entries/move_in?case={case.pk}").status_code == 404


def test_a_refused_entry_leaves_no_trace_at_the_case() -> None:
    case, clerk = made(within), staff(*WORK, *ENTER)
    opened = clerk.post(
        "/entries/start", {"act": "move_within", "person": number_of(case), "case": case.pk}, follow=True
    )
    checked = sent(clerk, opened, "check")
    with wall.within(TOWN):
        note_by_hand(actor=CLERK, case=case.pk, seen=case.events.count(), note="窓口で処理")
    answer = sent(clerk, checked, "enter")
    assert answer.status_code in (409, 422)
    with wall.within(TOWN):
        assert Entry.objects.filter(act="move_within").count() == 0
    assert kinds(case) == ["prepared", "by_hand"]


# The applicant.


def opened(case: Case) -> Client:
    """A browser that knows number and code."""
    client = Client(raise_request_exception=False)
    client.post(f"{HERE}/status", {"number": case.number, "code": CODES[case.number]})
    return client


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "ko"])
def test_the_applicant_reads_plain_words_and_never_the_reason(language: str) -> None:
    stuck = made(unknown)
    shown = text(opened(stuck).get(f"{HERE}/cases/{stuck.number}?lang={language}"))
    with override(language):
        assert gettext(CHECKING) in shown
    assert "台帳のどなたか" not in shown


def test_the_applicant_follows_the_entry_to_its_end() -> None:
    case = made(lambda people: approved(moving_out(people)))
    client, page = opened(case), f"{HERE}/cases/{case.number}"
    assert "別の職員が確かめると" in text(client.get(page))
    with wall.within(TOWN):
        event = decide(actor=REGISTER_CHIEF, draft=draft_of(case).pk)
        delivered()
    assert "役所の記録を改めました" in text(client.get(page))
    with wall.within(TOWN):
        act("cancellation", cancels=event.pk, event_on=RegisterDate(2026, 5, 20), basis="application")
    assert "あとで取り消されました" in text(client.get(page))
    assert "台帳でこの異動が取り消されました" in text(staff(*WORK).get(f"/cases/{case.pk}"))


def test_a_specimen_is_taken_away_by_its_applicant_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in ("persons", "certificates"):
        monkeypatch.setattr(f"municipal.applications.outcomes.{where}.identity_of", lambda case: CARD)
    with wall.within(TOWN):
        ready()
    answers = {"subjects": ["m0"], "copies": 1, "receive": "electronic_specimen"}
    case = made(lambda people: approved(about("resident-record-copy", people[0], answers, people[0])))
    client, page = opened(case), f"{HERE}/cases/{case.number}"
    assert "証明書としては使えません" in text(client.get(page))
    assert client.get(f"{page}/result.pdf").content.startswith(b"%PDF")
    assert Client(raise_request_exception=False).get(f"{page}/result.pdf").status_code == 404
    with wall.within(TOWN):
        other = approved(moving_out([somebody(serial=9)]))
    assert opened(other).get(f"{page}/result.pdf").status_code == 404
    assert opened(other).get(f"{HERE}/cases/{other.number}/result.pdf").status_code == 422
