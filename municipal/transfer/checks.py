"""What only the database can say of staged rows, asked of all of them at once (仮置きした行の確認)."""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models import CheckConstraint

from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.rules.records import refuse_unless_dated, refuse_unless_related

from .faults import Fault
from .parts import PARTS, Link, Part
from .queries import keys_of
from .staging import joins, staged
from .values import MOST_FAULTS

Files = dict[str, str]
"""Name of the file that a part came in."""


def mark_known(here: Any) -> None:
    """Say of every staged row whether it is new, and which row it is where it is not (既存の行との照合)."""
    for part in PARTS.values():
        here.execute(f"ANALYZE {staged(part)}")
        if part.numbered:
            here.execute(
                f"UPDATE {staged(part)} s SET _id = k.id FROM {keys_of(part)} k WHERE k.key = s._own AND NOT s._is_new"
            )
        else:
            here.execute(_known(part))
        here.execute(f"UPDATE {staged(part)} SET _is_new = true WHERE _id IS NULL")


def _known(part: Part) -> str:
    """The row with the same key; of a stretch that may be closed, the same beginning."""
    tables, on = [f"{part.table} r"], []
    for name in part.key:
        column = column_of(part, name)
        if (link := part.links.get(name)) is not None:
            table, number = _REAL[link]
            tables.append(f"LEFT JOIN {table} {name}_ ON {name}_.id = r.{column}")
            # What may be empty is compared as text: nothing equals nothing, and PostgreSQL can still hash it.
            ours, theirs = f"{name}_.{number}::text", f"s._{name}"
            is_optional = part.model._meta.get_field(name).null
            on.append(f"coalesce({ours}, '') = coalesce({theirs}, '')" if is_optional else f"{ours} = {theirs}")
        elif name == part.closes:
            on.append(f"lower(r.{column}) = lower(s.{column})")
        else:
            on.append(f'r."{column}" = s."{column}"')
    # Whoever is no resident keeps the number: that is found out as a fault of its own.
    return f"UPDATE {staged(part)} s SET _id = r.id FROM {' '.join(tables)} WHERE NOT s._is_new AND {' AND '.join(on)}"


_REAL = {
    Link.ADDRESSEE: ("addressees_addressee", "number"),
    Link.HOUSEHOLD: ("residents_household", "number"),
    Link.RECORD: ("residents_residentrecord", "serial"),
    Link.MEASURE: ("addressees_supportmeasure", "number"),
}


def faults(here: Any, files: Files) -> Iterator[Fault]:
    """Every fault of the staged rows, part by part; ``number_rows`` has run (エラーの一覧)."""
    for part in PARTS.values():
        if part.name in files:
            yield from _of_part(here, part, files[part.name])
    yield from _of_histories(here, files)
    yield from _of_stretches(here, files)


def _of_part(here: Any, part: Part, file: str) -> Iterator[Fault]:
    yield from _constraints(here, part, file)
    for name in part.links:
        heading = part.heading(name)
        missing = f"SELECT s._row FROM {staged(part)} s {joins(part)} WHERE s._{name} IS NOT NULL AND {name}.id IS NULL"
        yield from (Fault(file, row, heading, "IN-0011") for row in _rows(here, missing))
    key = ["_own"] if part.numbered else [_column(part, name) for name in part.key]
    same = ", ".join(f's."{name}"' for name in key)
    twice = f"SELECT max(s._row) FROM {staged(part)} s GROUP BY {same} HAVING count(*) > 1"
    heading = part.numbered.value if part.numbered else part.heading(part.key[-1])
    yield from (Fault(file, row, heading, "IN-0012") for row in _rows(here, twice))


def _column(part: Part, name: str) -> str:
    return f"_{name}" if name in part.links else column_of(part, name)


def column_of(part: Part, name: str) -> str:
    """The column of the field with this name (列名)."""
    field: Any = part.model._meta.get_field(name)
    return str(field.column)


def _rows(here: Any, statement: str) -> list[int]:
    here.execute(f"{statement} ORDER BY 1 LIMIT {MOST_FAULTS}")
    return [int(row) for (row,) in here.fetchall()]


def _constraints(here: Any, part: Part, file: str) -> Iterator[Fault]:
    """The table's own constraints and columns that may not be empty, in one look at the rows."""
    with connections[wall.opening().using].schema_editor(collect_sql=True, atomic=False) as editor:
        said = {
            one.name: one._get_check_sql(part.model, editor)  # type: ignore[attr-defined]
            for one in part.model._meta.constraints
            if isinstance(one, CheckConstraint)
        }
    columns = {one.column: part.heading(one.name) for one in part.fields if not one.null and one.name not in part.links}
    said |= {f"@{name}": f's."{name}" IS NOT NULL' for name in columns if name != "subjects"}
    own = {constraint.name: constraint for constraint in part.model._meta.constraints}
    asked = ", ".join(f"('{name}', {condition})" for name, condition in said.items())
    here.execute(
        f"SELECT s._row, one.name FROM {_as_table(part)} s CROSS JOIN LATERAL (VALUES {asked}) AS one (name, is_met) "
        f"WHERE NOT one.is_met ORDER BY 1, 2 LIMIT {MOST_FAULTS}"
    )
    for row, name in here.fetchall():
        if name.startswith("@"):
            yield Fault(file, int(row), columns[name[1:]], "IN-0022")
        else:
            message, usual = own[name].violation_error_message, own[name].default_violation_error_message
            yield Fault(file, int(row), "", "IN-0010", "" if message == usual else str(message))


