"""Which procedures an event starts, why, by when and in which order (手続の計画)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from municipal.procedures.catalogue import Entry, Text, by_id
from municipal.procedures.deadlines import due_on
from municipal.procedures.rules import circle_of

from .events import MEMBERS, UNKNOWN, YES, LifeEvent, Question, Rule
from .household import Household
from .questions import FULLY, NOT, PERHAPS, Given, holds

KINDS = ("online", "counter", "elsewhere", "ex_officio")
LEVELS = ("none", "card", "signature")
"""Levels of assurance of what can be handed in from home, the lowest first."""
WORDS = {
    "yes": Text("はい", "はい", "Yes", "예"), "no": Text("いいえ", "いいえ", "No", "아니요"),
    "unknown": Text("わからない", "わからない", "I do not know", "모름"),
}  # fmt: skip
EVERYBODY = Text("どなたも", "みんな", "Everybody", "누구나")


@dataclass(frozen=True)
class Reason:
    """What led to a procedure: a question and its answer, or the procedure that it follows (理由).

    ``source``: answer, register, follows or always.
    """

    source: str
    about: Text
    answer: Text | None = None


@dataclass(frozen=True)
class Item:
    """One procedure of a plan (計画の一項目).

    ``is_certain``: False where somebody did not know; ``since``: the day its deadline counts from; ``due``: the last
    day; ``people``: names of those whom it concerns, where the register knows; ``copies``: how often it is applied
    for; ``after``: ids of procedures of this plan that come first.
    """

    entry: Entry
    rule: Rule | None
    reasons: tuple[Reason, ...]
    is_certain: bool
    since: date | None = None
    due: date | None = None
    people: tuple[str, ...] = ()
    copies: int = 1
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that belongs to an event after these answers, what comes first before what comes after (計画)."""

    event: LifeEvent
    given: Given
    items: tuple[Item, ...] = field(default=())

    def of_kind(self, kind: str) -> list[Item]:
        """The items that are done this way (方法ごとの項目)."""
        return [item for item in self.items if item.entry.kind == kind]

    def ids(self) -> set[str]:
        """Ids of all procedures of the plan (手続の識別子)."""
        return {item.entry.id for item in self.items}


def highest(entries: Sequence[Entry]) -> str:
    """The assurance that a bundle of these needs: that of the strictest one (一式の本人確認)."""
    return max((entry.assurance for entry in entries), key=LEVELS.index, default="none")


def plan(event: LifeEvent, given: Given, catalogue: Sequence[Entry], household: Household | None = None) -> Plan:
    """The plan for these answers; a procedure that the town does not offer any more is left out (手続の計画)."""
    known = by_id(catalogue)
    found: dict[str, Item] = {}
    for rule in event.rules:
        state = holds(rule.when, given.values)
        if rule.procedure in known and state != NOT:
            found[rule.procedure] = _item(event, rule, known[rule.procedure], given, household, state)
    _add_what_follows(found, known, given, event)
    return Plan(event, given, tuple(_in_order(found)))


def _item(event: LifeEvent, rule: Rule, entry: Entry, given: Given, household: Household | None, state: str) -> Item:
    since = given.day(rule.since) if rule.since else None
    copies = given.values.get(rule.each, "1") if rule.each else "1"
    return Item(
        entry, rule, tuple(_reasons(event, rule, given)), state == FULLY, since, _due(entry, since),
        _whom(event, rule, given, household), int(copies),
    )  # fmt: skip


def _due(entry: Entry, since: date | None) -> date | None:
    if since is None or entry.deadline is None:
        return None
    try:
        return due_on(entry.deadline, since)
    except (OverflowError, ValueError):
        return None


def _reasons(event: LifeEvent, rule: Rule, given: Given) -> list[Reason]:
    if not rule.when:
        return [Reason("always", EVERYBODY)]
    found = []
    for when in rule.when:
        question = event.question(when.question)
        if question is not None:
            source = "register" if question.id in given.known else "answer"
            found.append(Reason(source, question.short, said(question, given.values[question.id])))
    return found


def said(question: Question, value: object) -> Text | None:
    """An answer in words; None for days and people, which are written otherwise (答えの表示)."""
    if question.type == "date" or question.type in MEMBERS:
        return None
    return next((one.label for one in question.options if one.value == value), WORDS.get(str(value)))


def _whom(event: LifeEvent, rule: Rule, given: Given, household: Household | None) -> tuple[str, ...]:
    if household is None or not rule.who or rule.who not in given.known:
        return ()
    everybody = [member.ref for member in household.members]
    whom = given.values.get(event.scope) if event.scope else everybody
    refs = whom if isinstance(whom, list) else [str(whom)]
    return tuple(str(one.record.name) for one in household.whom(rule.who, refs))


def _add_what_follows(found: dict[str, Item], known: Mapping[str, Entry], given: Given, event: LifeEvent) -> None:
    """What the office does by itself after one of these, and after that in turn."""
    waiting = list(found)
    while waiting:
        first = found[waiting.pop(0)]
        for one in first.entry.content["follows"]:
            if not one["is_ex_officio"] or one["id"] not in known or one["id"] in found:
                continue
            state = follows(one["if"], given.values)
            if state == NOT:
                continue
            reasons = [Reason("follows", first.entry.title)]
            question = event.question(one["if"])
            if question is not None and question.id in given.values:
                source = "register" if question.id in given.known else "answer"
                reasons.append(Reason(source, question.short, said(question, given.values[question.id])))
            found[one["id"]] = Item(
                known[one["id"]], None, tuple(reasons), state == FULLY and first.is_certain, first.since
            )
            waiting.append(one["id"])


def follows(fact: str, values: Mapping[str, object]) -> str:
    """Whether something follows that depends on a fact: PERHAPS where nobody was asked (後続の判定)."""
    if not fact:
        return FULLY
    value = values.get(fact, UNKNOWN)
    return FULLY if value == YES else PERHAPS if value == UNKNOWN else NOT


def _in_order(found: Mapping[str, Item]) -> list[Item]:
    """What must come first stands first; otherwise as the event says. A circle raises ValueError."""
    edges = {name: [one for one in item.entry.after if one in found] for name, item in found.items()}
    circle = circle_of(edges)
    if circle:
        raise ValueError(f"procedures wait for each other: {' → '.join(circle)}")
    ordered: dict[str, Item] = {}
    while len(ordered) < len(found):
        name = next(one for one in found if one not in ordered and all(first in ordered for first in edges[one]))
        item = found[name]
        ordered[name] = Item(
            item.entry, item.rule, item.reasons, item.is_certain, item.since, item.due, item.people, item.copies,
            tuple(edges[name]),
        )  # fmt: skip
    return list(ordered.values())
