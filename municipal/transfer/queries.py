"""The statements that write the files (引渡しの問合せ)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from .parts import PARTS, Cell, Link, Part, Shape, cells_of, shape_of
from .parts.cells import LINK_SQL

TOWN, WITHHELD = "市区町村コード", "住所の非表示"
_TOWN = Cell(TOWN, "lpad(r.municipality_id::text, 6, '0')")


def numbering() -> Iterator[str]:
    """Statements that number, in temporary tables, the rows that no field numbers (番号のない行の番号).

    The number outside this database: whose row it is, and which of theirs, in the order of ids.
    """
    for part in PARTS.values():
        if part.numbered:
            table = keys_of(part)
            yield f"DROP TABLE IF EXISTS {table}"
            yield (
                f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT id, owner, place, "
                "concat(owner, '-', place) AS key FROM (SELECT id, owner, row_number() OVER (PARTITION BY owner "
                f"ORDER BY id) AS place FROM (SELECT r.id, coalesce({part.owner}, '0') AS owner FROM {part.table} r) "
                "owned) numbered"
            )
            yield f"CREATE INDEX ON {table} (id)"
            yield f"CREATE INDEX ON {table} (key)"
            yield f"ANALYZE {table}"


def keys_of(part: Part) -> str:
    """The temporary table with the numbers of a part's rows (番号の表)."""
    return f"keys_{part.name}"


NEWEST = (
    "JOIN (SELECT addressee_id, max(serial) AS serial FROM residents_residentrecord GROUP BY addressee_id) newest"
    " ON newest.addressee_id = r.addressee_id AND newest.serial = r.serial"
)


@dataclass(frozen=True)
class Query:
    """Headings, and a SELECT as text with named parameters that gives their cells (問合せ)."""

    headings: tuple[str, ...]
    text: str

    def composed(self, parameters: Mapping[str, Any]) -> sql.Composed:
        """The statement with its parameters written out: COPY takes none (文の組立て)."""
        parts: list[sql.Composable] = []
        rest = self.text
        while (at := rest.find("%(")) >= 0:
            end = rest.index(")s", at)
            parts += [sql.SQL(rest[:at]), sql.Literal(parameters[rest[at + 2 : end]])]
            rest = rest[end + 2 :]
        return sql.Composed([*parts, sql.SQL(rest)])


def of_part(part: Part, *, is_part: bool, is_whole: bool, is_newest: bool = False) -> Query:
    """The rows of a part in the order of their keys (部分の問合せ).

    ``is_part``: only what is new. ``is_whole``: with protected addresses. ``is_newest``: of a history, the last row.
    """
    names = {field.name for field in part.fields}
    # A perpetrator's row names the perpetrator, not whom it would give away: it is withheld whoever that is.
    is_own = "addressee" in names and part.name != "perpetrators"
    person = "r.id" if part.name == "addressees" else "r.addressee_id" if is_own else ""
    cells = [_TOWN, *_own(part), *_cells(part, is_whole=is_whole, has_person=bool(person))]
    joins = [NEWEST] if is_newest else []
    joins += [_join(part, name) for name in part.links]
    if part.numbered:
        joins.append(f"JOIN {keys_of(part)} own ON own.id = r.id")
    if person:
        joins.append(f"LEFT JOIN unnest(%(hidden)s::bigint[]) AS hidden (id) ON hidden.id = {person}")
    if part.name == "history":
        cells.append(Cell(WITHHELD, "(hidden.id IS NOT NULL)::int"))
    asked = [f"({said})" for said in (part.where, part.since if is_part else "") if said]
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    return Query(
        tuple(cell.heading for cell in cells),
        f"SELECT {', '.join(cell.sql for cell in cells)}\nFROM {part.table} r {' '.join(joins)}\n"
        f"{where}\nORDER BY {', '.join(_order(part))}",
    )


def _own(part: Part) -> list[Cell]:
    return [Cell(part.numbered.value, "own.key")] if part.numbered else []


def _cells(part: Part, *, is_whole: bool, has_person: bool) -> list[Cell]:
    found = []
    for field in part.fields:
        link = part.links.get(field.name)
        column = f"{field.name}_.{LINK_SQL[link][1]}" if link else f"r.{field.column}"
        for cell in cells_of(field):
            written = cell.sql.format(column)
            if field.name in part.withheld and not is_whole:
                written = f"CASE WHEN hidden.id IS NULL THEN {written} END" if has_person else "NULL"
            found.append(Cell(cell.heading, written))
    return found


def _join(part: Part, name: str) -> str:
    return f"LEFT JOIN {LINK_SQL[part.links[name]][0]} {name}_ ON {name}_.id = r.{name}_id"


def _order(part: Part) -> list[str]:
    if part.numbered:
        return ['own.owner COLLATE "C"', "own.place"]
    found = []
    for name in part.key:
        if (link := part.links.get(name)) is Link.RECORD:
            found.append(f"{name}_.serial")
        elif link is not None:
            found.append(f'{name}_.{LINK_SQL[link][1]} COLLATE "C"')
        elif shape_of(part.model._meta.get_field(name)) is Shape.TEXT:
            found.append(f'r.{name} COLLATE "C"')
        else:
            found.append(f"r.{name}")
    return found


SUPPORT = Query(
    (
        TOWN,
        "宛名番号",
        "支援措置履歴番号",
        "支援措置開始年月日",
        "支援措置終了年月日",
        "支援措置区分",
        "仮支援措置有無",
        "仮支援措置開始年月日",
        "当初受付市区町村",
        "転送年月日",
        "転送先市区町村",
    ),
    """
    SELECT lpad(r.municipality_id::text, 6, '0'), person.number,
      row_number() OVER (PARTITION BY r.addressee_id ORDER BY r.starts_on, measure.number),
      coalesce(newest.starts_on, r.starts_on), coalesce(r.lifted_on, newest.ended_on, newest.ends_on, r.ends_on),
      newest.kind, (newest.status = 'provisional')::int, newest.provisional_from,
      nullif(newest.first_municipality, ''), sent.forwarded_on, sent."to"
    FROM addressees_protection r
    JOIN addressees_addressee person ON person.id = r.addressee_id
    LEFT JOIN addressees_supportmeasure measure ON measure.id = r.measure_id
    LEFT JOIN LATERAL (
      SELECT * FROM addressees_measurestep step WHERE step.measure_id = r.measure_id ORDER BY step.serial DESC LIMIT 1
    ) newest ON true
    LEFT JOIN LATERAL (
      SELECT * FROM addressees_forwarding one WHERE one.measure_id = r.measure_id ORDER BY one.id DESC LIMIT 1
    ) sent ON true
    ORDER BY person.number COLLATE "C", 3
    """,
)
"""Support measures person by person, in the items of the published list (支援措置)."""
