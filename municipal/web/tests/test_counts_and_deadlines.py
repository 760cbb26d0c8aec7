"""The monthly counts and the lists of deadlines on the screen (人口の月報・届出期限の画面の試験)."""

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from conftest import TOWN
from fixtures.town.cast import PROTECTED_MARKER
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import CHIEF, ELSEWHERE, PLACE, act, day, family, member, people_of

pytestmark = pytest.mark.django_db
PAGES = ("counts:months", "late:notices", "late:arrivals")
TODAY = datetime(2026, 6, 10, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def client() -> Any:
    """A clerk on 10 June 2026; a family came on 3 May and said so on 26 May, the elder son left on 1 June."""
    with wall.within(TOWN), clock.stopped_at(datetime(2026, 5, 26, 10, tzinfo=clock.TOKYO)):
        place = PLACE | {"building": PROTECTED_MARKER}
        people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 3), place=place))
        act("move_out", people=(member(people[2]),), event_on=day(2026, 6, 1), place=ELSEWHERE)
    with clock.stopped_at(TODAY):
        yield browser_of(somebody("residents.view", "residents.search"))


def page(client: Any, name: str, **asked: str) -> str:
    answer = client.get(reverse(name), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_month_is_counted_and_names_nobody(client: Any) -> None:
    text = page(client, "counts:months", month="2026-05")
    assert "国内転入" in text
    assert "<td>4</td>" in text
    assert "甲野" not in text
    assert "令和8年5月31日現在" in text
    assert "国内転入" not in page(client, "counts:months", month="2026-04")


def test_the_month_is_said_in_english_too(client: Any) -> None:
    client.cookies["django_language"] = "en"
    text = client.get(
        reverse("counts:months"), {"month": "2026-05"}, headers={"accept-language": "en"}
    ).content.decode()
    assert "Move-in within Japan" in text


def test_a_late_notice_is_listed_with_its_last_day(client: Any) -> None:
    text = page(client, "late:notices", month="2026-05")
    assert "甲野　太郎" in text
    # The 14th day after 3 May is Sunday the 17th.
    assert "令和8年5月18日" in text
    assert "8日遅れ" in text
    assert "甲野" not in page(client, "late:notices", month="2026-05", act="move_within")
    assert "甲野" not in page(client, "late:notices", month="2026-06")


def test_whoever_left_and_was_not_reported_is_listed(client: Any) -> None:
    text = page(client, "late:arrivals")
    assert "甲野　一郎" in text
    assert "9日経過" in text
    assert "甲野　太郎" not in text
    assert "消除待ち" in text


def test_everybody_listed_counts_as_disclosed_and_a_protected_address_stands_nowhere(client: Any) -> None:
    with wall.within(TOWN), clock.stopped_at(TODAY):
        people = [one.addressee for one in ResidentRecord.objects.filter(serial=1).select_related("addressee")]
        protect(actor=CHIEF, addressee=people[2], starts_on=date(2026, 6, 9), ends_on=None, is_own=True)
    for name, asked, screen in (
        ("late:notices", {"month": "2026-05"}, 4), ("late:arrivals", {}, 1),
    ):  # fmt: skip
        text = page(client, name, **asked)
        assert "支援措置" in text
        assert PROTECTED_MARKER not in text
        with wall.within(TOWN):
            seen = Entry.objects.filter(kind="disclosure", screen=name).latest("seq")
        assert len(seen.subjects) == screen


@pytest.mark.parametrize("name", PAGES)
def test_without_the_permission_there_is_no_page(client: Any, name: str) -> None:
    with clock.stopped_at(TODAY):
        outsider = browser_of(somebody("residents.search", login_name="tax"))
        assert outsider.get(reverse(name)).status_code == 403
        assert reverse("late:notices") not in outsider.get(reverse("home")).content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("month", ["2026-13", "2027-01", "x", "1850-01", "2026-05\0"])
def test_a_month_that_is_none_is_refused_beside_the_field(client: Any, name: str, month: str) -> None:
    answer = client.get(reverse(name), {"month": month})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["month"]
