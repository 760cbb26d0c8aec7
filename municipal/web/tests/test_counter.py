"""The counter's screens, asked as a browser asks, through the whole doorway (窓口の画面の試験)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import AS_OF, OTHER_TOWN, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from fixtures.town.cast import PROTECTED_MARKER
from municipal.audit.models import Entry
from municipal.core.numbers import number_of
from municipal.identity.demo import ROLES
from municipal.identity.models import Staff
from municipal.identity.operations.permissions import revoke
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord

PEOPLE = {person.cast: person for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}
Browser = Callable[..., Client]


def number(key: str) -> str:
    return number_of(PEOPLE[key].serial, 10)


@pytest.fixture
def browser(two_towns: str) -> Browser:
    """``browser(login, town)``: a browser in which that demo account is signed in."""

    def open_one(login: str = "counter", town: int = TOWN) -> Client:
        role = next(role for role in ROLES if role.login_name == login)
        client = Client(raise_request_exception=False)
        answer = client.post("/sign-in", {"town": town, "login_name": role.login_name, "password": role.password})
        assert answer.status_code == 302
        return client

    return open_one


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def disclosed() -> list[tuple[str, int, str]]:
    with wall.within(TOWN):
        return [(e.screen, len(e.subjects), e.purpose) for e in Entry.objects.filter(kind="disclosure").order_by("seq")]


def test_home_offers_the_search_box_first(browser: Browser) -> None:
    answer = browser().get("/")
    assert answer.status_code == 200
    assert b'name="q"' in answer.content


def test_a_search_shows_era_dates_state_and_address_and_is_disclosed(browser: Browser) -> None:
    answer = browser().get("/residents", {"q": "庚森", "purpose": "telephone"})
    said = text(answer)
    assert "5人が見つかりました" in said
    assert "庚森 太郎" in said.replace("　", " ")
    assert disclosed() == [("residents:search", 5, "telephone")]


def test_a_foreign_residents_birth_date_is_gregorian_only(browser: Browser) -> None:
    born = PEOPLE["alias"].latest.birth_date
    said = text(browser().get(f"/residents/{number('alias')}"))
    assert born.shown_gregorian() in said
    assert born.shown() not in said


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("unknown_birth", "年月日不詳"),
        ("birth_year_only", "昭和20年 月日不詳"),
        ("impossible_birth", "平成11年2月29日"),
        ("last_day_of_meiji", "明治45年7月30日"),
    ],
)
def test_dates_are_shown_as_they_are_known(browser: Browser, key: str, written: str) -> None:
    assert written in text(browser().get(f"/residents/{number(key)}"))


@pytest.mark.parametrize(
    ("key", "badge"),
    [
        ("left_yesterday", "転出"),
        ("dead_head", "死亡"),
        ("last_day_of_meiji", "死亡"),
        ("protected_mother", "支援措置"),
    ],
)
def test_a_state_stands_in_the_list_and_on_the_page(browser: Browser, key: str, badge: str) -> None:
    client, kind = browser(), {"転出": "moved_out", "死亡": "dead", "支援措置": "protected"}[badge]
    for path in (f"/residents?q={number(key)}", f"/residents/{number(key)}"):
        answer = client.get(path)
        assert f"k-badge--{kind}" in answer.content.decode()
        assert badge in text(answer)


@pytest.mark.parametrize("key", ["protected_mother", "protected_child"])
@pytest.mark.parametrize(
    "path", ["?q={n}", "/{n}", "/{n}/history", "/{n}/household", "/{n}/disclosures", "/{n}?valid_on=R8.1.1"]
)
def test_a_protected_address_is_in_no_byte_of_any_page(browser: Browser, key: str, path: str) -> None:
    answer = browser().get("/residents" + path.format(n=number(key)))
    assert answer.status_code == 200
    assert "支援措置" in text(answer)
    assert PROTECTED_MARKER not in answer.content.decode()


def test_a_protected_person_is_found_by_name_with_a_badge_and_no_address(browser: Browser) -> None:
    answer = browser().get("/residents", {"q": "癸松"})
    assert answer.content.decode().count("k-badge--protected") == 2
    assert PROTECTED_MARKER not in answer.content.decode()


def test_items_without_permission_are_named_and_empty(browser: Browser) -> None:
    domicile = PEOPLE["five_head"].latest.domicile
    path = f"/residents/{number('five_head')}"
    assert domicile in text(browser("counter").get(path))
    said = text(browser("tax").get(path))
    assert "表示の権限なし" in said
    assert domicile not in said
    assert "世帯主" in said


def test_both_times_are_answered(browser: Browser) -> None:
    client, first = browser(), PEOPLE["corrected"].states[0]
    path = f"/residents/{number('corrected')}"
    assert "昭和58年1月12日" in text(client.get(path))
    then = client.get(path, {"valid_on": str(first.valid_from), "recorded_on": str(first.processed_on)})
    assert "昭和58年12月1日" in text(then)
    assert "過去の時点" in text(then)
    assert "記録はまだありませんでした" in text(client.get(path, {"valid_on": "S50.1.1"}))


def test_history_names_what_changed_and_what_was_corrected(browser: Browser) -> None:
    said = text(browser().get(f"/residents/{number('corrected')}/history"))
    assert "誤記修正" in said
    assert "昭和58年12月1日" in said
    assert "に訂正" in said


def test_a_household_shows_its_members_in_order_and_the_removed_last(browser: Browser) -> None:
    said = text(browser().get(f"/residents/{number('successor')}/household"))
    assert said.index("丁沢 福", said.index("続柄")) < said.index("丁沢 大吉")


def test_who_looked_is_seen_by_who_may_ask(browser: Browser) -> None:
    path = f"/residents/{number('five_head')}"
    browser("tax").get(path)
    said = text(browser("auditor").get(f"{path}/disclosures"))
    assert "演習" in said
    assert browser("tax").get(f"{path}/disclosures").status_code == 403


def test_the_other_towns_numbers_are_not_there(browser: Browser) -> None:
    numbers = {}
    for town in (TOWN, OTHER_TOWN):
        with wall.within(town):
            numbers[town] = set(ResidentRecord.objects.values_list("addressee__number", flat=True))
    ours = max(numbers[TOWN] - numbers[OTHER_TOWN])
    client = browser(town=OTHER_TOWN)
    for tab in ("", "/history", "/household", "/disclosures"):
        answer = client.get(f"/residents/{ours}{tab}")
        assert answer.status_code == 404
    assert "見つかりませんでした" in text(client.get("/residents", {"q": ours}))


def test_a_permission_that_is_revoked_is_gone_at_the_next_request(browser: Browser) -> None:
    client = browser()
    assert client.get("/residents?q=庚森").status_code == 200
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name="counter")
        grant = staff.grants.get(permission="residents.search")
        revoke(actor=Staff.objects.get(login_name="admin"), grant=grant)
    answer = client.get("/residents?q=庚森")
    assert answer.status_code == 403
    assert "住民の検索" in text(answer)
    with wall.within(TOWN):
        assert Entry.objects.filter(kind="refusal", actor_id=staff.pk, code="forbidden").exists()


@pytest.mark.walk
@pytest.mark.parametrize(
    "path",
    [
        "/residents?q=", "/residents?q=%00", "/residents?q=" + "あ" * 10_000, "/residents?q=%ED%A0%80",
        "/residents?q=甲%E2%80%AE", "/residents?q==cmd()", "/residents?q=%25&purpose=nosy", "/residents/%00",
        "/residents/" + "9" * 500, "/residents/-1", "/residents/abc", "/residents/0000000086?valid_on=R5.2.30",
        "/residents/0000000086?valid_on=9999-12-31&recorded_on=9999-12-31", "/residents/0000000086?valid_on=%00",
        "/residents/0000000086?recorded_on=0001-01-01", "/residents/0000000086/disclosures?page=-1",
        "/residents/0000000086/disclosures?page=zzz", "/staff/999999999999999999999",
        "/audit?on=R5.2.30&staff=%00&act=nonsense", "/audit?page=99999999999999999999",
    ],
)  # fmt: skip
def test_bad_input_of_every_kind_gets_a_page_and_never_a_fault(browser: Browser, path: str) -> None:
    for login in ("counter", "admin"):
        answer = browser(login).get(path)
        assert answer.status_code < 500, path
        assert "Traceback" not in answer.content.decode()


def test_a_refused_search_says_why_beside_the_box(browser: Browser) -> None:
    answer = browser().get("/residents", {"q": "甲\u202e"})
    assert answer.status_code == 422
    assert "見えない記号" in text(answer)


def test_a_search_asks_the_database_a_bounded_number_of_times(browser: Browser) -> None:
    client = browser()
    client.get("/residents", {"q": "コウ"})
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/residents", {"q": "コウ"})
    assert len(asked) <= 22, [query["sql"][:90] for query in asked]


def test_the_audit_shows_ids_and_names_of_fields_and_no_values(browser: Browser) -> None:
    browser().get(f"/residents/{number('five_head')}")
    answer = browser("auditor").get("/audit")
    assert answer.status_code == 200
    assert number("five_head") in text(answer)
    assert "庚森" not in text(answer)
    assert browser("counter").get("/audit").status_code == 403


def test_the_chain_can_be_verified_from_the_screen(browser: Browser) -> None:
    answer = browser("auditor").post("/audit/verify")
    assert "異常なし" in text(answer)
    assert browser("admin").post("/audit/verify").status_code == 403


def test_every_route_has_declared_who_may_come_in() -> None:
    from django.urls import get_resolver

    from municipal.identity.access import access_of

    def views(resolver: Any) -> Any:
        for pattern in resolver.url_patterns:
            yield from views(pattern) if hasattr(pattern, "url_patterns") else [pattern.callback]

    assert [view for view in views(get_resolver()) if access_of(view) is None] == []
