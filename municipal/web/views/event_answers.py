"""Who answers the questions of a life event, for whom, and what was answered so far (できごとの回答)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant, Delegation
from municipal.applicants.operations import held_by
from municipal.applications.bundling.events import MEMBERS, NOBODY, LifeEvent, Question, life_events
from municipal.applications.bundling.household import Household, household_of
from municipal.applications.bundling.planning import WORDS
from municipal.applications.bundling.questions import Given, given
from municipal.core.eras import wareki

from .applicant_doors import account_of

MOST_AT_ONCE, LONGEST, MOST_WORDS = 6, 60, 40
"""Questions on one page; letters of an answer, and answers, that are read at all."""
FOR = "for"
"""Where the address says for whom somebody acts: the number of a delegation."""


@dataclass(frozen=True)
class Asked:
    """One request: the event, who asks for whom, their household where it may be shown, and the answers (回答)."""

    event: LifeEvent
    account: Applicant | None
    delegation: Delegation | None
    household: Household | None
    typed: dict[str, list[str]]
    given: Given

    @property
    def about(self) -> Addressee | None:
        """The person whom it concerns, as far as anybody knows (対象者)."""
        if self.delegation is not None:
            return self.delegation.principal
        return self.account.person if self.account else None

    def query(self, language: str, without: Sequence[str] = ()) -> str:
        """The answers as an address keeps them, so that a link can be followed back (URLの回答)."""
        pairs = [("lang", language)]
        if self.delegation is not None:
            pairs.append((FOR, str(self.delegation.pk)))
        for name, said in self.typed.items():
            pairs += [(name, text) for text in said if name not in without]
        return urlencode(pairs)


def event_named(name: str) -> LifeEvent:
    """The event with this id. Raises Http404 for any other (ライフイベントの照会)."""
    found = life_events().get(name)
    if found is None:
        raise Http404
    return found


def asked(request: HttpRequest, event: LifeEvent, said: QueryDict) -> Asked:
    """Read one request; the register is asked only for who is signed in and concerns themselves (回答の読取り)."""
    account = account_of(request)
    held = held_by(account) if account else []
    delegation = next((one for one in held if str(one.pk) == said.get(FOR, "")), None)
    # A delegate is not shown with whom somebody lives: everything is asked.
    household = household_of(account.person) if account and delegation is None else None
    names = {one.id for one in event.questions}
    typed = {name: [text[:LONGEST] for text in said.getlist(name)][:MOST_WORDS] for name in said if name in names}
    return Asked(event, account, delegation, household, typed, given(event, typed, household))


def batch(found: Asked) -> list[Question]:
    """The questions of one page: up to the first on whose answer others depend, never many (1頁の質問)."""
    deciding = {when.question for one in found.event.questions for when in one.when} | {found.event.scope}
    questions: list[Question] = []
    is_decided = False
    for one in found.given.open:
        if len(questions) == MOST_AT_ONCE or (is_decided and one.type != "date"):
            break
        questions.append(one)
        is_decided = is_decided or one.id in deciding
    return questions


def so_far(found: Asked, language: str) -> list[dict[str, Any]]:
    """What was answered, by whom, with the address that takes an answer back (これまでの回答)."""
    rows = []
    for one in found.event.questions:
        if one.id in found.given.values:
            rows.append({
                "id": one.id, "short": one.short.said(language), "said": words(found, one, language),
                "is_known": one.id in found.given.known, "again": found.query(language, [one.id]),
            })  # fmt: skip
    return rows


def words(found: Asked, one: Question, language: str) -> str:
    """An answer as it is read (回答の表示)."""
    value = found.given.values[one.id]
    if one.type == "date":
        day = found.given.day(one.id)
        return wareki(day) if day else ""
    if one.type in MEMBERS:
        names = [member.record.name for member in found.household.of(value)] if found.household else []
        return "、".join(names) if value != NOBODY else WORDS["no"].said(language)
    label = next((option.label for option in one.options if option.value == value), WORDS.get(value))
    return label.said(language) if label else ""
