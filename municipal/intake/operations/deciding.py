"""What a clerk does with an application that the intake could not take by itself (申請管理での判断)."""

from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.operations import APPLICANT, attach, correct
from municipal.applications.operations.correcting import to_correct
from municipal.applications.rules.answers import pruned
from municipal.applications.rules.steps import CORRECTION
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.intake.conversion import matched
from municipal.intake.models import OPEN, Received, ReceivedState
from municipal.intake.payload import Payload, read
from municipal.intake.words import ERROR
from municipal.municipalities import wall

from .reporting import report_apart
from .taking_in import go_on, imported

NOT_OPEN = _("この申請は、すでに処理されています。画面を開き直してください。")
NO_PERSON = _("この宛名番号の人はいません。番号を確かめてください。")
NO_REASON = _("理由を入れてください。")
NOT_SENT_BACK = _("元の申請は訂正待ちではありません。差し戻してから取り込むか、取り込まないでください。")


def _locked(received: int, *states: str) -> Received:
    found = Received.objects.select_for_update().filter(pk=received).first()
    if found is None or found.state not in states:
        raise Refused(NOT_OPEN, code="not_open")
    return found


def payload_of(row: Received) -> Payload:
    """The kept data of an application that is not a case yet (保留中の申請データ)."""
    return read(bytes(row.content), town=wall.current(), receipt=row.receipt)


@operation("intake.choose")
def choose(*, actor: Actor, received: int, number: str) -> Received:
    """Say whose application it is, by addressee number; an empty one: of nobody whom the town knows (対象者の決定)."""
    row = _locked(received, ReceivedState.TO_CONVERT)
    person = Addressee.objects.filter(number=number).first() if number else None
    if number and person is None:
        raise Refused(NO_PERSON, field="number", code="no_person")
    imported(row, payload_of(row), person)
    record(actor=actor, subjects=[person.pk] if person else [], fields=["number"], code=row.receipt)
    return row


@operation("intake.retry")
def retry(*, actor: Actor, received: int) -> Received:
    """Convert and check once more: the form or a card may have changed meanwhile (再審査)."""
    row = _locked(received, ReceivedState.TO_CONVERT, ReceivedState.FAULTY)
    payload = payload_of(row)
    found = matched(payload).person
    if row.state == ReceivedState.FAULTY and found is None:
        imported(row, payload, row.person)
    else:
        go_on(row, payload)
    record(actor=actor, code=row.receipt)
    return row


@operation("intake.dismiss")
def dismiss(*, actor: Actor, received: int, reason: str) -> Received:
    """Do not take it in; its data are thrown away, the reason stays (取り込まない決定)."""
    row = _locked(received, *OPEN)
    _end(row, reason)
    record(actor=actor, code=row.receipt)
    return row


@operation("intake.give_back")
def give_back(*, actor: Actor, received: int, reason: str) -> Received:
    """Close it after the form check alone, and have the portal told so with the reason (受付エラー)."""
    row = _locked(received, ReceivedState.TO_CONVERT, ReceivedState.FAULTY)
    _end(row, reason)
    report_apart(row, ERROR, row.reason)
    record(actor=actor, code=row.receipt)
    return row


def _end(row: Received, reason: str) -> None:
    if not reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    row.state, row.content, row.reason = ReceivedState.DISMISSED, b"", reason.strip()[:1000]
    row.save()


@operation("intake.accept_change")
def accept_change(*, actor: Actor, received: int) -> Received:
    """Take what changed as the correction that was asked for; nothing but what was sent back (訂正としての取込み)."""
    row = _locked(received, ReceivedState.CHANGED)
    first = Received.objects.filter(receipt=row.receipt, case__isnull=False).order_by("pk").first()
    if first is None or first.case is None or first.case.state != CORRECTION:
        raise Refused(NOT_SENT_BACK, code="not_sent_back")
    payload, case = payload_of(row), first.case
    wanted = to_correct(case)
    for one in payload.attachments:
        if one.field.partition("__")[0] in wanted:
            attach(actor=APPLICANT, to=case, field=one.field, name=one.title, content=one.content)
    said: dict[str, Any] = {
        name: value for name, value in pruned(case.asked.asks, payload.answers).items() if name in wanted
    }
    correct(actor=APPLICANT, case=case.pk, seen=case.events.count(), answers=said, people=payload.people)
    row.state, row.content, row.case, row.person = ReceivedState.IMPORTED, b"", case, first.person
    row.save()
    record(actor=actor, code=row.receipt)
    return row