def _as_table(part: Part) -> str:
    """The staged rows with the names of the table's columns, references as ids."""
    ids = "".join(f', {name}.id AS "{name}_id"' for name in part.links)
    return f"(SELECT s.*{ids} FROM {staged(part)} s {joins(part)})"


def _of_histories(here: Any, files: Files) -> Iterator[Fault]:
    """Rows of another register under a number of this one, histories that do not begin, numbers of others."""
    if "history" not in files:
        return
    file, heading = files["history"], PARTS["history"].heading("serial")
    other = (
        "SELECT s._row FROM staged_history s JOIN residents_residentrecord r ON r.id = s._id "
        "WHERE NOT s._is_new AND r.recorded_at <> s.recorded_at"
    )
    yield from (Fault(file, row, heading, "IN-0013") for row in _rows(here, other))
    begun = (
        "SELECT min(s._row) FROM staged_history s LEFT JOIN addressees_addressee a ON a.number = s._addressee "
        "LEFT JOIN LATERAL (SELECT max(serial) AS last FROM residents_residentrecord r WHERE r.addressee_id = a.id) "
        "known ON true WHERE s._is_new GROUP BY s._addressee, known.last "
        "HAVING min(s.serial) <> coalesce(known.last, 0) + 1 OR max(s.serial) - min(s.serial) + 1 <> count(*)"
    )
    yield from (Fault(file, row, heading, "IN-0014") for row in _rows(here, begun))
    yield from _of_words(here, file)
    taken = (
        "SELECT s._row FROM staged_history s JOIN addressees_addressee a ON a.number = s._addressee "
        "WHERE a.kind <> 'resident' AND s._is_new"
    )
    yield from (Fault(file, row, Link.ADDRESSEE.value, "IN-0019") for row in _rows(here, taken))


def _of_words(here: Any, file: str) -> Iterator[Fault]:
    """What the register's own rules refuse of any act: relationships and reasons; every different one is asked once."""
    part = PARTS["history"]
    stateless = _rows(here, "SELECT _row FROM staged_history WHERE status = ''")
    yield from (Fault(file, row, part.heading("status"), "IN-0022") for row in stateless)
    here.execute("SELECT relationship, min(_row) FROM staged_history GROUP BY 1 ORDER BY 2")
    for words, row in here.fetchall():
        try:
            refuse_unless_related(words)
        except Refused as refused:
            yield Fault(file, int(row), part.heading("relationship"), "IN-0010", refused.sentence, refused.values)
    here.execute("SELECT reason, event_on, min(_row) FROM staged_history GROUP BY 1, 2 ORDER BY 3")
    for reason, event_on, row in here.fetchall():
        if reason not in table("event_reason"):
            yield Fault(file, int(row), part.heading("reason"), "IN-0005")
            continue
        try:
            refuse_unless_dated(reason, RegisterDate.parse(event_on) if event_on else None)
        except Refused as refused:
            yield Fault(file, int(row), part.heading("event_on"), "IN-0010", refused.sentence, refused.values)


def _of_stretches(here: Any, files: Files) -> Iterator[Fault]:
    """Two heads or two truths at once: the row of the history that came later is told."""
    file = files.get("history", files.get("periods", ""))
    both = (
        "SELECT DISTINCT greatest(one._record::int, other._record::int) AS serial, one._addressee AS number "
        "FROM staged_periods one JOIN staged_periods other ON {} AND one.valid && other.valid AND one._row < other._row"
    )
    heads = both.format(
        "one._household = other._household AND one.is_head AND other.is_head AND one.is_registered AND "
        "other.is_registered AND upper(one.recorded) IS NULL AND upper(other.recorded) IS NULL AND "
        "one._addressee <> other._addressee"
    )
    truths = both.format("one._addressee = other._addressee AND one.recorded && other.recorded")
    for code, statement in (("IN-0015", heads), ("IN-0021", truths)):
        place = (
            f"SELECT coalesce(s._row, 0) FROM ({statement}) found "
            "LEFT JOIN staged_history s ON s._addressee = found.number AND s.serial = found.serial"
        )
        yield from (Fault(file, row, "", code) for row in _rows(here, place))
