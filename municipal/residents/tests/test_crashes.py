"""A process or PostgreSQL itself is killed between two statements of an act; nothing is half done (強制終了の試験)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from conftest import TOWN, _found_towns
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.machine.places import Place
from municipal.machine.postgresql import PostgreSQL
from municipal.machine.tests.conftest import kill
from municipal.municipalities import wall
from municipal.office.answers import Answer, once
from municipal.residents.models import Claim, Draft, Period, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.operations import decide, enter
from municipal.tests.crashing import kill_itself, points, statements_counted, struck

from .acting import CHIEF, CLERK, act, child, code, family, member, newcomer_said, notice, people_of

NOW = datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)
NEVER = 10**6
ROOMS = ("residents", "addressees", "office", "audit")
ONE_PER_TOWN = {"Chain", "NumberSeries"}
Prepare = Callable[[int], Notice]


def move_in_alone(run: int) -> Notice:
    return notice("move_in", people=(newcomer_said(f"甲野　{run}", serial=run),))


def move_in_of_four(run: int) -> Notice:
    numbered = [dict(said.items) | {"resident_code": code(10 * run + place)} for place, said in enumerate(family())]
    people = tuple(newcomer_said(**items | {"serial": 1, "name": f"{items['name']}{run}"}) for items in numbered)
    return notice("move_in", people=people)


def death_with_a_successor(run: int) -> Notice:
    head = newcomer_said(f"乙川　{run}", serial=10 * run + 5)
    event = act("move_in", people=(head, child(f"乙川　子{run}", serial=10 * run + 6)))
    return notice("death", people=(member(people_of(event)[0]),), event_on=RegisterDate(2026, 5, 19))


def cancellation(run: int) -> Notice:
    event = act("move_in", people=(newcomer_said(f"丙山　{run}", serial=10 * run + 7),))
    return notice("cancellation", cancels=event.pk, event_on=RegisterDate(2026, 5, 20))


ACTS: tuple[Prepare, ...] = (move_in_of_four, death_with_a_successor, cancellation)


@dataclass
class Request:
    """One act from entry to decision in two requests with keys, each committed by itself (要求)."""

    run: int
    notice: Notice

    def enter(self) -> int:
        def work() -> Answer:
            return Answer(201, {"draft": enter(actor=CLERK, notice=self.notice).pk})

        with wall.within(TOWN), clock.stopped_at(NOW):
            return int(once(actor=CLERK, key=f"enter-{self.run}", body=b"enter", act=work).body["draft"])

    def decide(self, draft: int) -> None:
        def work() -> Answer:
            return Answer(200, {"event": decide(actor=CHIEF, draft=draft).pk})

        with wall.within(TOWN), clock.stopped_at(NOW):
            once(actor=CHIEF, key=f"decide-{self.run}", body=b"decide", act=work)


def prepared(prepare: Prepare, run: int) -> Request:
    with wall.within(TOWN), clock.stopped_at(NOW):
        return Request(run, prepare(run))


def counted() -> Counter[str]:
    """How many rows every table of the rooms concerned holds."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    models = [model for model in models if model.__name__ not in ONE_PER_TOWN]
    with wall.within(TOWN):
        return Counter({model.__name__: model._default_manager.count() for model in models})


def more_than(before: Counter[str]) -> dict[str, int]:
    return {name: count - before[name] for name, count in counted().items() if count != before[name]}


@dataclass
class Measure:
    """What a whole act adds, and after how many statements (基準)."""

    entered: dict[str, int]
    decided: dict[str, int]
    statements: int


def measured(prepare: Prepare, run: int) -> Measure:
    """The act played without a crash, in a town that has seen it once."""
    first = prepared(prepare, 90_000 + run)
    first.decide(first.enter())
    request, before = prepared(prepare, run), counted()
    with statements_counted() as entering:
        draft = request.enter()
    entered = more_than(before)
    with statements_counted() as deciding:
        request.decide(draft)
    return Measure(entered, more_than(before), entering[0] + deciding[0])


