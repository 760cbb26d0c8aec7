"""Residents on a phone and the offices of both towns, for stories that go through all of them (物語の試験の道具).

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
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, SIGNATURE_PIN
from municipal.applications.models import Case
from municipal.applications.tests.filling import picture
from municipal.applications.tests.receiving import IDENTITY
from municipal.core import clock
from municipal.identity.demo import ROLES
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.residents.neighbours import tell_neighbours

from .browsing import PHONE, Town, faults
from .desk_forms import form_of
from .entering import text

P, R = ParamSpec("P"), TypeVar("R")
CLERK, CHIEF = "counter", "chief"
WAY = {
    "submitted": ("accept", CLERK), "form_check": ("pass_form", CLERK), "proposed": ("approve", CHIEF),
    "payable": ("pay", CLERK), "waiting_visit": ("visited", CLERK),
}  # fmt: skip
"""The step after each state where a table leaves no choice; otherwise it is proposed, reserved or approved."""
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
        answer = self.page.context.request.get(f"{self.served.url}{path}")
        self.said.append(answer.text())
        return int(answer.status)

    def apply(self, code: str, card: Card, said: Mapping[str, Any]) -> str:
        """One procedure from its first page to the receipt; the number of its case."""
        self.sign_in(card, f"/apply/{self.town}/{code}")
        self.press("main form button.k-button[type=submit]")
        self.write(said)
        self.press("main form.k-section button.k-button")
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
            elif (wanted is not None or not self.page.input_value(f"[name='{name}']")):
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

    def hand_in(self, event: str, card: Card, answers: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
        """A life event from its first question to the receipt; the numbers of its cases."""
        self.plan(event, answers)
        self.press("main form button.k-button[type=submit]:not([name])")
        self.write(said)
        self.press("main form.k-section button.k-button")
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
    last = name.rpartition("__")[2]
    known = {"bank": "0001", "branch": "001", "number": "1234567", "holder": "コウノ　ハナコ", "phone": "090-0000-0000"}
    if last in known:
        return known[last]
    return clock.today().isoformat() if last.endswith("_on") or last == "on" else "甲野"


class Office:
    """The staff of one town, each with a browser of their own (役所)."""

    def __init__(self, town: int = TOWN) -> None:
        self.town, self.said = town, list[str]()
        self._browsers: dict[str, Client] = {}

    def browser(self, login: str) -> Client:
        if login not in self._browsers:
            role = next(role for role in ROLES if role.login_name == login)
            client = Client()
            said = {"town": self.town, "login_name": login, "password": role.password}
            assert client.post("/sign-in", said).status_code == 302
            self._browsers[login] = client
        return self._browsers[login]

    def get(self, path: str, login: str = CLERK) -> Any:
        answer = self.browser(login).get(path)
        if answer["Content-Type"].startswith("text/html"):
            self.said.append(answer.content.decode())
        return answer

    def post(self, path: str, said: Mapping[str, Any], login: str = CLERK) -> Any:
        answer = self.browser(login).post(path, said, follow=True)
        self.said.append(answer.content.decode())
        return answer

    def pressed(self, page: str, action: str, login: str = CLERK, **said: Any) -> Any:
        """A form of a page sent as it stands, with ``said`` in it."""
        shown = self.get(page, login)
        form = form_of(shown, action) if action != page else form_of(shown)
        assert form.sent, f"no form {action} on {page}: {text(shown)}"
        return self.post(action, form.sent | said, login)

    def case(self, number: str) -> Case:
        with wall.within(self.town):
            return Case.objects.select_related("about").get(number=number)

    def cases(self, numbers: list[str]) -> dict[str, Case]:
        """Cases by what they are for."""
        with wall.within(self.town):
            return {one.procedure: one for one in Case.objects.filter(number__in=numbers)}

    def step(self, case: Case, action: str, login: str = CLERK, **said: Any) -> Any:
        where = f"/cases/{case.pk}/steps/{action}"
        shown = self.get(f"/cases/{case.pk}", login)
        form = form_of(shown, where)
        if not form.sent:
            return self.pressed(where, where, login, **said)
        return self.post(where, form.sent | said, login)

    def approve(self, case: Case) -> Case:
        """Through every step of its table to the approval; the case as it is then."""
        for _ in range(8):
            case = self.case(case.number)
            if case.state in ("approved", "done", "rejected"):
                return case
            action, login = WAY.get(case.state) or _after_substance(case)
            before = case.state
            self._see_differences(case, login)
            shown = self.step(case, action, login)
            assert self.case(case.number).state != before, (case.procedure, action, text(shown))
        raise AssertionError(f"{case.procedure} is not approved: {case.state}")

    def _see_differences(self, case: Case, login: str) -> None:
        """What the register says otherwise by now is looked at before anybody decides."""
        where = f"/cases/{case.pk}/differences"
        shown = self.get(f"/cases/{case.pk}", login)
        form, marks = form_of(shown, where), re.findall(r'name="mark" value="([^"]+)"', shown.content.decode())
        if form.sent:
            self.post(where, form.sent | {"mark": marks, "is_seen": "yes"}, login)

    def decide(self, draft: int) -> None:
        """Another person confirms a provisional entry, and what follows it happens."""
        self.pressed(f"/drafts/{draft}", f"/drafts/{draft}/decide", CHIEF)
        deliver()


def _after_substance(case: Case) -> tuple[str, str]:
    return {"reservation": ("reserve", CLERK), "standard": ("propose", CLERK)}.get(case.workflow, ("approve", CLERK))


def deliver() -> None:
    """Whatever waits in the outboxes of both towns is done, and each is told of who moved (配達)."""
    for town in (TOWN, OTHER_TOWN):
        with wall.within(town):
            while deliver_next():
                pass
    for town in (TOWN, OTHER_TOWN):
        tell_neighbours(town)


def draft_of(office: Office, case: Case) -> int:
    """The provisional entry that was made of a case (申請の仮登録)."""
    with wall.within(office.town):
        made = case.outcomes.order_by("-pk").first()
        assert made is not None, case.procedure
        assert made.kind == "entry", (made.kind, made.sentence)
        return int(made.reference)


def taken_in(office: Office, name: str, chosen: list[str], said: Mapping[str, Any]) -> list[str]:
    """A family that is expected, taken in at the desk; the numbers of its cases (窓口での受付)."""
    home = office.get("/desk")
    family = next(one for one in home.context["families"] if name in one["names"])
    begun = office.browser(CLERK).post("/desk/open", {"key": f"k{family['ids']}", "received": family["ids"]})
    desk = begun["Location"].rpartition("/")[0]
    plan = form_of(office.get(f"{desk}/plan"))
    assert office.browser(CLERK).post(f"{desk}/plan", plan.sent | {"chosen": chosen})["Location"] == f"{desk}/ask"
    for _ in range(5):
        shown = office.get(f"{desk}/ask")
        answer = office.browser(CLERK).post(f"{desk}/ask", _asked(form_of(shown), said) | {"act": "next"})
        if answer.status_code == 302:
            break
    assert answer.status_code == 302, text(answer)
    done = office.post(f"{desk}/check", {"key": desk[-36:]} | IDENTITY)
    assert done.request["PATH_INFO"] == f"{desk}/done", text(done)
    return list(dict.fromkeys(re.findall(r"\d{6}-\d{4}-\d{4}", done.content.decode())))


def _asked(form: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """A form of the desk as it stands, with whatever fits where nothing is said."""
    found = dict(form.sent)
    for name in form.empty:
        found[name] = [said.get(name, fitting(name))]
    for name, values in form.choices.items():
        if not found.get(name, [""])[0]:
            found[name] = [next((one for one in values if one), "")]
    return found | {name: value for name, value in said.items() if name in found or name in form.choices}
