"""What the resident register says of people, as far as entitlements follow it (住民記録の照会)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from municipal.addressees.models import Addressee, LifeState
from municipal.residents.acts.standing import members_of
from municipal.residents.models import ResidentRecord
from municipal.residents.rules.kinship import CHILD, HEAD, RELATIVES_OF, SPOUSES

from .rules import child_allowance

LEAVING = {LifeState.MOVED_OUT: "moved_out", LifeState.DEAD: "died"}


@dataclass(frozen=True)
class Standing:
    """How somebody stands in the register now (住民の状態).

    ``left_because``: ``moved_out`` or ``died``, empty for who lives here; ``left_on``: the day, where it is known.
    ``came_on``: since when they live here. Days are None where the register knows none exactly.
    """

    born_on: date | None
    came_on: date | None
    left_because: str
    left_on: date | None


def standings(people: Collection[int]) -> dict[int, Standing]:
    """How each of ``people`` (addressee ids) stands; who is in no register is left out (住民の状態の照会)."""
    rows = ResidentRecord.objects.filter(addressee__in=people).order_by("addressee_id", "-serial")
    return {row.addressee_id: _standing(row) for row in rows.distinct("addressee_id")}


def _standing(row: ResidentRecord) -> Standing:
    because = LEAVING.get(LifeState(row.status), "")
    left = row.removed_on.date or row.event_on.date or row.processed_on if because else None
    came = row.became_resident_on.date or row.became_foreign_resident_on.date
    return Standing(row.born_on.date, came, because, left)


def children_of(person: Addressee, day: date) -> list[Addressee]:
    """The children of a resident's household whom an allowance would be paid for on ``day``, in stored order (児童).

    The register knows relationships to the head only; where these tell nothing, somebody is no child.
    """
    own = ResidentRecord.objects.filter(addressee=person).select_related("household").order_by("-serial").first()
    if own is None or own.status != LifeState.RESIDENT:
        return []
    wanted = _children_as_written(own.relationship)
    return [
        one.addressee for one in members_of(own.household)
        if one.addressee_id != person.pk and one.relationship in wanted and _is_young(one, day)
    ]  # fmt: skip


def _children_as_written(relationship: str) -> frozenset[str]:
    """How the children of somebody with this relationship to the head are written."""
    if relationship == HEAD or relationship in SPOUSES:
        return frozenset({CHILD, *(f"{spouse}{RELATIVES_OF}{CHILD}" for spouse in SPOUSES)})
    return frozenset({f"{relationship}{RELATIVES_OF}{CHILD}"})


def _is_young(row: ResidentRecord, day: date) -> bool:
    born = row.born_on.date
    return born is not None and day <= child_allowance.ends_by_age(born)
