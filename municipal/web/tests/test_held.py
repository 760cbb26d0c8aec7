"""The page of what the municipality has, and the clerk's look at what changed (役所にある情報の画面の試験)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import CLERK, given_card
from municipal.applications.models import Case, Draft
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.filling import HERE, begun, carded, filled, handed_in, walked
from municipal.audit.models import Entry, Kind
from municipal.municipalities import wall
from municipal.procedures.catalogue import by_id, shipped
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter, newcomer
from municipal.web.forms.applying import ACCOUNT, PageForm, typed
from municipal.web.tests.keeping import staff

STREET = "松町"


@pytest.fixture
def client(committed_db: str) -> Client:
    return Client(raise_request_exception=True)


@pytest.fixture
def card(client: Client) -> Card:
    return carded(client)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def held_page(client: Client, code: str) -> str:
    """The address of the page in a new draft."""
    return begun(client, code).replace("/pages/you", "/pages/held")


def record_of(card: Card) -> ResidentRecord:
    return ResidentRecord.objects.filter(addressee=card.holder).latest("serial")


def disclosures() -> list[Entry]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(act="applications.prefill", kind=Kind.DISCLOSURE))


@pytest.fixture
def locked(card: Card) -> Iterator[Any]:
    """Somebody else holds the resident register locked, until this is called: it answers nobody in time."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE residents_period IN ACCESS EXCLUSIVE MODE")
        yield lambda: cursor.execute("ROLLBACK")
        cursor.execute("ROLLBACK")


def test_a_guest_is_shown_nothing_of_any_register(client: Client) -> None:
    page = held_page(client, "bulky-waste")
    assert client.get(page).status_code == 404
    assert disclosures() == []


def test_each_value_has_its_source_its_day_and_its_law_and_is_told_once(client: Client, card: Card) -> None:
    page = held_page(client, "move-within")
    first = client.get(page)
    assert first.status_code == 200
    said = text(first)
    for word in ("甲野　花子", STREET, "台帳", "現在", "聞かない根拠", "未確認・暫定"):
        assert word in said, word
    client.get(page)
    client.get(page.replace("lang=ja", "lang=en"))
    (one,) = disclosures()
    assert one.subjects == [card.holder_id]
    assert (one.actor_kind, one.purpose) == ("resident", "move-within")
    assert "Act" not in said


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "ko"])
def test_the_page_is_there_in_four_languages(client: Client, card: Card, language: str) -> None:
    page = begun(client, "move-within", language).replace("/pages/you", "/pages/held")
    said = text(client.get(page))
    title = {"ja": "役所にある情報", "ja-easy": "役所に ある こと", "en": "What we hold", "ko": "보유 정보"}[language]
    assert title in said


def test_what_the_law_wants_is_confirmed_before_one_goes_on(client: Client, card: Card) -> None:
    page = held_page(client, "move-within")
    form = client.get(page).context["form"]
    choices = [name for name in form.fields if name.startswith("right__")]
    assert choices
    wrong = client.post(page, {"act": "next"})
    assert wrong.status_code == 422
    assert set(choices) <= set(wrong.context["form"].errors)
    check = page.replace("/pages/held", "/check")
    assert not client.get(check).context["is_complete"]
    wrong = client.post(page, dict.fromkeys(choices, "no"))
    assert wrong.status_code == 422
    assert "どこが違うか" in text(wrong)
    assert client.post(page, dict.fromkeys(choices, "perhaps")).status_code == 422
    said = dict.fromkeys(choices, "no") | {one.replace("right", "text"): "字が違う" for one in choices}
    assert client.post(page, said).status_code == 302
    with wall.within(TOWN):
        assert record_of(card).name == "甲野　花子"
    assert "字が違う" in text(client.get(check))


def test_the_check_page_is_not_reached_around_it(client: Client, card: Card) -> None:
    page = begun(client, "nursery-status")
    while "/pages/held" not in page:
        page = str(client.post(page, filled(client.get(page).context["form"]))["Location"])
    check = page.replace("/pages/held", "/check")
    for answer in (client.get(check), client.post(check)):
        assert answer.status_code == 302
        assert "/pages/held" in answer["Location"]


