"""A resident on a phone, for stories that go through the pages of several rooms (物語の試験の道具).

The residents' pages are walked in Chromium; the staff press their buttons with Django's client against the same
towns. While a browser is open its thread may not ask the database, so all that does is done ``apart``.
"""

import functools
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import connections

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, SIGNATURE_PIN
from municipal.applications.tests.filling import picture
from municipal.core import clock

from .browsing import PHONE, Town, faults

P = ParamSpec("P")
R = TypeVar("R")
CHECKED = "main form.k-section button.k-button"
"""On a check page that lacks nothing."""
PHOTO: Any = {"name": "写真.png", "mimeType": "image/png", "buffer": picture(200)}
UNNAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d[\d-]{3,}")


def apart(act: Callable[P, R]) -> Callable[P, R]:
    """``act`` in a thread of its own, without the browser's event loop (別スレッドでの実行)."""

    def done(*args: P.args, **said: P.kwargs) -> R:
        try:
            return act(*args, **said)
        finally:
            connections.close_all()

    @functools.wraps(act)
    def run(*args: P.args, **said: P.kwargs) -> R:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(done, *args, **said).result()

    return run


class Phone:
    """A resident's phone: pages are filled in, one after the other; each kind of page is judged once (住民の端末)."""

    def __init__(self, page: Any, served: Town, town: int = TOWN) -> None:
        self.page, self.served, self.town, self.language = page, served, town, "ja"
        self.faults: list[str] = []
        self.judged: set[str] = set()
        self.said: list[str] = []
        self.presses = 0
        page.set_viewport_size(PHONE)

    def go(self, path: str) -> None:
        joined = "&" if "?" in path else "?"
        self.page.goto(f"{self.served.url}{path}{joined}lang={self.language}")
        self.look()

    def sign_in(self, card: Card, onward: str) -> None:
        self.page.goto(f"{self.served.url}/me/{self.town}/start?next={onward}")
        self.look()
        self._pins(card, PIN)

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def sign(self, card: Card) -> None:
        self._pins(card, SIGNATURE_PIN)

    def _pins(self, card: Card, pin: str) -> None:
        self.page.fill("input[name=number]", card.number)
        self.page.fill("input[name=pin]", pin)
        self.press("main form:has(input[name=pin]) button[type=submit]:not([name])")

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).last.click()
        self.presses += 1
        self.look()

    def look(self) -> None:
        """Judge a page of a kind that was not judged yet, and keep its words."""
        self.said.append(self.page.content())
        kind = UNNAMED.sub("*", self.page.url.partition("?")[0].removeprefix(self.served.url))
        if kind in self.judged:
            return
        self.judged.add(kind)
        if folder := os.environ.get("KIJUN_PICTURES"):
            name = f"{len(self.judged):02}{kind.replace('/', '_')}-{self.language}"
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        self.faults += faults(self.page)

    def file(self, path: str) -> bytes:
        """A file that the phone takes away."""
        answer = self.page.context.request.get(f"{self.served.url}{path}")
        assert answer.status == 200, (path, answer.status)
        return bytes(answer.body())

    def status(self, path: str) -> int:
        """What an address answers to this phone; its words are kept."""
        answer = self.page.context.request.get(f"{self.served.url}{path}", max_redirects=0)
        self.said.append(answer.text())
        return int(answer.status)

    def apply(self, code: str, card: Card, said: Mapping[str, Any]) -> str:
        """One procedure from its first page to the receipt; the number of its case."""
        self.sign_in(card, f"/apply/{self.town}/{code}")
        return self.applied(said, card)

    def applied(self, said: Mapping[str, Any], card: Card) -> str:
        """The same, from the page of the procedure on."""
        self.press("main form button.k-button[type=submit]")
        self.write(said)
        self.press(CHECKED)
        if "/sign" in self.page.url:
            self.sign(card)
        return str(self.page.locator("main strong.k-code").first.inner_text())

    def names(self) -> dict[str, str]:
        """Every control of the main form that asks for something, with its kind."""
        controls = "main form .k-field [name], main form fieldset [name], main form .k-choice [name]"
        found = self.page.evaluate(
            "one => [...document.querySelectorAll(one)].filter(e => e.tagName !== 'BUTTON' && e.type !== 'hidden')"
            ".map(e => [e.name, e.type === 'checkbox' && e.closest('fieldset')?.querySelector('.k-required')"
            " ? 'checkboxes' : e.type])", controls
        )  # fmt: skip
        return dict(found)

    def fill(self, said: Mapping[str, Any]) -> None:
        """Answer every question of the page: as ``said``, by a name or its last part, or with whatever fits."""
        for name, kind in self.names().items():
            if name.startswith(("someone", "text__")):
                continue
            wanted = said.get(name, said.get(name.rpartition("__")[2]))
            if kind in ("radio", "checkbox", "checkboxes"):
                self._tick(name, kind, wanted)
            elif kind == "select-one":
                self.page.select_option(f"[name='{name}']", wanted) if wanted else None
            elif kind == "file":
                self.page.set_input_files(f"[name='{name}']", PHOTO)
            elif wanted is not None or not self.page.input_value(f"[name='{name}']"):
                self.page.fill(f"[name='{name}']", fitting(name) if wanted is None else str(wanted))

    def _tick(self, name: str, kind: str, wanted: Any) -> None:
        boxes = self.page.locator(f"[name='{name}']")
        if wanted is None and (kind == "checkbox" or self.page.locator(f"[name='{name}']:checked").count()):
            return
        if wanted is None and kind == "radio":
            boxes.first.check()
        elif wanted is None or wanted == "*":
            for box in boxes.all():
                box.check()
        else:
            for value in [wanted] if isinstance(wanted, str) else wanted:
                self.page.check(f"[name='{name}'][value='{value}']")

    def plan(self, event: str, said: Mapping[str, Any]) -> list[str]:
        """The questions of an event until its plan is there; which were asked."""
        asked: list[str] = []
        for _ in range(9):
            if "/plan" in self.page.url:
                return asked
            asked += self.names()
            self.fill(said)
            self.press("main form button[name=next]")
        raise AssertionError(f"{event} asks without end: {asked}")

    def write(self, said: Mapping[str, Any]) -> None:
        """Every page of a form until the check page; a page is left after two tries, since answers lead to more."""
        before: list[str] = []
        while "/check" not in self.page.url:
            before.append(self.page.url)
            assert before.count(self.page.url) < 4, (self.names(), self.page.inner_text("main"))
            self.fill(said)
            self.press("main form button.k-button[value=next]")
        wrong = self.page.locator("tr.k-table__loud").all_inner_texts()
        assert self.page.locator(CHECKED).count(), wrong or self.page.inner_text("main")

    def hand_in(self, event: str, card: Card, answers: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
        """A life event from its first question to the receipt; the numbers of its cases."""
        self.plan(event, answers)
        self.press("main form button.k-button[type=submit]:not([name])")
        self.write(said)
        self.press(CHECKED)
        self.sign(card)
        shown = self.page.inner_text("main")
        assert "/check" not in self.page.url, shown
        assert "/sign" not in self.page.url, shown
        return list(dict.fromkeys(re.findall(r"cases/([\w-]+)", " ".join(self._links()))))

    def _links(self) -> list[str]:
        found: list[str] = self.page.evaluate("[...document.querySelectorAll('main a')].map(e => e.href)")
        return found


def fitting(name: str) -> str:
    """Something that fits a question (答えの見本)."""
    last = re.split("__|-", name)[-1]
    known = {"bank": "0001", "branch": "001", "number": "1234567", "holder": "コウノ　ハナコ", "phone": "090-0000-0000",
             "weight": "3000"}  # fmt: skip
    if last in known:
        return known[last]
    return clock.today().isoformat() if last.endswith("_on") or last == "on" else "甲野"
