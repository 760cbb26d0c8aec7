"""What the pages on one person say and leave unsaid (本人の画面の文言の試験)."""

import pytest
from django.test import Client

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.core.numbers import number_of
from municipal.identity.models import Staff
from municipal.identity.tests.people import browser_of
from municipal.municipalities import wall
from municipal.residents.models import Household, ResidentRecord

SERIALS = {person.cast: person.serial for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}


def path(key: str) -> str:
    return f"/residents/{number_of(SERIALS[key], 10)}"


@pytest.fixture
def clerk(two_towns: str) -> Client:
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name="counter")
    return browser_of(staff)


def test_history_names_a_household_by_its_number(clerk: Client) -> None:
    rows = clerk.get(f"{path('returned')}/history").context["rows"]
    moved = [change for row in rows for change in row["changes"] if change["label"] == "世帯番号"]
    with wall.within(TOWN):
        records = ResidentRecord.objects.filter(addressee__number=path("returned").split("/")[-1])
        numbers = set(Household.objects.filter(records__in=records).values_list("number", flat=True))
    assert {moved[0]["before"], moved[0]["after"]} == numbers


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
