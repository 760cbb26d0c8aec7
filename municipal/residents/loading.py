"""A whole population at once: the rows of many histories, straight into the register (一括登録).

For a made-up town and for taking over a register from another system. Rows go through the policies of the wall and
every constraint; what an act would ask a clerk is not asked here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from psycopg.types.range import Range

from municipal.addressees.fields import ADDRESS_PARTS
from municipal.addressees.models import Addressee, AddresseeKind, Protection
from municipal.municipalities.bulk import load, take_ids

from .keys import NAMES, keys_of
from .models import Household, Period, ResidentRecord, SearchKey
from .rules.kinship import HEAD
from .times import INSTANT

EMPTY = ("", None)
DIRECTORY = ("number", "kind", "name", "kana", "born_on", "life_state", *(f"mailing_{part}" for part in ADDRESS_PARTS))


@dataclass(frozen=True)
class Row:
    """One row of a history to load: every item by field name, its stretch of time, and when it was recorded (履歴行).

    ``corrects`` names the serial of the row that this one replaces; otherwise the row replaces all that came before,
    from ``valid_from`` on.
    """

    items: Mapping[str, Any]
    household_number: str
    valid_from: date
    recorded_at: datetime
    corrects: int | None = None


@dataclass(frozen=True)
class Life:
    """One person to load: addressee number, rows in the order of their serials, a protection if there is one (本人)."""

    number: str
    rows: Sequence[Row]
    protected_from: date | None = None


@dataclass
class Loader:
    """Loads lives batch by batch; remembers the households of earlier batches (一括登録の実行)."""

    households: dict[str, int] = field(default_factory=dict)

    def load(self, lives: Sequence[Life]) -> int:
        """Load ``lives`` inside the municipality that is open; returns how many rows of history there were."""
        people = take_ids(Addressee, len(lives))
        self._load_households(lives)
        rows = list(chain.from_iterable(life.rows for life in lives))
        records = take_ids(ResidentRecord, len(rows))
        load(Addressee, ("id", *DIRECTORY), self._directory(lives, people))
        self._load_records(lives, people, records)
        load(
            Period,
            ("addressee_id", "record_id", "household_id", "is_registered", "is_head", "valid", "recorded"),
            self._periods(lives, people, records),
        )
        load(SearchKey, ("addressee_id", "script", "is_whole", "is_current", "key", "reading"), _keys(lives, people))
        load(Protection, ("addressee_id", "is_own", "starts_on"), _protections(lives, people))
        return len(rows)

    def _load_households(self, lives: Sequence[Life]) -> None:
        mentioned = dict.fromkeys(row.household_number for life in lives for row in life.rows)
        fresh = [number for number in mentioned if number not in self.households]
        self.households |= dict(zip(fresh, take_ids(Household, len(fresh)), strict=True))
        load(Household, ("id", "number"), ((self.households[number], number) for number in fresh))

    def _directory(self, lives: Sequence[Life], people: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for life, person in zip(lives, people, strict=True):
            said = life.rows[-1].items
            mailing = (said[f"address_{part}"] for part in ADDRESS_PARTS)
            born_on = str(said["born_on"])
            kind = AddresseeKind.RESIDENT.value
            yield (person, life.number, kind, said["name"], said["name_kana"], born_on, said["status"], *mailing)

    def _load_records(self, lives: Sequence[Life], people: Sequence[int], records: Sequence[int]) -> None:
        names = _filled([row.items for life in lives for row in life.rows])
        values = itemgetter(*names)
        columns = ("id", "addressee_id", "serial", "household_id", "recorded_at", *names)
        ids = iter(records)
        load(
            ResidentRecord,
            columns,
            (
                (
                    next(ids),
                    person,
                    serial,
                    self.households[row.household_number],
                    recorded_at,
                    *values(row.items),
                )
                for life, person in zip(lives, people, strict=True)
                for serial, (row, recorded_at) in enumerate(zip(life.rows, moments(life.rows), strict=True), 1)
            ),
        )

    def _periods(
        self, lives: Sequence[Life], people: Sequence[int], records: Sequence[int]
    ) -> Iterator[tuple[Any, ...]]:
        ids = iter(records)
        for life, person in zip(lives, people, strict=True):
            own = [next(ids) for _ in life.rows]
            for index, valid, recorded in stretches(life.rows):
                row = life.rows[index]
                yield (
                    person,
                    own[index],
                    self.households[row.household_number],
                    row.items["status"] == "1",
                    row.items["relationship"] == HEAD,
                    _written(valid),
                    _written(recorded),
                )


def _filled(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The items that anybody has a value in; in all others the database's default says the same: empty."""
    return [
        item.attname
        for item in ResidentRecord._meta.fields
        if item.attname in rows[0] and any(row[item.attname] not in EMPTY for row in rows)
    ]


def moments(rows: Sequence[Row]) -> Iterator[datetime]:
    """When each row was recorded: after the one before it, however fast two acts follow each other."""
    last: datetime | None = None
    for row in rows:
        last = max(row.recorded_at, last + INSTANT) if last else row.recorded_at
        yield last


def stretches(rows: Sequence[Row]) -> Iterator[tuple[int, Range[date], Range[datetime]]]:
    """Which row (index) holds when, and since when that is known: the same answer as entering them one by one."""
    known: list[tuple[int, Range[date], datetime]] = []
    for index, (row, known_at) in enumerate(zip(rows, moments(rows), strict=True)):
        valid = _valid(row, known)
        still_known = []
        for former, held, since in known:
            if not _overlap(held, valid):
                still_known.append((former, held, since))
                continue
            yield former, held, Range(since, known_at)
            if held.lower < valid.lower:  # type: ignore[operator]
                still_known.append((former, Range(held.lower, valid.lower), known_at))
            if valid.upper and (held.upper is None or held.upper > valid.upper):
                still_known.append((former, Range(valid.upper, held.upper), known_at))
        known = [*still_known, (index, valid, known_at)]
    for index, held, since in known:
        yield index, held, Range(since, None)


def _written(stretch: Range[Any]) -> str:
    """As PostgreSQL reads a range whose end does not belong to it; psycopg would ask about each bound anew."""
    return f"[{stretch.lower},{'' if stretch.upper is None else stretch.upper})"


def _overlap(one: Range[date], other: Range[date]) -> bool:
    begins_in_time = other.upper is None or one.lower < other.upper  # type: ignore[operator]
    return begins_in_time and (one.upper is None or other.lower < one.upper)  # type: ignore[operator]


def _valid(row: Row, known: Iterable[tuple[int, Range[date], datetime]]) -> Range[date]:
    """From the row's day on; a correction takes the place of what it corrects and no more."""
    if row.corrects is not None:
        for former, held, _ in known:
            if former == row.corrects - 1:
                return Range(row.valid_from, held.upper)
    return Range(row.valid_from, None)


def _keys(lives: Sequence[Life], people: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for life, person in zip(lives, people, strict=True):
        current = set(keys_of(life.rows[-1].items))
        every = dict.fromkeys(key for row in reversed(life.rows) for key in _keys_of(row, life.rows[-1], current))
        for key in every:
            yield person, key.script.value, key.is_whole, key in current, key.key, key.reading


def _keys_of(row: Row, newest: Row, current: set[Any]) -> Iterable[Any]:
    """Most rows of a history repeat the names of the newest: their keys need not be folded again."""
    if all(row.items.get(name) == newest.items.get(name) for name in NAMES):
        return current
    return keys_of(row.items)


def _protections(lives: Sequence[Life], people: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for life, person in zip(lives, people, strict=True):
        if life.protected_from is not None:
            yield person, True, life.protected_from
