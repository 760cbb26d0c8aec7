"""A real browser in a served town: signing in, looking for faults (ブラウザでの試験の道具)."""

import random
import shutil
from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test.testcases import LiveServerThread

from conftest import TOWN
from municipal.identity.demo import ROLES

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


class KeptFiles(StaticFilesHandler):
    """Static files as a town serves them: a browser keeps them and asks for each once (静的ファイル)."""

    def serve(self, request: Any) -> Any:
        answer = super().serve(request)
        answer["Cache-Control"] = "max-age=3600"
        return answer


class QuietServer(LiveServerThread):
    def _create_server(self, connections_override: Any = None) -> ThreadedWSGIServer:
        return ThreadedWSGIServer((self.host, self.port), QuietHandler, allow_reuse_address=False)


def sign_in(page: Any, served: Town, login_name: str) -> None:
    role = next(role for role in ROLES if role.login_name == login_name)
    page.goto(f"{served.url}/sign-in")
    page.select_option("select[name=town]", str(TOWN))
    page.fill("input[name=login_name]", role.login_name)
    page.fill("input[name=password]", role.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/")


def faults(page: Any) -> list[str]:
    """What axe finds at the present size, and whether anything sticks out sideways at the desk or on a phone.

    Nothing is loaded a second time for axe's rules about films and turned screens: we have neither.
    """
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response
    return [f"{page.url}: {fault['id']}" for fault in response["violations"]] + overflow(page)


def overflow(page: Any) -> list[str]:
    """Whether anything sticks out sideways; the page keeps its size."""
    found, size = [], page.viewport_size
    for other in (DESK, PHONE):
        page.set_viewport_size(other)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{page.url}: sticks out sideways at {other['width']}")
    page.set_viewport_size(size)
    return found


def visit(page: Any, served: Town, paths: list[str]) -> list[str]:
    """What is wrong with each page; axe judges it at the desk or on a phone, as the run's seed has it."""
    found = []
    for path in paths:
        page.set_viewport_size(random.choice((DESK, PHONE)))
        answer = page.goto(f"{served.url}{path}")
        assert answer.status in (200, 422), path
        found += faults(page)
    return found
