"""Which procedures belong to what happened, by the rules of the life events (窓口での手続の案内).

The questions and rules are those that residents answer at home; the sources answer what they can, and what nobody was
asked yet stands as a perhaps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.bundling.events import MEMBERS, NO, UNKNOWN, YES, LifeEvent, Question, life_events
from municipal.applications.bundling.household import Household, household_of
from municipal.applications.bundling.planning import Item, plan
from municipal.applications.bundling.questions import Given, given
from municipal.core.ages import school_year_of
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Entry

from .sources import RECEIVED, Member

Typed = dict[str, list[str]]
OF_AN_EVENT = _("このできごとの手続です。当てはまるかを聞く")
SCHOOL_YEARS = {"has_child": (0, 18), "has_pupil": (7, 15)}
"""Questions that birth dates answer: from which school year to which, counted from the year of birth."""


@dataclass(frozen=True)
class Offer:
    """One procedure, why it is offered, by when, whether the answers say that it belongs (手続の提案).

    ``reason``: question and answer by language, in pairs; ``due_on``: counted from the day of the event.
    """

    entry: Entry
    is_likely: bool
    due_on: date | None
    item: Item | None = None

    def reason(self, language: str) -> str:
        """Why, in words: what was answered or what the register says (理由)."""
        if self.item is None:
            return ""
        said = [
            one.about.said(language) + (f": {one.answer.said(language)}" if one.answer else "")
            for one in self.item.reasons
        ]  # fmt: skip
        return "、".join(said)


@dataclass(frozen=True)
class Offers:
    """What is offered for an event, and what was asked and answered for it (手続の提案の一覧)."""

    rows: tuple[Offer, ...]
    given: Given = field(default_factory=Given)
    questions: tuple[Question, ...] = ()

    @property
    def likely(self) -> list[str]:
        """Ids of what the answers say belongs and can be handed in (該当する手続)."""
        return [one.entry.id for one in self.rows if one.is_likely and one.entry.is_online]

    @property
    def wrong(self) -> Refused | None:
        """The first answer that is none (誤った答え)."""
        return next(iter(self.given.wrong.values()), None)


def answers_of(people: Sequence[Member], day: date) -> Typed:
    """What received move-out data answer of the questions about a move (引用元の答え)."""
    came = [one for one in people if one.source == RECEIVED]
    if not came:
        return {}
    found = {"way": ["in"], "from_abroad": [NO]}
    for name, (first, last) in SCHOOL_YEARS.items():
        years = [_school_year(one, day) for one in came]
        if any(year is not None and first <= year <= last for year in years):
            found[name] = [YES]
        elif None not in years:
            found[name] = [NO]
    return found


def _school_year(one: Member, day: date) -> int | None:
    born = school_year_of(RegisterDate.exact(date.fromisoformat(one.born_on))) if one.born_on else None
    return None if born is None else day.year - (day.month < 4) - born


def offers(
    entries: Sequence[Entry], event: str, people: Sequence[Member], day: date, *, about: Addressee | None = None,
    typed: Mapping[str, Sequence[str]] | None = None,
) -> Offers:  # fmt: skip
    """The procedures of an event: what the answers lead to, then the rest of it (手続の一覧).

    ``day``: of the event; ``typed``: what the clerk answered so far, by question. A question of yes or no that nobody
    answered counts as unknown, so that what hangs on it is offered and not ticked.
    """
    life = life_events().get(event)
    rest = [entry for entry in entries if event in entry.events]
    if life is None:
        return Offers(tuple(Offer(entry, is_likely=False, due_on=None) for entry in rest))
    home = household_of(about)
    known = given(life, _whole(life, home, {**answers_of(people, day), **(typed or {})}, day), home)
    found = plan(life, known, entries, home)
    rows = [Offer(item.entry, item.is_certain, item.due, item) for item in found.items]
    rows += [Offer(entry, is_likely=False, due_on=None) for entry in rest if entry.id not in found.ids()]
    asked = tuple(one for one in life.questions if one.type in ("choice", "yes_no") and _is_asked(one, known))
    return Offers(tuple(rows), known, asked)


def _is_asked(question: Question, known: Given) -> bool:
    return question.id not in known.known and (question.id in known.values or question in known.open)


def _whole(life: LifeEvent, home: Household | None, said: Mapping[str, Sequence[str]], day: date) -> Typed:
    """Every question with an answer: the day of the event, everybody of the household, and perhaps."""
    found = {name: list(values) for name, values in said.items() if any(values)}
    refs = [one.ref for one in home.members] if home else []
    for one in life.questions:
        if one.type == "date":
            found[one.id] = [day.isoformat()]
        elif one.type in MEMBERS:
            found.setdefault(one.id, refs if one.type == "members" else refs[:1])
        elif one.type == "yes_no":
            found.setdefault(one.id, [UNKNOWN])
    return found
