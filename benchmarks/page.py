"""The counter's screens as whole requests: doorway, view, template, audit, commit (画面の測定)."""

import random

from municipal.addressees.models import Addressee
from municipal.identity.models.sessions import WEB
from municipal.municipalities import wall

from .ground import TOWN
from .measuring import Table, Times, ms
from .request import Clerk

TARGET = 0.150


def measure(requests: int = 300, seed: int = 1) -> list[Table]:
    """The pages of ``requests`` different people."""
    with wall.within(TOWN):
        numbers = list(Addressee.objects.filter(kind="resident").values_list("number", flat=True).order_by("number"))
    clerk, chance = Clerk(WEB), random.Random(seed)
    table = Table(
        "Person page",
        ("page", "requests", "p50", "p95", "own CPU p50"),
        "A whole request, one after the other, to the committed answer; target: p95 at most 150 ms.",
    )
    for page, target in (("", TARGET), ("/history", None)):
        times = Times()
        clerk.get(f"/residents/{numbers[0]}{page}")
        for number in chance.choices(numbers, k=requests):
            with times.taking():
                clerk.get(f"/residents/{number}{page}")
        is_met = None if target is None else times.p95 <= target
        shown = f"`/residents/<number>{page}`"
        table.add(
            shown, f"{requests}", ms(times.p50), ms(times.p95), ms(sorted(times.cpu)[requests // 2]), is_met=is_met
        )
    return [table]
