"""Loading a population at once, beside ``bulk_create`` of the same rows (一括登録の測定)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import chain
from typing import Any

from django.db import connections

from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.addressees.models import Addressee, AddresseeKind, Protection
from municipal.municipalities import wall
from municipal.residents.keys import keys_of
from municipal.residents.loading import DIRECTORY, Life, Loader, stretches
from municipal.residents.models import Household, Period, ResidentRecord, SearchKey
from municipal.residents.playing import life_of
from municipal.residents.rules.kinship import HEAD

from .ground import AS_OF, TOWN
from .measuring import Table, Times

RATIO = 6.0
BATCH = 1000
INDEXES = ("search_key_from_the_start", "search_key_anywhere", "search_key_by_character")
Fresh = Callable[[], AbstractContextManager[str]]


def measure(fresh: Fresh, people: int = 20_000, rounds: int = 3) -> list[Table]:
    """``people`` residents by both ways in turn, each time into an empty town, without and with search indexes."""
    day = date.fromisoformat(AS_OF)
    lives = [life_of(person, day) for person in build(made_up_town(f"{TOWN}"), people, 5, day)]
    table = Table(
        "Bulk load",
        (
            "into tables",
            "people",
            "rows of history",
            "ours",
            "`bulk_create`",
            "bulk_create / ours",
            "rebuilding indexes",
        ),
        "Median by the clock, commit included; directory, households, records, periods, search keys and protections, "
        f"with every constraint. Target: at least {RATIO:g} times as fast without the search indexes.",
    )
    for indexed in (False, True):
        _compare(table, fresh, lives, rounds, indexed=indexed)
    return [table]


def _compare(table: Table, fresh: Fresh, lives: Sequence[Life], rounds: int, *, indexed: bool) -> None:
    ours, plain, rebuilding = Times(), Times(), Times()
    for _ in range(rounds):
        for times, way in ((ours, _by_loader), (plain, _by_bulk_create)):
            with fresh():
                indexes = [] if indexed else _drop_indexes()
                with times.taking(), wall.within(TOWN):
                    way(lives)
                with rebuilding.taking():
                    _as_owner(indexes)
    ratio = plain.p50 / ours.p50
    table.add(
        "with search indexes" if indexed else "without search indexes", f"{len(lives):,}",
        f"{sum(len(life.rows) for life in lives):,}", f"{ours.p50:.1f} s", f"{plain.p50:.1f} s", f"{ratio:.1f}",
        "" if indexed else f"{rebuilding.p50:.1f} s", is_met=None if indexed else ratio >= RATIO,
    )  # fmt: skip


def _drop_indexes() -> list[str]:
    """Drop the search indexes; returns what makes them again."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(INDEXES)])
        made_by = [str(said) for (said,) in cursor.fetchall()]
    _as_owner([f"DROP INDEX {name}" for name in INDEXES])
    return made_by


def _as_owner(statements: Sequence[str]) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _by_loader(lives: Sequence[Life]) -> None:
    Loader().load(lives)


def _by_bulk_create(lives: Sequence[Life]) -> None:
    """The same rows as a Django programmer would write them down."""
    numbers = dict.fromkeys(row.household_number for life in lives for row in life.rows)
    households = {found.number: found for found in _create(Household, (Household(number=one) for one in numbers))}
    people = _create(Addressee, (Addressee(**_directory(life)) for life in lives))
    pairs = [(person, life) for person, life in zip(people, lives, strict=True)]
    records = iter(_create(ResidentRecord, _records(pairs, households)))
    _create(Period, chain.from_iterable(_periods(pair, records, households) for pair in pairs))
    _create(SearchKey, chain.from_iterable(_keys(pair) for pair in pairs))
    _create(
        Protection,
        (Protection(addressee=person, starts_on=life.protected_from) for person, life in pairs if life.protected_from),
    )


def _create(model: Any, rows: Iterator[Any]) -> list[Any]:
    created: list[Any] = model.objects.bulk_create(rows, batch_size=BATCH)
    return created


def _directory(life: Life) -> dict[str, Any]:
    said = life.rows[-1].items
    mailing = {name: said[name.replace("mailing_", "address_")] for name in DIRECTORY if name.startswith("mailing_")}
    return mailing | {
        "number": life.number, "kind": AddresseeKind.RESIDENT, "name": said["name"], "kana": said["name_kana"],
        "born_on": said["born_on"], "life_state": said["status"],
    }  # fmt: skip


def _records(pairs: Sequence[tuple[Addressee, Life]], households: dict[str, Household]) -> Iterator[ResidentRecord]:
    for person, life in pairs:
        for serial, row in enumerate(life.rows, 1):
            yield ResidentRecord(
                addressee=person, serial=serial, household=households[row.household_number],
                recorded_at=row.recorded_at, **row.items,
            )  # fmt: skip


def _periods(
    pair: tuple[Addressee, Life], records: Iterator[ResidentRecord], households: dict[str, Household]
) -> Iterator[Period]:
    person, life = pair
    own = [next(records) for _ in life.rows]
    for index, valid, recorded in stretches(life.rows):
        row = life.rows[index]
        yield Period(
            addressee=person, record=own[index], household=households[row.household_number],
            is_registered=row.items["status"] == "1", is_head=row.items["relationship"] == HEAD,
            valid=valid, recorded=recorded,
        )  # fmt: skip


def _keys(pair: tuple[Addressee, Life]) -> Iterator[SearchKey]:
    person, life = pair
    current = set(keys_of(life.rows[-1].items))
    every = dict.fromkeys(key for row in reversed(life.rows) for key in keys_of(row.items))
    return (SearchKey(addressee=person, is_current=key in current, **key._asdict()) for key in every)