def crash(prepare: Prepare, run: int, last: int, measure: Measure, strike: Callable[[], None] = kill_itself) -> str:
    """Crash once and look; ask again and look again. Returns how far the first try came."""
    request, before = prepared(prepare, run), counted()
    struck(lambda: request.decide(request.enter()), last, strike)
    return judged(request, before, measure)


def judged(request: Request, before: Counter[str], measure: Measure) -> str:
    left = more_than(before)
    states: dict[str, dict[str, int]] = {"nothing": {}, "entered": measure.entered, "decided": measure.decided}
    state = next((name for name, added in states.items() if added == left), None)
    assert state is not None, (left, measure)
    request.decide(request.enter())
    request.decide(request.enter())
    assert more_than(before) == measure.decided
    nothing_hangs_about()
    return state


def nothing_hangs_about() -> None:
    with wall.within(TOWN):
        assert not Claim.objects.exists()
        assert not Draft.objects.exclude(state="decided").exists()
        assert not Period.objects.exclude(record__in=ResidentRecord.objects.all()).exists()
        assert not ResidentRecord.objects.filter(periods=None).exists()
    assert verify(TOWN).is_sound


@pytest.fixture
def no_anchors(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path


def test_killed_after_any_statement_a_move_in_is_whole_or_absent_and_is_done_once(
    committed_db: str, no_anchors: None
) -> None:
    measure = measured(move_in_alone, 1)
    states = [crash(move_in_alone, 1 + last, last, measure) for last in points(measure.statements)]
    assert set(states) == {"nothing", "entered"}
    assert crash(move_in_alone, 900, NEVER, measure) == "decided"


@pytest.mark.faults
@pytest.mark.parametrize("prepare", ACTS)
def test_sixty_kills_of_each_act_leave_nothing_half_done(prepare: Prepare, committed_db: str, no_anchors: None) -> None:
    measure, chance = measured(prepare, 1), random.Random(20260520)
    # Every statement once, as far as sixty reach, in an order of chance.
    points = chance.sample(range(1, measure.statements + 1), min(60, measure.statements))
    states = Counter(crash(prepare, 2 + place, last, measure) for place, last in enumerate(points))
    assert states["nothing"] > 5
    assert states["entered"] > 5


@contextmanager
def a_cluster_of_its_own(folder: Path) -> Iterator[PostgreSQL]:
    """A durable PostgreSQL with the empty towns, to which both connections lead."""
    place = Place("run", folder)
    server = PostgreSQL(place)
    server.start()
    former = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    try:
        server.prepare_database("kijun")
        for alias in former:
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": str(place.sockets), "NAME": "kijun"}
        call_command("migrate", database="owner", verbosity=0)
        _found_towns()
        yield server
    finally:
        for alias, old in former.items():
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": old["HOST"], "NAME": old["NAME"]}
        server.stop()


@pytest.mark.faults
def test_after_twenty_kills_of_postgresql_nothing_is_half_done_and_nothing_committed_is_lost(
    tmp_path: Path, django_db_blocker: Any, no_anchors: None
) -> None:
    chance = random.Random(20260521)
    with django_db_blocker.unblock(), a_cluster_of_its_own(tmp_path / "town") as server:
        measures = {prepare: measured(prepare, 1 + place) for place, prepare in enumerate(ACTS)}

        def kill_postgresql() -> None:
            kill(int((server.data / "postmaster.pid").read_text().split("\n")[0]))

        for run in range(10, 30):
            prepare = ACTS[run % len(ACTS)]
            request, before = prepared(prepare, run), counted()
            last = chance.randrange(1, measures[prepare].statements + 1)
            struck(lambda: request.decide(request.enter()), last, kill_postgresql)  # noqa: B023 (called at once)
            connections.close_all()
            server.start()
            judged(request, before, measures[prepare])
