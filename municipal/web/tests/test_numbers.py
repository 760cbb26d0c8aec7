"""The screens of numbers: a purpose, once shown, entered sealed, never in an address (番号の画面の試験)."""

import re
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core.actors import System
from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.numbers.models import IndividualNumber, StockedCode
from municipal.numbers.operations import stock_codes
from municipal.numbers.operations.entering import opened
from municipal.numbers.tests.test_numbers import number
from municipal.residents.models import Draft
from municipal.residents.notices import Said
from municipal.residents.tests.acting import act, day

from .entering import decided, moved_in, newest, signed_in, text

ONE, TWO = number(101), number(202)
ACT = {"event_on": "R8.11.5", "basis": "ex_officio", "notified_on": ""}


@pytest.fixture
def clerk(two_towns: str) -> Client:
    return signed_in("counter")


@pytest.fixture
def chief(two_towns: str) -> Client:
    return signed_in("chief")


@pytest.fixture
def person(clerk: Client, chief: Client) -> str:
    """The addressee number of somebody who has just moved in."""
    return moved_in(clerk, chief)[0]


def step(client: Client, path: str, **said: Any) -> tuple[Any, dict[str, str]]:
    """Send the form; the answer and the hidden fields of the page that follows."""
    answer = client.post(path, {**ACT, **said})
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode())
    return answer, {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def entered(clerk: Client, chief: Client, person: str, act: str, **said: Any) -> None:
    path = f"/residents/{person}/numbers/{act}"
    answer, hidden = step(clerk, path, do="check", **said)
    assert answer.status_code == 200, text(answer)
    done = clerk.post(path, {**hidden, "do": "enter"})
    assert done.status_code == 302, text(done)
    decided(chief, int(done["Location"].rsplit("/", 1)[1]))


def test_a_number_is_entered_shown_once_for_a_purpose_and_hidden_again(
    clerk: Client, chief: Client, person: str
) -> None:  # fmt: skip
    assert "記録されていません" in text(clerk.get(f"/residents/{person}/numbers"))
    entered(clerk, chief, person, "individual_number_entry", individual_number=ONE.value)
    page = clerk.get(f"/residents/{person}/numbers")
    assert "一度だけ表示します" in text(page)
    assert ONE.value not in page.content.decode().replace(" ", "")
    shown = clerk.post(f"/residents/{person}/numbers/show", {"purpose": "number.entry"})
    assert ONE.value in text(shown).replace(" ", "")
    assert shown["Cache-Control"] == "no-store"
    assert ONE.value not in clerk.get(f"/residents/{person}/numbers").content.decode().replace(" ", "")
    with wall.within(TOWN):
        entry = Entry.objects.get(act="numbers.show")
    assert (entry.purpose, entry.screen, entry.fields) == ("number.entry", "numbers:show", ["individual_number"])


def test_from_the_confirmation_on_the_number_is_on_no_page(clerk: Client, chief: Client, person: str) -> None:
    path = f"/residents/{person}/numbers/individual_number_entry"
    checked, hidden = step(clerk, path, do="check", individual_number=ONE.value)
    assert hidden["individual_number"].startswith("sealed:")
    back = clerk.post(path, {**hidden, "do": "back"})
    done = clerk.post(path, {**hidden, "do": "enter"})
    again = clerk.post(path, {**hidden, "do": "enter"})
    assert again["Location"] == done["Location"], "sent twice, entered once"
    draft = int(done["Location"].rsplit("/", 1)[1])
    pages = [checked, back, clerk.get(f"/drafts/{draft}"), clerk.get("/drafts"), chief.get(f"/drafts/{draft}")]
    bad = clerk.post(path, {**ACT, "event_on": "nothing", "individual_number": ONE.value, "do": "check"})
    assert bad.status_code == 422
    assert [page for page in (*pages, bad) if ONE.value in page.content.decode()] == []
    with wall.within(TOWN):
        assert Draft.objects.filter(act="individual_number_entry").count() == 1


@pytest.mark.walk
@pytest.mark.parametrize(
    ("act", "said", "status"),
    [
        ("individual_number_entry", {"individual_number": ""}, 422),
        ("individual_number_entry", {"individual_number": "123456789012"}, 422),
        ("individual_number_entry", {"individual_number": "9" * 5000}, 422),
        ("individual_number_entry", {"individual_number": "sealed:training:AAAA"}, 422),
        ("individual_number_entry", {"individual_number": ONE.value, "event_on": ""}, 422),
        ("individual_number_entry", {"individual_number": ONE.value, "event_on": "R99.1.1"}, 422),
        ("individual_number_entry", {"individual_number": ONE.value, "basis": "whatever"}, 422),
        ("individual_number_change", {"individual_number": ONE.value}, 422),
        ("resident_code_change", {}, 422),
        ("resident_code_correction", {"resident_code": "12345678901"}, 422),
        ("resident_code_correction", {"resident_code": "x\0y"}, 422),
        ("no_such_act", {}, 404),
    ],
)
def test_bad_input_is_refused_with_a_sentence(
    clerk: Client, person: str, act: str, said: dict[str, str], status: int
) -> None:  # fmt: skip
    answer = clerk.post(f"/residents/{person}/numbers/{act}", {**ACT, **said, "do": "check"})
    assert answer.status_code == status
    if status == 422:
        assert "入力を確かめてください" in text(answer)


@pytest.mark.parametrize("purpose", ["", "number.return", "税", "number.entry\0"])
def test_without_a_purpose_of_the_list_nothing_is_shown(
    clerk: Client, chief: Client, person: str, purpose: str
) -> None:  # fmt: skip
    entered(clerk, chief, person, "individual_number_entry", individual_number=ONE.value)
    answer = clerk.post(f"/residents/{person}/numbers/show", {"purpose": purpose})
    assert answer.status_code == 422
    assert ONE.value not in text(answer).replace(" ", "")


@pytest.mark.clause("resident-record/1.0#10.4/m1")
def test_each_of_the_four_items_is_shown_or_not_per_person_on_every_screen(
    clerk: Client, chief: Client, person: str
) -> None:  # fmt: skip
    entered(clerk, chief, person, "individual_number_entry", individual_number=ONE.value)
    seeing = ("residents.search", "residents.view", "residents.history", "residents.enter", "residents.disclosures")
    code = newest(person).resident_code
    paths = ["", "/history", "/household", "/numbers", "/disclosures"]
    for held in ((), ("item.resident_code",), ("item.individual_number",), ("item.family_register",)):
        name = (held or ("none",))[0].rpartition(".")[2].replace("_", "")
        one = browser_of(somebody(*seeing, *held, login_name=name))
        pages = [one.get(f"/residents/{person}{path}") for path in paths]
        said = " ".join(text(page) for page in pages if page.status_code == 200)
        assert (code in said) == ("item.resident_code" in held), held
        assert ("見本県見本市本通２番地" in said) == ("item.family_register" in held), held
        shown = one.post(f"/residents/{person}/numbers/show", {"purpose": "number.entry"})
        assert (shown.status_code == 200) == ("item.individual_number" in held), held
        tab = one.get(f"/residents/{person}/numbers")
        assert tab.status_code == (200 if {"item.resident_code", "item.individual_number"} & set(held) else 403), held
        assert ("一度だけ表示します" in text(tab)) == ("item.individual_number" in held), held
        acts = one.get(f"/residents/{person}/numbers/individual_number_change")
        assert acts.status_code == (200 if "item.individual_number" in held else 403), held
        assert "世帯主" in said, "the relationship is hidden from nobody"


def test_somebody_is_found_by_number_and_the_address_never_holds_it(clerk: Client, chief: Client, person: str) -> None:
    entered(clerk, chief, person, "individual_number_entry", individual_number=ONE.value)
    found = clerk.post("/numbers/find", {"individual_number": ONE.value, "purpose": "number.return"})
    assert (found.status_code, found["Location"]) == (302, f"/residents/{person}")
    nobody = clerk.post("/numbers/find", {"individual_number": TWO.value, "purpose": "number.return"})
    assert "台帳にいません" in text(nobody)
    assert TWO.value not in nobody.content.decode()
    for bad in ({"individual_number": ONE.value}, {"individual_number": "1", "purpose": "number.return"}):
        assert clerk.post("/numbers/find", bad).status_code == 422
    # A number in an address finds nobody: nothing reads it from there.
    assert "台帳にいません" not in text(clerk.get(f"/numbers/find?individual_number={ONE.value}"))


def test_people_of_another_town_have_no_numbers_here(clerk: Client, person: str) -> None:
    other = browser_of(somebody("item.individual_number", "residents.enter", town=OTHER_TOWN))
    # The other town may use the same addressee number for somebody else; beyond its last one there is nobody.
    for path in ("/residents/9999999999/numbers", "/residents/9999999999/numbers/individual_number_entry"):
        assert other.get(path).status_code == 404
    assert other.post("/residents/9999999999/numbers/show", {"purpose": "number.entry"}).status_code == 404


@pytest.mark.clause("resident-record/1.0#10.3/m11")
def test_codes_are_stocked_by_whoever_may_and_never_listed(clerk: Client, chief: Client, person: str) -> None:
    codes = [RESIDENT_RECORD_CODE.of(f"887{serial:07}") for serial in range(3)]
    assert clerk.get("/numbers/stock").status_code == 403
    assert chief.post("/numbers/stock", {"do": "codes", "codes": "\n".join(codes)}).status_code == 302
    page = chief.get("/numbers/stock")
    assert "3 件" in text(page)
    assert [code for code in codes if code in page.content.decode()] == []
    assert chief.post("/numbers/stock", {"do": "settings", "least_codes": "5"}).status_code == 302
    assert "少なくなっています" in text(chief.get("/numbers/stock"))
    for bad in ({"do": "codes", "codes": "123"}, {"do": "codes"}, {"do": "settings", "least_codes": "-1"}):
        assert chief.post("/numbers/stock", bad).status_code == 422
    path = f"/residents/{person}/numbers/resident_code_change"
    checked, hidden = step(clerk, path, do="check", basis="application")
    assert hidden["resident_code"] in codes
    assert "住民票コード変更通知票" in text(checked)
    missing = clerk.post(path, {**hidden, "do": "enter"})
    assert missing.status_code == 422
    assert "印を付けてください" in text(missing)
    done = clerk.post(path, {**hidden, "do": "enter", "confirmed": "codes_are_low"})
    decided(chief, int(done["Location"].rsplit("/", 1)[1]))
    assert newest(person).resident_code == hidden["resident_code"]
    with wall.within(TOWN):
        assert StockedCode.objects.count() == 2


@pytest.mark.clause("resident-record/1.0#7.1.2.1/n1", "resident-record/1.0#4.3.1/n1")
def test_no_address_lists_who_got_or_changed_a_number(chief: Client) -> None:
    from municipal.urls import urlpatterns
    from municipal.web.urls.numbers import urlpatterns as own

    assert [str(one.pattern) for one in own] == [
        "numbers/find", "numbers/stock", "numbers/requests", "residents/<str:number>/numbers/request",
        "residents/<str:number>/numbers/destination",
        "residents/<str:number>/numbers", "residents/<str:number>/numbers/show",
        "residents/<str:number>/numbers/<slug:act>",
    ]  # fmt: skip
    assert urlpatterns
    with wall.within(TOWN):
        stock_codes(actor=System(), codes=[RESIDENT_RECORD_CODE.of("8860000001")])
        assert not IndividualNumber.objects.exists()
    assert "88600000" not in text(chief.get("/numbers/stock"))


def test_what_is_stored_opens_to_what_was_typed(clerk: Client, chief: Client, person: str) -> None:
    entered(clerk, chief, person, "individual_number_entry", individual_number=ONE.value)
    entered(clerk, chief, person, "individual_number_change", individual_number=TWO.value, event_on="R8.11.6")
    with wall.within(TOWN):
        rows = IndividualNumber.objects.filter(recorded__endswith__isnull=True).order_by("valid")
        assert [opened(row) for row in rows] == [ONE, TWO]


@pytest.mark.clause("resident-record/1.0#7.1.1.3/m2")
def test_whether_somebody_holds_a_card_stands_beside_the_number(clerk: Client, chief: Client, person: str) -> None:
    assert re.search(r"個人番号カード\s+—", text(clerk.get(f"/residents/{person}/numbers")))
    with wall.within(TOWN):
        entered = act(
            "correction_ex_officio", people=(Said(person, {"has_individual_number_card": True}),),
            event_on=day(2026, 11, 10), notified_on=None, basis="ex_officio",
        )  # fmt: skip
    assert entered.act == "correction_ex_officio"
    assert re.search(r"個人番号カード\s+有", text(clerk.get(f"/residents/{person}/numbers")))
