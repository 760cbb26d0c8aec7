"""My page: drafts, cases, those I act for; nobody else's (私の申請の画面の試験; issue 7, sections 3 and 6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Protection
from municipal.applicants.models import Applicant, ApplicantSession
from municipal.applicants.operations import (
    accept_delegation,
    delegate,
    end_delegation,
)
from municipal.applicants.rules import Kind
from municipal.applicants.tests.holding import CLERK, given_card, resident
from municipal.applications.models import Case, Draft
from municipal.applications.tests.filling import (
    HERE,
    begun,
    carded,
    filled,
    handed_in,
    submitted,
    walked,
)  # fmt: skip
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.web.views.applicant_doors import COOKIE

from .holding import ME, signed_in

OTHER = {"name": "乙野　介", "resident_code": "99900000010", "address_block": "竹町"}


@pytest.fixture
def mother(committed_db: str) -> Client:
    client = Client(raise_request_exception=False)
    carded(client)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def stranger(**items: Any) -> Client:
    """Somebody else who is signed in."""
    client = Client(raise_request_exception=False)
    carded(client, None, **(items or OTHER))
    return client


def ended(client: Client) -> None:
    """Half an hour passed: the session is over, the browser the same."""
    with wall.within(TOWN):
        ApplicantSession.objects.update(ended_at=clock.now(), name="")


def given(client: Client, to: Client, **said: Any) -> int:
    """The first lets the second act; the number of the delegation."""
    usual: dict[str, Any] = {"kind": Kind.FAMILY, "until": clock.today() + timedelta(days=30)}
    with wall.within(TOWN):
        person = client.card.holder  # type: ignore[attr-defined]
        account = Applicant.objects.get(person=to.card.holder)  # type: ignore[attr-defined]
        code = delegate(actor=CLERK, principal=person, **usual | said).code
        return accept_delegation(actor=account, code=code, name="乙野　介").pk


def test_a_guest_is_sent_to_the_card_and_comes_back_to_the_same_procedure(committed_db: str) -> None:
    guest, card = Client(), given_card()
    start = f"{HERE}/nursery-status?lang=en"
    shown = text(guest.get(start))
    assert "Sign in with the card" in shown
    assert "Start" not in shown.replace("Start page", "")
    assert guest.post(start)["Location"] == start
    with wall.within(TOWN):
        assert not Draft.objects.exists()
    page = guest.get(f"{ME}/start", {"next": start})["Location"]
    back = guest.post(page, {"number": card.number, "pin": "1234"})["Location"]
    assert guest.get(back)["Location"] == start


def test_a_session_that_ends_loses_nothing_and_shows_nothing(mother: Client) -> None:
    page = begun(mother, "nursery-status")
    ended(mother)
    onward = mother.post(page, {"phone": "012-345", "act": "next"})
    assert onward.status_code == 302
    closed = mother.get(onward["Location"])
    assert closed.status_code == 401
    assert "/start?next=" in text(closed)
    assert "甲野" not in text(closed)
    wrong = mother.post(page, {"phone": "", "act": "next"})
    assert wrong.status_code == 302
    assert mother.get(wrong["Location"]).status_code == 401
    mother.post(page, {"phone": "012-345", "act": "next"})
    signed_in(mother, mother.card)  # type: ignore[attr-defined]
    assert "012-345" in text(mother.get(page))


def test_another_account_in_the_same_browser_sees_no_draft_of_mine(mother: Client) -> None:
    page = begun(mother, "nursery-status")
    carded(mother, None, **OTHER)
    for path in (page, page.replace("/pages/you", "/check"), page.replace("/pages/you", "/receipt")):
        assert mother.get(path).status_code == 404, path
        assert mother.post(path, {"phone": "9", "act": "next"}).status_code in (404, 405), path
    with wall.within(TOWN):
        assert Draft.objects.get().applicant == {}


def test_a_guest_s_draft_is_theirs_once_they_sign_in(committed_db: str) -> None:
    guest = Client()
    page = begun(guest, "bulky-waste")
    guest.post(page, {"name": "甲野", "phone": "012-345", "act": "next"})
    carded(guest)
    shown = text(guest.get(page))
    assert "012-345" in shown
    assert "甲野　花子" in shown
    assert "書きかけの申請" in text(guest.get(ME))


def test_the_page_about_me_asks_for_the_telephone_only_and_notes_once_that_it_was_shown(mother: Client) -> None:
    page = begun(mother, "nursery-status")
    shown = mother.get(page)
    mother.get(page)
    assert list(shown.context["form"].fields) == ["phone"]
    assert all(word in text(shown) for word in ("コウノ　ハナコ", "昭和60年4月1日", "架空市松町", "台帳"))
    with wall.within(TOWN):
        person = mother.card.holder_id  # type: ignore[attr-defined]
        seen = Entry.objects.filter(act="applications.tell", kind="disclosure", subjects__contains=[person])
        assert seen.count() == 1


def test_no_page_of_a_protected_applicant_has_their_address(mother: Client) -> None:
    with wall.within(TOWN):
        Protection.objects.create(addressee=mother.card.holder, starts_on=clock.today())  # type: ignore[attr-defined]
    check = walked(mother, "nursery-status")
    pages = [text(mother.get(check)), text(mother.get(check.replace("/check", "/pages/you")))]
    receipt = handed_in(mother, check)
    pages += [text(mother.get(receipt)), text(mother.get(ME))]
    assert "役所の記録を使います" in pages[0]
    assert not any("松町" in page for page in pages)


def test_my_page_has_my_drafts_and_cases_and_nobody_else_s(mother: Client) -> None:
    begun(mother, "nursery-fee")
    kept = submitted(mother, "nursery-status")
    shown = text(mother.get(ME))
    assert kept["number"] in shown
    assert "担当課が受け付けるのを待っています" in shown
    assert "書きかけの申請" in shown
    others = stranger()
    assert kept["number"] not in text(others.get(ME))
    case = f"{HERE}/cases/{kept['number']}"
    assert mother.get(case).status_code == 200
    for path in (case, f"{case}/correct", f"{case}/notice.pdf"):
        assert others.get(path).status_code in (302, 404), path
    for path in (f"{case}/withdraw", f"{case}/cosigners"):
        assert others.post(path, {"seen": "1", "name": "x", "key": "k"}).status_code == 404, path
    assert mother.get(case.replace(str(TOWN), str(OTHER_TOWN))).status_code in (302, 404)
    # Whoever lost the session has number and code.
    ended(mother)
    assert mother.get(case).status_code == 302
    assert mother.get(mother.post(f"{HERE}/status", kept)["Location"]).status_code == 200


def test_a_draft_goes_on_in_another_browser_and_never_in_another_account(mother: Client) -> None:
    page = begun(mother, "nursery-status")
    mother.post(page, {"phone": "012-345", "act": "next"})
    with wall.within(TOWN):
        draft = Draft.objects.get().public
    assert stranger().post(f"{ME}/drafts/{draft}").status_code == 404
    assert Client().post(f"{ME}/drafts/{draft}")["Location"] == ME
    tablet = Client()
    signed_in(tablet, mother.card)  # type: ignore[attr-defined]
    onward = tablet.post(f"{ME}/drafts/{draft}")["Location"]
    assert tablet.get(onward).status_code == 200
    assert mother.get(page).status_code == 404
    assert tablet.post(f"{ME}/drafts/{draft}").status_code == 302


def test_for_whom_is_chosen_said_on_every_page_and_checked_at_every_opening(mother: Client) -> None:
    helper = stranger()
    wrong = helper.post(f"{HERE}/nursery-status", {"about": "1"})
    assert wrong.status_code == 403
    number = given(mother, helper)
    assert "甲野　花子" in text(helper.get(f"{HERE}/nursery-status"))
    check = walked(helper, "nursery-status", about=str(number))
    draft, token = check.partition("/check")[0], helper.cookies[COOKIE].value
    kept = submitted(helper, "nursery-fee", about=str(number))
    case = f"{HERE}/cases/{kept['number']}"
    helper.post(f"{HERE}/status", kept)
    helper.cookies[COOKIE] = token  # The client of the tests knows no paths of cookies.
    for page in (check, f"{draft}/pages/you", case):
        assert "甲野　花子" in text(helper.get(page)), page
        assert "松町" not in text(helper.get(page)), page
    with wall.within(TOWN):
        assert Case.objects.get().about == mother.card.holder  # type: ignore[attr-defined]
        end_delegation(actor=Applicant.objects.get(person=mother.card.holder), delegation=number)  # type: ignore[attr-defined]
    for page in (check, f"{draft}/pages/you", case):
        closed = helper.get(page)
        assert closed.status_code == 403, page
        assert "委任が終わったため" in text(closed)
        assert "甲野" not in text(closed)
    assert helper.post(f"{HERE}/status", kept).status_code == 422
    assert helper.post(check).status_code == 403
    with wall.within(TOWN):
        assert Case.objects.count() == 1


def test_a_care_manager_finds_one_of_twenty_clients_and_begins_in_three_presses(mother: Client) -> None:
    helper = stranger()
    with wall.within(TOWN):
        account = Applicant.objects.get(person=helper.card.holder)  # type: ignore[attr-defined]
        until = clock.today() + timedelta(days=30)
        for at in range(20):
            person = resident(name=f"利用者　{at:02}", resident_code=f"999{at:08}").addressee
            code = delegate(actor=CLERK, principal=person, kind=Kind.CARE_MANAGER, until=until).code
            accept_delegation(actor=account, code=code, name="乙野　介")
    home = helper.get(ME)
    assert len(home.context["clients"]) == 20
    found = helper.get(ME, {"q": "利用者17"}).context["clients"]
    assert [one["name"] for one in found] == ["利用者　17"]
    client = next(one for one in home.context["clients"] if one["name"] == "利用者　17")
    one = text(helper.get(f"{ME}/people/{client['number']}"))
    start = f"{HERE}/care-certification?about={client['number']}"
    assert start in one
    assert f'value="{client["number"]}" checked' in text(helper.get(start))
    page = helper.post(start, {"about": client["number"]})["Location"]
    assert "利用者　17" in text(helper.get(page))
    assert mother.get(f"{ME}/people/{client['number']}").status_code == 404
    with wall.within(TOWN):
        assert Draft.objects.get().about.name == "利用者　17"  # type: ignore[union-attr]


def test_a_file_of_mine_is_nobody_else_s_though_they_know_its_address(mother: Client) -> None:
    page = mother.post(begun(mother, "disaster-certificate"), {"phone": "1", "act": "next"})["Location"]
    while "photographs" not in {one.question.name for one in mother.get(page).context["form"].sections}:
        page = mother.post(page, filled(mother.get(page).context["form"]))["Location"]
    mother.post(page, filled(mother.get(page).context["form"]))
    with wall.within(TOWN):
        draft = Draft.objects.get()
        url = f"{HERE}/drafts/{draft.public}/files/{draft.attachments.get().ref}"
    assert mother.get(url).status_code == 200
    assert stranger().get(url).status_code == 404
    ended(mother)
    assert mother.get(url).status_code == 401
