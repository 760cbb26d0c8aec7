"""What the pages on one person say and leave unsaid (本人の画面の文言の試験)."""

import pytest
from django.db.models import Count
from django.test import Client

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.addressees.models import Addressee
from municipal.core.numbers import number_of
from municipal.identity.models import Staff
from municipal.identity.tests.people import browser_of
from municipal.municipalities import wall
from municipal.residents.models import Household

SERIALS = {person.cast: person.serial for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}


def path(key: str) -> str:
    return f"/residents/{number_of(SERIALS[key], 10)}"


@pytest.fixture
def clerk(two_towns: str) -> Client:
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name="counter")
    return browser_of(staff)


def test_history_names_a_household_by_its_number(clerk: Client) -> None:
    with wall.within(TOWN):
        several = Count("records__household", distinct=True)
        movers = list(Addressee.objects.annotate(homes=several).filter(homes__gt=1).values_list("number", flat=True))
    pages = [clerk.get(f"/residents/{number}/history?stay={stay}") for number in movers for stay in (1, 2)]
    rows = [row for page in pages for row in page.context["rows"]]
    moved = [change for row in rows for change in row["changes"] if change["label"] == "世帯番号"]
    with wall.within(TOWN):
        numbers = set(Household.objects.values_list("number", flat=True))
    assert moved
    assert {said for change in moved for said in (change["before"], change["after"])} <= numbers


def test_history_of_a_returner_stops_at_the_stay(clerk: Client) -> None:
    """resident-record/1.0#2.2.1/n1: each stay by itself, no change from one to the other."""
    first, second = (clerk.get(f"{path('returned')}/history?stay={stay}").context["rows"] for stay in (1, 2))
    assert first
    assert second
    moved = [change for row in (*first, *second) for change in row["changes"] if change["label"] == "世帯番号"]
    assert moved == []


def test_who_has_only_announced_a_move_has_not_moved_out(clerk: Client) -> None:
    page = clerk.get(path("leaves_next_week")).content.decode()
    assert "転出予定" in page
    assert "この人は転出しています" not in page
    assert "この人は転出しています" in clerk.get(path("left_yesterday")).content.decode()


def test_only_who_was_shown_a_record_is_listed_as_having_seen_it(clerk: Client) -> None:
    assert clerk.get(f"{path('five_head')}/disclosures").context["rows"] == []
    clerk.get(path("five_head"))
    rows = clerk.get(f"{path('five_head')}/disclosures").context["rows"]
    assert [row["screen"] for row in rows] == ["住民の記録", "閲覧記録"]
