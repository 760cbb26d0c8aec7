"""Searching the register by what a clerk types, beside the plain way and the floor (検索の測定)."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from psycopg import sql

from municipal.addressees.models import Addressee
from municipal.core.characters import kana_key, kana_reading, kind_of_query, name_key
from municipal.core.eras import era_of
from municipal.core.refusals import Refused
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import SearchKey
from municipal.residents.search import LIMIT, Hits, find

from .ground import TOWN, connect
from .measuring import Table, Times, ms

TARGET = 0.100
COMPARED = 10
RARE = 0.1
ABSENT = {
    "kana": ("ヌ", "ヴ", "ヌヌ", "ヲヴ", "ヌヌヌ", "ポヌヌラ", "ヘンポライ"),
    "kanji": ("鬱", "龘", "鬱龘", "龘々", "鬱龘鬱", "龘鬱龘"),
}
Query = str
Way = Callable[[Query], object]


def measure(queries: int = 200, seed: int = 1) -> list[Table]:
    """``queries`` of each kind; one in ten by each way, in turn."""
    return [_table(list(_kinds(random.Random(seed), queries)))]


def _table(kinds: list[tuple[str, list[Query]]]) -> Table:
    table = Table(
        "Search",
        ("what is typed", "queries", "p50", "p95", "search alone p95", "plain way p95", "floor p95", "plain / ours"),
        "Whole: `search.find` and the 50 rows to show, in a transaction behind the wall; target: p95 at most 100 ms. "
        "Search alone: the names without the rows. Plain way: `filter(key__contains=...)` of the ORM behind the wall. "
        "Floor: the statements of our search function as superuser, who has no wall. These three: one query in ten.",
    )
    with connect(SUPERUSER) as superuser:
        lower_the_wall(superuser)
        for name, queries in kinds:
            _one_kind(table, name, queries, lambda query: by_floor(superuser, query))
    return table


def _one_kind(table: Table, name: str, queries: list[Query], floor: Way) -> None:
    ways: list[Way] = [_whole]
    if kind_of_query(queries[0]) in ("kana", "name"):
        ways += [alone, _plainly, floor]
    for way in ways:
        way(queries[0])
    found = [Times() for _ in ways]
    for number, query in enumerate(queries):
        # The plain way is slow: one query in ten goes the other ways too.
        for way, times in zip(ways if number % COMPARED == 0 else ways[:1], found, strict=False):
            with times.taking():
                way(query)
    whole, rest = found[0], [times.p95 for times in found[1:]]
    others = [*map(ms, rest), f"{rest[1] / rest[0]:.1f}"] if rest else ["", "", "", ""]
    table.add(name, f"{len(queries)}", ms(whole.p50), ms(whole.p95), *others, is_met=whole.p95 <= TARGET)


def _whole(query: Query) -> object:
    with wall.within(TOWN), suppress(Refused):
        return inquiry.rows(find(query).addressees)
    return None


def alone(query: Query) -> Hits:
    with wall.within(TOWN):
        return find(query)


def _asked(query: Query) -> tuple[str, str, str]:
    """Script, key and sound, as the search itself asks."""
    if kind_of_query(query) == "kana":
        return "k", kana_key(query), kana_reading(query)
    return "n", name_key(query), ""


def _plainly(query: Query) -> object:
    script, key, _ = _asked(query)
    with wall.within(TOWN):
        found = SearchKey.objects.filter(script=script, key__contains=key).order_by("key")
        return list(found.values_list("addressee", "is_current")[: LIMIT + 1])


def lower_the_wall(superuser: Any) -> None:
    """The same function, but with the rights of who calls it: a superuser, whom no policy concerns."""
    said = superuser.execute("SELECT pg_get_functiondef('kijun_search_names'::regproc)").fetchone()[0]
    mine = said.replace("public.kijun_search_names", "pg_temp.without_wall").replace("SECURITY DEFINER", "")
    superuser.execute(mine)
    superuser.execute("SELECT set_config(%s, %s, false)", [wall.SETTING, str(TOWN)])


def by_floor(superuser: Any, query: Query) -> list[Any]:
    call = sql.SQL("SELECT * FROM pg_temp.without_wall(%s, %s, %s, %s)")
    with superuser.transaction():
        return list(superuser.execute(call, [*_asked(query), LIMIT + 1]))


def _kinds(chance: random.Random, queries: int) -> Iterator[tuple[str, list[Query]]]:
    """What is typed, drawn from people of the town; one in ten is rare or nobody's."""
    with wall.within(TOWN):
        town = Addressee.objects.filter(kind="resident").values_list("number", "name", "kana", "born_on")
        people = chance.choices(list(town.order_by("number")), k=queries)
    kana = [kana.split("\u3000")[0] or kana for _, _, kana, _ in people]
    whole = [kana.replace("\u3000", "") for _, _, kana, _ in people]
    names = [name for _, name, _, _ in people if not name.isascii()]
    for size in (1, 2):
        yield f"{size} kana", _parts(chance, whole, size, ABSENT["kana"])
    yield "3 kana", _parts(chance, whole, 3, ABSENT["kana"])
    yield "family name in kana", _some_absent(chance, kana, ABSENT["kana"])
    yield "whole name in kana", _some_absent(chance, whole, ABSENT["kana"])
    for size in (1, 2, 3):
        yield f"{size} kanji", _parts(chance, [name.replace("\u3000", "") for name in names], size, ABSENT["kanji"])
    yield "number", _some_absent(chance, [number for number, *_ in people], ("999999999999999", "100000000000009"))
    yield "era date", [_era_digits(date.fromisoformat(str(born)[:10])) for *_, born in people if _is_known(born)]


def _parts(chance: random.Random, names: Sequence[str], size: int, absent: Sequence[str]) -> list[Query]:
    """Half from the start of a name, half from somewhere inside."""
    found = []
    for number, name in enumerate(names):
        begin = chance.randrange(max(1, len(name) - size + 1)) if number % 2 else 0
        found.append(name[begin : begin + size])
    return _some_absent(chance, found, [word for word in absent if len(word) == size])


def _some_absent(chance: random.Random, found: Sequence[Query], absent: Sequence[Query]) -> list[Query]:
    return [chance.choice(absent) if absent and chance.random() < RARE else query for query in found]


def _is_known(born_on: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(born_on)[:10]))
    except ValueError:
        return False


def _era_digits(day: date) -> Query:
    """Seven digits: era, year, month, day."""
    era = era_of(day)
    return f"{era.code}{day.year - era.starts_on.year + 1:02d}{day:%m%d}"
