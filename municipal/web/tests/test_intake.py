"""The pages of the intake: what stopped, whose it is, what the portal is told (申請管理の画面の試験)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.identity.tests.people import browser_of, somebody
from municipal.intake.models import PortalApplication, Received
from municipal.intake.operations import PORTAL, fetch, note_refusal, send_reports, settings_of
from municipal.intake.payload import NOT_OURS
from municipal.intake.tests.coming import NOON, SIGNED_ENTRY, a_zip, certificate, person, taken
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.residents.tests.people import newcomer

REFUGE = "ハナミズキ荘八八号"


@pytest.fixture(autouse=True)
def _noon(db: None) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk() -> Client:
    return browser_of(somebody("applications.intake", "applications.view"))


def waiting(**who: str) -> Received:
    with wall.within(TOWN):
        row = newcomer(valid_from=date(2026, 4, 1), address_building=REFUGE)
        protect(actor=System(), addressee=row.addressee, starts_on=clock.today(), ends_on=None, is_own=True)
        return taken(a_zip(who={"name": "甲野花子", "born_on": "1985-04-01", "address": REFUGE} | who))


def test_whoever_may_not_take_in_sees_no_page() -> None:
    client = browser_of(somebody("applications.view"))
    for path in ("/intake", "/intake/1", "/intake/simulator"):
        assert client.get(path).status_code == 403


def test_the_list_says_what_waits_and_what_is_over(clerk: Client) -> None:
    row = waiting()
    with wall.within(TOWN):
        note_refusal(actor=PORTAL, receipt="M26112900000002", refused=NOT_OURS)
    page = clerk.get("/intake").content.decode()
    assert row.receipt in page
    assert "ほかの自治体か、ほかの受付番号の申請データです。" in page
    assert row.receipt not in clerk.get("/intake?show=over").content.decode()


def test_candidates_are_shown_without_any_address_and_that_is_noted(clerk: Client) -> None:
    row = waiting()
    page = clerk.get(f"/intake/{row.pk}").content.decode()
    assert "甲野　花子" in page
    assert "署名がありません。" in page
    assert REFUGE not in page
    assert "松町" not in page
    with wall.within(TOWN):
        shown = Entry.objects.filter(act="intake.candidates").latest("seq")
    assert (shown.kind, shown.fields) == ("disclosure", ["name", "born_on"])
    assert len(shown.subjects) == 1


def test_choosing_makes_the_case_and_twice_is_once(clerk: Client) -> None:
    row = waiting()
    with wall.within(TOWN):
        number = newcomer_number()
    path, said = f"/intake/{row.pk}/choose", {"key": "a", "number": number, "other": ""}
    for _ in range(2):
        assert clerk.post(path, said).status_code == 302
    with wall.within(TOWN):
        row.refresh_from_db()
        assert row.case is not None
        assert row.case.about is not None
        assert (row.state, row.case.about.number) == ("imported", number)
        case = row.case
    page = clerk.get(f"/cases/{case.pk}").content.decode()
    assert row.receipt in page
    assert REFUGE not in page


def newcomer_number() -> str:
    from municipal.addressees.models import Addressee

    return str(Addressee.objects.get(name__startswith="甲野").number)


@pytest.mark.parametrize(
    ("act", "said", "sentence"),
    [
        ("choose", {"number": "", "other": ""}, "対象者を選ぶか、宛名番号を入れてください。"),
        ("choose", {"number": "none", "other": "99999999"}, "この宛名番号の人はいません。"),
        ("choose", {"number": "999", "other": ""}, "一覧から選んでください。"),
        ("choose", {"number": "", "other": "1" * 16}, "宛名番号は15桁以内の数字です。"),
        ("dismiss", {"reason": ""}, "理由を入れてください。"),
        ("give_back", {"reason": "  "}, "理由を入れてください。"),
        ("accept_change", {}, "この申請は、すでに処理されています。"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    clerk: Client, act: str, said: dict[str, str], sentence: str
) -> None:
    row = waiting()
    answer = clerk.post(f"/intake/{row.pk}/{act}", said | {"key": "b"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with wall.within(TOWN):
        assert Received.objects.get().state == "to_convert"


def test_an_act_that_is_none_and_an_application_of_another_town(clerk: Client) -> None:
    row = waiting()
    assert clerk.post(f"/intake/{row.pk}/explode", {"key": "c"}).status_code == 302
    stranger = browser_of(somebody("applications.intake", login_name="stranger", town=OTHER_TOWN))
    assert stranger.get(f"/intake/{row.pk}").status_code == 404
    assert stranger.post(f"/intake/{row.pk}/dismiss", {"key": "d", "reason": "x"}).status_code == 404


def test_the_settings_are_kept_and_a_bad_pace_is_refused(clerk: Client) -> None:
    assert clerk.post("/intake/settings", {"key": "e", "every_minutes": "1"}).status_code == 422
    answer = clerk.post("/intake/settings", {"key": "f", "every_minutes": "30", "is_on": "on"})
    assert answer.status_code == 302
    with wall.within(TOWN):
        found = settings_of()
    assert (found.is_on, found.every_minutes, found.is_feedback_on) == (True, 30, False)


def test_from_the_trainers_portal_to_the_answer_that_it_gets(clerk: Client) -> None:
    with wall.within(TOWN):
        certificate()
    said: dict[str, Any] = {"procedure": SIGNED_ENTRY, "who": "known", "fault": "twice", "times": "1", "key": "g"}
    assert clerk.post("/intake/simulator", said).status_code == 302
    assert clerk.post("/intake/simulator", said | {"key": "h", "times": "0"}).status_code == 422
    assert clerk.post("/intake/ask", {"key": "i"}).status_code == 302
    with wall.within(TOWN):
        assert settings_of().outcome["wanted"] == 1
    fetch(TOWN)
    with wall.within(TOWN):
        row = Received.objects.get()
        while deliver_next():
            pass
    assert "国に登録する" in clerk.get(f"/intake/{row.pk}").content.decode()
    clerk.post(f"/intake/{row.pk}/release", {"key": "j"})
    assert send_reports(TOWN) == 1
    page = clerk.get("/intake/simulator").content.decode()
    assert (row.receipt in page, "処理中" in page) == (True, True)
    with wall.within(TOWN):
        there = PortalApplication.objects.get()
    with clock.stopped_at(NOON + timedelta(minutes=5)):
        answer = clerk.post(f"/intake/simulator/{there.pk}", {"key": "k", "fault": "changed", "times": "1"})
        assert answer.status_code == 302
    fetch(TOWN)
    with wall.within(TOWN):
        changed = Received.objects.get(state="changed")
    page = clerk.get(f"/intake/{changed.pk}").content.decode()
    assert "元の申請が訂正待ちのときだけ" in page


def test_nobody_reaches_the_portal_without_a_token_and_a_browser_sees_json() -> None:
    client = Client()
    assert client.get(f"/portal/{TOWN:06d}/applications").status_code == 401
    assert client.post(f"/portal/{TOWN:06d}/token", {"grant_type": "password"}).status_code == 400
    assert client.get("/portal/131016/applications").status_code == 404
    assert client.put(f"/portal/{TOWN:06d}/applications").status_code == 405


def test_the_person_of_the_test_is_the_one_of_the_card() -> None:
    with wall.within(TOWN):
        assert person(certificate())["name"] == "甲野　花子"
