"""Carrying out many plans of one act at once, a few statements for all of them (一括の本登録).

What each statement does is what ``carry_out`` and ``add_row`` do for one act; a test holds the two to the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connections
from django.db.models import F, Func, Value
from psycopg.types.range import Range

from municipal.addressees.models import Addressee
from municipal.audit.operations import asking
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office.outbox import emit_all
from municipal.places.finding import office_of
from municipal.residents.acts import Plan
from municipal.residents.keys import NAMES
from municipal.residents.models import Period, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.rules.kinship import HEAD
from municipal.residents.times import INSTANT

from .carrying_out import TOPIC, event_of
from .recording import DIRECTORY, follow, refuse_unfilled, refuse_unfit, rests_of
from .telling import SUPPLEMENT, is_ours, moved_from


@dataclass(frozen=True)
class Decided:
    """One act of many: what it was told as, its plan, and the plan's rows, not saved (決定した異動)."""

    notice: Notice
    plan: Plan
    rows: Sequence[ResidentRecord]


def decided(notice: Notice, plan: Plan) -> Decided:
    """The rows of ``plan``, each fit for the register. Raises Refused for one that is not."""
    rows = [change.after() for change in plan.changes]
    for row in rows:
        refuse_unfit(row)
        refuse_unfilled(row)
    return Decided(notice, plan, rows)


def carry_out_all(actor: Actor, acts: Sequence[Decided]) -> list[ResidentEvent]:
    """Write the events and rows of ``acts``, and tell the outbox of each; the events in order (一括の本登録の実行).

    Called inside an operation, which holds the locks and records the acts. Only for acts that change rows of people
    who are known, from a day on without end: no newcomers, no new household, no numbers, nobody removed. Raises
    ValueError for a person who is in two of them.
    """
    events = ResidentEvent.objects.bulk_create(event_of(one.notice, one.plan, "", one.plan.people()) for one in acts)
    place, terminal = office_of(asking().source, str(getattr(actor, "department", ""))[:30])
    entries = []
    for one, event in zip(acts, events, strict=True):
        for change, row in zip(one.plan.changes, one.rows, strict=True):
            row.event, row.input_place, row.input_terminal = event, place, terminal
            entries.append((row, change.valid_from))
    add_rows(entries)
    emit_all([(TOPIC, event.subjects, {"event": event.pk, "act": event.act}) for event in events])
    _tell_supplements(acts, events)
    return events


@implements("resident-record/1.0#1.1.4/m2", "resident-record/1.0#4.0.3/m4")
def add_rows(entries: Sequence[tuple[ResidentRecord, date]]) -> None:
    """Every row, holding from its day on, with both times, the directory and the search keys (履歴の一括記録).

    The caller has locked the people and found each row fit. Raises ValueError for two rows of one person.
    """
    rows = {row.addressee_id: row for row, _day in entries}
    if len(rows) < len(entries):
        raise ValueError("Somebody has two rows at once; one of them would have to know the other.")
    last = _last_known(rows)
    now, today = clock.now(), clock.today()
    for person, row in rows.items():
        serial, known_at, _names = last[person]
        row.serial, row.processed_on, row.recorded_at = serial + 1, today, max(now, known_at + INSTANT)
    ResidentRecord.objects.bulk_create(rows.values())
    _make_true({row.addressee_id: (row, day) for row, day in entries})
    _follow(rows, {person: names for person, (_serial, _known_at, names) in last.items()})


def _last_known(people: Iterable[int]) -> dict[int, tuple[int, datetime, tuple[str, ...]]]:
    """The last serial of each, when it was recorded, and its names."""
    newest = ResidentRecord.objects.filter(addressee__in=list(people)).order_by("addressee", "-serial")
    found = newest.distinct("addressee").values_list("addressee", "serial", "recorded_at", *NAMES)
    return {person: (serial, known_at, tuple(names)) for person, serial, known_at, *names in found}


def _make_true(said: Mapping[int, tuple[ResidentRecord, date]]) -> None:
    """What was known of the days from then on is closed; what is left of it and the new rows are said."""
    closing, new = defaultdict[datetime, list[int]](list), []
    for former in Period.objects.filter(addressee__in=list(said), recorded__endswith__isnull=True):
        row, day = said[former.addressee_id]
        if former.valid.upper is not None and former.valid.upper <= day:
            continue
        closing[row.recorded_at].append(former.pk)
        new += [
            Period(
                addressee_id=former.addressee_id, record_id=former.record_id, household_id=former.household_id,
                is_registered=former.is_registered, is_head=former.is_head, valid=rest,
                recorded=Range(row.recorded_at, None),
            )
            for rest in rests_of(former.valid, Range(day, None))
        ]  # fmt: skip
    new += [
        Period(
            addressee_id=person, record=row, household_id=row.household_id, is_registered=row.status == "1",
            is_head=row.relationship == HEAD, valid=Range(day, None), recorded=Range(row.recorded_at, None),
        )
        for person, (row, day) in said.items()
    ]  # fmt: skip
    for known_at, ids in closing.items():
        until = Func(
            F("recorded__startswith"), Value(known_at), function="tstzrange", output_field=DateTimeRangeField()
        )
        Period.objects.filter(pk__in=ids).update(recorded=until)
    Period.objects.bulk_create(new)


def _follow(rows: Mapping[int, ResidentRecord], names: Mapping[int, tuple[str, ...]]) -> None:
    """The directory and the search keys follow; keys only of those whose names are others than before."""
    renamed = [person for person, row in rows.items() if names[person] != tuple(getattr(row, name) for name in NAMES)]
    for addressee in Addressee.objects.filter(pk__in=renamed):
        follow(addressee, rows[addressee.pk], names[addressee.pk])
    own, said = ({one.name: one.column for one in model._meta.fields} for model in (Addressee, ResidentRecord))
    pairs = [(own[to], said[source]) for to, source in DIRECTORY.items()]
    # The names of columns are the models' own; every value is a parameter.
    statement = (
        f"UPDATE {Addressee._meta.db_table} AS mine SET {', '.join(f'{to} = row.{source}' for to, source in pairs)} "  # noqa: S608
        f"FROM {ResidentRecord._meta.db_table} AS row WHERE row.id = ANY(%s) AND mine.id = row.addressee_id "
        f"AND ({', '.join(f'mine.{to}' for to, _ in pairs)}) "
        f"IS DISTINCT FROM ({', '.join(f'row.{source}' for _, source in pairs)})"
    )
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute(statement, [[row.pk for row in rows.values()]])


def _tell_supplements(acts: Sequence[Decided], events: Sequence[ResidentEvent]) -> None:
    """Act by act, who of those whose family register is here has another address now (附票への連携)."""
    town = Municipality.objects.get(pk=wall.current())
    told = []
    for one, event in zip(acts, events, strict=True):
        pairs = zip(one.plan.changes, one.rows, strict=True)
        moved = [row for change, row in pairs if change.before and moved_from(change.before, row)]
        if subjects := [row.addressee_id for row in moved if is_ours(row, town)]:
            told.append((SUPPLEMENT, subjects, {"event": event.pk}))
    emit_all(told)