def test_a_protected_address_stands_on_no_page_and_in_no_draft(client: Client, card: Card) -> None:
    with wall.within(TOWN):
        protect(actor=CLERK, addressee=card.holder, starts_on=record_of(card).processed_on, ends_on=None, is_own=True)
    page = held_page(client, "move-within")
    said = text(client.get(page))
    assert "甲野　花子" in said
    assert STREET not in said
    assert STREET not in text(client.get(page.replace("/pages/held", "/check")))
    with wall.within(TOWN):
        assert STREET not in json.dumps([one.filled for one in Draft.objects.all()], ensure_ascii=False)


def test_an_address_that_became_protected_after_it_was_read_is_shown_no_more(client: Client, card: Card) -> None:
    page = held_page(client, "move-within")
    assert STREET in text(client.get(page))
    with wall.within(TOWN):
        protect(actor=CLERK, addressee=card.holder, starts_on=record_of(card).processed_on, ends_on=None, is_own=True)
    assert STREET not in text(client.get(page))
    assert STREET not in text(client.get(page.replace("/pages/held", "/check")))


def test_nobody_else_s_draft_is_opened(client: Client, card: Card) -> None:
    page = held_page(client, "move-within")
    other = Client()
    carded(other, given_card(name="乙野　介", resident_code="99900000010"))
    for browser in (other, Client()):
        answer = browser.get(page)
        assert answer.status_code in (401, 403, 404)
        assert "甲野" not in text(answer)
    assert other.post(page, {"act": "next"}).status_code in (401, 403, 404)


