"""The screens in a real browser: keyboard, accessibility, nothing from outside (ブラウザでの試験)."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test.testcases import LiveServerThread

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from fixtures.town.cast import PROTECTED_MARKER
from municipal.core.numbers import number_of
from municipal.identity.demo import ROLES

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 700}


@dataclass(frozen=True)
class Town:
    """A served town: its address and the numbers of a few people in it."""

    url: str
    cast: dict[str, str]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing: a browser asks for many files."""


class QuietServer(LiveServerThread):
    def _create_server(self, connections_override: Any = None) -> ThreadedWSGIServer:
        return ThreadedWSGIServer((self.host, self.port), QuietHandler, allow_reuse_address=False)


@pytest.fixture
def served(two_towns: str) -> Iterator[Town]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    people = build(made_up_town(str(TOWN)), 120, 1, AS_OF)
    cast = {person.cast: number_of(person.serial, 10) for person in people if person.cast}
    server = QuietServer("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield Town(f"http://127.0.0.1:{server.port}", cast)
    server.terminate()


@pytest.fixture
def page(served: Town) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(locale="ja-JP", viewport=DESK)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        found = context.new_page()
        found.on("request", lambda request: asked.append(request.url))
        yield found
        browser.close()
    assert [url for url in asked if not url.startswith((served.url, "data:"))] == []


def sign_in(page: Any, served: Town, login_name: str) -> None:
    role = next(role for role in ROLES if role.login_name == login_name)
    page.goto(f"{served.url}/sign-in")
    page.select_option("select[name=town]", str(TOWN))
    page.fill("input[name=login_name]", role.login_name)
    page.fill("input[name=password]", role.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/")


def faults(page: Any) -> list[str]:
    """What axe finds, and whether anything sticks out sideways."""
    from axe_playwright_python.sync_playwright import Axe

    found = [f"{page.url}: {fault['id']}" for fault in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: sticks out sideways at {page.viewport_size['width']}")
    return found


def visit(page: Any, served: Town, paths: list[str]) -> list[str]:
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for path in paths:
            answer = page.goto(f"{served.url}{path}")
            assert answer.status in (200, 422), path
            found += faults(page)
    return found


def test_a_clerk_reaches_the_right_person_with_four_keys(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    number = served.cast["five_head"]
    page.goto(f"{served.url}/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/residents?*")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/residents/{number}")
    assert number in page.inner_text("main")


def test_the_screens_of_the_counter_are_accessible(page: Any, served: Town) -> None:
    assert visit(page, served, ["/sign-in"]) == []
    sign_in(page, served, "counter")
    paths = ["/", "/residents?q=コウ", "/residents?q=zzz", "/residents?q="]
    paths += [f"/residents/{served.cast['alias']}{tab}" for tab in ("", "/history", "/household", "/disclosures")]
    assert visit(page, served, paths) == []


def test_the_screens_of_audit_and_staff_are_accessible(page: Any, served: Town) -> None:
    sign_in(page, served, "admin")
    assert visit(page, served, ["/audit", "/staff", "/staff/add", "/account/password", "/account/second-factor"]) == []


def test_a_protected_address_is_in_no_page_and_the_badge_is(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    for key in ("protected_mother", "protected_child"):
        number = served.cast[key]
        for path in (
            f"/residents?q={number}",
            *(f"/residents/{number}{tab}" for tab in ("", "/history", "/household")),
        ):
            page.goto(f"{served.url}{path}")
            assert "支援措置" in page.inner_text("main")
            assert PROTECTED_MARKER not in page.content()


def test_english_screens_keep_era_dates(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/residents/{served.cast['five_head']}")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "en"
    assert any(era in page.inner_text("main") for era in ("昭和", "平成", "令和", "大正", "明治"))
    assert faults(page) == []
