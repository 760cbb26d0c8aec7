"""Adding a row to a history: the foundation of every act (履歴の記録)."""

from datetime import date, datetime
from typing import Any

from django.db.models import CheckConstraint, Q
from psycopg.types.range import Range

from municipal.addressees.fields import ADDRESS_PARTS, glyphs_of
from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_company_symbols, refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.keys import NAMES, Key, keys_of
from municipal.residents.models import Period, ResidentRecord, SearchKey
from municipal.residents.rules.kinship import HEAD
from municipal.residents.rules.records import refuse_unless_dated, refuse_unless_katakana, refuse_unless_related
from municipal.residents.times import INSTANT

FIELDS = {field.name: field for field in ResidentRecord._meta.fields}
READINGS = ("name_kana", "family_kana", "given_kana", "former_family_kana", "alias_kana", "building_kana")


@implements("resident-record/1.0#1.2.1/m2", "resident-record/1.0#4.0.3/n1")
@operation("residents.enter_record")
def enter_record(
    *, actor: Actor, entry: ResidentRecord, valid_from: date, valid_until: date | None = None
) -> ResidentRecord:
    """Add ``entry`` to the history of its addressee: it holds from ``valid_from`` on (異動履歴の記録).

    The next serial and today's processing date are given here and cannot be chosen. With ``valid_until`` (first day
    it no longer holds) a stretch of the past is corrected and what holds later stays. Raises Refused where a
    constraint of the register stands against it.
    """
    add_row(entry, valid_from, valid_until)
    record(actor=actor, act="residents.enter_record", subjects=[entry.addressee_id], fields=["serial", "reason"])
    return entry


@implements("resident-record/1.0#1.1.4/m2", "resident-record/1.0#4.0.3/m4")
def add_row(entry: ResidentRecord, valid_from: date, valid_until: date | None = None) -> None:
    """The row, both its times, the directory and the search keys; the operation that calls it records the act."""
    addressee = Addressee.objects.select_for_update().get(pk=entry.addressee_id)
    if entry.pk is not None:
        raise Refused("記録済みの履歴は変更できません。新しい異動として入力してください。", code="already_recorded")
    refuse_unfit(entry)
    serial, known_at, names = _next_after_all_known(addressee)
    entry.serial, entry.processed_on, entry.recorded_at = serial, clock.today(), known_at
    entry.save(force_insert=True)
    _make_true(entry, Range(valid_from, valid_until), known_at)
    follow(addressee, entry, names)


@implements("resident-record/1.0#11.1/m1")
def refuse_unfit(entry: ResidentRecord) -> None:
    """What a row may say at all, whatever act it comes from. Raises Refused."""
    refuse_unless_related(entry.relationship)
    refuse_unless_dated(entry.reason, entry.event_on or None)
    for field in ResidentRecord._meta.fields:
        if (most := glyphs_of(field)) is not None:
            refuse_unstorable(getattr(entry, field.attname), most, field.attname)
    for name in READINGS:
        refuse_unless_katakana(getattr(entry, name), name)
    for name in NAMES:
        refuse_company_symbols(getattr(entry, name), name)


@implements("resident-record/1.0#1.1.6/m1", "resident-record/1.0#1.1.6/m2", "resident-record/1.0#1.1.12/m1")
def refuse_unfilled(entry: ResidentRecord) -> None:
    """What the table's constraints would refuse of a row that is not written yet (空欄; resident-record/1.0#1.1.6)."""
    for one in ResidentRecord._meta.constraints:
        if isinstance(one, CheckConstraint) and one.name != "record_serial_counts_from_one":
            assert isinstance(one.condition, Q)
            if not _holds(one.condition, entry):
                raise Refused(str(one.violation_error_message), field="people", code=one.name)


