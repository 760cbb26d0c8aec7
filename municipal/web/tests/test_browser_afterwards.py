"""What comes after an application, in Chromium, on a phone and at the desk (その後の画面のブラウザでの試験)."""

from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Applicant, Card
from municipal.applications.models import Case, Telling, Way
from municipal.applications.operations.messaging import write
from municipal.applications.tests.acting import CLERK, stepped
from municipal.applications.tests.applying import CARD_ONLY, sent, somebody, written
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.tests.booking import charged, collected, slip_of

from .browsing import PHONE, Town, sign_in
from .test_browser_entitlements import _apart, _look
from .test_browser_me import _sign_in

pytestmark = pytest.mark.browser


def _done() -> tuple[Card, Case]:
    """Somebody with a card, a case that was refused, a message, a letter that waits, and money owed."""
    with wall.within(TOWN):
        account, card = somebody("99900000028")
        case = sent(account, written(account, CARD_ONLY))
        write(actor=CLERK, case=case.pk, text="添付の写真が暗くて読めません。明るいところで撮り直してください。")
        Telling.objects.create(case=case, what="message:1", way=Way.LETTER, made_at=clock.now())
        charges = charged(owner=_person(account), reference="A0001")
        slip_of(charges[3])
        collected(charges[0], charges[0].yen, "B1")
        return card, stepped(stepped(case, "accept"), "refuse_form", reason="写真が読めません。")


def _person(account: Applicant) -> Any:
    return account.person


def test_a_resident_looks_at_everything_that_came_of_it(page: Any, served: Town) -> None:
    card, case = _apart(_done)
    me = f"{served.url}/me/{TOWN}"
    page.set_viewport_size(PHONE)
    page.goto(me)
    _sign_in(page, card)
    found = _look(page, "after-home")
    page.goto(f"{served.url}/apply/{TOWN}/cases/{case.number}")
    found += _look(page, "after-case")
    page.locator("textarea").fill("撮り直して、もう一度申請します。")
    page.get_by_role("button", name="メッセージを送る", exact=True).click()
    page.get_by_text("撮り直して、もう一度申請します。").wait_for()
    for name in ("messages", "disclosures", "charges", "data"):
        for language in ("ja", "ko") if name != "data" else ("ja-easy",):
            page.goto(f"{me}/{name}?lang={language}")
            found += _look(page, f"after-{name}-{language}")
    assert found == []
    page.context.clear_cookies()
    sign_in(page, served, "chief")
    for name, path in (("case", f"/cases/{case.pk}"), ("letters", "/cases/letters")):
        page.goto(f"{served.url}{path}")
        found += _look(page, f"after-clerk-{name}")
    assert found == []
