"""The offices of both towns, whose staff press their buttons with Django's client (役所の物語の試験の道具)."""

import re
from collections.abc import Mapping
from typing import Any

from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.applications.models import Case
from municipal.applications.tests.receiving import IDENTITY
from municipal.identity.demo import ROLES
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.residents.neighbours import tell_neighbours

from .desk_forms import form_of
from .entering import text
from .living import fitting

CLERK, CHIEF = "counter", "chief"
WAY = {
    "submitted": ("accept", CLERK), "form_check": ("pass_form", CLERK), "proposed": ("approve", CLERK),
    "payable": ("pay", CLERK), "waiting_visit": ("visited", CLERK),
}  # fmt: skip
"""The step after each state where a table leaves no choice; otherwise it is proposed, reserved or approved.

The chief proposes and the clerk approves, so that the chief may confirm the provisional entry that comes of it.
"""


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
            self.see_differences(case, login)
            shown = self.step(case, action, login)
            assert self.case(case.number).state != before, (case.procedure, action, text(shown))
        raise AssertionError(f"{case.procedure} is not approved: {case.state}")

    def see_differences(self, case: Case, login: str) -> None:
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
    return {"reservation": ("reserve", CLERK), "standard": ("propose", CHIEF)}.get(case.workflow, ("approve", CLERK))


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
        assert made.reference is not None
        return made.reference


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
        wanted = said.get(name.rpartition("__")[2])
        if wanted is not None or not found.get(name, [""])[0]:
            found[name] = [wanted or next((one for one in values if one), "")]
    return found | {name: value for name, value in said.items() if name in found or name in form.choices}
