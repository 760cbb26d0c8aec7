"""The four items that a card and the register both say of a person (基本4情報)."""

from collections.abc import Collection
from dataclasses import dataclass

from municipal.addressees.models import Addressee, AddresseeKind, LifeState
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord

from .rules import search_key

SEXES = {"1": "male", "2": "female"}
PARTS = ("prefecture", "city", "block", "lot")


@dataclass(frozen=True)
class Facts:
    """Name, birth date, sex and address as one line each (基本4情報).

    ``born_on`` as in the register, YYYY-MM-DD for a known day; ``sex``: male, female or empty.
    """

    name: str
    born_on: str
    sex: str
    address: str


@dataclass(frozen=True)
class Registered:
    """What the register says now of somebody: the items as a card would say them, and other writings (登録内容)."""

    facts: Facts
    names: frozenset[str]
    addresses: frozenset[str]

    def is_same(self, brought: Facts) -> bool:
        """Whether the card and the register speak of the same person at the same address (4情報の一致)."""
        return (
            search_key(brought.name) in self.names
            and brought.born_on == self.facts.born_on != ""
            and brought.sex == self.facts.sex
            and search_key(brought.address) in self.addresses
        )


def registered(people: Collection[int]) -> dict[int, Registered]:
    """The newest record by addressee id; of protected people too, so nobody is ever shown it (登録内容の照会)."""
    rows = ResidentRecord.objects.filter(addressee__in=people).order_by("addressee_id", "-serial")
    return {row.addressee_id: _of(row) for row in rows.distinct("addressee_id")}


def _of(row: ResidentRecord) -> Registered:
    place = "".join(getattr(row, f"address_{part}") for part in PARTS)
    building = row.address_building  # type: ignore[attr-defined]
    whole = f"{place}　{building}" if building else place
    facts = Facts(row.name, str(row.born_on), SEXES.get(row.sex, ""), whole)
    names = {search_key(name) for name in (row.name, row.alias, row.kanji_name, row.roman_name) if name}
    return Registered(facts, frozenset(names), frozenset({search_key(place), search_key(whole)}))


def the_one(brought: Facts) -> Addressee | None:
    """The only living resident of whom the register says the same; None for nobody and for several (本人の特定)."""
    born = Addressee.objects.filter(
        kind=AddresseeKind.RESIDENT, life_state=LifeState.RESIDENT, born_on=brought.born_on
    )  # fmt: skip
    people = {person.pk: person for person in born} if brought.born_on else {}
    same = [person for person, said in registered(people.keys()).items() if said.is_same(brought)]
    return people[same[0]] if len(same) == 1 else None


def facts_of(person: Addressee) -> Facts:
    """What a card of this person would say. Raises Refused for somebody the register does not know (券面の内容)."""
    found = registered([person.pk]).get(person.pk)
    if found is None:
        raise Refused("住民の記録がない方のカードは作れません。", code="no_record")
    return found.facts
