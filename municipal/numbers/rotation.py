"""What is still sealed with a key, in all towns and all rooms (鍵の使用状況)."""

from collections.abc import Callable

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .models import IndividualNumber

Count = Callable[[str], int]
_counts: list[Count] = []


def also_seals(count: Count) -> Count:
    """Register an upper room's count of what it holds under a key id in the open town (鍵の使用の届出)."""
    _counts.append(count)
    return count


@also_seals
def numbers_under(key_id: str) -> int:
    """How many numbers of the open town a key seals, closed rows included."""
    return IndividualNumber.objects.filter(key_id=key_id).count()


def uses_of(key_id: str) -> int:
    """How much is sealed with a key in every town of the installation (鍵の使用数)."""
    found = 0
    for town in Municipality.objects.values_list("id", flat=True):
        with wall.within(town):
            found += sum(count(key_id) for count in _counts)
    return found
