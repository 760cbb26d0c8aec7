"""Arrears in a real browser: every page, and the way from a debt to its refund (滞納整理のブラウザでの試験)."""

from datetime import date
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.payments.models import Charge
from municipal.payments.operations import Assessed, assess, order_demands, refund, revise
from municipal.payments.tests.booking import CLERK, report, slip_of, taken

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser


def charge(owner: Addressee, fee: str, yen: int, due: str, reference: str) -> Charge:
    year = int(due[:4])
    assessed = Assessed(owner, fee, year, year, reference, yen, [date.fromisoformat(due)])
    return Charge.objects.get(assessment=assess(actor=CLERK, assessed=assessed))


def pay(debt: Charge, yen: int, on: str, reference: str) -> None:
    taken(report((debt.slips.first() or slip_of(debt)).number, yen, paid_on=on, reference=reference))


@pytest.fixture
def paths(two_towns: str) -> list[str]:
    """Debts of every state for a few people, one of them protected; every page, asked for before the browser runs."""
    with wall.within(TOWN):
        people = list(Addressee.objects.order_by("number")[:5])
        for at, owner in enumerate(people):
            charge(owner, "905", 100_000 + at * 10_000, "2026-06-30", f"A{at}")
            charge(owner, "902", 24_000, "2024-06-28", f"B{at}")
        part = charge(people[0], "906", 300_000, "2025-06-30", "C")
        pay(part, 40_500, "2025-08-20", "C1")
        over = charge(people[0], "904", 500_000, "2026-02-27", "D")
        pay(over, 500_000, "2026-02-10", "D1")
        revise(actor=CLERK, assessment=over.assessment, total_yen=259_500, reason="減額")
        refund(actor=CLERK, charge=over, yen=40_500)
        done = charge(people[0], "903", 100_000, "2026-06-30", "E")
        pay(done, 100_000, "2026-10-19", "E1")
        protect(actor=CLERK, addressee=people[1], starts_on=date(2026, 1, 1), ends_on=None, is_own=True)
        run = order_demands(actor=CLERK, due_through=date(2026, 6, 30), fee="905")
        charge(people[2], "905", 12_000, "2026-10-31", "F")
    jobs.run(TOWN, run.pk)
    base = "/money/arrears"
    return [
        base, f"{base}/payers/{people[0].number}", f"{base}/payers/{people[1].number}", f"{base}/demands",
        f"{base}/demands/{run.pk}", f"{base}/limitation", f"{base}/charges/{part.pk}/write-off",
        f"{base}/charges/{over.pk}/refund", "/money/settlement-table",
    ]  # fmt: skip


def test_the_pages_of_arrears_are_accessible(paths: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    assert visit(page, served, paths) == []


def test_a_refund_goes_from_the_debt_to_its_notice(paths: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    page.goto(f"{served.url}{paths[1]}")
    page.click("text=還付・充当する")
    page.fill("input[name=yen]", "999999999")
    page.click("button:has-text('処理する')")
    page.wait_for_selector(".k-error-summary")
    assert "還付できるのは過誤納の額までです" in page.inner_text("main")
    page.fill("input[name=yen]", "200000")
    page.click("button:has-text('処理する')")
    page.wait_for_url("**/payers/**")
    assert page.locator("text=通知書を印刷する").count() == 2