def test_a_register_that_is_down_is_asked_for_by_hand_and_checked_later(
    client: Client, card: Card, locked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named case: register down while pre-filling; a lock that is really held, waited for no longer than is patient."""
    monkeypatch.setattr("municipal.applications.prefill.reading.PATIENCE", "100ms")
    page = held_page(client, "nursery-status")
    answer = client.get(page)
    assert answer.status_code == 200
    assert "台帳を見られません" in text(answer)
    sent = client.post(page, filled(answer.context["form"]))
    assert sent.status_code == 302
    with wall.within(TOWN):
        draft = Draft.objects.get()
        kept = draft.filled["household_members"]
        assert (kept["status"], kept["why"], kept["typed"]) == ("unavailable", "down", "甲野　太郎")
    locked()
    sent = client.get(page.replace("/pages/held", "/pages/you"))
    while "/check" not in (at := str(client.post(sent.request["PATH_INFO"], filled(sent.context["form"]))["Location"])):
        sent = client.get(at)
    handed_in(client, at)
    clerk = staff("applications.view", "applications.work")
    with wall.within(TOWN):
        case = Case.objects.get()
    moved(case, "accept")
    assert "確認が必要" in text(clerk.get(f"/cases/{case.pk}"))
    moved(case, "pass_form")
    said = text(clerk.get(f"/cases/{case.pk}"))
    for word in ("確認が必要", "申請者が書きました", "甲野　太郎", "世帯主"):
        assert word in said, word


def handed(client: Client) -> Case:
    check = walked(client, "nursery-status")
    # Nothing is called wrong: the walk had filled every box.
    client.post(check.replace("/check", "/pages/held"), {"act": "next"})
    handed_in(client, check)
    with wall.within(TOWN):
        return Case.objects.get()


def moved(case: Case, *actions: str) -> None:
    with wall.within(TOWN):
        stepped(Case.objects.get(pk=case.pk), *actions)


def test_the_form_check_shows_no_register_data_and_the_substance_check_does(client: Client, card: Card) -> None:
    """The published intake chain separates the two (形式審査と実質審査)."""
    case, clerk = handed(client), staff("applications.view", "applications.work")
    moved(case, "accept")
    said = text(clerk.get(f"/cases/{case.pk}"))
    assert "形式審査では使いません" in said
    assert "世帯主" not in said
    moved(case, "pass_form")
    said = text(clerk.get(f"/cases/{case.pk}"))
    assert "今の台帳と同じです" in said
    assert "世帯主" in said
    with wall.within(TOWN):
        shown = Entry.objects.filter(act="applications.view", kind=Kind.DISCLOSURE)
        assert [one.subjects for one in shown if "household.members" in one.fields] == [[card.holder_id]]


def test_a_clerk_is_shown_the_difference_and_ticks_it_before_approving(client: Client, card: Card) -> None:
    case, clerk = handed(client), staff("applications.view", "applications.work", "applications.decide")
    moved(case, "accept", "pass_form")
    with wall.within(TOWN):
        home = record_of(card).household
        newcomer(valid_from=record_of(card).processed_on, household=home, is_head=False, name="甲野　新",
                 relationship="子", member_order=2)  # fmt: skip
    page = clerk.get(f"/cases/{case.pk}")
    assert "今の台帳との違い" in text(page)
    assert "甲野　新" in text(page)
    panel = next(one for one in page.context["panels"] if one.template == "cases/held.html").context
    marks = [one["mark"] for one in panel["differences"]]
    at, step = f"/cases/{case.pk}/differences", f"/cases/{case.pk}/steps/approve"
    refused = clerk.post(step, {"key": "a1", "seen": 3})
    assert "確かめて" in text(refused)
    for said in ({}, {"mark": marks}, {"is_seen": "yes"}, {"is_seen": "yes", "mark": ["x"]}):
        clerk.post(at, {"key": f"k{len(said)}{said.get('mark', '')}"} | said)
    with wall.within(TOWN):
        assert "seen" not in Case.objects.get(pk=case.pk).filled["household_members"]
    for _ in range(2):
        assert clerk.post(at, {"key": "b1", "is_seen": "yes", "mark": marks}).status_code == 302
    assert (
        staff("applications.view", login="viewer").post(at, {"key": "c", "is_seen": "yes", "mark": marks}).status_code
        == 403
    )
    assert clerk.post(step, {"key": "a2", "seen": 3}).status_code == 302
    with wall.within(TOWN):
        assert Case.objects.get(pk=case.pk).state in ("approved", "done")


def test_another_town_s_case_is_not_found(client: Client, card: Card) -> None:
    case = handed(client)
    assert HERE in f"/apply/{TOWN}"
    moved(case, "accept", "pass_form")
    assert staff("applications.work").post(f"/cases/{case.pk + 999}/differences", {"key": "d"}).status_code == 404


def test_a_name_that_changed_is_shown_with_both_days(client: Client, card: Card) -> None:
    case, clerk = handed(client), staff("applications.view", "applications.work")
    moved(case, "accept", "pass_form")
    with wall.within(TOWN):
        enter(record_of(card), record_of(card).processed_on, name="乙野　花子")
    said = text(clerk.get(f"/cases/{case.pk}"))
    assert "甲野　花子" in said
    assert "乙野　花子" in said
    assert "台帳が変わりました" in said


def test_the_account_for_benefits_needs_nothing_typed_and_another_one_does() -> None:
    """Act on the Registration of Deposit Accounts for Payment of Public Benefits, article 3 (unverified)."""
    known = by_id(shipped())
    (account,) = [one for one in known["child-allowance"].asks if one.type == "account"]

    def form(**said: str) -> PageForm:
        made = PageForm([account], "ja", {}, {f"account__{name}": value for name, value in said.items()})
        made.is_valid()
        return made

    assert form(registered="yes").answers == {"account": {"registered": True}}
    assert set(form(registered="no").errors) == {f"account__{name}" for name in ACCOUNT}
    whole = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "コウノ　ハナコ"}
    assert form(registered="no", **whole).answers == {"account": whole}
    assert form(registered="no", **whole | {"bank": "1"}).errors
    assert form().errors
    assert typed([account], {"account": {"registered": True}}, {}) == {"account__registered": "yes"}
    (debit,) = [one for one in known["direct-debit"].asks if one.type == "account"]
    assert f"{debit.name}__registered" not in PageForm([debit], "ja", {}).fields
