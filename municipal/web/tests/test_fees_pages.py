"""A fee on the pages of an application: priced, charged, paid, given back (手数料の画面の試験; issue 7, section 3)."""

from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.applications.keys import code_of
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, submit, withdraw
from municipal.applications.tests.acting import a_draft, stepped
from municipal.applications.tests.filling import HERE
from municipal.applications.tests.test_fees import PLACE, slip
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.payments.operations import refund
from municipal.payments.tests.booking import report, taken

from .keeping import staff

WORK = ("applications.view", "applications.work", "applications.decide", "payments.view", "payments.slips")


@pytest.fixture
def resident(committed_db: str) -> Client:
    return Client(raise_request_exception=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def applied(*items: tuple[str, int]) -> tuple[Case, dict[str, str]]:
    """A case for bulky waste, and what opens it."""

    with wall.within(TOWN):
        made = a_draft("bulky-waste", {"items": [{"item": item, "count": count} for item, count in items], **PLACE})
        case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
        return case, {"number": case.number, "code": code_of(made.token)}


def opened(client: Client, kept: dict[str, str], language: str = "ja") -> str:
    page = str(client.post(f"{HERE}/status", kept)["Location"]).partition("?")[0]
    return text(client.get(f"{page}?lang={language}"))


def moved(case: Case, *actions: str) -> None:
    with wall.within(TOWN):
        stepped(Case.objects.get(pk=case.pk), *actions)


def paid(case: Case) -> None:
    with wall.within(TOWN):
        one = slip(case)
        taken(report(one.number, one.yen))
    delivered()


def delivered() -> None:
    with wall.within(TOWN):
        while deliver_next():
            pass


def test_from_the_price_to_the_payment_and_back_again(resident: Client) -> None:
    case, kept = applied(("大砲", 1), ("自転車", 2))
    clerk = staff(*WORK)
    moved(case, "accept", "pass_form")
    page = text(clerk.get(f"/cases/{case.pk}"))
    assert page.count('name="yen"') == 2
    refused = clerk.post(f"/cases/{case.pk}/steps/approve", {"key": "a1", "seen": 3})
    assert refused.status_code == 422
    assert "料金の決まっていない品目" in text(refused)
    key = next(one for one in page.split('value="') if one.split('"')[0].endswith("-quote")).split('"')[0]
    for _ in range(2):
        clerk.post(f"/cases/{case.pk}/prices", {"key": key, "yen": ["5,000", "500"]})
    moved(case, "approve")
    assert "合計 6,000円" in text(clerk.get(f"/cases/{case.pk}"))
    mine = opened(resident, kept)
    assert "6,000円を納めてください" in mine
    assert "eL-QR" in mine
    assert "見本" in mine
    paid(case)
    assert "納付済みです" in opened(resident, kept)
    with wall.within(TOWN):
        found = Case.objects.get(pk=case.pk)
        assert found.state == "approved"
        withdraw(actor=APPLICANT, case=case.pk, seen=found.events.count())
    assert "6,000円をお返しします" in opened(resident, kept)
    with wall.within(TOWN):
        refund(actor=APPLICANT, charge=slip(case).charge, yen=6_000)
    assert "6,000円をお返ししました" in opened(resident, kept)
    assert "6,000 yen were paid back" in opened(resident, kept, "en")


def test_the_way_to_pay_is_open_to_who_opened_the_case_and_to_nobody_else(resident: Client) -> None:
    case, kept = applied(("自転車", 1))
    stranger = Client(raise_request_exception=False)
    assert stranger.post(f"{HERE}/cases/{case.number}/pay").status_code == 404
    assert resident.post(f"{HERE}/cases/{case.number}/pay", follow=True).status_code == 404
    opened(resident, kept)
    lenient = Client(raise_request_exception=False)
    lenient.cookies = resident.cookies
    assert lenient.post(f"{HERE}/cases/{case.number}/pay").status_code == 404
    moved(case, "accept", "pass_form", "approve")
    assert lenient.get(f"{HERE}/cases/{case.number}/pay").status_code == 405
    way = resident.post(f"{HERE}/cases/{case.number}/pay")
    with wall.within(TOWN):
        number = slip(case).pk
    assert way["Location"] == f"/pay/{TOWN}/slips/{number}"
    shown = text(resident.get(way["Location"]))
    assert "500" in shown
    assert "甲野" not in shown
    assert text(stranger.get(way["Location"])) != shown


def test_a_price_that_is_none_is_refused_and_nothing_is_kept(resident: Client) -> None:
    case, _kept = applied(("大砲", 1))
    moved(case, "accept", "pass_form")
    clerk = staff(*WORK)
    for at, yen in enumerate(("", "-1", "１０", "9" * 12, "abc")):
        assert clerk.post(f"/cases/{case.pk}/prices", {"key": f"p{at}", "yen": [yen]}).status_code >= 400, yen
    with wall.within(TOWN):
        assert Case.objects.get(pk=case.pk).quotes.count() == 0
    assert staff("applications.view", login="viewer").post(f"/cases/{case.pk}/prices").status_code == 403
