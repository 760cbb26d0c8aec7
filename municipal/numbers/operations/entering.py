"""Entering, changing and correcting an individual number (個人番号の記載・変更・修正; resident-record/1.0#4.4)."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import connections
from django.db.models import QuerySet
from psycopg.types.range import Range

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.numbers.models import Cause, IndividualNumber
from municipal.numbers.sealing import Digits, seal, unseal

from .showing import refuse_held

FIELDS = ("individual_number",)
INSTANT = timedelta(microseconds=1)


@implements("resident-record/1.0#4.4/m1", "resident-record/1.0#7.1.2.1/m2")
@operation("numbers.enter")
def enter_number(
    *, actor: Actor, addressee: int, digits: Digits, valid_from: date, cause: str, event: int | None = None
) -> IndividualNumber:
    """Say which number is this person's (addressee id) from ``valid_from`` on, and why (個人番号の記載).

    A designation meets nobody who has a number; a change and a correction somebody who has one. A correction holds for
    all the days of the wrong number, from whatever day it is entered. Raises Refused for another person's number, for
    the number the person has, and where no key can be had.
    """
    person = Addressee.objects.select_for_update().get(pk=addressee)
    _take_turn()
    newest = refuse_unfit(person.pk, digits, cause)
    valid = newest.valid if newest is not None and cause == Cause.CORRECTION else Range(valid_from, None)
    said = _say(person.pk, digits, valid, cause, event)
    record(actor=actor, subjects=[person.pk], fields=FIELDS, code=cause)
    return said


def _believed(addressee: int) -> QuerySet[IndividualNumber]:
    return IndividualNumber.objects.filter(addressee=addressee, recorded__endswith__isnull=True)


def _take_turn() -> None:
    """One at a time in a town: while keys are being exchanged the database cannot compare two seals of one number."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"individual numbers {wall.current()}"]
        )


def refuse_unfit(addressee: int, digits: Digits, cause: str) -> IndividualNumber | None:
    """The row that an act of this kind meets, None for somebody without a number (異動の種類の確認).

    Raises Refused where the number is another person's, or the act is of another kind than the state asks for.
    """
    refuse_held(digits, besides=addressee)
    newest = _believed(addressee).order_by("valid").last()
    if newest is None:
        if cause not in (Cause.DESIGNATION, Cause.CARRIED):
            raise Refused(
                "この方には個人番号がまだ記録されていません。指定として入力してください。",
                field="individual_number",
                code="no_number",
            )
        return None
    if opened(newest) == digits:
        raise Refused(
            "この方には、すでに同じ個人番号が記録されています。", field="individual_number", code="same_number"
        )
    if cause == Cause.DESIGNATION:
        raise Refused(
            "この方には、すでに個人番号が記録されています。変更又は修正として入力してください。",
            field="individual_number",
            code="has_number",
        )
    return newest


def opened(row: IndividualNumber) -> Digits:
    """The number of a row (個人番号の開封); whoever shows it to somebody goes through ``show``."""
    return unseal(row.key_id, row.nonce, row.ciphertext, str(row.addressee_id))


def _say(addressee: int, digits: Digits, valid: Range[date], cause: str, event: int | None) -> IndividualNumber:
    """From now on, ``digits`` is what we know of ``valid``; what we knew of other days stays."""
    known_at = _after_all_known(addressee)
    spoken = list(_believed(addressee).filter(valid__overlap=valid))
    _close(spoken, known_at)
    for former in spoken:
        for rest in _rests(former.valid, valid):
            _add(addressee, opened(former), rest, known_at, former.cause, former.event)
    return _add(addressee, digits, valid, known_at, cause, event)


def _after_all_known(addressee: int) -> datetime:
    last = IndividualNumber.objects.filter(addressee=addressee).order_by("-recorded__startswith").first()
    return max(clock.now(), last.recorded.lower + INSTANT) if last else clock.now()


def _rests(former: Range[date], taken: Range[date]) -> list[Range[date]]:
    found = []
    if former.lower < taken.lower:  # type: ignore[operator]
        found.append(Range(former.lower, taken.lower))
    if taken.upper is not None and (former.upper is None or taken.upper < former.upper):
        found.append(Range(taken.upper, former.upper))
    return found


def _add(
    addressee: int, digits: Digits, valid: Range[date], known_at: datetime, cause: str, event: int | None
) -> IndividualNumber:  # fmt: skip
    return IndividualNumber.objects.create(
        addressee_id=addressee, cause=cause, event=event, valid=valid, recorded=Range(known_at, None),
        **asdict(seal(digits, str(addressee))),
    )  # fmt: skip


@implements("resident-record/1.0#4.4/m1")
@operation("numbers.retract")
def retract(*, actor: Actor, addressee: int) -> None:
    """The number that stands here is somebody else's and no right one is known yet (個人番号の記載の取消し).

    What was believed stays on the other time. Raises Refused where no number stands.
    """
    found = list(_believed(addressee))
    if not found:
        raise Refused("この方には個人番号が記録されていません。", field="individual_number", code="no_number")
    _close(found, _after_all_known(addressee))
    record(actor=actor, subjects=[addressee], fields=FIELDS, code="retracted")


def _close(rows: list[IndividualNumber], known_at: datetime) -> None:
    for row in rows:
        row.recorded = Range(row.recorded.lower, known_at)
        row.save(update_fields=["recorded"])


@operation("numbers.restore")
def restore(*, actor: Actor, events: list[int], by: int) -> None:
    """Undo what cancelled acts said of numbers: what was known just before holds again (個人番号の復元; #4.6.0.1).

    ``events``: ids of the cancelled act and of those that completed it; ``by``: the cancellation's.
    """
    touched = IndividualNumber.objects.filter(event__in=events, recorded__endswith__isnull=True)
    people = sorted(set(touched.values_list("addressee", flat=True)))
    for person in people:
        said = list(_believed(person))
        since = min(row.recorded.lower for row in said if row.event in events)
        before = IndividualNumber.objects.filter(addressee=person, recorded__contains=since - INSTANT)
        again = [(opened(row), row.valid) for row in before]
        known_at = _after_all_known(person)
        _close(said, known_at)
        for digits, valid in again:
            _add(person, digits, valid, known_at, Cause.RESTORED, by)
    record(actor=actor, subjects=people, fields=FIELDS)
