"""Permissions of many at once: every line or none (権限の一括保守の試験)."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.identity.models import Grant, Staff, permissions_of
from municipal.identity.permissions import ITEMS, PERMISSIONS
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall

HEAD = "対象,権限,処理,開始日,終了日\n"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.stopped_at(datetime(2026, 11, 23, 9, tzinfo=clock.TOKYO)):
        yield


@pytest.fixture
def manager() -> Client:
    return browser_of(somebody("staff.view", "staff.manage", "staff.items", login_name="manager", department="情報"))


def held(login_name: str, day: date | None = None) -> frozenset[str]:
    with wall.within(TOWN):
        return permissions_of(Staff.objects.get(login_name=login_name), day)


def sent(client: Client, rows: str, key: str = "one") -> int:
    return client.post("/staff/bulk", {"rows": HEAD + rows, "key": key}).status_code


@pytest.mark.clause("resident-record/1.0#10.3/m5", "resident-record/1.0#10.3/m12")
def test_a_department_and_a_person_are_given_and_lose_permissions_in_one_go(manager: Client) -> None:
    somebody("residents.search", login_name="a", department="市民課")
    somebody(login_name="b", department="市民課")
    somebody(login_name="c", department="税務課")
    somebody(login_name="gone", department="市民課", is_active=False)
    somebody(login_name="d", department="市民課", town=OTHER_TOWN)
    assert (
        sent(manager, "所属:市民課,residents.view,付与,,\nc,住民の検索,付与,,R9.1.31\na,residents.search,取消,,\n")
        == 302
    )
    assert [held("a"), held("b")] == [frozenset({"residents.view"})] * 2
    assert held("c", date(2027, 1, 31)) == {"residents.search"}
    assert held("c", date(2027, 2, 1)) == frozenset()
    with wall.within(OTHER_TOWN):
        assert not Grant.objects.exists()
    with wall.within(TOWN):
        assert not Grant.objects.filter(staff__login_name="gone").exists()


@pytest.mark.clause("resident-record/1.0#10.3/m7")
def test_next_years_rights_are_prepared_today(manager: Client) -> None:
    somebody(login_name="a", department="市民課")
    assert sent(manager, "所属:市民課,residents.view,付与,R9.4.1,R10.3.31\n") == 302
    assert held("a") == frozenset()
    assert held("a", date(2027, 4, 1)) == {"residents.view"}
    assert held("a", date(2028, 4, 1)) == frozenset()


@pytest.mark.parametrize(
    "rows",
    [
        "nobody,residents.view,付与,,\n", "所属:無い課,residents.view,付与,,\n", "a,no.such,付与,,\n",
        "a,residents.view,消去,,\n", "a,residents.view,付与,R8.13.1,\n", "a,residents.view,付与,R8.11.1,\n",
        "a,residents.view,付与,,R8.1.1\n", "manager,residents.view,付与,,\n", "a,residents.view,付与,,,,,\n", "",
        ",residents.view,付与,,\n", "a,residents.view,付与,\"\n",
    ],
)  # fmt: skip
def test_one_bad_line_and_nothing_changes(manager: Client, rows: str) -> None:
    somebody(login_name="a")
    assert sent(manager, "a,residents.search,付与,,\n" + rows if rows else "") in (403, 409, 422)
    assert held("a") == frozenset()


def test_a_heading_that_is_another_is_refused_and_a_spreadsheets_mark_is_not(manager: Client) -> None:
    somebody(login_name="a")
    assert manager.post("/staff/bulk", {"rows": "x,y\n", "key": "k"}).status_code == 422
    rows = f"\ufeff{HEAD}a,residents.view,付与,,\r\n"
    assert manager.post("/staff/bulk", {"rows": rows, "key": "k"}).status_code == 302
    assert held("a") == {"residents.view"}


def test_sent_twice_it_is_done_once(manager: Client) -> None:
    somebody(login_name="a")
    rows = "a,residents.view,付与,,\n"
    assert [sent(manager, rows), sent(manager, rows)] == [302, 302]
    with wall.within(TOWN):
        assert Grant.objects.filter(staff__login_name="a").count() == 1
    assert sent(manager, "a,residents.search,付与,,\n") == 422


@pytest.mark.clause("resident-record/1.0#10.3/m11")
def test_who_sets_items_and_who_sets_rights_are_two_permissions(manager: Client) -> None:
    only_rights = browser_of(somebody("staff.view", "staff.manage", login_name="rights"))
    somebody(login_name="a")
    items = [code for code, one in PERMISSIONS.items() if one.group == ITEMS]
    assert len(items) == 4
    for code in items:
        assert sent(only_rights, f"a,{code},付与,,\n", key=code) in (403, 422)
    assert sent(only_rights, "a,residents.view,付与,,\n") == 302
    assert sent(manager, f"a,{items[0]},付与,,\n") == 302
    assert sent(only_rights, f"a,{items[0]},取消,,\n", key="again") in (403, 422)
    assert held("a") == {"residents.view", items[0]}


@pytest.mark.clause("resident-record/1.0#10.3/m11")
def test_the_functions_that_the_standard_names_have_a_permission_each_of_their_own() -> None:
    of_clause: dict[str, set[str]] = {}
    for one in PERMISSIONS.values():
        section = one.clause.partition("#")[2].partition("/")[0]
        of_clause.setdefault(section, set()).add(one.code)
    for section in ("10.2", "10.3", "10.4", "9.1", "4.3.1"):
        assert of_clause.get(section), section
    assert len({code for codes in of_clause.values() for code in codes}) == len(PERMISSIONS)


@pytest.mark.clause("resident-record/1.0#10.3/m10")
def test_the_table_of_permissions_is_what_counts_at_the_door(manager: Client) -> None:
    somebody("residents.view", login_name="a", department="=危険")
    answer = manager.get("/staff/matrix")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, lines = rows[0], {row[0]: row for row in rows[1:]}
    ticked = {code for code, until in zip(head[4:], lines["a"][4:], strict=True) if until}
    assert ticked == held("a") == {"residents.view"}
    assert lines["a"][2] == "'=危険"
    assert browser_of(somebody(login_name="x")).get("/staff/matrix").status_code == 403


@pytest.mark.clause("resident-record/1.0#10.3/n1")
def test_no_permission_can_be_given_to_a_rank() -> None:
    names = {field.name for model in (Staff, Grant) for field in model._meta.get_fields()}
    assert not names & {"rank", "title", "position", "role", "group", "grade"}
    labels = {str(field.verbose_name) for model in (Staff, Grant) for field in model._meta.fields}
    assert not [label for label in labels if any(word in label for word in ("職位", "役職", "職名", "職権"))]
