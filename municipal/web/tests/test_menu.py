"""The main menu offers what somebody may do, in the same order everywhere (主な機能の試験)."""

import re

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils.translation import gettext

from municipal.identity.permissions import PERMISSIONS
from municipal.identity.tests.people import browser_of, somebody
from municipal.web import menu
from municipal.web.menu import SECTIONS, Entry, url_of

ENTRIES = [entry for _, entries in SECTIONS for entry in entries]


def offered(path: str, *permissions: str) -> list[dict[str, object]]:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    request.permissions = frozenset(permissions)  # type: ignore[attr-defined]
    found: list[dict[str, object]] = menu.menu(request)["menu"]
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.view)
def test_every_entry_leads_somewhere_and_asks_for_permissions_that_exist(entry: Entry) -> None:
    assert url_of(entry).startswith("/")
    assert set(entry.permissions) <= set(PERMISSIONS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.view)
def test_the_page_of_an_entry_is_marked_and_no_other(entry: Entry) -> None:
    path = url_of(entry)
    marked = [
        link["label"]
        for section in offered(path, *PERMISSIONS)
        for link in section["links"]  # type: ignore[attr-defined]
        if link["is_here"]
    ]
    assert marked == [gettext(entry.label)]


def test_sections_keep_their_order_wherever_one_is() -> None:
    labels = [[one["label"] for one in offered(path, *PERMISSIONS)] for path in ("/", "/money", "/staff", "/residents")]
    assert labels.count(labels[0]) == 4
    assert [one["is_here"] for one in offered("/money", *PERMISSIONS)].count(True) == 1
    assert not any(one["is_here"] for one in offered("/", *PERMISSIONS))


def test_without_a_permission_there_is_neither_entry_nor_section() -> None:
    assert offered("/", "staff.view") == [
        {"label": "管理", "links": [{"label": "職員と権限", "url": "/staff", "is_here": False}], "is_here": False}
    ]
    assert offered("/") == []


def test_a_page_that_this_installation_has_not_is_left_out() -> None:
    assert url_of(Entry("なし", "nowhere:list", ("staff.view",))) == ""


def test_an_act_is_marked_by_its_name_only() -> None:
    moving = next(one for one in ENTRIES if one.arguments == ("move_in",))
    assert moving.is_here(resolve("/entries/move_in"))
    assert not moving.is_here(resolve("/entries/birth"))


@pytest.mark.django_db
def test_the_page_shows_the_section_open_and_the_others_closed() -> None:
    page = browser_of(somebody("payments.view", "residents.search", "residents.view")).get("/money").content.decode()
    nav = page[page.index('<nav class="k-nav"') : page.index("</nav>")]
    assert '<span class="k-nav__here">公金</span>' in nav
    assert re.search(r'<a href="/money" aria-current="true">公金の窓口</a>', nav)
    assert nav.count("<details") == 1
    assert "<summary>住民</summary>" in nav
    assert "職員と権限" not in nav
    # A section of one entry needs no opening.
    assert re.search(r'<li><a href="[^"]+">人口の統計</a></li>', nav)


def test_a_request_that_found_no_page_is_offered_nothing() -> None:
    assert menu.menu(RequestFactory().get("/nowhere"))["menu"] == []
