"""Entitlements and fees in Chromium, at the desk and on a phone (受給資格と手数料のブラウザでの試験)."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.tests.acting import CHIEF, stepped
from municipal.applications.tests.entitling import claimed, parents
from municipal.applications.tests.test_fees import slip
from municipal.entitlements.models import Entitlement
from municipal.entitlements.operations.files import receive_file
from municipal.entitlements.tests.acting import CLERK
from municipal.entitlements.tests.test_files import file_of, line
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.payments.tests.booking import report, taken
from municipal.web.tests.test_fees_pages import applied, moved

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser


def _apart(act: Callable[[], Any]) -> Any:
    """What ``act`` returns, in a thread without the browser's event loop."""

    def done() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def _look(page: Any, name: str) -> list[str]:
    found = []
    for size, word in ((PHONE, "phone"), (DESK, "desk")):
        page.set_viewport_size(size)
        for summary in page.locator("main summary").all():
            summary.evaluate("one => one.parentElement.open = true")
        if folder := os.environ.get("KIJUN_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{word}.png", full_page=True)
        found += faults(page)
    return found


def _entitled() -> tuple[Case, Entitlement, list[int]]:
    """A decided claim, the entitlement that came of it, and two files: a good one and a bad one."""
    with wall.within(TOWN):
        mother, father, _child = parents(date(2020, 5, 6))
        case = stepped(claimed(mother.addressee), "accept", "pass_form", "propose")
        case = stepped(case, "approve", actor=CHIEF)
        other = stepped(claimed(father.addressee), "accept", "pass_form")
        one = Entitlement.objects.get(decided_in=case.number)
        good = line(case=case.number, kind="child-allowance", yen="15000")
        files = [receive_file(actor=CLERK, name="支給額.csv", data=file_of(good, said)).pk for said in (
            line(person=mother.addressee.number, from_="2026-12-01"), line(person="9", yen="x"),
        )]  # fmt: skip
    return other, one, files


def test_what_a_clerk_sees_of_entitlements_and_files(page: Any, served: Town) -> None:
    other, one, files = _apart(_entitled)
    sign_in(page, served, "chief")
    found = []
    for name, path in (
        ("entitlements", "/entitlements"), ("entitlement", f"/entitlements/{one.number}"),
        ("claim", f"/cases/{other.pk}"),
        ("files", "/entitlements/files"), ("file-good", f"/entitlements/files/{files[0]}"),
        ("file-bad", f"/entitlements/files/{files[1]}"),
    ):  # fmt: skip
        page.goto(f"{served.url}{path}")
        found += _look(page, f"ent-{name}")
    page.goto(f"{served.url}/entitlements/files/{files[0]}")
    page.get_by_role("button", name="2件を記録する").click()
    expect(page.get_by_text("取込み済み")).to_be_visible()
    page.goto(f"{served.url}/entitlements/{one.number}")
    expect(page.get_by_text("15,000円")).to_be_visible()
    assert found == []


def test_a_resident_pays_for_the_collection_of_bulky_waste(page: Any, served: Town) -> None:
    case, kept = _apart(lambda: applied(("大砲", 1), ("自転車", 2)))
    _apart(lambda: moved(case, "accept", "pass_form"))
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/cases/{case.pk}")
    found = _look(page, "fee-prices")
    page.locator("input[name=yen]").first.fill("5000")
    page.get_by_role("button", name="金額を記録する").click()
    _apart(lambda: moved(case, "approve"))
    page.goto(f"{served.url}/cases/{case.pk}")
    found += _look(page, "fee-charged")
    page.goto(f"{served.url}/apply/{TOWN}/status")
    page.fill("input[name=number]", kept["number"])
    page.fill("input[name=code]", kept["code"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    where = page.url
    found += _look(page, "fee-unpaid")
    page.get_by_role("button", name="オンラインで納める").click()
    page.wait_for_url("**/pay/**/slips/**")
    expect(page.get_by_text("6,000").first).to_be_visible()
    _apart(lambda: _play(case))
    page.goto(where)
    expect(page.get_by_text("納付済みです")).to_be_visible()
    found += _look(page, "fee-paid")
    assert found == []


def _play(case: Case) -> None:

    with wall.within(TOWN):
        one = slip(case)
        taken(report(one.number, one.yen))
        while deliver_next():
            pass
