"""One application comes in: read, converted, checked, made a case; or kept for a clerk (申請データの取込み)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.models import Case, Channel
from municipal.applications.operations import APPLICANT, attach, begin, save, submit
from municipal.applications.rules.answers import pruned
from municipal.applications.rules.applicant import CHECK, papers
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.intake.conversion import Match, matched
from municipal.intake.models import Received, ReceivedState
from municipal.intake.payload import FORM, Payload, read
from municipal.municipalities import wall
from municipal.procedures.catalogue import Entry, entry_of
from municipal.procedures.offered import current
from municipal.residents.secrecy import secrets

from .settings import locked_settings

FORM_FIELD = "national-form"
NOT_OFFERED = _("この手続は、この自治体ではオンラインで受け付けていません。")
NO_SUCH_FIELD = _("この手続にない項目への添付があります（%(name)s）。")


@operation("intake.take_in")
def take_in(*, actor: Actor, receipt: str, content: bytes) -> Received:
    """Keep what the portal sent under a receipt number (申請データの取込み).

    The same content again is the same row. Other content under a known number waits for a clerk. Raises Refused for
    data that the profile does not allow; then nothing of it is kept.
    """
    payload = read(content, town=wall.current(), receipt=receipt)
    # Who takes in at the same time waits here, so that no number is taken in twice.
    locked_settings()
    known = list(Received.objects.select_for_update().filter(receipt=receipt))
    same = next((one for one in known if one.digest == payload.digest), None)
    record(actor=actor, code=receipt if same is None else "again")
    if same is not None:
        return same
    row = next((one for one in known if one.state == ReceivedState.REFUSED), None) or Received(receipt=receipt)
    _fill(row, payload, content)
    if any(one.state != ReceivedState.REFUSED for one in known):
        row.state = ReceivedState.CHANGED
        row.save()
        return row
    return go_on(row, payload)


def _fill(row: Received, payload: Payload, content: bytes) -> None:
    row.digest, row.procedure, row.applied_at = payload.digest, payload.procedure, payload.applied_at
    row.content, row.received_at, row.error = content, clock.now(), {}
    row.serial = payload.signature.serial if payload.signature else ""


def go_on(row: Received, payload: Payload) -> Received:
    """Convert the number, then import; where either stops, keep it for a clerk (変換と形式審査)."""
    content = current(payload.procedure)
    match = matched(payload)
    row.is_signature_good, row.doubt = match.is_good, match.doubt
    if content is not None and _needs_person(entry_of(content), match):
        row.state = ReceivedState.TO_CONVERT
        row.save()
        return row
    return imported(row, payload, match.person)


def _needs_person(entry: Entry, match: Match) -> bool:
    return match.person is None and entry.assurance != "none"


def imported(row: Received, payload: Payload, person: Addressee | None) -> Received:
    """Make it a case in the queue of the office; what the form check refuses stays with its sentence (取込み)."""
    row.person = person
    try:
        with transaction.atomic():
            row.case = _case(payload, person)
    except Refused as refused:
        row.state, row.error = ReceivedState.FAULTY, kept(refused)
    else:
        row.state, row.content, row.error = ReceivedState.IMPORTED, b"", {}
    row.save()
    return row


def _case(payload: Payload, person: Addressee | None) -> Case:
    content = current(payload.procedure)
    if content is None or content["kind"] != "online":
        raise Refused(NOT_OFFERED, code="not_online")
    entry = entry_of(content)
    begun = begin(
        actor=APPLICANT, procedure=entry.id, language=payload.language, about=person, channel=Channel.NATIONAL
    )
    save(
        actor=APPLICANT, draft=begun.draft.public, token=begun.token, page=CHECK,
        applicant=applicant_of(payload, person), answers=pruned(entry.asks, payload.answers), people=payload.people,
    )  # fmt: skip
    _refuse_unknown(entry, payload)
    for one in payload.attachments:
        attach(actor=APPLICANT, to=begun.draft, field=one.field, name=one.title, content=one.content)
    attach(actor=APPLICANT, to=begun.draft, field=FORM_FIELD, name=FORM, content=payload.form)
    return submit(actor=APPLICANT, draft=begun.draft.public, token=begun.token)


def applicant_of(payload: Payload, person: Addressee | None) -> dict[str, Any]:
    """What the applicant said of themselves; never the address of somebody whose address is withheld (申請者)."""
    is_hidden = person is not None and person.pk in secrets().people
    return {name: text for name, text in payload.applicant.items() if not (is_hidden and name == "address")}


def _refuse_unknown(entry: Entry, payload: Payload) -> None:
    """Answers and files must belong to questions of the form."""
    known = {one.name for one in (*entry.asks, *papers(entry))}
    odd = [name for name in payload.answers if name not in known]
    odd += [one.field for one in payload.attachments if one.field.partition("__")[0] not in known]
    if odd:
        raise Refused(NO_SUCH_FIELD, code="unknown_field", name=odd[0][:60])


def kept(refused: Refused) -> dict[str, Any]:
    """A refusal as it is stored, to be said again in the reader's language (拒否の控え)."""
    values = {name: value if isinstance(value, int) else str(value)[:200] for name, value in refused.values.items()}
    return {"sentence": refused.sentence, "values": values, "code": refused.code, "field": refused.field}


@operation("intake.note_refusal")
def note_refusal(*, actor: Actor, receipt: str, refused: Refused) -> Received:
    """Keep that an application could not be read, and nothing of it (受取り不能の記録)."""
    locked_settings()
    row = Received.objects.filter(receipt=receipt, state=ReceivedState.REFUSED).first()
    if row is None:
        row = Received(receipt=receipt, state=ReceivedState.REFUSED, attempts=0)
    row.attempts, row.error, row.received_at = row.attempts + 1, kept(refused), clock.now()
    row.save()
    record(actor=actor, code=refused.code)
    return row
