"""Reading a form of the counter as a browser would send it (窓口受付の試験の道具)."""

import re
from html.parser import HTMLParser
from typing import Any

from .entering import text

TEXTS = {"text", "search", "number", ""}


class Form(HTMLParser):
    """What the form of a page sends as it stands: names and values, which boxes could be typed in, which ticked."""

    def __init__(self, page: str, action: str = "") -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.empty: list[str] = []
        self.choices: dict[str, list[str]] = {}
        self.is_inside, self.select, self.action = False, "", action
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_ours = said.get("action", "") == self.action if self.action else "action" not in said
            self.is_inside = said.get("method") == "post" and is_ours
        if not self.is_inside:
            return
        self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        name, kind = said.get("name", ""), said.get("type", "")
        if tag == "select":
            self.select = name
            self.sent[name] = [""]
        elif tag == "option" and self.select:
            self.choices.setdefault(self.select, []).append(said.get("value", ""))
            if "selected" in said:
                self.sent[self.select] = [said.get("value", "")]
        elif kind in ("checkbox", "radio"):
            self.choices.setdefault(name, []).append(said["value"])
            if "checked" in said:
                self.sent.setdefault(name, []).append(said["value"])
        elif tag in ("input", "textarea") and name and kind not in ("file", "submit"):
            self.sent[name] = [said.get("value", "")]
            if kind in TEXTS and not said.get("value"):
                self.empty.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "select":
            self.select = ""


def has(answer: Any, *said: str) -> bool:
    return all(re.sub(r"\s+", " ", one) in text(answer) for one in said)


def form_of(answer: Any, action: str = "") -> Form:
    return Form(answer.content.decode(), action)
