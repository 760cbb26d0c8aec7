"""Every question of a reception once, however many forms ask it (窓口で聞く項目)."""

from collections.abc import Mapping, Sequence
from typing import Any

from municipal.applications.models import Draft
from municipal.applications.prefill import must_be_typed
from municipal.applications.rules.answers import Answers, People, asked
from municipal.procedures.catalogue import Field

from .counting import SAME_AS

Said = dict[str, tuple[Answers, People]]
"""By procedure: its answers and the people in them (手続ごとの回答)."""


def same_as(field: Field) -> str:
    """The item about the applicant that answers a question already; empty for none (申請者の項目と同じ質問)."""
    return SAME_AS.get(field.name, "") if field.type == "text" else ""


def meaning(field: Field) -> tuple[Any, ...]:
    """What makes two questions of two forms the same one (質問の同一性)."""
    return (field.name, field.type, field.label.ja, tuple(one.value for one in field.options))


def once(drafts: Sequence[Draft]) -> list[tuple[Draft, list[Field]]]:
    """By draft, the questions that are asked after the answers so far and were not asked before (聞く項目)."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for draft in drafts:
        mine = [
            one for one in asked(draft.asked.asks, draft.answers) if not same_as(one) and meaning(one) not in seen
        ]  # fmt: skip
        seen |= {meaning(one) for one in mine}
        found.append((draft, mine))
    return found


def without_law(drafts: Sequence[Draft]) -> list[tuple[Draft, dict[str, str]]]:
    """By draft, the held items that must be said nevertheless, with their labels; each once (引用できない項目)."""
    seen: set[str] = set()
    found = []
    for draft in drafts:
        labels = {one.name: one.label.ja for one in draft.asked.holds}
        mine = {
            name: labels[name] for name, one in draft.filled.items()
            if must_be_typed(one) and name in labels and labels[name] not in seen
        }  # fmt: skip
        seen |= set(mine.values())
        found.append((draft, mine))
    return found


def spread(drafts: Sequence[Draft], said: Said, applicant: Mapping[str, Any], place: str = "") -> Said:
    """Answers given once, in every form that asks for them (回答の展開).

    ``place``: where newcomers live now; a question for an address that was left empty means it.
    """
    given: dict[tuple[Any, ...], tuple[Any, People]] = {}
    for draft in drafts:
        answers, people = said.get(draft.procedure, (draft.answers, draft.people))
        for field in draft.asked.asks:
            if field.name in answers:
                given.setdefault(meaning(field), (answers[field.name], people))
    whole: Said = {}
    for draft in drafts:
        answers, people = (dict(one) for one in said.get(draft.procedure, (draft.answers, draft.people)))
        for field in draft.asked.asks:
            _add(field, answers, people, given, applicant, place)
        whole[draft.procedure] = answers, people
    return whole


def _add(
    field: Field, answers: Answers, people: People, given: Mapping[tuple[Any, ...], tuple[Any, People]],
    applicant: Mapping[str, Any], place: str,
) -> None:  # fmt: skip
    if (other := same_as(field)) and applicant.get(other):
        answers[field.name] = applicant[other]
    elif meaning(field) in given:
        value, named = given[meaning(field)]
        answers[field.name] = value
        people |= {ref: one for ref, one in named.items() if ref.partition("-")[0] == field.name}
    elif field.type == "address" and place:
        answers[field.name] = place
