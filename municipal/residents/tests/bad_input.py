"""A town in which every act is possible, a good notice of each, and what a refusal must be (悪い届書の土台)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import NumberSeries
from municipal.addressees.operations import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS
from municipal.api.tests.machines import Machine, counter
from municipal.audit.models import Entry
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import Said, as_json

from .acting import (
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    home_of,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)  # fmt: skip
from .bad_input_ex_officio import ex_officio
from .bad_input_foreigners import foreigners, found_foreigners
from .bad_input_numbers import found_numbered, numbers

NEARBY = PLACE | {"block": "竹町", "lot": "３番地"}


@dataclass(frozen=True)
class World:
    """Who lives in the town, and who did (登場人物)."""

    family: list[ResidentRecord]
    neighbour: ResidentRecord
    gone: ResidentRecord
    dead: ResidentRecord
    missing: ResidentRecord
    stranger: str
    strange_home: str
    strange_event: int
    event: int
    clerk: Machine
    others: dict[str, ResidentRecord]

    @property
    def head(self) -> ResidentRecord:
        return self.family[0]

    @property
    def wife(self) -> ResidentRecord:
        return self.family[1]

    @property
    def child(self) -> ResidentRecord:
        return self.family[2]

    def home(self, who: ResidentRecord) -> str:
        return home_of(newest(who)).number


def founded() -> World:
    """The town, and a neighbour town with people of its own; call with the clock stopped, from outside the wall."""
    with wall.within(OTHER_TOWN):
        # Numbers that the town itself has not given.
        for series in (ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS):
            NumberSeries.objects.create(series=series, last_serial=500)
        theirs = act("move_in", people=family(), event_on=day(2026, 4, 1))
        stranger = people_of(theirs)[0]
        numbers = (stranger.addressee.number, stranger.household.number)
    with wall.within(TOWN):
        four = people_of(act("move_in", people=family(), event_on=day(2026, 4, 1)))
        neighbour, gone, dead, missing = (_moved_in(serial) for serial in (11, 12, 13, 15))
        act("move_out", people=(member(gone),), event_on=day(2026, 4, 20), place=ELSEWHERE)
        act("death", people=(member(dead),), event_on=day(2026, 4, 20), basis="family_register")
        act("disappearance", people=(member(missing),), event_on=day(2026, 4, 20), basis="family_register")
        event = act("move_in", people=(_alone(14),), event_on=day(2026, 4, 2))
        others = found_foreigners() | found_numbered()
    return World(four, neighbour, gone, dead, missing, *numbers, theirs.pk, event.pk, counter(), others)


def _alone(serial: int) -> Said:
    return newcomer_said(f"乙川　{serial}", serial=serial, born_on=day(1960, 1, serial))


def _moved_in(serial: int) -> ResidentRecord:
    rows: list[ResidentRecord] = people_of(act("move_in", people=(_alone(serial),), event_on=day(2026, 4, 1)))
    return rows[0]


def said(world: World, name: str) -> dict[str, Any]:
    """A good notice of the act ``name``, as it is sent."""
    with wall.within(TOWN):
        home, next_door = world.home(world.head), world.home(world.neighbour)
        beside = ex_officio(world) | numbers(world)
    whole, newborn = tuple(map(member, world.family)), child(serial=32, relationship="子", born_on=day(2026, 5, 11))
    one: dict[str, Any] = (
        {
            "move_in": {"people": (_alone(31),)},
            "move_in_by_card": {"people": (_alone(31),), "planned_on": date(2026, 5, 10)},
            "move_within": {"people": whole, "place": NEARBY},
            "move_out": {"people": whole, "place": ELSEWHERE},
            "arrival_notice": {"people": (member(world.gone),), "place": ELSEWHERE, "basis": "municipality"},
            "household_split": {"people": (member(world.child, relationship="世帯主"),)},
            "household_merger": {"people": (member(world.neighbour, relationship="同居人"),), "joins": home},
            "household_transfer": {"people": (member(world.child, relationship="同居人"),), "joins": next_door},
            "householder_change": {
                "people": (member(world.wife),),
                "confirmed": frozenset({"relationships_rewritten"}),
            },
            "birth": {"people": (newborn,), "joins": home},
            "death": {"people": (member(world.child),), "basis": "family_register"},
            "correction_ex_officio": {"people": (member(world.child, name_kana="コウノ　カズオ"),)},
            "minor_correction": {"people": (member(world.child, address_lot="１番地の２"),)},
            "correction_of_error": {"people": (member(world.child, name_kana="コウノ　カズオ"),)},
            "cancellation": {"cancels": world.event},
        }
        | beside
        | foreigners(world.others)
    )
    return as_json(notice(name, **{"confirmed": frozenset({"no_head"})} | one[name]))


def _counting() -> str:
    """One statement that counts every table of the register, its directory, the numbers and what the office keeps."""
    models: list[type[Model]] = [KeptAnswer]
    for room in ("residents", "addressees", "numbers"):
        models += apps.get_app_config(room).get_models()
    tables = [model._meta.db_table for model in models]
    counts = [f"(SELECT count(*) FROM {table}) AS {table}" for table in tables]
    return f"SELECT {', '.join(counts)}, (SELECT sum(last_serial) FROM addressees_numberseries) AS numbers"


def rows() -> dict[str, int]:
    """How many rows each table holds, of either town."""
    found: dict[str, int] = {}
    for town in (TOWN, OTHER_TOWN):
        with wall.within(town), connection.cursor() as cursor:
            cursor.execute(_counting())
            names = [column.name for column in cursor.description]
            found |= {f"{town} {name}": int(count) for name, count in zip(names, cursor.fetchone(), strict=True)}
    return found


def assert_refused(world: World, body: Any, code: str, status: int, label: object = "") -> None:
    """Sent by a machine, ``body`` gets one sentence, does nothing, and is in the audit."""
    before = rows()
    answer = world.clerk.post("events", body)
    problem = answer.json()
    assert (answer.status_code, problem.get("code")) == (status, code), (label, answer.content.decode())
    assert rows() == before, label
    assert problem["messages"]["ja"].endswith("。"), label
    english = problem["messages"]["en"]
    assert english.endswith("."), label
    assert english[0].isascii(), (label, english)
    with wall.within(TOWN):
        last = Entry.objects.filter(kind="refusal").order_by("-seq").first()
        assert last is not None
        assert (last.code, last.actor_id) == (code, world.clerk.staff.pk), label
