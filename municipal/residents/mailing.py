"""Where residents, and those who were, are to be reached, as far as secrecy lets it be known (住民の送付先)."""

from collections.abc import Collection, Mapping
from typing import Any

from municipal.addressees.mailing import Home, tells_homes
from municipal.addressees.models import LifeState
from municipal.addressees.outputs import names_of_group, written

from .inquiry import latest
from .secrecy import secrets
from .shown import labels

AWAY = ("confirmed_destination", "planned_destination")
FIELDS = [name for group in ("address", *AWAY) for name in names_of_group(group) if name in labels()]


@tells_homes
def homes(people: Collection[int]) -> Mapping[int, Home]:
    """The last place known of each of ``people`` (addressee ids) in the register: where they live or went (住まい).

    Where that place may not be known to anybody, no older one is given in its stead.
    """
    hidden, found = secrets(), {}
    for row in latest().filter(addressee__in=people).values("addressee_id", "status", *FIELDS):
        group = _group(row)
        found[row["addressee_id"]] = Home(row, group, hidden.hides(row["addressee_id"], row, group))
    return found


def _group(row: Mapping[str, Any]) -> str:
    if row["status"] == LifeState.MOVED_OUT:
        return next((group for group in AWAY if written(row, group)), "address")
    return "address"
