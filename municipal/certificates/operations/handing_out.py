"""What an act brings with it on paper: the move-out certificate by itself, notices on demand (交付・通知)."""

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.certificates.gathering import sheet
from municipal.certificates.kinds import CODE_NOTICES, KINDS, LETTER, MOVING_OUT
from municipal.certificates.models import CertificateIssue, Requester
from municipal.certificates.rules.requests import Asked
from municipal.certificates.signing import signature
from municipal.certificates.writing import RECEIVED, letter
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, ResidentEvent, ResidentRecord
from municipal.residents.suppression import ISSUE, decide

from .issuing import keep
from .settings import settings_of

AUTOMATIC = frozenset({*MOVING_OUT, *CODE_NOTICES})
"""What is issued in one flow with the act (#4.1.3.0.3/m1, #4.3.3/m1)."""

BY_CARD_ACT, CERTIFICATE = "move_out_by_card", "move_out_certificate"
LEAVING = frozenset({"move_out", BY_CARD_ACT, "removal_of_announced"})
"""Acts after which an arrival notice is waited for."""


def document_of(event: ResidentEvent) -> CertificateIssue | None:
    """What was issued by itself with ``event``; None for an act without a document (異動に伴う証明書)."""
    return CertificateIssue.objects.filter(event=event, kind=event.document, reissue_of=None).order_by("pk").first()


def notices_for(event: ResidentEvent) -> list[str]:
    """What may be issued about an act, by code: its own document, and notices (作れる証明書・通知書)."""
    found = ["receipt_notice"] if event.act in RECEIVED and event.notified_on else []
    found += ["ex_officio_notice"] if event.basis == Basis.EX_OFFICIO else []
    found += [event.document] if event.document in CODE_NOTICES or _is_missing(event) else []
    found += [CERTIFICATE] if event.act == BY_CARD_ACT else []
    found += ["arrival_inquiry"] if event.act in LEAVING else []
    return found


def _is_missing(event: ResidentEvent) -> bool:
    """Whether the certificate that should have come with the act could not be issued then."""
    return event.document in MOVING_OUT and document_of(event) is None


def rows_of(event: ResidentEvent) -> list[ResidentRecord]:
    """The rows that the act made of the people whom it is about, one each, in the order of the household (異動者)."""
    rows = ResidentRecord.objects.filter(event=event).select_related("addressee", "household").order_by("serial")
    newest = {row.addressee_id: row for row in rows}
    # Who becomes head because others leave has a row of this act and is not its subject on paper.
    own = [row for row in newest.values() if row.reason != "householder_change" or event.act == "householder_change"]
    return sorted(own, key=lambda row: (row.member_order, row.addressee_id))


@implements("resident-record/1.0#4.1.3.0.3/m1", "resident-record/1.0#4.1.3.0.3/m2", "resident-record/1.0#4.3.3/m1")
@operation("certificates.hand_out")
def hand_out(*, actor: Actor, event: ResidentEvent) -> CertificateIssue:
    """Issue the document that the act brings with it, once (証明書の自動交付).

    Asked a second time it returns what was issued. Raises Refused for an act without a document.
    """
    if event.document not in AUTOMATIC:
        raise Refused("この異動に伴って交付する証明書はありません。", code="no_document")
    # Two clerks at once get the same one: whoever comes second waits for the first.
    list(Addressee.objects.select_for_update().filter(pk__in=event.subjects).order_by("pk").values_list("pk"))
    if (issued := document_of(event)) is not None:
        record(actor=actor, subjects=issued.subjects)
        return issued
    return _made(actor, event, event.document, to_new_address=False)


@implements(
    "resident-record/1.0#4.1.0.3/m1", "resident-record/1.0#4.1.0.3/m3", "resident-record/1.0#4.2.0.1/m3",
    "resident-record/1.0#4.1.3.0.4/m3", "resident-record/1.0#4.1.3.1.4/m1", "resident-record/1.0#4.3.3/m2",
)  # fmt: skip
@operation("certificates.send")
def send(*, actor: Actor, event: ResidentEvent, kind: str, to_new_address: bool = False) -> CertificateIssue:
    """Issue a notice about an act, on the day or any day after (通知書の作成).

    After a move-out by card also the move-out certificate, which does not come by itself (#4.1.3.0.4/m3).
    """
    is_asked_for = event.act == BY_CARD_ACT and kind == CERTIFICATE
    if kind not in KINDS or (KINDS[kind].family != LETTER and not is_asked_for):
        raise Refused("通知書の種類を選んでください。", field="kind", code="no_such_form")
    if kind in CODE_NOTICES and event.document != kind:
        raise Refused("この異動に伴って交付する証明書はありません。", code="no_document")
    return _made(actor, event, kind, to_new_address=to_new_address)


def _made(actor: Actor, event: ResidentEvent, kind: str, *, to_new_address: bool) -> CertificateIssue:
    rows = rows_of(event)
    if not rows:
        raise Refused("この異動には対象者がいないため、証明書を作れません。", code="nobody")
    subjects = [row.addressee_id for row in rows]
    decide(ISSUE, subjects).refuse_errors()
    settings, known = settings_of(kind), KINDS[kind]
    signed = signature(settings, clock.today())
    asked = Asked(
        kind=kind, people=tuple(row.addressee.number for row in rows), requester=Requester.OFFICE,
        requester_name=event.notifier_name, identity_check=event.identity_check, output=settings.output,
        printer=settings.printer.number if settings.printer else "",
    )  # fmt: skip
    if known.family == LETTER:
        contents = letter(known, event, rows, settings, signed, to_new_address=to_new_address)
    else:
        contents = sheet(asked, known, rows, settings, signed)
    return keep(actor, asked, contents, subjects, settings, event)
