"""Support measures and suppressions at the counter, from the application to the end (支援措置の画面の試験)."""

import re
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee, MeasureStep, Suppression
from municipal.certificates.tests.issuing import text_of
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.stays import stays

from .entering import signed_in, text

pytestmark = pytest.mark.usefixtures("two_towns")


@pytest.fixture
def chief() -> Client:
    return signed_in("chief")


@pytest.fixture
def number() -> str:
    """Somebody whom nothing protects yet."""
    with wall.within(TOWN):
        return str(ResidentRecord.objects.filter(status="1").order_by("addressee__number")[40].addressee.number)


def key_of(answer: Any, action: str) -> str:
    page = answer.content.decode()
    form = re.search(rf'action="{re.escape(action)}".*?name="key" value="([^"]+)"', page, re.DOTALL)
    assert form is not None, text(answer)[:800]
    return form[1]


def applied(client: Client, number: str, **said: str) -> Any:
    path = f"/residents/{number}/measures/new"
    page = client.get(path)
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert key is not None
    known = {"kind": "violence", "applied_on": f"{clock.today():%Y-%m-%d}", "hides_copies": "on", "key": key[1]}
    return client.post(path, known | said)


def case(client: Client, number: str) -> str:
    answer = applied(client, number)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


@pytest.mark.clause("resident-record/1.0#1.1.16/m1", "resident-record/1.0#1.1.16/m3", "resident-record/1.0#2.2.4/m1")
def test_the_mark_on_the_record_leads_to_the_case(chief: Client, number: str) -> None:
    where = case(chief, number)
    page = chief.get(f"/residents/{number}")
    assert "k-banner--protected" in page.content.decode()
    assert "仮支援措置の期間中です。" in text(page)
    assert f'href="{where}"' in page.content.decode()
    assert "申出年月日" in text(chief.get(where))


def test_an_application_sent_twice_opens_one_case(chief: Client, number: str) -> None:
    first = applied(chief, number, key="twice")
    again = applied(chief, number, key="twice")
    assert first["Location"] == again["Location"]
    with wall.within(TOWN):
        assert MeasureStep.objects.filter(measure__protections__addressee__number=number).count() == 1


@pytest.mark.clause("resident-record/1.0#3.4/m4", "resident-record/1.0#3.4/m9", "resident-record/1.0#1.1.16/m2")
def test_a_case_goes_from_start_to_end_at_the_counter(chief: Client, number: str) -> None:
    where = case(chief, number)
    today = f"{clock.today():%Y-%m-%d}"
    other = str(int(number))
    steps: list[tuple[str, dict[str, str]]] = [
        ("start", {"starts_on": today}), ("forward", {"to": "見本市", "forwarded_on": today}),
        ("perpetrator", {"name": "乙田　太郎", "sex": "1", "born_on": "S50.1.1"}),
        ("correct", {"kind": "stalking", "applied_on": today}), ("end", {"ended_on": today, "reason": "asked"}),
    ]  # fmt: skip
    assert other
    for name, said in steps:
        page = chief.get(where)
        action = f"{where}/steps/{name}"
        answer = chief.post(action, {"key": key_of(page, action)} | said)
        assert answer.status_code == 302, (name, text(answer))
    with wall.within(TOWN):
        assert MeasureStep.objects.latest("serial").status == "ended"
    assert "k-banner--protected" not in chief.get(f"/residents/{number}").content.decode()


def test_a_correction_that_leaves_the_contact_empty_keeps_it(chief: Client, number: str) -> None:
    where = str(applied(chief, number, contact_phone="000-1111-2222", note="夜は不可")["Location"])
    action = f"{where}/steps/correct"
    said = {"kind": "stalking", "applied_on": f"{clock.today():%Y-%m-%d}"}
    assert chief.post(action, {"key": key_of(chief.get(where), action)} | said).status_code == 302
    with wall.within(TOWN):
        newest = MeasureStep.objects.filter(measure__protections__addressee__number=number).latest("serial")
    assert (newest.kind, newest.contact_phone, newest.note) == ("stalking", "000-1111-2222", "夜は不可")


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("start", {"starts_on": "きのう"}, "日付を読み取れません"), ("start", {}, "日付を入れてください"),
        ("end", {"ended_on": "R1.1.1"}, "終了の理由を選んで"), ("forward", {"forwarded_on": "R1.1.1"}, "転送先"),
        ("join", {"person": "999999999999999"}, "その番号はありません"), ("join", {"person": "x"}, "15桁以内"),
        ("perpetrator", {"name": ""}, "加害者について"), ("perpetrator", {"name": "あ" * 101}, "100文字以内"),
        ("perpetrator", {"name": "乙", "sex": "9"}, "性別を選んで"),
        ("not_needed", {"told_on": "R99.1.1"}, "連絡の日は今日まで"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_field(
    chief: Client, number: str, name: str, said: dict[str, str], why: str
) -> None:
    where = case(chief, number)
    answer = chief.post(f"{where}/steps/{name}", {"key": "one"} | said)
    assert answer.status_code in (409, 422), answer.status_code
    assert why in text(answer)


@pytest.mark.clause("resident-record/1.0#3.1/m7")
@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/residents/{}/suppressions/release", "counter"), ("/suppressions/1/lift", "counter"),
        ("/residents/{}/suppressions/set", "tax"), ("/measures", "tax"), ("/measures/1/details", "counter"),
        ("/residents/{}/measures/new", "auditor"), ("/suppressions/settings", "chief"),
    ],
)  # fmt: skip
def test_each_right_is_given_by_itself(number: str, path: str, role: str) -> None:
    client = signed_in(role)
    answer = client.post(path.format(number), {"key": "one"})
    if answer.status_code == 405:
        answer = client.get(path.format(number))
    assert answer.status_code == 403


