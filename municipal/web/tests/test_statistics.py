"""Statistics on the screen and as files (統計の画面の試験)."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from conftest import TOWN
from fixtures.town.cast import PROTECTED_MARKER
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.tests.acting import CHIEF, ELSEWHERE, PLACE, act, day, family, member, people_of

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 6, 10, 10, tzinfo=clock.TOKYO)
PAGES = ("statistics:years", "statistics:people", "statistics:foreigners", "statistics:files")


@pytest.fixture
def client() -> Any:
    """A clerk on 10 June 2026; a family came on 3 May, the elder son left on 1 June; they are protected."""
    with wall.within(TOWN), clock.stopped_at(datetime(2026, 5, 26, 10, tzinfo=clock.TOKYO)):
        place = PLACE | {"block": PROTECTED_MARKER}
        people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 3), place=place))
        act("move_out", people=(member(people[2]),), event_on=day(2026, 6, 1), place=ELSEWHERE)
        protect(actor=CHIEF, addressee=people[0].addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    with clock.stopped_at(TODAY):
        yield browser_of(somebody("statistics.view", "residents.view"))


@pytest.mark.clause("resident-record/1.0#6.1/m1")
def test_the_year_and_the_day_are_counted_and_no_area_is_told_of_the_protected(client: Any) -> None:
    year = client.get(reverse("statistics:years"), {"year": "2026"}).content.decode()
    assert "<td>4</td>" in year
    assert "<svg" in year
    people = client.get(reverse("statistics:people"), {"day": "R8.5.31"}).content.decode()
    assert "令和8年5月31日現在" in people
    assert "（町字を示さない方）" in people
    for name in PAGES:
        text = client.get(reverse(name)).content.decode()
        assert PROTECTED_MARKER not in text
        assert "甲野" not in text


@pytest.mark.clause("resident-record/1.0#6.1/m2")
def test_the_page_of_foreign_residents_counts_notices(client: Any) -> None:
    text = client.get(reverse("statistics:foreigners"), {"year": "2026", "begins": "4"}).content.decode()
    assert "中長期在留者" in text
    assert "令和8年4月1日から令和8年6月10日まで" in text
    assert client.get(reverse("statistics:foreigners"), {"year": "2020"}).status_code == 200


def test_files_to_publish_are_taken_and_others_are_not_found(client: Any) -> None:
    page = client.get(reverse("statistics:files"), {"month": "2026-05"})
    names = page.context["files"]
    assert [name.split("_", 1)[1] for name in names] == [
        "population_20260531.csv", "ages_20260531.csv", "births_and_deaths.csv", "moves.csv",
    ]  # fmt: skip
    for name in names:
        answer = client.get(reverse("statistics:file", args=["2026-05", name]))
        assert answer.status_code == 200
        assert PROTECTED_MARKER not in answer.content.decode()
    for month, name in (("2026-05", "x.csv"), ("2026-13", names[0]), ("x", names[0]), ("99999-01", names[0])):
        assert client.get(reverse("statistics:file", args=[month, name])).status_code == 404
    assert client.get(reverse("statistics:file", args=["2027-01", names[0]])).status_code == 422


@pytest.mark.clause("resident-record/1.0#6.1/m3")
def test_the_first_month_is_decided_by_who_may(client: Any) -> None:
    assert client.post(reverse("statistics:files"), {"month": "2026-05"}).status_code == 403
    chief = browser_of(somebody("statistics.view", "residents.view", "register.settings", login_name="chief"))
    assert chief.post(reverse("statistics:files"), {"month": "2026-05"}).status_code == 302
    assert "令和8年5月から、このシステムで集計します" in chief.get(reverse("statistics:files")).content.decode()
    for name, asked in (
        ("counts:months", {"month": "2026-04"}), ("statistics:files", {"month": "2026-04"}),
        ("statistics:people", {"day": "R8.4.30"}), ("statistics:years", {"year": "2025"}),
    ):  # fmt: skip
        answer = client.get(reverse(name), asked)
        assert answer.status_code == 422
        assert answer.context["form"].errors


@pytest.mark.parametrize("name", PAGES)
def test_without_the_permission_there_is_no_page(client: Any, name: str) -> None:
    outsider = browser_of(somebody("residents.view", login_name="tax"))
    assert outsider.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("statistics:years", {"year": "2027"}),
        ("statistics:years", {"year": "x"}),
        ("statistics:years", {"begins": "7"}),
        ("statistics:people", {"day": "きのう"}),
        ("statistics:people", {"day": "2026-12-31"}),
        ("statistics:people", {"area": "どこか"}),
        ("statistics:people", {"day": "\x00"}),
        ("statistics:foreigners", {"year": "1\x00"}),
        ("statistics:files", {"month": "2026-13"}),
        ("statistics:files", {"month": "2027-01"}),
        ("counts:months", {"month": "x"}),
    ],
)
def test_what_is_none_is_refused_beside_its_field(client: Any, name: str, asked: dict[str, str]) -> None:
    answer = client.get(reverse(name), asked)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(asked)
