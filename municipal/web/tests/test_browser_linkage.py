"""The pages of the information linkage in a real browser (情報連携のブラウザでの試験)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.applications.keys import code_of as case_code
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, submit
from municipal.applications.operations.evidence import ask_evidence
from municipal.applications.tests.acting import CLERK, a_case, a_draft, stepped
from municipal.core import clock
from municipal.core.actors import System
from municipal.evidence.operations import SERVER, attend, take_question
from municipal.evidence.operations.asking import code_of
from municipal.evidence.rules.payloads import Question
from municipal.evidence.tests.acting import played
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next

from .browsing import DESK, PHONE, Town, faults, sign_in, visit

pytestmark = pytest.mark.browser
CODES: dict[str, str] = {}
SAID = {
    "ja": "確認できませんでした", "ja-easy": "わかりませんでした", "en": "Could not be checked", "ko": "확인되지",
}  # fmt: skip
SHOTS = os.environ.get("KIJUN_SHOTS", "")
"""A folder for pictures, where somebody wants to look at the pages."""


@pytest.fixture
def case(two_towns: str) -> Case:
    """A student asks to be exempted from the pension: one question was answered, one failed, one waits."""
    with wall.within(TOWN):
        person, other = Addressee.objects.filter(life_state="1").order_by("number")[:2]
        protect(actor=System(), addressee=other, starts_on=clock.today(), ends_on=None, is_own=True)
        begun = a_draft("nursery-status", {"is_unchanged": True})
        made = submit(actor=APPLICANT, draft=begun.draft.public, token=begun.token)
        found = stepped(Case.objects.get(pk=_about(made, person)), "accept", "pass_form")
        CODES[made.number] = case_code(begun.token)
        played("income", "not_found")
        ask_evidence(actor=CLERK, case=found.pk, seen=found.events.count(), kinds=["income"])
        take_question(actor=SERVER, question=Question(
            uuid4(), OTHER_TOWN, code_of(other), "care", "care-certificate-transfer", "介護保険法", "第36条",
        ))  # fmt: skip
        open_one = stepped(
            Case.objects.get(pk=_about(a_case("nursery-status", {"is_unchanged": False, "change": "job"}), other)),
            "accept", "pass_form",
        )  # fmt: skip
        assert open_one.about == other
    for hours in range(3):
        with clock.stopped_at(clock.now() + timedelta(hours=2 * hours)):
            attend(town=TOWN)
    with clock.stopped_at(clock.now() + timedelta(hours=8)), wall.within(TOWN):
        while deliver_next():
            pass
        assert Case.objects.get(pk=found.pk).state == "substance_check"
        played("income", "answer")
        again = _about(a_case("nursery-status", {"is_unchanged": True}), person)
        seen = stepped(Case.objects.get(pk=again), "accept", "pass_form")
        ask_evidence(actor=CLERK, case=seen.pk, seen=seen.events.count(), kinds=["income"])
    for hours in range(2):
        with clock.stopped_at(clock.now() + timedelta(hours=2 * hours)):
            attend(town=TOWN)
    return found


def _about(case: Case, person: Addressee) -> int:
    Case.objects.filter(pk=case.pk).update(about=person)
    return case.pk


def shot(page: Any, name: str) -> None:
    if SHOTS:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=True)


def test_the_pages_of_the_linkage_are_accessible(case: Case, page: Any, served: Town) -> None:
    paths = [
        f"/cases/{case.pk}", f"/cases/{case.pk + 1}", f"/cases/{case.pk + 2}", f"/cases/{case.pk}/evidence/papers",
        "/linkage", "/linkage/simulator", "/linkage/incoming/1",
    ]  # fmt: skip
    sign_in(page, served, "chief")
    for at, path in enumerate(paths if SHOTS else []):
        page.goto(f"{served.url}{path}")
        shot(page, f"linkage{at}")
    assert visit(page, served, paths) == []
    page.goto(f"{served.url}/cases/{case.pk}/evidence/papers")
    page.click("button:has-text('差し戻して依頼する')")
    page.wait_for_url(f"{served.url}/cases/{case.pk}")
    assert "訂正待ち" in page.inner_text("h1")


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "ko"])
def test_an_applicant_reads_in_four_languages_what_the_office_checks(
    case: Case, page: Any, served: Town, language: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{served.url}/apply/{TOWN}/status?lang={language}")
    page.fill("input[name=number]", case.number)
    page.fill("input[name=code]", CODES[case.number])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}*")
    page.goto(f"{page.url.partition('?')[0]}?lang={language}")
    said = page.inner_text("section[aria-labelledby=evidence]")
    assert SAID[language] in said
    assert faults(page) == []
    shot(page, f"applicant-{language}")
