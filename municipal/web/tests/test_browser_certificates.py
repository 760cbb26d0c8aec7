"""Certificates in a real browser: accessible at desk and telephone, blank when it prints (証明書のブラウザ試験)."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from conftest import TOWN
from municipal.certificates.operations import send
from municipal.certificates.tests.issuing import CLERK, issued, ready
from municipal.municipalities import wall
from municipal.places.models import CertifyingOfficer
from municipal.residents.tests.acting import act, child, newcomer_said, people_of

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Case:
    """A resident's number, and the id of what was issued about them."""

    number: str
    issue: int


@pytest.fixture
def case(two_towns: str) -> Case:
    """A family with a copy and a notice of today; made before the browser runs."""
    with wall.within(TOWN):
        if not CertifyingOfficer.objects.exists():
            ready()
        came = (newcomer_said(serial=9_000_001), child(serial=9_000_002), child("甲野　四郎", serial=9_000_003))
        event = act("move_in", people=came)
        people = people_of(event)
        made = issued("household_copy", *people, copies=2)
        send(actor=CLERK, event=event, kind="receipt_notice")
        return Case(people[0].addressee.number, made.pk)


def paths_of(case: Case) -> list[str]:
    person = f"/residents/{case.number}"
    return [
        "/certificates", f"/certificates/{case.issue}", f"{person}/certificates", f"{person}/certificates/new",
        f"{person}/certificates/new?kind=record_items", f"{person}/household/order",
    ]  # fmt: skip


def preview(page: Any, served: Town, case: Case) -> None:
    """The request filled in and looked at, by keyboard."""
    page.goto(f"{served.url}/residents/{case.number}/certificates/new")
    page.fill("input[name=requester_name]", "甲野　太郎")
    page.select_option("select[name=identity_check]", "photo_document")
    page.get_by_role("button", name="印字を確かめる").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_pages_of_certificates_are_accessible(case: Case, page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    assert visit(page, served, paths_of(case)) == []


def test_the_pages_of_settings_are_accessible(case: Case, page: Any, served: Town) -> None:
    sign_in(page, served, "admin")
    settings = "/certificates/settings"
    paths = [settings, f"{settings}/household_copy", f"{settings}/seals", f"{settings}/printers", f"{settings}/later"]
    assert visit(page, served, paths) == []


def test_a_copy_is_issued_without_the_mouse(case: Case, page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    preview(page, served, case)
    assert faults(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="1部を発行する").press("Enter")
    assert "発行しました。" in page.content()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="印刷する").press("Enter")
    assert len(PdfDocument(waiting.value.path())) == 1


@pytest.mark.clause("resident-record/1.0#10.7/n1")
def test_the_browser_prints_a_page_on_a_person_blank(case: Case, page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    for path in (f"/residents/{case.number}", "/residents?q=コウノ", *paths_of(case)):
        page.goto(f"{served.url}{path}")
        document = PdfDocument(io.BytesIO(page.pdf()))
        text = document[0].get_textpage().get_text_range()
        assert "ブラウザの機能では印刷できません" in text.replace("\r\n", ""), path
        assert (len(document), "甲野" in text, "松町" in text) == (1, False, False), path
