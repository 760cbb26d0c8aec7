"""Slips in a real browser: ordering a run, a slip and its codes (納付書のブラウザでの試験)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.payments.models import Slip, SlipRun
from municipal.payments.operations import assess, issue_slips, order_slip_run, reissue_slip, withdraw_slip
from municipal.payments.tests.booking import CLERK, assessed, charges_of

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def run(two_towns: str, settings: Any, tmp_path: Path) -> SlipRun:
    """Slips for eight people, of whom one is protected; one was issued anew, one withdrawn."""
    settings.KIJUN_PAYMENTS = tmp_path
    with wall.within(TOWN):
        for at, owner in enumerate(Addressee.objects.order_by("number")[:8]):
            due = [date(2026, 12, 1), date(2027, 2, 1)]
            made = assess(
                actor=CLERK, assessed=assessed(owner, fee="901", reference=f"{at:04d}", total_yen=64_200, due_on=due)
            )
        protect(actor=CLERK, addressee=owner, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), is_own=True)
        ordered = order_slip_run(actor=CLERK, fee="901", levy_year=2026)
    jobs.run(TOWN, ordered.job_id)
    with wall.within(TOWN):
        slip = Slip.objects.filter(charge=charges_of(made)[0]).get()
        withdraw_slip(actor=CLERK, slip=reissue_slip(actor=CLERK, slip=slip), reason="金額を確かめるため")
        water = assess(actor=CLERK, assessed=assessed(owner, fee="909", total_yen=300_001, due_on=due[:1]))
        issue_slips(actor=CLERK, charges=charges_of(water))
    return ordered


@pytest.fixture
def paths(run: SlipRun) -> list[str]:
    """Every page of slips, asked for before the browser runs."""
    with wall.within(TOWN):
        numbers = Slip.objects.order_by("-pk").values_list("number", flat=True)[:3]
        return ["/money/slips", "/money/slips/order", f"/money/slips/runs/{run.pk}", *(
            f"/money/slips/{number}" for number in numbers
        )]  # fmt: skip


def test_the_pages_of_slips_are_accessible(paths: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "tax")
    assert visit(page, served, paths) == []


def test_a_bad_order_says_where_it_is_wrong(run: SlipRun, page: Any, served: Town) -> None:
    sign_in(page, served, "tax")
    page.goto(f"{served.url}/money/slips/order")
    page.fill("input[name=levy_year]", "8")
    page.press("input[name=levy_year]", "Enter")
    page.wait_for_selector(".k-error-summary")
    assert "年度を西暦4桁で入力してください" in page.inner_text("main")
    page.fill("input[name=levy_year]", "2026")
    page.press("input[name=levy_year]", "Enter")
    page.wait_for_selector(".k-error-summary")
    assert "まだ発行していない調定がありません" in page.inner_text("main")
