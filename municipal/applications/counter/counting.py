"""How many values were typed, ticked and taken at the counter (入力と引用の数)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from municipal.applications.rules.answers import People
from municipal.procedures.catalogue import Field

from .sources import Member

TYPED = frozenset({"text", "address", "number", "date"})
OF_THE_MOVE = frozenset({"moved_on", "moved_in_on"})
"""Questions for the day that the former municipality was told: it stands there already."""
SAME_AS = {"contact": "phone"}
"""Questions whose answer the applicant gave already under another name: they are not asked again at the counter."""


@dataclass
class Counts:
    """``without_source``: values that no source could have given, typed or ticked (値の数)."""

    typed: int = 0
    ticked: int = 0
    taken: int = 0
    without_source: int = 0

    def add(self, *, typed: int = 0, ticked: int = 0, is_offered: bool = False) -> None:
        """Count values, and whether a source could have given them (数える)."""
        self.typed += typed
        self.ticked += ticked
        self.without_source += 0 if is_offered else typed + ticked

    def chosen(self, parts: int, *, is_offered: bool) -> None:
        """Count what a source offers as one tick, anything else as so many values typed (選択か入力か)."""
        self.add(typed=0 if is_offered else parts, ticked=1 if is_offered else 0, is_offered=is_offered)

    def as_json(self) -> dict[str, int]:
        """The counts by name (JSON)."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def planned(people: Iterable[Member]) -> set[str]:
    """Days that the sources name for the event, as they are answered (予定日)."""
    return {one.planned_on.isoformat() for one in people if one.planned_on}


def counted(
    applicant: Mapping[str, Any], asked: Sequence[tuple[Field, Any, People]], members: Sequence[Member],
    written: int = 0,
) -> Counts:  # fmt: skip
    """Count the values of a visit (値の集計).

    ``asked``: every question once, with its answer and the people in it; ``written``: items that the municipality has
    but may not use again or cannot read, typed instead.
    """
    counts = Counts(taken=sum(len(one.taken) for one in members))
    counts.add(typed=written)
    _applicant(counts, applicant, members)
    known = _Known([one.person for one in members], planned(members), applicant.get("address", ""))
    for field, value, people in asked:
        if field.name in SAME_AS and value == applicant.get(SAME_AS[field.name]):
            continue
        _count(counts, field, value, people, known)
    return counts


@dataclass(frozen=True)
class _Known:
    people: list[dict[str, str]]
    days: set[str]
    address: str


def _applicant(counts: Counts, applicant: Mapping[str, Any], members: Sequence[Member]) -> None:
    own = next((one for one in members if one.name == applicant.get("name")), None)
    counts.add(ticked=1 if own else 0, is_offered=True)
    sources = {} if own is None else own.person | ({"address": own.address} if own.address else {})
    for name, value in applicant.items():
        if not value or (own is not None and own.is_protected and name == "address"):
            continue
        if sources.get(name) != value:
            counts.add(typed=1, is_offered=name in sources)


def _count(counts: Counts, field: Field, value: Any, people: People, known: _Known) -> None:
    if value in (None, "", []):
        return
    if field.type == "group":
        for row in value:
            for inner in field.fields:
                _count(counts, inner, row.get(inner.name), people, known)
    elif field.type in ("people", "person"):
        _people(counts, [people.get(ref, {}) for ref in value] if field.type == "people" else [value], known)
    elif field.type == "account":
        counts.add(typed=max(len(value) - 1, 0), ticked=1)
    elif field.type in TYPED:
        counts.chosen(1, is_offered=_is_given(field, value, known))
    else:
        counts.add(ticked=len(value) if isinstance(value, list) else 1)


def _people(counts: Counts, named: Sequence[Mapping[str, str]], known: _Known) -> None:
    for one in named:
        counts.chosen(len(one), is_offered=one in known.people)


def _is_given(field: Field, value: Any, known: _Known) -> bool:
    """Whether a source names the same day, or the applicant the same address."""
    if field.type == "address":
        return bool(value == known.address)
    return field.name in OF_THE_MOVE and value in known.days
