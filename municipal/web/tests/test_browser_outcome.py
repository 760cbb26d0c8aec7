"""What came of a decision, in a real browser, for the clerk and the applicant (決定の実施のブラウザでの試験)."""

from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.carrying import CODES, about, answers_to, approved, moving_out
from municipal.applications.tests.filling import HERE
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.acts.standing import newest_periods
from municipal.residents.inquiry import withheld
from municipal.residents.models import ResidentRecord

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser
LEFT = {"member": ["m0"], "cause": "left_employer"}


def families() -> list[ResidentRecord]:
    """Heads of the made-up town who live alone, so that nobody has to be left behind."""
    here = [one.record for one in newest_periods().filter(is_registered=True).select_related("record__addressee")]
    homes = [row.household_id for row in here]
    alone = [row for row in here if homes.count(row.household_id) == 1 and row.born_on.date and row.kind == "1"]
    return [row for row in alone if not row.move_out_planned_on and row.addressee_id not in withheld()]


@pytest.fixture
def made(two_towns: str) -> dict[str, Case]:
    """One case that could not be carried out, one that was entered, one that waits for the visitor."""
    with wall.within(TOWN):
        first, second, third, fourth = families()[:4]
        today = clock.today().isoformat()
        answers = {"new_address": "架空県架空市竹町８番地", "moved_on": today, "movers": ["m0"]}
        return {
            "stuck": approved(about("move-out", None, moving_out([first]).answers, first)),
            "entered": approved(moving_out([second], moved_out_on=today)),
            "prepared": approved(about("move-within", third, answers, third)),
            "damage": stepped(about("disaster-certificate", fourth, {"place": answers["new_address"], "contact": "1"}),
                              "accept", "pass_form"),
            "insurance": approved(about("nhi-join", fourth, {"joining": [LEFT], "wants_direct_debit": False}, fourth)),
            "seal": about("seal-registration", fourth, answers_to("seal-registration"), fourth),
        }  # fmt: skip


def both(page: Any) -> list[str]:
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found += faults(page)
    return found


def test_the_clerk_and_the_applicant_see_what_came_of_it(made: dict[str, Case], page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    for name, sentence in (
        ("stuck", "申請した人が台帳のどなたか"), ("entered", "別の職員の決定を待っています"),
        ("prepared", "入力画面を開く"),
    ):  # fmt: skip
        page.goto(f"{served.url}/cases/{made[name].pk}")
        for one in page.locator("section[aria-labelledby=outcome] details").all():
            one.locator("summary").click()
        assert sentence in page.inner_text("section[aria-labelledby=outcome]")
        assert both(page) == []
    for name in ("damage", "insurance"):
        page.goto(f"{served.url}/cases/{made[name].pk}")
        assert page.locator("section[aria-labelledby=findings] button").is_visible()
        assert both(page) == []
    page.goto(f"{served.url}/cases/{made['prepared'].pk}")
    page.get_by_role("button", name="転居の入力画面を開く").click()
    page.wait_for_selector("input[name=place-block]")
    assert page.input_value("input[name=place-block]") == "竹町"
    page.context.clear_cookies()
    for name, part in (("stuck", "outcome"), ("entered", "outcome"), ("seal", "fee")):
        page.goto(f"{served.url}{HERE}/status")
        page.fill("input[name=number]", made[name].number)
        page.fill("input[name=code]", CODES[made[name].number])
        page.keyboard.press("Enter")
        page.wait_for_selector(f"section[aria-labelledby={part}]")
        assert both(page) == []
