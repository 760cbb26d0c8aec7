"""Saying an entry of a dictionary anew, or ending it; what was said before stays (マスタの登録・修正・廃止)."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Max, QuerySet
from psycopg.types.range import Range

from municipal.addressees.fields import glyphs_of
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import kana_reading, refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.places.models import (
    Block,
    Building,
    CertifyingOfficer,
    Country,
    District,
    InputPlace,
    Lot,
    Master,
    Terminal,
)
from municipal.places.rules import refuse_unless_address_code, sort_code

Entry = TypeVar("Entry", bound=Master)
INSTANT = timedelta(microseconds=1)


def _refuse_unfit(entry: Master) -> None:
    for field in entry._meta.fields:
        if (most := glyphs_of(field)) is not None:
            refuse_unstorable(str(getattr(entry, field.attname) or ""), most, field.attname)


def say(entry: Entry, valid_from: date, valid_until: date | None) -> Entry:
    """From now on ``entry`` is what is known of its days; what was known of others stays (登録)."""
    if valid_until is not None and valid_until <= valid_from:
        raise Refused("終わりの日は、始まりの日より後にしてください。", field="valid_until", code="ends_too_early")
    _refuse_unfit(entry)
    model, valid = type(entry), Range(valid_from, valid_until)
    spoken = list(model.objects.known().filter(**entry.key(), valid__overlap=valid).select_for_update())
    now = after_all_known(model.objects.filter(**entry.key()))
    for former in spoken:
        _close(former, now)
        for rest in _rests(former.valid, valid):
            _copy(former, rest, now)
    entry.valid, entry.recorded = valid, Range(now, None)
    entry.save(force_insert=True)
    return entry


def after_all_known(entries: QuerySet[Any]) -> datetime:
    """Now, but after everything that was recorded of ``entries``, however fast changes follow each other (記録時刻)."""
    moments = entries.aggregate(began=Max("recorded__startswith"), ended=Max("recorded__endswith")).values()
    known: list[datetime] = [moment + INSTANT for moment in moments if moment]
    return max([clock.now(), *known])


def _close(former: Master, now: Any) -> None:
    former.recorded = Range(former.recorded.lower, now)
    former.save(update_fields=["recorded"])


def _copy(former: Master, valid: Range[date], now: Any) -> None:
    said = {field.attname: getattr(former, field.attname) for field in former._meta.fields if field.attname != "id"}
    type(former).objects.create(**said | {"valid": valid, "recorded": Range(now, None)})


def _rests(former: Any, taken: Range[date]) -> list[Range[date]]:
    rests = []
    if former.lower < taken.lower:
        rests.append(Range(former.lower, taken.lower))
    if taken.upper is not None and (former.upper is None or taken.upper < former.upper):
        rests.append(Range(taken.upper, former.upper))
    return rests


def _put(actor: Actor, entry: Entry, valid_from: date, valid_until: date | None) -> Entry:
    made = say(entry, valid_from, valid_until)
    record(actor=actor, code=type(entry).__name__)
    return made


@implements("resident-record/1.0#1.3.9/m1", "resident-record/1.0#1.3.9/m3")
@operation("places.put_officer")
def put_officer(
    *, actor: Actor, entry: CertifyingOfficer, valid_from: date, valid_until: date | None = None
) -> CertifyingOfficer:
    """Register a mayor or an acting mayor for a period (認証者の登録). Raises Refused without title and name."""
    entry.title, entry.name = entry.title.strip(), entry.name.strip()
    return _put(actor, entry, valid_from, valid_until)


@implements("resident-record/1.0#1.3.1/m1", "resident-record/1.0#1.3.1/m2")
@operation("places.put_place")
def put_place(*, actor: Actor, entry: InputPlace, valid_from: date, valid_until: date | None = None) -> InputPlace:
    """Register an office, in a designated city with its ward (入力場所の登録)."""
    return _put(actor, entry, valid_from, valid_until)


@implements("resident-record/1.0#1.3.1/m1")
@operation("places.put_terminal")
def put_terminal(*, actor: Actor, entry: Terminal, valid_from: date, valid_until: date | None = None) -> Terminal:
    """Register a terminal of an office (入力端末の登録). Raises Refused for an office that is not registered."""
    if not InputPlace.objects.on(valid_from).filter(code=entry.place_code).exists():
        raise Refused("この入力場所は登録されていません。先に登録してください。", field="place_code", code="no_place")
    return _put(actor, entry, valid_from, valid_until)


@implements("resident-record/1.0#1.3.3/m3", "resident-record/1.0#1.3.3/m4", "resident-record/1.0#1.3.3/m8")
@operation("places.put_block")
def put_block(*, actor: Actor, entry: Block, valid_from: date, valid_until: date | None = None) -> Block:
    """Say one entry of the address dictionary, a former name with the day it ended (住所辞書の登録・修正)."""
    refuse_unless_address_code(entry.code, entry.municipality_code)
    for name in ("prefecture_kana", "city_kana", "large_kana", "small_kana"):
        setattr(entry, name, kana_reading(getattr(entry, name)))
    return _put(actor, entry, valid_from, valid_until)


@operation("places.put_country")
def put_country(*, actor: Actor, entry: Country, valid_from: date, valid_until: date | None = None) -> Country:
    """Say the name of a country (国名の登録)."""
    return _put(actor, entry, valid_from, valid_until)


@implements("resident-record/1.0#1.3.5/o1")
@operation("places.put_district")
def put_district(*, actor: Actor, entry: District, valid_from: date, valid_until: date | None = None) -> District:
    """Register a district and the blocks it is made of (地区の登録). Raises Refused for a block that is not known."""
    known = set(Block.objects.on(valid_from).filter(code__in=entry.block_codes).values_list("code", flat=True))
    if missing := [code for code in entry.block_codes if code not in known]:
        raise _no_block(missing[0], "block_codes")
    return _put(actor, entry, valid_from, valid_until)


def _no_block(code: str, field: str) -> Refused:
    shown = code[:11] if code[:11].isprintable() else "?"
    return Refused(
        "住所コード「%(number)s」は住所辞書にありません。先に登録してください。",
        field=field,
        code="no_block",
        number=shown,
    )


def _refuse_unknown_block(code: str, day: date, field: str = "block") -> None:
    if not Block.objects.on(day).filter(code=code).exists():
        raise _no_block(code, field)


@implements("resident-record/1.0#1.3.2/m1")
@operation("places.put_lot")
def put_lot(*, actor: Actor, entry: Lot, valid_from: date, valid_until: date | None = None) -> Lot:
    """Register a house number or a lot at which somebody may live (住居表示・地番の登録)."""
    _refuse_unknown_block(entry.block, valid_from)
    entry.sort_code = sort_code(entry.lot)
    return _put(actor, entry, valid_from, valid_until)


@implements("resident-record/1.0#1.3.4/m1", "resident-record/1.0#1.3.4/m2")
@operation("places.put_building")
def put_building(*, actor: Actor, entry: Building, valid_from: date, valid_until: date | None = None) -> Building:
    """Register a building at its address (方書の登録)."""
    _refuse_unknown_block(entry.block, valid_from)
    return _put(actor, entry, valid_from, valid_until)


@operation("places.end_entry")
def end_entry(*, actor: Actor, entry: Master, ends_on: date) -> None:
    """An entry holds until the day before ``ends_on`` (廃止). Raises Refused for a day outside its validity."""
    valid: Any = entry.valid
    if not (valid.lower < ends_on and (valid.upper is None or ends_on < valid.upper)):
        raise Refused("廃止の日は、有効期間の中の日にしてください。", field="ends_on", code="outside_validity")
    now = after_all_known(type(entry).objects.filter(**entry.key()))
    _close(entry, now)
    _copy(entry, Range(valid.lower, ends_on), now)
    record(actor=actor, code=type(entry).__name__)
