"""What the counter's screens leave behind in the audit, and what they do not offer (照会画面の記録の試験)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.audit.models import Entry
from municipal.core.numbers import number_of
from municipal.identity.models import Staff
from municipal.identity.tests.people import browser_of
from municipal.municipalities import wall

SERIALS = {person.cast: person.serial for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}
FIVE = f"/residents/{number_of(SERIALS['five_head'], 10)}"


@pytest.fixture
def clerk(two_towns: str) -> Client:
    return signed_in("counter")


def signed_in(login_name: str) -> Client:
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name=login_name)
    return browser_of(staff)


def disclosed() -> list[Entry]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(kind="disclosure").order_by("seq"))


@pytest.mark.parametrize("query", ["カ", "1", "19800505", "庚森", number_of(SERIALS["five_head"], 10)])
def test_as_many_people_are_disclosed_as_rows_are_shown(clerk: Client, query: str) -> None:
    shown = clerk.get("/residents", {"q": query}).context["people"]
    assert len(shown) <= 50
    assert sum(len(entry.subjects) for entry in disclosed()) == len(shown)


@pytest.mark.parametrize(
    "path", ["/residents", "/residents?q=", "/residents?q=どこにもいないひと", "/residents?q=庚森&purpose=nosy", "/"]
)
def test_nothing_is_disclosed_where_nobody_was_shown(clerk: Client, path: str) -> None:
    assert clerk.get(path).status_code in (200, 422)
    assert disclosed() == []


@pytest.mark.parametrize("number", ["1", "99999999999999", "-1", "12a", "１２３", "9" * 300])
def test_a_number_that_nobody_has_is_one_sentence_and_no_disclosure(clerk: Client, number: str) -> None:
    for tab in ("", "/history", "/household", "/disclosures"):
        answer = clerk.get(f"/residents/{number}{tab}")
        assert answer.status_code == 404
        assert "ここにはありません" in answer.content.decode()
    assert disclosed() == []


def test_a_page_on_one_person_discloses_the_household_with_it(clerk: Client) -> None:
    clerk.get(FIVE)
    own, others = disclosed()
    assert (len(own.subjects), len(others.subjects)) == (1, 4)
    assert "domicile" in own.fields
    assert "domicile" not in others.fields


@pytest.mark.parametrize(("login_name", "offered"), [("counter", 2), ("tax", 1), ("auditor", 2)])
def test_a_tab_is_offered_only_to_who_may_open_it(two_towns: str, login_name: str, offered: int) -> None:
    client = signed_in(login_name)
    page = client.get(FIVE).content.decode()
    tabs = [f"{FIVE}/{tab}" for tab in ("history", "disclosures") if f'href="{FIVE}/{tab}"' in page]
    assert len(tabs) == offered
    assert {client.get(tab).status_code for tab in tabs} == {200}


def test_a_list_of_fifty_asks_no_more_of_the_database_than_a_list_of_one(clerk: Client) -> None:
    asked = []
    for query in ("カ", number_of(SERIALS["five_head"], 10)):
        with CaptureQueriesContext(connection) as captured:
            clerk.get("/residents", {"q": query})
        asked.append(len(captured))
    assert asked[0] <= asked[1] + 1
