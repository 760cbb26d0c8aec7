"""A list of fifty residents as JSON, beside a plain ModelSerializer (一覧の測定)."""

import random
import statistics
from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.renderers import JSONRenderer as PlainRenderer

from municipal.addressees.models import Addressee
from municipal.api import shapes
from municipal.api.renderers import JSONRenderer
from municipal.identity.models.sessions import TOKEN
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord

from .ground import TOWN
from .measuring import Table, Times, ms
from .request import Clerk

PAGE = 50
RATIO = 3.0
FOLLOWED = {"addressee__number": "number", "household__number": "household_number"}


class PlainResident(serializers.ModelSerializer[ResidentRecord]):
    """The items of the list as stored, the way the framework's manual shows it."""

    number = serializers.CharField(source="addressee.number")
    household_number = serializers.CharField(source="household.number")
    is_protected = serializers.SerializerMethodField()

    class Meta:
        model = ResidentRecord
        fields = [
            *(FOLLOWED.get(name, name) for name in inquiry.LIST_FIELDS if name not in ("addressee_id", "household_id")),
            "is_protected",
        ]

    def get_is_protected(self, found: ResidentRecord) -> bool:
        return found.addressee_id in self.context["protected"]


def measure(rounds: int = 200, seed: int = 1) -> list[Table]:
    """``rounds`` pages, each by both ways and as a whole request."""
    with wall.within(TOWN):
        numbers = list(Addressee.objects.filter(kind="resident").values_list("number", flat=True).order_by("number"))
    clerk = Clerk(TOKEN)
    # Loads the views, which register themselves as an output that prints addresses.
    clerk.get("/api/v1/residents", "limit=1")

    def as_a_request(after: str) -> bytes:
        return clerk.get("/api/v1/residents", f"cursor={after}&limit={PAGE}")

    ways: tuple[Callable[[str], object], ...] = (_ours, _plainly, as_a_request)
    found = [Times() for _ in ways]
    afters = random.Random(seed).choices(numbers[:-PAGE], k=rounds)
    for after in [afters[0], *afters]:
        for way, times in zip(ways, found, strict=True):
            with times.taking():
                way(after)
    return [_table(rounds, found)]


def _table(rounds: int, found: list[Times]) -> Table:
    table = Table(
        "List of 50",
        ("what", "pages", "own CPU p50", "by the clock p50", "p95", "CPU, times ours"),
        "The same fifty rows behind the wall. Own CPU: of this process, without PostgreSQL's. "
        f"Target: query and serialisation with at least {RATIO:g} times less CPU than the plain way.",
    )
    names = (
        "query and serialisation, ours",
        "the same by ModelSerializer",
        "whole request, ours (doorway, audit, commit)",
    )
    cpu = [statistics.median(times.cpu) for times in found]
    for name, times, used in zip(names, found, cpu, strict=True):
        is_met = cpu[1] / cpu[0] >= RATIO if times is found[1] else None
        table.add(name, f"{rounds}", ms(used), ms(times.p50), ms(times.p95), f"{used / cpu[0]:.1f}", is_met=is_met)
    return table


def _ours(after: str) -> bytes:
    with wall.within(TOWN):
        return JSONRenderer().render({"results": [shapes.row(row) for row in inquiry.page(after=after, size=PAGE)]})


def _plainly(after: str) -> Any:
    with wall.within(TOWN):
        people = Addressee.objects.filter(kind="resident", number__gt=after).order_by("number")
        ids = list(people.values_list("pk", flat=True)[:PAGE])
        records = inquiry.latest().filter(addressee__in=ids).select_related("addressee", "household")
        said = PlainResident(records, many=True, context={"protected": inquiry.withheld()})
        return PlainRenderer().render({"results": said.data})
