"""Who lived in a household on a past day, as it was known at a past moment; beside the floor (時点照会の測定)."""

import random
from datetime import timedelta
from typing import Any

from municipal.core import clock
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import Household

from .ground import TOWN, connect
from .measuring import Table, Times, ms

TARGET = 0.100
FLOOR = """
    SELECT record.* FROM residents_period period JOIN residents_residentrecord record ON record.id = period.record_id
    WHERE period.municipality_id = %s AND period.household_id = %s AND period.is_registered AND period.valid @> %s::date
      AND period.recorded @> %s::timestamptz
"""


def measure(rounds: int = 300, seed: int = 1) -> list[Table]:
    """``rounds`` households on a day of the last five years, known today and known then."""
    chance = random.Random(seed)
    with wall.within(TOWN):
        homes = chance.choices(list(Household.objects.order_by("pk")), k=rounds)
    table = Table(
        "Household as of a day",
        ("as known", "inquiries", "p50", "p95", "floor p50", "ours / floor"),
        "`inquiry.members_as_of` behind the wall; target: p95 at most 100 ms. Floor: its statement as superuser, who "
        "has no wall, without making objects of the rows.",
    )
    with connect(SUPERUSER) as superuser:
        for name, knew in (("now", False), ("on that day", True)):
            ours, floor = Times(), Times()
            for home in [homes[0], *homes]:
                day = clock.today() - timedelta(days=chance.randrange(5 * 365))
                known_at = clock.now() - timedelta(days=(clock.today() - day).days if knew else 0)
                with ours.taking(), wall.within(TOWN):
                    inquiry.members_as_of(home, valid_on=day, known_at=known_at)
                with floor.taking():
                    _by_floor(superuser, home.pk, day, known_at)
            table.add(
                name, f"{rounds}", ms(ours.p50), ms(ours.p95), ms(floor.p50), f"{ours.p50 / floor.p50:.1f}",
                is_met=ours.p95 <= TARGET,
            )  # fmt: skip
    return [table]


def _by_floor(superuser: Any, home: int, *moment: Any) -> list[Any]:
    return list(superuser.execute(FLOOR, [TOWN, home, *moment]))
