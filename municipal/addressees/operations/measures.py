"""The steps of a support measure, from the application to its end (支援措置の操作).

Every step adds a whole row; nothing is overwritten. Nothing here ends a measure but ``end_measure``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from municipal.addressees.fields import glyphs_of
from municipal.addressees.measures import case
from municipal.addressees.models import (
    Addressee,
    EndReason,
    MeasureStatus,
    MeasureStep,
    MeasureStepKind,
    Protection,
    SupportMeasure,
)
from municipal.addressees.rules import extension_opens_on, last_day_of_support
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.office.outbox import emit

from .numbers import MEASURE_NUMBERS, give_number

TOPIC = "addressees.measure"
SAYABLE = (
    "kind", "applied_on", "consulting_body", "consulted_on", "provisional_from", "first_municipality", "received_on",
    "hides_inspection", "hides_copies", "hides_copies_before", "hides_supplement", "hides_supplement_before",
    "contact_phone", "contact_mobile", "contact_mail", "note",
)  # fmt: skip
"""What an application says; the rest of a step follows from the act."""

Joined = tuple[Addressee, str]
"""Somebody protected together with the applicant, and what they are to the applicant (併せて支援を求める者)."""


@implements("resident-record/1.0#1.1.16/m2", "resident-record/1.0#3.4/m10")
@operation("measures.apply")
def apply_for_measure(
    *, actor: Actor, applicant: Addressee, said: Mapping[str, Any], joined: Sequence[Joined] = ()
) -> SupportMeasure:
    """Take an application: from today on a provisional measure protects everybody it names (申出の受付・仮支援措置)."""
    return _open(actor, MeasureStepKind.APPLIED, applicant, said, joined)


@implements("resident-record/1.0#1.1.16/m2")
@operation("measures.receive")
def receive_measure(
    *, actor: Actor, applicant: Addressee, said: Mapping[str, Any], joined: Sequence[Joined] = ()
) -> SupportMeasure:
    """Take an application that another municipality accepted first and forwarded (転送の受付).

    Raises Refused unless it is said who accepted it first, and when it came.
    """
    if not said.get("first_municipality") or not said.get("received_on"):
        raise Refused(
            "当初受付市区町村と、転送された申出書の受付年月日を入力してください。",
            field="first_municipality", code="origin_missing",
        )  # fmt: skip
    return _open(actor, MeasureStepKind.RECEIVED, applicant, said, joined)


def _open(
    actor: Actor, step: str, applicant: Addressee, said: Mapping[str, Any], joined: Sequence[Joined]
) -> SupportMeasure:
    today = clock.today()
    if said["applied_on"] > today:
        raise Refused("申出の日は今日までの日にしてください。", field="applied_on", code="in_the_future")
    measure = SupportMeasure.objects.create(number=give_number(MEASURE_NUMBERS))
    first = MeasureStep(
        measure=measure,
        serial=0,
        **{"provisional_from": today} | {name: said[name] for name in SAYABLE if name in said},
    )
    _add(actor, first, [applicant, *(one for one, _ in joined)], step=step, status=MeasureStatus.PROVISIONAL)
    Protection.objects.create(addressee=applicant, measure=measure, is_own=True, starts_on=today)
    for person, relation in joined:
        cover(measure, person, relation)
    return measure


def cover(measure: SupportMeasure, person: Addressee, relation: str) -> Protection:
    refuse_unstorable(relation, 30, "relation")
    return Protection.objects.create(
        addressee=person, measure=measure, is_own=False, relation=relation, starts_on=clock.today()
    )


def _add(actor: Actor, former: MeasureStep, people: Sequence[Addressee] = (), **changes: Any) -> MeasureStep:
    """The next row of a case: what the former said, but for ``changes``; the audit and the other systems hear of it."""
    kept = {field.attname: getattr(former, field.attname) for field in MeasureStep._meta.fields if field.name != "id"}
    row = MeasureStep(**(kept | changes | {"serial": former.serial + 1, "recorded_at": clock.now()}))
    for field in MeasureStep._meta.fields:
        if (most := glyphs_of(field)) is not None:
            refuse_unstorable(getattr(row, field.attname), most, field.attname)
    row.save(force_insert=True)
    subjects = [one.pk for one in people] or list(row.measure.protections.values_list("addressee_id", flat=True))
    record(actor=actor, subjects=subjects, fields=sorted(changes), code=row.step)
    emit(topic=TOPIC, subjects=subjects, payload={"measure": row.measure_id, "serial": row.serial, "step": row.step})
    return row


def locked(number: str) -> MeasureStep:
    """The case as it stands, and nobody else changes it meanwhile. Raises Refused where it is none or ended."""
    covered = Protection.objects.filter(measure__number=number).values("addressee")
    list(Addressee.objects.select_for_update().filter(pk__in=covered).order_by("pk").values_list("pk", flat=True))
    found = case(number)
    if found.status == MeasureStatus.ENDED:
        raise Refused("この支援措置は終了しています。新しい申出として受け付けてください。", code="already_ended")
    return found


@implements("resident-record/1.0#3.4/m4")
@operation("measures.start")
def start_measure(*, actor: Actor, number: str, starts_on: date, ends_on: date | None = None) -> MeasureStep:
    """Start the measure after its need was confirmed: one year, unless ``ends_on`` says otherwise (支援措置の開始)."""
    found = locked(number)
    if found.status == MeasureStatus.RUNNING:
        raise Refused("この支援措置はすでに始まっています。", code="already_running")
    last = ends_on or last_day_of_support(starts_on)
    return _add(
        actor, found, step=MeasureStepKind.STARTED, status=MeasureStatus.RUNNING, starts_on=starts_on, ends_on=last
    )


@implements("resident-record/1.0#3.4/m5")
@operation("measures.extend")
def extend_measure(*, actor: Actor, number: str) -> MeasureStep:
    """Extend by one year from the day after the last; possible from one month before that day on (支援措置の延長)."""
    found = locked(number)
    if found.ends_on is None:
        raise Refused("支援措置がまだ始まっていません。先に開始してください。", code="not_started")
    opens_on = extension_opens_on(found.ends_on)
    if clock.today() < opens_on:
        raise Refused(
            "延長できるのは、終了日の1か月前（%(day)s）からです。", code="too_early", day=wareki(opens_on)
        )  # fmt: skip
    starts_on = found.ends_on + date.resolution
    return _add(
        actor, found, step=MeasureStepKind.EXTENDED, status=MeasureStatus.RUNNING, starts_on=starts_on,
        ends_on=last_day_of_support(starts_on),
    )  # fmt: skip


@implements("resident-record/1.0#3.4/m4", "resident-record/1.0#1.1.16/m2")
@operation("measures.correct")
def correct_measure(*, actor: Actor, number: str, said: Mapping[str, Any]) -> MeasureStep:
    """Correct what a case says: its items, or the days of its period (支援措置の訂正)."""
    found = locked(number)
    names = (*SAYABLE, *(("starts_on", "ends_on") if found.status == MeasureStatus.RUNNING else ()))
    changes = {name: said[name] for name in names if name in said and said[name] != getattr(found, name)}
    if not changes:
        raise Refused("変わる項目がありません。", code="nothing_changed")
    return _add(actor, found, step=MeasureStepKind.CORRECTED, **changes)


@implements("resident-record/1.0#3.4/m9")
@operation("measures.end")
def end_measure(*, actor: Actor, number: str, ended_on: date, reason: str) -> MeasureStep:
    """End a measure, because the person asks, the period passed, or the need is gone (支援措置の終了).

    Only this ends the protection of everybody it covers. Raises Refused for a future day or a reason that is none.
    """
    found = locked(number)
    if ended_on > clock.today():
        raise Refused("終了の日は今日までの日にしてください。", field="ended_on", code="in_the_future")
    if reason not in EndReason.values:
        raise Refused("終了の理由を一覧から選んでください。", field="reason", code="no_such_reason")
    if reason == EndReason.EXPIRED and (found.ends_on is None or found.ends_on >= clock.today()):
        raise Refused("支援措置の期間はまだ過ぎていません。", field="reason", code="not_expired")
    row = _add(
        actor, found, step=MeasureStepKind.ENDED, status=MeasureStatus.ENDED, ended_on=ended_on, end_reason=reason
    )
    found.measure.protections.filter(lifted_on__isnull=True).update(lifted_on=ended_on)
    return row


@implements("resident-record/1.0#1.1.16/m2", "resident-record/1.0#3.4/m9")
@operation("measures.not_needed")
def measure_not_needed(*, actor: Actor, number: str, told_on: date) -> MeasureStep:
    """End a forwarded measure that is not needed here; ``told_on``: when the applicant was told (必要性なしの連絡)."""
    found = locked(number)
    today = clock.today()
    if told_on > today:
        raise Refused("連絡の日は今日までの日にしてください。", field="told_on", code="in_the_future")
    row = _add(
        actor, found, step=MeasureStepKind.NOT_NEEDED, status=MeasureStatus.ENDED, told_not_needed_on=told_on,
        ended_on=today, end_reason=EndReason.NOT_NEEDED,
    )  # fmt: skip
    found.measure.protections.filter(lifted_on__isnull=True).update(lifted_on=today)
    return row


def keep_protecting(actor: Actor, leavers: Sequence[int]) -> None:
    """Turn the running measures that cover ``leavers`` (addressee ids) provisional (転出時の切替え).

    Called by the register within the act by which they leave, so that no moment passes without protection.
    """
    covering = Protection.objects.filter(addressee__in=leavers, lifted_on__isnull=True, measure__isnull=False)
    for number in covering.order_by("measure").values_list("measure__number", flat=True).distinct():
        if case(number).status == MeasureStatus.RUNNING:
            turn_provisional(actor=actor, number=number)


@implements("resident-record/1.0#3.4/m11")
@operation("measures.turn_provisional")
def turn_provisional(*, actor: Actor, number: str) -> MeasureStep:
    """Go on provisionally: from now on this is the town of the address before (仮支援措置への切替え).

    The end of its period unblocks nothing; only a step here ends it.
    """
    found = locked(number)
    return _add(
        actor, found, step=MeasureStepKind.LEFT_TOWN, status=MeasureStatus.PROVISIONAL, provisional_from=clock.today()
    )
