"""A town that was lived through act by act is the town that was loaded at once, to the byte (上演の試験)."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from functools import cache, partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from conftest import OTHER_TOWN, TOWN, pointing_at, template_of
from fixtures.town import lived
from fixtures.town import town as made_up
from fixtures.town.months import months
from municipal.conformance.commands import main as conform
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.office.models import OutboxEvent
from municipal.residents import counts
from municipal.residents.management.commands.make_town import BEGUN, _note
from municipal.residents.models import Draft, DraftState, Period, ResidentEvent, ResidentRecord
from municipal.residents.playing import begin, play
from municipal.transfer.operations import export_residents

pytestmark = pytest.mark.long
AS_OF = date(2026, 11, 23)
WAYS = {"bulk": False, "played": True}
Made = tuple[int, dict[str, str]]
ACTS = re.compile(rb"\b[0-9]{10}-[0-9]+\b")
"""The number of an act in a row of history."""
OWN = {"addressees.csv", "history.csv", "households.csv", "periods.csv", "residents.csv"}
"""The register itself; the cases of support measures are made for training and bear the moment of making."""


def make(town: int, *, seed: int, is_played: bool, residents: int = 120, as_of: date = AS_OF) -> None:
    call_command(
        "make_town", town=f"{town}", residents=residents, seed=seed, as_of=as_of, without_accounts=True,
        is_played=is_played, stdout=io.StringIO(),
    )  # fmt: skip


def files(town: int, folder: Path) -> dict[str, str]:
    """The digests of a town's files, without the acts: whoever was loaded at once has none."""
    with wall.within(town):
        export_residents(actor=System(), folder=folder)
    return {
        file.name: sha256(ACTS.sub(b"", file.read_bytes())).hexdigest()
        for file in sorted(folder.glob("*.csv"))
        if file.name in OWN
    }


@pytest.fixture(scope="module")
def made_both_ways(cluster: Any, django_db_blocker: Any) -> Iterator[Callable[[int, int], Made]]:
    """Makes a town in two databases, loaded and played; each town once, in whatever order it is asked for."""
    with ExitStack() as kept:

        @cache
        def both(town: int, seed: int) -> Made:
            return town, {
                way: kept.enter_context(template_of(
                    cluster, django_db_blocker, f"{way}_{town}", partial(make, town, seed=seed, is_played=is_played)
                ))
                for way, is_played in WAYS.items()
            }  # fmt: skip

        yield both


@pytest.fixture(params=[(TOWN, 1), (OTHER_TOWN, 7)], ids=["town", "other-town"])
def both_ways(made_both_ways: Callable[[int, int], Made], request: pytest.FixtureRequest) -> Made:
    """The same town in two databases: its code, and their names."""
    return made_both_ways(*request.param)


def periods() -> list[Any]:
    found = Period.objects.order_by("addressee__number", "record__serial", "valid", "recorded")
    return list(
        found.values_list(
            "addressee__number", "record__serial", "household__number", "is_registered", "is_head", "valid", "recorded"
        )
    )


def test_playing_gives_the_same_bytes_as_loading(both_ways: Made, tmp_path: Path) -> None:
    town, names = both_ways
    found = {}
    for way, name in names.items():
        with pointing_at(name):
            found[way] = files(town, tmp_path / way)
    assert found["bulk"] == found["played"]
    assert {"history.csv", "households.csv", "periods.csv", "residents.csv"} <= set(found["played"])


def test_both_times_of_every_row_are_the_same(both_ways: Made) -> None:
    town, names = both_ways
    found = {}
    for way, name in names.items():
        with pointing_at(name), wall.within(town):
            found[way] = periods()
    assert found["bulk"] == found["played"]


def test_every_row_after_the_founding_is_of_an_act_that_was_entered_and_decided(both_ways: Made) -> None:
    town, names = both_ways
    with pointing_at(names["played"]), wall.within(town):
        assert set(ResidentRecord.objects.filter(event=None).values_list("reason", flat=True)) == {"entry_by_rewriting"}
        decided = set(Draft.objects.values_list("state", "event"))
        assert {state for state, _ in decided} == {DraftState.DECIDED}
        entered = ResidentEvent.objects.exclude(act="removal_of_announced")
        assert {event for _, event in decided} == set(entered.values_list("pk", flat=True))


def test_every_act_is_told_once_with_nothing_but_ids(both_ways: Made) -> None:
    town, names = both_ways
    with pointing_at(names["played"]), wall.within(town):
        told = {one.payload["event"]: one for one in OutboxEvent.objects.filter(topic="residents.event")}
        events = {one.pk: one for one in ResidentEvent.objects.all()}
        assert OutboxEvent.objects.filter(topic="residents.event").count() == len(told) == len(events) > 100
        for number, event in events.items():
            assert told[number].payload == {"event": number, "act": event.act}
            assert told[number].subjects == event.subjects


def test_the_stock_of_every_month_follows_from_the_one_before(both_ways: Made) -> None:
    town, names = both_ways
    found = {}
    for way, name in names.items():
        with pointing_at(name), wall.within(town), clock.stopped_at(evening(AS_OF)):
            found[way] = [counts.month(month.first.year, month.first.month) for month in months(AS_OF)]
        for month in found[way]:
            assert month.is_balanced, (way, month.first)
        assert found[way][-1].stock.total() == 120
        assert sum(movement.total for month in found[way] for movement in month.removals) > 10
    assert found["bulk"] == found["played"]


def evening(day: date) -> Any:
    return datetime(day.year, day.month, day.day, 20, tzinfo=clock.TOKYO)


def test_the_checker_finds_nothing_wrong_with_it(both_ways: Made, tmp_path: Path) -> None:
    town, names = both_ways
    with pointing_at(names["played"]):
        files(town, tmp_path)
    assert conform(["check", str(tmp_path)]) == 0


def test_a_town_whose_making_was_cut_short_is_finished_the_next_time(
    cluster: Any, committed_db: str, tmp_path: Path
) -> None:
    other = f"{committed_db}_whole"
    cluster.clone(other)
    with pointing_at(other):
        make(TOWN, seed=3, is_played=False, residents=60)
        whole = files(TOWN, tmp_path / "whole")
    cluster.drop(other)
    blocks = list(lived(made_up(f"{TOWN}"), 60, 3, AS_OF))
    with wall.within(TOWN):
        begin(block.journal.deeds for block in blocks)
        _note(BEGUN, f"60:3:{AS_OF}")
    with wall.within(TOWN):
        assert play(islice((deed for block in blocks for deed in block.journal.deeds), 70)) > 20
    # Whatever is asked for then: what was begun is finished.
    make(TOWN, seed=4, is_played=False, residents=90)
    assert files(TOWN, tmp_path / "finished") == whole


@pytest.mark.faults
@pytest.mark.parametrize(
    ("seed", "as_of"), [(2, date(2026, 1, 4)), (3, date(2025, 5, 6)), (4, date(2024, 2, 29)), (5, date(2026, 8, 31))]
)
def test_other_seeds_and_days_give_the_same_bytes_too(
    cluster: Any, committed_db: str, tmp_path: Path, seed: int, as_of: date
) -> None:
    found = {}
    for way, is_played in WAYS.items():
        name = f"{committed_db}_{way}"
        cluster.clone(name)
        with pointing_at(name):
            make(TOWN, seed=seed, is_played=is_played, residents=500, as_of=as_of)
            found[way] = files(TOWN, tmp_path / way)
        cluster.drop(name)
    assert found["bulk"] == found["played"]
