"""Assessments by hand, and their revision, as a clerk sees them (賦課の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.models import Assessment
from municipal.payments.tests.booking import CLERK, charged, collected, payer
from municipal.payments.tests.test_assessments import file_of, line

from .test_money import text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
SAID = {
    "payer": "1", "fee": "905", "levy_year": "2026", "fiscal_year": "2026", "reference": "K1", "total_yen": "100900",
    "due_on": "R8.12.25\nR9.2.28",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def client() -> Client:
    with wall.within(TOWN):
        payer()
    return browser_of(somebody("payments.view", "payments.assess"))


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


def count() -> int:
    with wall.within(TOWN):
        return Assessment.objects.count()


def test_by_hand_the_instalments_are_shown_before_they_are_charged(client: Client) -> None:
    shown = client.post("/money/assessments/new", SAID | {"key": "k1"})
    page = text(shown)
    assert "1期 令和8年12月25日 50,900" in page
    assert "2期 令和9年3月1日 50,000" in page
    assert count() == 0
    said = SAID | {"key": hidden(shown, "key"), "seen": hidden(shown, "seen")}
    made = client.post("/money/assessments/new", said)
    assert made.status_code == 302
    assert client.post("/money/assessments/new", said)["Location"] == made["Location"]
    assert count() == 1
    page = text(client.get(made["Location"]))
    assert "甲野 太郎" in page
    assert "2期 令和9年3月1日 50,000 0 0 50,000 0 0 未発行" in page


def test_what_was_changed_after_the_preview_is_shown_again_and_not_charged(client: Client) -> None:
    shown = client.post("/money/assessments/new", SAID | {"key": "k1"})
    again = client.post(
        "/money/assessments/new", SAID | {"key": "k1", "seen": hidden(shown, "seen"), "total_yen": "900"}
    )
    assert "この内容で調定します" in text(again)
    assert count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"payer": "7"}, "登録されていません"),
        ({"payer": ""}, "宛名番号を入力"),
        ({"fee": "990"}, "一覧から選んで"),
        ({"total_yen": "-1"}, "数字だけで"),
        ({"total_yen": "1.5"}, "数字だけで"),
        ({"total_yen": "9" * 30}, "数字だけで"),
        ({"levy_year": "26"}, "西暦4桁"),
        ({"due_on": "R8.2.30"}, "暦"),
        ({"due_on": "R9.2.28 R8.12.25"}, "早い順"),
        ({"due_on": " ".join(["R8.12.25"] * 13)}, "12回まで"),
        ({"reference": "  "}, "通知書番号"),
        ({"reference": "\x00"}, ""),
    ],
)
def test_what_cannot_be_charged_is_named_and_nothing_is_booked(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post("/money/assessments/new", SAID | {"key": "k1"} | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert count() == 0


def test_a_reference_that_is_registered_is_refused_at_the_preview(client: Client) -> None:
    with wall.within(TOWN):
        charged(owner=Addressee.objects.get(), reference="K1")
    answer = client.post("/money/assessments/new", SAID | {"key": "k1"})
    assert answer.status_code == 422
    assert "すでに登録されています" in text(answer)


def test_a_revision_says_what_it_does_before_it_is_done(client: Client) -> None:
    with wall.within(TOWN):
        charges = charged(owner=Addressee.objects.get())
        collected(charges[3], 25_000, "notice:1")
        number = charges[0].assessment_id
    path = f"/money/assessments/{number}/revise"
    shown = client.post(path, {"total_yen": "90900", "reason": "減免", "key": "k1"})
    page = text(shown)
    assert "25,000 → 15,000" in page
    assert "0 → 10,000" in page
    assert "過誤納金が生じます" in page
    assert count() == 1
    said = {"total_yen": "90900", "reason": "減免", "key": "k1"}
    said |= {name: hidden(shown, name) for name in ("seen", "shown")}
    made = client.post(path, said)
    assert made.status_code == 302
    assert client.post(path, said)["Location"] == made["Location"]
    assert "減免" in text(client.get(made["Location"]))
    with wall.within(TOWN):
        assert books().total.charged == 90_900
        assert books().broken() == []
    # What was shown is revised by now: nobody revises it a second time.
    assert client.post(path, said | {"key": "k2"}).status_code == 422


@pytest.mark.parametrize("wrong", [{"total_yen": "100900"}, {"total_yen": ""}, {"reason": ""}, {"reason": "   "}])
def test_a_revision_that_is_none_is_refused(client: Client, wrong: dict[str, str]) -> None:
    with wall.within(TOWN):
        number = charged(owner=Addressee.objects.get())[0].assessment_id
    answer = client.post(f"/money/assessments/{number}/revise", {"total_yen": "1", "reason": "x", "key": "k"} | wrong)
    assert answer.status_code == 422
    assert count() == 1


def test_a_trial_leaves_nothing_in_the_audit(client: Client) -> None:
    client.post("/money/assessments/new", SAID | {"key": "k1"})
    with wall.within(TOWN):
        assert not Entry.objects.filter(act="payments.assess").exists()


def test_an_assessment_is_found_and_whoever_is_named_counts_as_seen(client: Client) -> None:
    with wall.within(TOWN):
        charge = charged(owner=Addressee.objects.get(), reference="K7")[0]
        protect(actor=CLERK, addressee=charge.assessment.payer, starts_on=NOON.date(), ends_on=None, is_own=True)
        before = Entry.objects.filter(kind="disclosure").count()
    page = text(client.get("/money/assessments", {"reference": "K7"}))
    assert "甲野 太郎 支援措置" in page
    assert "この条件に合う賦課はありません" in text(client.get("/money/assessments", {"reference": "K8"}))
    with wall.within(TOWN):
        assert Entry.objects.filter(kind="disclosure").count() == before + 1
    assert client.get("/money/assessments", {"levy_year": "x"}).status_code == 422


def test_assessments_of_another_town_are_not_there(client: Client) -> None:
    with wall.within(TOWN):
        number = charged(owner=Addressee.objects.get())[0].assessment_id
    data = SimpleUploadedFile("a.csv", file_of(line()), "text/csv")
    kept = client.post("/money/assessments/files", {"file": data})["Location"]
    other = browser_of(somebody("payments.view", "payments.assess", town=OTHER_TOWN, login_name="o"))
    for path in (f"/money/assessments/{number}", f"/money/assessments/{number}/revise", kept, f"{kept}/errors.csv"):
        assert other.get(path).status_code == 404, path
    assert other.post(kept, {"key": "k"}).status_code == 404


def test_only_who_may_assess_does(client: Client) -> None:
    with wall.within(TOWN):
        number = charged(owner=Addressee.objects.get())[0].assessment_id
    viewer = browser_of(somebody("payments.view", login_name="v"))
    assert viewer.get(f"/money/assessments/{number}").status_code == 200
    for path in ("new", "files", f"{number}/revise", "files/1"):
        assert viewer.get(f"/money/assessments/{path}").status_code == 403, path
        assert viewer.post(f"/money/assessments/{path}", SAID | {"key": "k"}).status_code == 403, path
