"""Which questions of an event are asked, and what was answered; what is known is not asked (できごとの質問)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused

from .events import MEMBERS, NO, NOBODY, UNKNOWN, YES, LifeEvent, Question, When
from .household import Household

EARLIEST = date(1926, 12, 25)
CHOOSE = _("選んでください。")
TOO_FAR = _("あまり先の日付は入れられません。日付を確かめてください。")
NOT_YET = _("まだ来ていない日は入れられません。")
TOO_OLD = _("昔すぎる日付です。日付を確かめてください。")
FULLY, PERHAPS, NOT = "fully", "perhaps", "not"


@dataclass(frozen=True)
class Given:
    """What is known about somebody's event (分かっていること).

    ``values``: by question: a word, a day in ISO form, or references of people. ``known``: those that the register
    answered, so that nobody was asked. ``wrong``: what was typed and is no answer, with a sentence.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    open: tuple[Question, ...] = ()
    wrong: Mapping[str, Refused] = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        """The day that answers a question, where there is one (答えの日)."""
        value = self.values.get(name)
        return date.fromisoformat(value) if value else None


def holds(whens: Sequence[When], values: Mapping[str, Any]) -> str:
    """Whether all conditions hold: FULLY, NOT, or PERHAPS where somebody did not know (条件の判定)."""
    found = FULLY
    for when in whens:
        value = values.get(when.question)
        if value == UNKNOWN:
            found = PERHAPS
        elif value not in when.answers:
            return NOT
    return found


def given(event: LifeEvent, typed: Mapping[str, Sequence[str]], household: Household | None) -> Given:
    """What these answers say, in the order of the questions; answers to what is not asked count for nothing (回答)."""
    values: dict[str, Any] = {}
    known, still_open, wrong = set[str](), list[Question](), dict[str, Refused]()
    for one in event.questions:
        if holds(one.when, values) == NOT or (one.type in MEMBERS and not (household and household.members)):
            continue
        fact = _fact(event, one, values, household)
        if fact is not None:
            values[one.id] = fact
            known.add(one.id)
            continue
        try:
            value = _answer(one, [text.strip() for text in typed.get(one.id, ()) if text.strip()], household)
        except Refused as refused:
            wrong[one.id], value = refused, None
        if value is None:
            still_open.append(one)
        else:
            values[one.id] = value
    return Given(values, frozenset(known), tuple(still_open), wrong)


def _fact(event: LifeEvent, one: Question, values: Mapping[str, Any], household: Household | None) -> str | None:
    """What the register says, of those whom the event concerns; nothing before they are named."""
    if household is None or one.type in MEMBERS:
        return None
    if not event.scope:
        return household.fact(one.id, [member.ref for member in household.members])
    whom = values.get(event.scope)
    return household.fact(one.id, whom if isinstance(whom, list) else [whom]) if whom else None


def _answer(one: Question, said: Sequence[str], household: Household | None) -> Any:
    if not said:
        return None
    if one.type == "date":
        return _day(one, said[0]).isoformat()
    if one.type in MEMBERS and household is not None:
        return _people(one, said, household)
    options = {option.value for option in one.options} or {YES, NO, UNKNOWN}
    if said[0] not in options:
        raise Refused(CHOOSE, field=one.id, code="no_option")
    return said[0]


def _day(one: Question, typed: str) -> date:
    day, today = parse_day(typed[:40]), clock.today()
    if day < EARLIEST:
        raise Refused(TOO_OLD, field=one.id, code="too_old")
    if day > today + timedelta(days=one.days_ahead):
        raise Refused(TOO_FAR if one.days_ahead else NOT_YET, field=one.id, code="too_far")
    return day


def _people(one: Question, said: Sequence[str], household: Household) -> Any:
    refs = [member.ref for member in household.members if member.ref in said]
    if one.type == "members":
        if not refs:
            raise Refused(CHOOSE, field=one.id, code="no_option")
        return refs
    if refs or NOBODY in said:
        return refs[0] if refs else NOBODY
    raise Refused(CHOOSE, field=one.id, code="no_option")