@pytest.mark.clause("resident-record/1.0#3.1/m9", "resident-record/1.0#3.1/m1")
def test_a_suppressed_person_is_marked_in_the_list_and_views_can_be_stopped(chief: Client, number: str) -> None:
    page = chief.get(f"/residents/{number}/suppressions")
    action = f"/residents/{number}/suppressions/set"
    said = {
        "whose": "person", "process": "inquiry", "level": "error", "reason": "確認中",
        "starts_on": "R8.4.1", "key": key_of(page, action),
    }  # fmt: skip
    assert chief.post(action, said).status_code == 302
    assert "k-badge--suppressed" in chief.get(f"/residents?q={number}").content.decode()
    for path in ("/residents/{}", "/residents/{}/history", "/residents/{}/household", "/api/v1/residents/{}"):
        answer = chief.get(path.format(number))
        assert answer.status_code == 403
        assert number in answer.content.decode()
    action = f"/residents/{number}/suppressions/release"
    key = key_of(chief.get(f"/residents/{number}/suppressions"), action)
    assert chief.post(action, {"process": "inquiry", "reason": "本人", "key": key}).status_code == 302
    assert chief.get(f"/residents/{number}").status_code == 200
    with wall.within(TOWN):
        row = Suppression.objects.get()
    assert chief.post(f"/suppressions/{row.pk}/lift", {"key": "lift"}).status_code == 302
    assert "k-badge--suppressed" not in chief.get(f"/residents?q={number}").content.decode()


@pytest.mark.clause("resident-record/1.0#9.2/m1")
def test_the_lists_show_who_is_protected_without_an_address(chief: Client, number: str) -> None:
    case(chief, number)
    for path in ("/measures", "/measures?which=ending", "/suppressions", "/suppressions?ward=101"):
        assert chief.get(path).status_code == 200
    assert number in chief.get("/suppressions").content.decode()
    assert chief.get("/measures?which=never").status_code == 422


@pytest.mark.clause("resident-record/1.0#3.1/m6")
@pytest.mark.parametrize(("minutes", "status"), [("30", 302), ("0", 422), ("x", 422), ("481", 422), ("", 422)])
def test_an_administrator_sets_the_minutes(minutes: str, status: int) -> None:
    assert signed_in("admin").post("/suppressions/settings", {"minutes": minutes}).status_code == status


def test_a_case_of_nowhere_is_not_found(chief: Client) -> None:
    for path in ("/measures/999", "/measures/x", "/residents/1/suppressions", "/residents/x/measures/new"):
        assert chief.get(path).status_code == 404
    assert chief.post("/measures/999/steps/never", {"key": "a"}).status_code == 404
    assert chief.post("/suppressions/999/lift", {"key": "a"}).status_code == 409


@pytest.mark.clause("resident-record/1.0#2.2.1/m2", "resident-record/1.0#2.2.1/n1")
def test_the_history_of_a_returner_shows_one_stay_at_a_time() -> None:
    clerk = signed_in("counter")
    with wall.within(TOWN):
        returner = _returner()
    pages = {stay: clerk.get(f"/residents/{returner}/history?stay={stay}").content.decode() for stay in ("1", "2", "x")}
    assert pages["2"].count("k-number") == pages["x"].count("k-number")
    assert 'href="?stay=1"' in pages["2"]
    said = [clerk.get(f"/api/v1/residents/{returner}/history?stay={stay}") for stay in (1, 2)]
    serials = [[row["serial"] for row in one.json()["results"]] for one in said]
    assert serials[0][-1] + 1 == serials[1][0]
    assert clerk.get(f"/api/v1/residents/{returner}/history").json()["stay"] == 2
    for wrong in ("0", "3", "x", "９"):
        assert clerk.get(f"/api/v1/residents/{returner}/history?stay={wrong}").status_code == 422


def _returner() -> str:
    """Somebody of the made-up town who left and came back."""
    for person in Addressee.objects.filter(kind="resident"):
        if len(stays(inquiry.history(person))) == 2:
            return person.number
    raise AssertionError("The made-up town has no returner.")


@pytest.mark.clause("resident-record/1.0#3.4/m6", "resident-record/1.0#3.4/o1")
@pytest.mark.parametrize(("what", "title"), [("ending", "支援措置期間終了通知書"), ("starting", "支援措置開始通知書")])
def test_the_applicant_can_be_told_of_the_start_and_of_the_end(
    chief: Client, number: str, what: str, title: str
) -> None:
    where = case(chief, number)
    assert chief.get(f"{where}/notices/{what}.pdf").status_code == 409
    action = f"{where}/steps/start"
    chief.post(action, {"starts_on": "R8.4.1", "key": key_of(chief.get(where), action)})
    answer = chief.get(f"{where}/notices/{what}.pdf")
    said = text_of(answer.content)
    assert title in said
    assert "令和9年3月31日" in said
    assert chief.get(f"{where}/notices/never.pdf").status_code == 404
