"""Entitlements on the screens of the office and of the applicant (受給資格の画面の試験; issue 7, section 2)."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.applications.keys import code_of
from municipal.applications.operations import APPLICANT, submit
from municipal.applications.tests.acting import CHIEF, a_draft, stepped
from municipal.applications.tests.entitling import ALLOWANCE, SAID, parents
from municipal.applications.tests.filling import HERE
from municipal.audit.models import Entry
from municipal.entitlements.models import Entitlement
from municipal.entitlements.tests.acting import CARE, allowance, granted, home, now
from municipal.entitlements.tests.test_files import file_of, line
from municipal.municipalities import wall

from .keeping import staff

BOTH = ("entitlements.view", "entitlements.keep")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def one(committed_db: str) -> Entitlement:
    with wall.within(TOWN):
        mother, _father, child, _other = (row.addressee for row in home())
        allowance(mother, child)
        return granted(mother)


def test_without_a_permission_nothing_is_seen_and_who_looks_changes_nothing(one: Entitlement) -> None:
    nobody, viewer = staff("applications.view"), staff("entitlements.view", login="viewer")
    paths = (
        "/entitlements",
        "/entitlements/files",
        f"/entitlements/{one.number}",
        f"/entitlements/{one.number}/notice.pdf",
    )
    for path in paths:
        assert nobody.get(path).status_code == 403, path
    page = text(viewer.get(f"/entitlements/{one.number}"))
    assert "終了する" not in page
    for what in ("end", "reopen", "amount"):
        assert viewer.post(f"/entitlements/{one.number}/{what}").status_code == 403
    assert viewer.get("/entitlements/files").status_code == 403
    assert Client(raise_request_exception=False).get("/entitlements/1").status_code in (302, 404)


def test_the_list_is_narrowed_and_whoever_is_shown_is_written_down(one: Entitlement) -> None:
    clerk = staff(*BOTH)
    assert text(clerk.get("/entitlements")).count('<tr><th scope="row">') == 2
    assert text(clerk.get(f"/entitlements?kind={CARE}")).count('<tr><th scope="row">') == 1
    assert "この条件に合う" in text(clerk.get("/entitlements?state=refused"))
    with wall.within(TOWN):
        number, before = one.person.number, Entry.objects.filter(kind="disclosure").count()
    assert text(clerk.get(f"/entitlements?person={number}")).count('<tr><th scope="row">') == 2
    assert clerk.get("/entitlements?person=abc&kind=nothing&page=99").status_code == 422
    with wall.within(TOWN):
        assert Entry.objects.filter(kind="disclosure").count() > before


def test_an_amount_and_an_ending_are_entered_once_and_stand_in_the_history(one: Entitlement) -> None:
    clerk, page = staff(*BOTH), f"/entitlements/{one.number}"
    wrong = clerk.post(f"{page}/amount", {"key": "k0", "seen": 1, "yen": "-5", "per": "month"})
    assert wrong.status_code == 422
    assert "0円から99,999,999円まで" in text(wrong)
    for _ in range(2):
        said = {"key": "k9", "seen": 1, "yen": "10000", "per": "month", "reason": "電算 第1号"}
        assert clerk.post(f"{page}/amount", said).status_code == 302
    assert "10,000円" in text(clerk.get(page))
    late = clerk.post(f"{page}/end", {"key": "k1", "seen": 1, "last": "R9.3.31", "reason": "非該当"})
    assert "ほかの人が先に記録しました" in text(late)
    assert clerk.post(f"{page}/end", {"key": "k2", "seen": 2, "last": "R9.3.31", "reason": "非該当"}).status_code == 302
    assert clerk.post(f"{page}/reopen", {"key": "k3", "seen": 3, "reason": "誤り"}).status_code == 302
    assert text(clerk.get(page)).count('<tr><th scope="row" lang="ja">') == 4
    assert clerk.post(f"{page}/nothing", {"key": "k4"}).status_code == 404
    paper = clerk.get(f"{page}/notice.pdf")
    assert paper.content.startswith(b"%PDF")


def test_a_file_is_taken_in_by_somebody_else_than_who_handed_it_in(one: Entitlement) -> None:
    clerk, chief = staff(*BOTH), staff(*BOTH, login="chief2")
    with wall.within(TOWN):
        data = file_of(line(person=one.person.number))
    given = clerk.post("/entitlements/files", {"file": SimpleUploadedFile("a.csv", data)})
    page = given["Location"]
    mine = text(clerk.get(page))
    assert "1件、合計 10,000円です" in mine
    assert "渡した本人は取り込めません" in mine
    assert clerk.post(page, {"key": "k1"}).status_code == 422
    assert chief.post(page, {"key": "k2"}).status_code == 302
    assert "取込み済み" in text(chief.get(page))
    with wall.within(TOWN):
        assert now(one).amount_yen == 10_000
    bad = clerk.post("/entitlements/files", {"file": SimpleUploadedFile("b.csv", file_of(line(person="9")))})
    assert "新しい認定には、始まりの日が必要です" in text(clerk.get(bad["Location"]))
    assert clerk.post("/entitlements/files", {"file": SimpleUploadedFile("c.csv", b"\x00\xff")}).status_code == 422
    assert clerk.post("/entitlements/files", {}).status_code == 422


def test_both_sides_of_a_case_see_what_was_decided_and_nobody_an_address(committed_db: str) -> None:
    with wall.within(TOWN):
        mother, father, _child = parents(date(2020, 5, 6))
        kept = {}
        for row in (mother, father):
            made = a_draft(ALLOWANCE, SAID[ALLOWANCE])
            case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
            case.about = row.addressee
            case.save(update_fields=["about"])
            kept[row.pk] = (case, {"number": case.number, "code": code_of(made.token)})
        first, second = (kept[row.pk][0] for row in (mother, father))
        stepped(stepped(first, "accept", "pass_form", "propose"), "approve", actor=CHIEF)
        stepped(second, "accept", "pass_form")
    clerk = staff("applications.view", "applications.work", *BOTH)
    page = text(clerk.get(f"/cases/{first.pk}"))
    assert "甲野　一郎" in page
    assert "/entitlements/" in page
    assert clerk.get(f"/cases/{first.pk}/decision.pdf").content.startswith(b"%PDF")
    assert clerk.get(f"/cases/{second.pk}/decision.pdf").status_code == 404
    warned = text(clerk.get(f"/cases/{second.pk}"))
    assert "すでに手続中・認定済みの請求があります" in warned
    assert "甲野　花子" not in warned
    resident = Client(raise_request_exception=False)
    where = str(resident.post(f"{HERE}/status", kept[mother.pk][1])["Location"])
    mine = text(resident.get(where))
    assert "認定されました" in mine
    assert "額は、別の通知でお知らせします" in mine
    assert resident.get(f"{HERE}/cases/{first.number}/decision.pdf").content.startswith(b"%PDF")
    assert resident.get(f"{HERE}/cases/{second.number}/decision.pdf").status_code == 404
