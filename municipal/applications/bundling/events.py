"""Life events as data: what is asked, and which procedures the answers lead to (ライフイベントの定義).

One file of ``fixtures/events`` holds one event. Reading checks everything first, against the catalogue too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from municipal.procedures.catalogue import ROOT, Content, Option, Text, text_of

FOLDER = ROOT / "fixtures" / "events"
YES, NO, UNKNOWN, NOBODY = "yes", "no", "unknown", "none"
MEMBERS = ("member", "members")
"""Questions that choose people of one's own household; asked only where the register shows them."""


@dataclass(frozen=True)
class When:
    """One of these answers was given to a question (条件)."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is asked before anybody knows which procedures there are (できごとの質問).

    ``short``: what the answer is called as a reason. ``days_ahead``: how far a date may lie in the future.
    A question of yes or no may be answered with "I do not know" too.
    """

    id: str
    type: str
    label: Text
    short: Text
    help: Text | None
    options: tuple[Option, ...]
    when: tuple[When, ...]
    days_ahead: int


@dataclass(frozen=True)
class Rule:
    """After which answers a procedure belongs to the event (手続を選ぶ規則).

    ``since``: the question for a date from which its deadline counts. ``sets``: answers to its form that need not be
    asked any more: a word, ``$`` with a question, or chosen options by procedure. ``each``: the question that says
    how often it is applied for; ``own``: what is then asked each time. ``who``: the question that says for whom.
    """

    procedure: str
    when: tuple[When, ...]
    since: str
    sets: Mapping[str, Any]
    each: str
    own: frozenset[str]
    who: str


@dataclass(frozen=True)
class LifeEvent:
    """An event, its questions and its rules in their order (ライフイベント).

    ``scope``: the question that says of whom the register is asked; everybody of the household where there is none.
    """

    id: str
    title: Text
    summary: Text
    scope: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]

    def question(self, name: str) -> Question | None:
        """The question with this id (質問の照会)."""
        return next((one for one in self.questions if one.id == name), None)


def _whens(found: list[Content]) -> tuple[When, ...]:
    return tuple(When(one["question"], tuple(one["is"])) for one in found)


def _question(one: Content) -> Question:
    return Question(
        one["id"], one["type"], text_of(one["label"]), text_of(one["short"]),
        text_of(one["help"]) if one["help"] else None,
        tuple(Option(option["value"], text_of(option["label"])) for option in one["options"] or ()),
        _whens(one["when"]), one["days_ahead"] or 0,
    )  # fmt: skip


def event_of(content: Content) -> LifeEvent:
    """An event from JSON whose shape was checked (ライフイベントの読取り)."""
    return LifeEvent(
        content["event"], text_of(content["title"]), text_of(content["summary"]), content["scope"],
        tuple(map(_question, content["questions"])),
        tuple(
            Rule(one["procedure"], _whens(one["when"]), one["since"], one["sets"], one["each"], frozenset(one["own"]),
                 one["who"])
            for one in content["rules"]
        ),
    )  # fmt: skip


@cache
def life_events() -> dict[str, LifeEvent]:
    """The events that come with the program, by id. Raises ValueError for a fault (付属のライフイベント)."""
    from municipal.procedures.catalogue import shipped
    from municipal.procedures.guide import events as order

    from .checks import read

    found, faults = read({path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.json"))}, shipped())
    if faults:
        raise ValueError("\n".join(map(str, faults)))
    return {one: found[one] for one in order() if one in found}
