"""Entering acts as a browser does: open, fill, check, enter, decide (試験用の入力)."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from conftest import TOWN
from municipal.identity.demo import ROLES
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.models import Draft, ResidentRecord

EVENT_ON = "R8.11.2"


def signed_in(login: str) -> Client:
    """A browser in which somebody with the permissions of that demo account is signed in."""
    role = next(role for role in ROLES if role.login_name == login)
    return browser_of(somebody(*role.permissions, login_name=f"new-{login}", name=role.name))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class Fields(HTMLParser):
    """What the form of an entry would send as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.is_inside, self.select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = re.fullmatch(r"/entries/(?!start|leave)\w+", said.get("action", "")) is not None
        if not self.is_inside:
            return
        name = said.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.values[self.select] = [said["value"]]
        elif tag == "input" and name:
            is_box = said.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in said:
                self.values.setdefault(name, []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "select":
            self.select = ""


def fields(answer: Any) -> dict[str, list[str]]:
    found = Fields(answer.content.decode()).values
    return {name: values for name, values in found.items() if name not in ("csrfmiddlewaretoken",)}


def opened(client: Client, act: str, **said: Any) -> Any:
    """The form of an act that was opened from a person's page or a row of a history."""
    answer = client.post("/entries/start", {"act": act, **said}, follow=True)
    assert answer.status_code == 200, text(answer)
    return answer


def sent(client: Client, shown: Any, do: str, **typed: Any) -> Any:
    """Press a button of the form that ``shown`` holds, with ``typed`` in the place of what it shows."""
    action = re.search(r'action="(/entries/(?!start|leave)\w+)"', shown.content.decode())
    assert action is not None, text(shown)
    return client.post(action[1], {**fields(shown), **typed, "do": do})


def entered(client: Client, shown: Any, **typed: Any) -> int:
    """From the form through its confirmation, alerts confirmed, to the entry; its id."""
    checked = sent(client, shown, "check", **typed)
    assert "key" in fields(checked), text(checked)
    alerts = re.findall(r'name="confirmed" value="(\w+)"', checked.content.decode())
    answer = sent(client, checked, "enter", confirmed=alerts)
    assert answer.status_code == 302, text(answer)
    return int(answer["Location"].rsplit("/", 1)[1])


def decided(client: Client, draft: int) -> list[int]:
    """Decide an entry; the ids of everybody it touched."""
    with wall.within(TOWN):
        version = Draft.objects.get(pk=draft).version
    answer = client.post(f"/drafts/{draft}/decide", {"version": version})
    assert answer.status_code == 302, text(answer)
    with wall.within(TOWN):
        event = Draft.objects.select_related("event").get(pk=draft).event
        assert event is not None
        return list(event.subjects)


def newest(number: str) -> Any:
    with wall.within(TOWN):
        rows = ResidentRecord.objects.filter(addressee__number=number).select_related("household", "event", "addressee")
        return rows.order_by("-serial")[0]


def newcomer(index: int, given: str, relationship: str, born_on: str, sex: str = "1") -> dict[str, str]:
    """What is typed of one newcomer."""
    said = {
        "family_name": "転入", "given_name": given, "family_kana": "テンニュウ", "given_kana": "テスト", "sex": sex,
        "relationship": relationship, "born_on": born_on, "domicile": "見本県見本市本通２番地",
        "register_head": "転入　太郎",
    }  # fmt: skip
    return {f"people-{index}-{name}": value for name, value in said.items()}


CAME = {
    "event_on": EVENT_ON, "place-block": "松町", "place-lot": "１番地", "came_from-prefecture": "見本県",
    "came_from-city": "見本市", "came_from-block": "本通",
}  # fmt: skip


def family(clerk: Client) -> Any:
    """The form of a move-in with four people typed in."""
    shown = clerk.get("/entries/move_in")
    said = newcomer(0, "太郎", "世帯主", "S60.4.1")
    for index, one in enumerate(
        (("花子", "妻", "S61.2.3", "2"), ("一郎", "子", "H27.6.7"), ("二子", "子", "H30.8.9", "2")), 1
    ):
        shown = sent(clerk, shown, "add", **said)
        said = newcomer(index, *one)
    return shown, {**said, **CAME}


def moved_in(clerk: Client, chief: Client) -> list[str]:
    """The addressee numbers of a family of four that has moved in."""
    shown, said = family(clerk)
    subjects = decided(chief, entered(clerk, shown, **said))
    with wall.within(TOWN):
        rows = ResidentRecord.objects.filter(addressee__in=subjects).order_by("member_order")
        return list(rows.values_list("addressee__number", flat=True))
