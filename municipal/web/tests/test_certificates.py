"""Certificates at the counter: asked for, looked at, issued, printed, found again (証明書の画面の試験)."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.certificates.models import CertificateCopy, CertificateIssue
from municipal.certificates.tests.issuing import ready, text_of
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.tests.acting import ELSEWHERE, act, day, family, member, people_of

pytestmark = pytest.mark.django_db
ALL = ("certificates.issue", "certificates.history", "certificates.settings", "residents.print", "residents.view")


@pytest.fixture
def home(db: None) -> list[Any]:
    """A family in a town that can certify, made as of now."""
    with wall.within(TOWN):
        ready()
        on = day(*_today())
        return people_of(act("move_in", people=family(), event_on=on))


def _today() -> tuple[int, int, int]:
    today = clock.today()
    return today.year, today.month, today.day


def said(*rows: Any, **more: Any) -> dict[str, Any]:
    return {
        "kind": "household_copy", "people": [row.addressee.number for row in rows], "requester": "self",
        "requester_name": "甲野　太郎", "identity_check": "photo_document", "purpose": "", "copies": "1",
        "output": "pdf", "printer": "", "key": uuid4().hex, "do": "issue",
    } | more  # fmt: skip


def new(row: Any) -> str:
    return reverse("certificates:new", args=[row.addressee.number])


@pytest.mark.clause("resident-record/1.0#10.7/m3")
def test_from_the_request_over_the_preview_to_the_pdf(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    page = client.get(new(home[0]))
    assert page.status_code == 200
    assert "甲野　花子" in page.content.decode()
    seen = client.post(new(home[0]), said(*home, do="preview"))
    assert "data:image/png;base64," in seen.content.decode()
    answer = client.post(new(home[0]), said(*home), follow=True)
    assert "発行しました。" in answer.content.decode()
    with wall.within(TOWN):
        copy = CertificateCopy.objects.get()
    pdf = client.post(reverse("certificates:print", args=[copy.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Cache-Control"] == "no-store"
    assert "甲野　二子" in text_of(pdf.content)


def test_pressed_twice_it_is_issued_once(home: list[Any]) -> None:
    client, wanted = browser_of(somebody(*ALL)), said(*home)
    assert client.post(new(home[0]), wanted)["Location"] == client.post(new(home[0]), wanted)["Location"]
    with wall.within(TOWN):
        assert CertificateIssue.objects.count() == 1
    other = client.post(new(home[0]), wanted | {"copies": "3"})
    assert other.status_code == 422
    with wall.within(TOWN):
        assert CertificateIssue.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"people": []}, "people"),
        ({"people": ["1"]}, "people"),
        ({"copies": "0"}, "copies"),
        ({"copies": "9999999999999999999999"}, "copies"),
        ({"requester": "king"}, "requester"),
        ({"requester_name": ""}, "requester_name"),
        ({"requester_name": "あ" * 5000}, "requester_name"),
        ({"requester_name": "改\u2028行"}, "requester_name"),
        ({"identity_check": ""}, "identity_check"),
        ({"requester": "third_party"}, "purpose"),
        ({"printer": "プリンタ1|tray"}, "printer"),
        ({"output": "paper"}, "printer"),
        ({"includes": ["everything"]}, "includes"),
        ({"is_official": "on"}, "is_official"),
    ],
)
def test_a_bad_request_is_told_beside_its_field(home: list[Any], more: dict[str, Any], field: str) -> None:
    answer = browser_of(somebody(*ALL)).post(new(home[0]), said(*home) | more)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with wall.within(TOWN):
        assert not CertificateIssue.objects.exists()


def test_nothing_is_issued_without_a_certifier(db: None) -> None:
    with wall.within(TOWN):
        people = people_of(act("move_in", people=family(), event_on=day(*_today())))
    answer = browser_of(somebody(*ALL)).post(new(people[0]), said(*people))
    assert answer.status_code == 422
    assert "認証者" in answer.content.decode()


ROUTES = (
    ("certificates:list", "certificates.history", "get"),
    ("certificates:settings", "certificates.settings", "get"),
    ("certificates:seals", "certificates.settings", "get"),
    ("certificates:later", "certificates.settings", "get"),
    ("certificates:printers", "certificates.settings", "get"),
    ("certificates:new", "certificates.issue", "get"),
    ("certificates:order", "certificates.issue", "get"),
    ("certificates:person", "certificates.history", "get"),
    ("certificates:print_screen", "residents.print", "post"),
)


@pytest.mark.parametrize(("route", "permission", "way"), ROUTES)
def test_a_page_is_open_to_its_permission_only(home: list[Any], route: str, permission: str, way: str) -> None:
    args = [home[0].addressee.number] if route.partition(":")[2] in ("new", "order", "person", "print_screen") else []
    others = browser_of(somebody(*(one for one in ALL if one != permission), login_name="other"))
    assert getattr(others, way)(reverse(route, args=args)).status_code == 403
    assert getattr(browser_of(somebody(permission)), way)(reverse(route, args=args)).status_code == 200


def test_another_town_finds_nothing(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    client.post(new(home[0]), said(*home))
    with wall.within(TOWN):
        copy = CertificateCopy.objects.get()
    stranger = browser_of(somebody(*ALL, town=OTHER_TOWN, login_name="stranger"))
    assert stranger.get(new(home[0])).status_code == 404
    assert stranger.get(reverse("certificates:issue", args=[copy.issue_id])).status_code == 404
    assert stranger.post(reverse("certificates:print", args=[copy.pk])).status_code == 404
    assert (
        stranger.post(reverse("certificates:dispose", args=[copy.pk]), {"reason": "x", "key": "k"}).status_code == 404
    )


@pytest.mark.clause("resident-record/1.0#2.2.2/m1", "resident-record/1.0#2.2.2/m2")
def test_issues_are_found_by_person_and_by_every_item_of_the_history(home: list[Any]) -> None:
    staff = somebody(*ALL, department="市民課")
    client = browser_of(staff)
    client.post(new(home[0]), said(home[0], copies="2"))
    mine = client.get(reverse("certificates:person", args=[home[0].addressee.number])).content.decode()
    assert "交付履歴 1件" in mine
    assert "個人番号カード" in mine
    other = client.get(reverse("certificates:person", args=[home[1].addressee.number])).content.decode()
    assert "まだ交付されていません" in other
    with wall.within(TOWN):
        number = CertificateCopy.objects.order_by("serial")[0].number
    today = f"{clock.today():%Y-%m-%d}"
    found = {
        "since": today, "until": today, "kind": "household_copy", "place": "市民課", "staff": "clerk",
        "number": number, "item": "生年月日", "copies": "2", "disposed": "no",
    }  # fmt: skip
    lost = {
        "since": "2999-01-01", "until": "2020-01-01", "kind": "person_copy", "place": "支所", "staff": "nobody",
        "number": "1", "item": "本籍", "copies": "3", "disposed": "yes", "terminal": "本庁9",
    }  # fmt: skip
    for asked, count in ((found, 1), (lost, 0)):
        for name, value in asked.items():
            answer = client.get(reverse("certificates:list"), {name: value})
            assert answer.context["count"] == count, name


def test_a_bad_search_is_told_and_finds_nothing(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    for bad in ({"since": "いつか"}, {"copies": "many"}, {"kind": "x"}, {"number": "a" * 100}):
        answer = client.get(reverse("certificates:list"), bad)
        assert (answer.status_code, answer.context["count"]) == (422, 0)


def test_a_disposal_is_recorded_once_and_stops_printing(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    client.post(new(home[0]), said(*home))
    with wall.within(TOWN):
        copy = CertificateCopy.objects.get()
    path = reverse("certificates:dispose", args=[copy.pk])
    assert client.post(path, {"reason": "", "key": "a"}).status_code == 422
    for _ in range(2):
        answer = client.post(path, {"reason": "印刷の失敗", "key": "b"}, follow=True)
    assert "返金 300円" in answer.content.decode()
    assert client.post(reverse("certificates:print", args=[copy.pk])).status_code == 409


def test_the_order_of_members_is_arranged_and_printed(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    numbers = [row.addressee.number for row in home]
    path = reverse("certificates:order", args=[numbers[0]])
    places = {f"place-{number}": str(place) for number, place in zip(numbers, (1, 4, 3, 2), strict=True)}
    for bad in ({}, places | {f"place-{numbers[1]}": "1"}, places | {f"place-{numbers[1]}": "x"}):
        assert client.post(path, bad).status_code == 422
    assert client.post(path, places).status_code == 302
    client.post(new(home[0]), said(*home))
    with wall.within(TOWN):
        assert [one["heading"] for one in CertificateIssue.objects.get().contents["people"]] == [
            "甲野　太郎", "甲野　二子", "甲野　一郎", "甲野　花子",
        ]  # fmt: skip
    assert client.post(path, {"do": "rule"}).status_code == 302


@pytest.mark.clause("resident-record/1.0#10.7/m5", "resident-record/1.0#10.7/n1")
def test_a_screen_is_printed_with_a_trace_and_by_the_browser_not_at_all(home: list[Any]) -> None:
    staff = somebody(*ALL)
    client = browser_of(staff)
    number = home[0].addressee.number
    page = client.get(reverse("residents:person", args=[number])).content.decode()
    assert 'class="k-no-print"' in page
    pdf = client.post(reverse("certificates:print_screen", args=[number]))
    text = text_of(pdf.content)
    assert "松町１番地" in text
    assert "clerk氏" in text
    with wall.within(TOWN):
        assert Entry.objects.filter(act="certificates.copy_screen", purpose="print", actor_id=staff.pk).exists()


@pytest.mark.clause("resident-record/1.0#4.1.0.3/m3")
def test_a_receipt_notice_is_made_from_the_page_of_the_person(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    number = home[0].addressee.number
    page = client.get(reverse("certificates:person", args=[number]))
    (event,) = page.context["events"]
    wanted = {"kind": "receipt_notice", "key": "n1"}
    answer = client.post(reverse("certificates:send", args=[event["id"]]), wanted, follow=True)
    assert "通知書を作りました。" in answer.content.decode()
    for bad in ("ex_officio_notice", "household_copy", "x", ""):
        assert client.post(reverse("certificates:send", args=[event["id"]]), {"kind": bad, "key": bad}).status_code in (
            400, 409, 422,
        )  # fmt: skip


def test_a_move_out_certificate_comes_with_the_decision_and_again_on_request(home: list[Any]) -> None:
    from municipal.residents.tests.acting import entered

    with wall.within(TOWN):
        draft = entered("move_out", people=(member(home[1]),), event_on=day(*_today()), place=ELSEWHERE)
    client = browser_of(somebody(*ALL, "residents.decide"))
    answer = client.post(reverse("drafts:decide", args=[draft.pk]), {"version": "1"})
    assert answer.status_code == 302
    with wall.within(TOWN):
        made = CertificateIssue.objects.get(kind="move_out_certificate")
    again = {"requester": "self", "requester_name": "甲野　花子", "identity_check": "photo_document", "key": "r"}
    path = reverse("certificates:reissue", args=[made.pk])
    assert client.post(path, again | {"requester_name": ""}).status_code == 422
    assert client.post(path, again).status_code == 302
    assert client.post(path, again).status_code == 302
    with wall.within(TOWN):
        assert CertificateIssue.objects.filter(reissue_of=made).count() == 1


def test_a_rule_of_a_later_version_is_switched_on_and_off(home: list[Any]) -> None:
    client = browser_of(somebody(*ALL))
    path = reverse("certificates:later")
    assert client.post(path, {"on": ["furigana_confirmed_only"]}).status_code == 302
    assert "checked" in client.get(path).content.decode()
    assert client.post(path, {"on": ["rule_of_mine"]}).status_code == 422
    assert client.post(path, {}).status_code == 302
    assert "checked" not in client.get(path).content.decode()
