"""The order of a household's members on a joint copy: four ranks (世帯員の並び順; resident-record/1.0#5.2).

The register knows relationships to the head only. Where several children could be the one to whom a spouse or a
grandchild belongs, nobody can tell by rule: they stand behind the families of which it is certain, and the clerk
arranges them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate

from .kinship import CHILD, HEAD, LODGER, MALE, PARENTS, SIBLINGS, SPOUSES

CONNECTED = "縁故者"
_OF = "の"
_GRANDPARENTS = tuple(f"{one}{_OF}{other}" for one in PARENTS for other in PARENTS)
_LAST = 9


@dataclass(frozen=True)
class Seat:
    """One member as far as the order needs it (並び順の元).

    ``key`` names the member; ``heads_register``: whether the member is the first person of the own family register.
    """

    key: str
    relationship: str
    born_on: RegisterDate
    number: str
    sex: str = ""
    heads_register: bool = False

    @property
    def age(self) -> tuple[str, int, str]:
        """Elder first; of one birth date the smaller addressee number."""
        return str(self.born_on), len(self.number), self.number


@implements("resident-record/1.0#5.2/m1", "resident-record/1.0#5.2/n1")
def in_order(members: Iterable[Seat]) -> list[str]:
    """The keys of ``members`` in the order of the four ranks (並び順).

    1 the head, the spouse, children without a family here; 2 each child with a family: the child, the spouse, the
    child's children; 3 parents, brothers and sisters, grandparents; 4 other relatives with their families, people
    connected, lodgers. Unnamed relationships come last.
    """
    found = list(members)
    children = sorted((one for one in found if one.relationship == CHILD), key=lambda one: one.age)
    families = _families(children, found)
    placed = [
        *(one for one in found if one.relationship == HEAD),
        *sorted((one for one in found if one.relationship in SPOUSES), key=lambda one: one.age),
        *(one for one in children if one.key not in families),
        *(member for child in children if child.key in families for member in (child, *families[child.key])),
    ]
    rest = [one for one in found if one not in placed]
    own_line = [one for one in rest if _is_of_childs_family(one.relationship)]
    third = sorted((one for one in rest if _third(one.relationship) < _LAST), key=_in_third)
    rest = [one for one in rest if one not in own_line and one not in third]
    return [one.key for one in [*placed, *sorted(own_line, key=_in_family), *third, *_fourth(rest)]]


def _is_of_childs_family(relationship: str) -> bool:
    parts = relationship.split(_OF)
    return len(parts) == 2 and parts[0] == CHILD and (parts[1] in SPOUSES or parts[1] == CHILD)


def _families(children: Sequence[Seat], found: Sequence[Seat]) -> dict[str, list[Seat]]:
    """By the key of a child, the spouse and children that can belong to nobody else."""
    members = [one for one in found if _is_of_childs_family(one.relationship)]
    families: dict[str, list[Seat]] = {}
    for one in (one for one in members if one.relationship.split(_OF)[1] in SPOUSES):
        husbands = one.relationship.split(_OF)[1].startswith("妻")
        possible = [child for child in children if (child.sex == MALE) == husbands]
        if len(possible) == 1:
            families.setdefault(possible[0].key, []).append(one)
    for one in (one for one in members if one.relationship.split(_OF)[1] == CHILD):
        married = [child for child in children if child.key in families]
        possible = married or [child for child in children if str(child.born_on) < str(one.born_on)]
        if len(possible) == 1:
            families.setdefault(possible[0].key, []).append(one)
    return {key: sorted(family, key=_in_family) for key, family in families.items()}


def _in_family(one: Seat) -> tuple[object, ...]:
    """The spouse before the children, the elder child first."""
    return one.relationship.split(_OF)[-1] == CHILD, one.age


def _third(relationship: str) -> int:
    for place, words in enumerate((PARENTS, SIBLINGS, _GRANDPARENTS)):
        if relationship in words:
            return place
    return _LAST


def _in_third(one: Seat) -> tuple[object, ...]:
    """Of parents and grandparents the first person of a family register comes first."""
    place = _third(_without_spouse(one.relationship))
    return place, place != 1 and not one.heads_register, one.age


def _without_spouse(relationship: str) -> str:
    """「妻の父」 as 「父」: relatives of the spouse stand as the head's own do."""
    first, _, rest = relationship.partition(_OF)
    return rest if first in SPOUSES and rest else relationship


def _fourth(rest: Sequence[Seat]) -> list[Seat]:
    outside = {CONNECTED: 1, LODGER: 2}
    relatives = [one for one in rest if one.relationship not in outside and one.relationship]
    others = [one for one in rest if one not in relatives]
    ordered = sorted(others, key=lambda one: (outside.get(one.relationship, 3), one.age))
    return [*_relatives(relatives), *ordered]


def _relatives(relatives: Sequence[Seat]) -> list[Seat]:
    """Families of relatives: each behind the relative on whom it depends, elder generations first."""
    bases = [one for one in relatives if not any(_depends(one, other) for other in relatives)]
    ordered = []
    for base in sorted(bases, key=_base_place):
        family = [one for one in relatives if _depends(one, base) and one not in ordered]
        ordered += [base, *sorted(family, key=_in_family)]
    return ordered + sorted((one for one in relatives if one not in ordered), key=lambda one: one.age)


def _depends(one: Seat, other: Seat) -> bool:
    """Whether ``one`` is said by way of ``other``: 「妻の弟の子」 by way of 「妻の弟」, but no parent of anybody."""
    rest = one.relationship.removeprefix(other.relationship + _OF)
    return rest != one.relationship and (rest in SPOUSES or rest == CHILD)


def _base_place(one: Seat) -> tuple[object, ...]:
    place = _third(_without_spouse(one.relationship))
    heads_first = place in (0, 2) and not one.heads_register
    return place, _generation(one.relationship), heads_first, one.age


def _generation(relationship: str) -> int:
    """How many generations below the head's, above it negative; the spouse's side counts alike."""
    steps = dict.fromkeys(PARENTS, -1) | {CHILD: 1}
    return sum(steps.get(word, 0) for word in relationship.split(_OF))