def _holds(condition: Q, entry: ResidentRecord) -> bool:
    """Whether the row meets a condition, read here: asking the database takes longer than all else of an entry."""
    found = [_holds(one, entry) if isinstance(one, Q) else _is(entry, *one) for one in condition.children]  # type: ignore[misc]
    return (any(found) if condition.connector == Q.OR else all(found)) != condition.negated


def _is(entry: ResidentRecord, lookup: str, wanted: Any) -> bool:
    name, _, how = lookup.partition("__")
    said = FIELDS[name].get_prep_value(getattr(entry, name))
    return said in wanted if how == "in" else bool(said == wanted)


def _next_after_all_known(addressee: Addressee) -> tuple[int, datetime, tuple[str, ...]]:
    """The next serial; now, but after all that is recorded, however fast acts follow each other; the names so far."""
    records = ResidentRecord.objects.filter(addressee=addressee).order_by("-serial")
    last = records.values_list("serial", "recorded_at", *NAMES).first()
    now = clock.now()
    return (last[0] + 1, max(now, last[1] + INSTANT), last[2:]) if last else (1, now, ())


def _make_true(entry: ResidentRecord, valid: Range[date], known_at: datetime) -> None:
    """From ``known_at`` on, ``entry`` is what we know about ``valid``; what we knew of other days stays.

    Every row that said otherwise is closed, and what remains of it before and behind ``valid`` is said anew.
    """
    spoken = Period.objects.filter(addressee=entry.addressee, recorded__endswith__isnull=True, valid__overlap=valid)
    for former in spoken:
        former.recorded = Range(former.recorded.lower, known_at)
        former.save(update_fields=["recorded"])
        for rest in rests_of(former.valid, valid):
            Period.objects.create(
                addressee_id=former.addressee_id, record_id=former.record_id, household_id=former.household_id,
                is_registered=former.is_registered, is_head=former.is_head, valid=rest, recorded=Range(known_at, None),
            )  # fmt: skip
    Period.objects.create(
        addressee=entry.addressee, record=entry, household=entry.household, is_registered=entry.status == "1",
        is_head=entry.relationship == HEAD, valid=valid, recorded=Range(known_at, None),
    )  # fmt: skip


def rests_of(former: Range[date], taken: Range[date]) -> list[Range[date]]:
    """What is left of ``former`` where ``taken`` is cut out: before it, behind it, both or nothing."""
    rests = []
    if former.lower < taken.lower:  # type: ignore[operator]
        rests.append(Range(former.lower, taken.lower))
    if taken.upper is not None and (former.upper is None or taken.upper < former.upper):
        rests.append(Range(taken.upper, former.upper))
    return rests


DIRECTORY = {"name": "name", "kana": "name_kana", "born_on": "born_on", "life_state": "status"} | {
    f"mailing_{part}": f"address_{part}" for part in ADDRESS_PARTS
}
"""Which item of a record the directory takes over, by the directory's own name (宛名への反映)."""


def directory_entry(entry: ResidentRecord) -> dict[str, object]:
    """What the directory of addressees says about a resident, from the record as it stands (宛名への反映)."""
    return {name: getattr(entry, said) for name, said in DIRECTORY.items()}


def follow(addressee: Addressee, entry: ResidentRecord, names: tuple[str, ...]) -> None:
    """The directory and the search keys follow the register, in the same transaction."""
    said = directory_entry(entry)
    if any(getattr(addressee, name) != value for name, value in said.items()):
        Addressee.objects.filter(pk=addressee.pk).update(**said)
    if names == tuple(getattr(entry, name) for name in NAMES):
        return
    wanted = keys_of(vars(entry))
    known = {Key(row.script, row.is_whole, row.key, row.reading): row for row in addressee.search_keys.all()}  # type: ignore[arg-type]
    for key, row in known.items():
        if row.is_current != (key in wanted):
            SearchKey.objects.filter(pk=row.pk).update(is_current=key in wanted)
    SearchKey.objects.bulk_create(SearchKey(addressee=addressee, **key._asdict()) for key in wanted if key not in known)
