"""What the register knows of somebody's household, as far as its members may learn it (世帯の情報).

A member who is protected, or whose record is suppressed, is not there: neither counted nor named, and no answer is
derived from a household with somebody missing. To a protected person nothing of the register is shown at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.crypto import salted_hmac

from municipal.addressees.models import Addressee, LifeState
from municipal.addressees.suppression import suppressed_among
from municipal.core import clock
from municipal.core.ages import school_year_of
from municipal.core.dates import RegisterDate
from municipal.residents.inquiry import latest
from municipal.residents.models import ResidentRecord
from municipal.residents.secrecy import secrets

from .events import NO, NOBODY, YES

HEAD = "世帯主"
SHOWN = (
    "name", "name_kana", "born_on", "relationship", "has_national_health_insurance", "has_late_elderly_insurance",
    "has_care_insurance", "child_allowance_class", "has_individual_number_card",
)  # fmt: skip
"""Items of a record that are read here; the address is none of them."""


@dataclass(frozen=True)
class Member:
    """Somebody of the household: a reference that says nothing, the addressee, and the record (世帯員)."""

    ref: str
    person: int
    record: ResidentRecord
    is_self: bool

    @property
    def said(self) -> dict[str, str]:
        """The person as forms name people (申請での表記)."""
        born = self.record.born_on
        items = {"name": self.record.name, "kana": self.record.name_kana}
        if born is not None and not born.is_unknown:
            items["born_on"] = str(born)
        return {name: text for name, text in items.items() if text}


Predicate = Callable[[ResidentRecord, date], bool | None]
"""Yes, no, or that the register does not know."""


def _flag(name: str) -> Predicate:
    return lambda record, _day: getattr(record, name)


def _between(first: int, last: int) -> Predicate:
    """Of an age counted in school years: 7 to 15 is a pupil, up to 18 a child of the allowance."""

    def is_between(record: ResidentRecord, day: date) -> bool | None:
        born: RegisterDate | None = record.born_on
        year = school_year_of(born) if born is not None else None
        if year is None:
            return None
        return first <= day.year - (day.month < 4) - year <= last

    return is_between


FACTS: Mapping[str, Predicate] = {
    "has_national_health_insurance": _flag("has_national_health_insurance"),
    "has_care_insurance": _flag("has_care_insurance"),
    "has_individual_number_card": _flag("has_individual_number_card"),
    "has_child_allowance": lambda record, _day: True if record.child_allowance_class else None,
    "has_child": _between(0, 18),
    "has_pupil": _between(7, 15),
}


@dataclass(frozen=True)
class Household:
    """The members that may be shown, in the order of the register, and the day they are of (世帯).

    ``is_whole``: nobody was left out.
    """

    members: tuple[Member, ...]
    is_whole: bool
    as_of: date

    def of(self, refs: Sequence[str]) -> list[Member]:
        """The members with these references (世帯員の照会)."""
        return [member for member in self.members if member.ref in refs]

    def fact(self, name: str, refs: Sequence[str]) -> str | None:
        """What the register answers to a question about these people; None where it cannot (台帳の答え)."""
        people = self.of(refs)
        if name == "insurance":
            return _insurance(people)
        if name == "was_head_of_household":
            return self._was_head(people)
        if name not in FACTS or not people:
            return None
        found = [FACTS[name](member.record, self.as_of) for member in people]
        if True in found:
            return YES
        return NO if self.is_whole and None not in found else None

    def whom(self, name: str, refs: Sequence[str]) -> list[Member]:
        """Those for whom the answer is yes (該当する世帯員)."""
        predicate = FACTS.get(name)
        return [one for one in self.of(refs) if predicate and predicate(one.record, self.as_of)]

    def _was_head(self, people: Sequence[Member]) -> str | None:
        if not people or not self.is_whole:
            return None
        return YES if people[0].record.relationship == HEAD and len(self.members) > 2 else NO


def _insurance(people: Sequence[Member]) -> str | None:
    if not people:
        return None
    national, late = people[0].record.has_national_health_insurance, people[0].record.has_late_elderly_insurance
    if national or late:
        return "nhi" if national else "late_elder"
    return "other" if national is False and late is False else None


def household_of(person: Addressee | None) -> Household | None:
    """The household of a living resident, for that resident; None where nothing may be shown (世帯の照会)."""
    if person is None or person.life_state != LifeState.RESIDENT:
        return None
    mine = latest().select_related("household").filter(addressee=person.pk).first()
    if mine is None:
        return None
    ever = ResidentRecord.objects.filter(household=mine.household_id).values("addressee")
    rows = [
        row for row in latest().filter(addressee__in=ever)
        if row.household_id == mine.household_id and row.status == LifeState.RESIDENT
    ]  # fmt: skip
    hidden = secrets().covered | suppressed_among({row.addressee_id: mine.household.number for row in rows})
    if person.pk in hidden:
        return None
    shown = sorted((row for row in rows if row.addressee_id not in hidden), key=lambda row: row.member_order)
    members = tuple(Member(_ref(person.pk, row.addressee_id), row.addressee_id, row, row.addressee_id == person.pk)
                    for row in shown)  # fmt: skip
    return Household(members, len(shown) == len(rows), clock.today())


def _ref(reader: int, person: int) -> str:
    """A name for a person that means something to one reader only."""
    return f"m{salted_hmac('kijun member', f'{reader}:{person}', algorithm='sha256').hexdigest()[:10]}"


__all__ = ["FACTS", "NOBODY", "SHOWN", "Household", "Member", "household_of"]
