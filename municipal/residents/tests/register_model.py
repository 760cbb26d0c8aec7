"""A register in plain dictionaries: what each act does, said a second time and in other words (台帳の模型).

People go by a name that never changes, households by a count, days by ``date``. A person's ``truth`` is a list of
stretches (since, until, row), painted over by whatever was decided last. Nothing here asks ``residents.acts``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

HEAD, NEW = "世帯主", 0


@dataclass(frozen=True)
class Row:
    """What the register says of one person, as far as acts of a life move it (一行)."""

    name: str
    code: str
    home: int
    relation: str
    order: int
    head_name: str
    lot: str
    since: date
    status: str = "1"
    reason: str = ""
    planned: date | None = None
    gone: date | None = None
    arrived: date | None = None
    born: date = date.min
    serial: int = 0
    kind: str = "1"
    alias: str = ""
    removed_by: str = ""

    @property
    def is_here(self) -> bool:
        return self.status == "1"

    @property
    def was_removed(self) -> bool:
        """Whether the office removed the record by itself, having found nobody."""
        return self.status == "9" and self.removed_by == "office"


Stretch = tuple[date, date | None, Row]


@dataclass(frozen=True)
class Wish:
    """What a clerk wants entered; ``people`` with what is said of each (届)."""

    act: str
    day: date
    people: tuple[tuple[str, dict[str, Any]], ...] = ()
    others: tuple[tuple[str, dict[str, Any]], ...] = ()
    joins: int | None = None
    lot: str = ""
    serial: int | None = None
    deed: "Deed | None" = None
    told: date = date.min


@dataclass(eq=False)
class Deed:
    """An act that was decided: whose rows, and what was true of them before (決定された異動)."""

    act: str
    subjects: list[str] = field(default_factory=list)
    before: dict[str, list[Stretch]] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    follows: "Deed | None" = None
    cancels: "Deed | None" = None
    is_cancelled: bool = False
    event: int = 0

    @property
    def stands(self) -> bool:
        return not (self.cancels or self.is_cancelled or (self.follows and self.follows.is_cancelled))


@dataclass
class Intent:
    """What a wish would do, or why it cannot: lines to paint, reasons against it, alerts (案)."""

    act: str
    lines: list[tuple[str, date, date | None, Row]] = field(default_factory=list)
    homes: set[int] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    alerts: set[str] = field(default_factory=set)
    follows: Deed | None = None
    cancels: Deed | None = None

    def say(self, person: str, since: date, row: Row, until: date | None = None, **changes: Any) -> None:
        self.lines.append((person, since, until, replace(row, **changes)))


def painted(truth: list[Stretch], since: date, until: date | None, row: Row) -> list[Stretch]:
    """``truth`` with ``row`` laid over the days from ``since`` up to ``until``."""
    kept: list[Stretch] = []
    for begin, end, old in truth:
        if begin < since:
            kept.append((begin, since if end is None or end > since else end, old))
        if until is not None and (end is None or end > until):
            kept.append((max(begin, until), end, old))
    return sorted([*kept, (since, until, row)], key=lambda one: one[0])


def on(truth: list[Stretch], day: date) -> Row | None:
    return next((row for begin, end, row in truth if begin <= day and (end is None or day < end)), None)


class Register:
    """The whole of it (台帳)."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.truth: dict[str, list[Stretch]] = {}
        self.by: dict[tuple[str, int], Deed] = {}
        self.deeds: list[Deed] = []
        self.homes = 0

    def newest(self, person: str) -> Row:
        return self.rows[person][-1]

    def last_since(self, person: str) -> date:
        return self.truth[person][-1][0]

    def here(self) -> list[str]:
        return [person for person in self.rows if self.newest(person).is_here]

    def members(self, home: int | None) -> list[str]:
        found = [person for person in self.here() if self.newest(person).home == home]
        return sorted(found, key=lambda person: self.newest(person).order)

    def occupied(self) -> list[int]:
        return sorted({self.newest(person).home for person in self.here()})

    def intend(self, wish: Wish, today: date) -> Intent:
        """What ``wish`` would do today."""
        intent = Intent(wish.act)
        if wish.day > today and wish.act != "move_out":
            intent.reasons.add("event_in_future")
        act: Callable[[Wish, date, Intent], None] = getattr(self, wish.act)
        act(wish, today, intent)
        return intent

    def clash(self, intent: Intent) -> bool:
        """Whether two would lead one household on some day."""
        truth = dict(self.truth)
        for person, since, until, row in intent.lines:
            truth[person] = painted(truth.get(person, []), since, until, row)
        for home in {row.home for *_, row in intent.lines} - {NEW}:
            led = sorted(
                (begin, end or date.max)
                for stretches in truth.values() for begin, end, row in stretches
                if row.home == home and row.is_here and row.relation == HEAD
            )  # fmt: skip
            if any(one[1] > other[0] for one, other in pairwise(led)):
                return True
        return False

    def carry_out(self, intent: Intent) -> Deed:
        """It was decided: paint every line; say what was true before."""
        deed = Deed(intent.act, follows=intent.follows, cancels=intent.cancels)
        if any(row.home == NEW for *_, row in intent.lines):
            self.homes += 1
        for person, since, until, row in intent.lines:
            deed.before.setdefault(person, list(self.truth.get(person, [])))
            deed.since[person] = min(since, deed.since.get(person, since))
            known = self.rows.setdefault(person, [])
            row = replace(row, home=row.home or self.homes, serial=len(known) + 1)
            known.append(row)
            self.by[person, row.serial] = deed
            self.truth[person] = painted(self.truth.get(person, []), since, until, row)
        deed.subjects = list(deed.before)
        if intent.cancels:
            intent.cancels.is_cancelled = True
        self.deeds.append(deed)
        return deed

    # Who sits where.

    def _movers(self, wish: Wish, intent: Intent) -> list[str]:
        """Whom the wish names, if they live here together; else nobody, and why."""
        people = [person for person, _ in wish.people]
        if not people:
            intent.reasons.add("nobody")
        if len(set(people)) < len(people):
            intent.reasons.add("twice")
        if any(not self.newest(person).is_here for person in people):
            intent.reasons.add("not_a_resident")
        elif len({self.newest(person).home for person in people}) > 1:
            intent.reasons.add("two_homes")
        return [] if intent.reasons & {"nobody", "twice", "not_a_resident", "two_homes"} else people

    def _born(self, people: Iterable[str], day: date, intent: Intent) -> None:
        if any(day < self.newest(person).born for person in people):
            intent.reasons.add("before_birth")

    def _in_order(self, people: Iterable[str], day: date, intent: Intent) -> None:
        if any(day < self.last_since(person) for person in people):
            intent.reasons.add("later_act_recorded")

    def _seats(self, wish: Wish, intent: Intent, names: dict[str, str], home: int | None) -> dict[str, dict[str, Any]]:
        """Head's name, relation and order of the people of ``wish`` in ``home``, or in one of their own."""
        said = {person: items.get("relation", "") for person, items in wish.people}
        if not all(said.values()):
            intent.reasons.add("relationship_missing")
        there = self.members(home) if home else []
        heads = [self.newest(one).name for one in there if self.newest(one).relation == HEAD]
        heads += [names[person] for person, relation in said.items() if relation == HEAD]
        if len(heads) > 1:
            intent.reasons.add("second_head")
        if not heads and not home:
            intent.alerts.add("no_head")
        last = max((self.newest(one).order for one in there), default=0)
        line = list(said) if home else sorted(said, key=lambda person: said[person] != HEAD)
        return {
            person: {"relation": said[person], "head_name": heads[0] if heads else "", "order": last + place}
            for place, person in enumerate(line, 1)
        }

    def _leave(self, intent: Intent, gone: list[str], day: date) -> None:
        """The head goes: a last one follows ex officio, two or more want a confirmation."""
        home = self.newest(gone[0]).home
        rest = [one for one in self.members(home) if one not in gone]
        if not rest or all(self.newest(one).relation != HEAD for one in gone):
            return
        if len(rest) > 1:
            intent.alerts.add("head_leaves")
            return
        alone = self.newest(rest[0])
        # Never from before the last one's own newest record: what was recorded of earlier days stays.
        since = max(day, self.last_since(rest[0]))
        intent.say(rest[0], since, alone, relation=HEAD, head_name=alone.name, reason="householder_change")

    def _home_to_join(self, wish: Wish, intent: Intent) -> int | None:
        if wish.joins and not self.members(wish.joins):
            intent.reasons.add("no_such_household")
        return wish.joins

    def _lot_of(self, wish: Wish) -> str:
        there = self.members(wish.joins) if wish.joins else []
        return self.newest(there[0]).lot if there else wish.lot
