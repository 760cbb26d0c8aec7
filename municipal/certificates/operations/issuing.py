"""Issuing copies and certificates: looked at first, then issued with a number each (証明書の交付).

``resident-record/1.0#5.1`` and #1.3.8. The preview and the issue draw the same contents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from municipal.addressees.suppression import SENTENCES
from municipal.audit.operations import operation, record
from municipal.certificates.contents import Contents, as_json, read
from municipal.certificates.gathering import people_for, printed, reissued, sheet
from municipal.certificates.kinds import MOVING_OUT
from municipal.certificates.models import CertificateCopy, CertificateIssue, FormSettings, Output, Printer, Requester
from municipal.certificates.models import Seal as SealRow
from municipal.certificates.paper.forms import LAYOUT, Drawn, Seal, draw
from municipal.certificates.paper.page import Overflow
from municipal.certificates.rules.numbering import IssueNumber
from municipal.certificates.rules.requests import NEAR, Asked, fee, refuse_unless_proper
from municipal.certificates.signing import signature
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.numbers.operations import show
from municipal.residents import inquiry
from municipal.residents.acts.plan import Alert
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.secrecy import Secrets, secrets
from municipal.residents.shown import ADDRESS_GROUPS
from municipal.residents.suppression import ISSUE, decide

from .settings import settings_of

OVERFLOW = Alert("overflow", _("収まらない文字か、書体にない文字があります。一覧を確かめてください。"))
SAME_PLACE = _(
    "支援措置の対象者の住所が載ります（宛名番号 %(number)s）。"
    "本人や同一世帯員への交付でよいか、責任者に確認してください。"
)
FOR_A_CERTIFICATE = "number.certificate"


@dataclass(frozen=True)
class Preview:
    """What would be issued: the contents, the drawing, what has to be seen and confirmed (確認)."""

    contents: Contents
    drawn: Drawn
    alerts: tuple[Alert, ...]
    settings: FormSettings

    @property
    def overflows(self) -> tuple[Overflow, ...]:
        """What is not printed as it stands in the register (文字超過リスト)."""
        return self.drawn.overflows


@implements("resident-record/1.0#10.7/m3", "resident-record/1.0#5.8/m2", "resident-record/1.0#5.8/m3")
@operation("certificates.preview")
def preview(*, actor: Actor, asked: Asked) -> Preview:
    """What a certificate would say, as it would be printed, marked as a sample (プレビュー).

    Raises Refused for what may not be issued; what only has to be confirmed stands in ``alerts``.
    """
    found = _prepared(actor, asked, is_sample=True)
    subjects = [one.addressee_id for one in people_for(refuse_unless_proper(asked), asked.people)]
    record(actor=actor, subjects=subjects, fields=printed(found.contents))
    return found


def _prepared(actor: Actor, asked: Asked, *, is_sample: bool) -> Preview:
    kind = refuse_unless_proper(asked)
    rows = people_for(kind, asked.people)
    alerts = suppression_alerts(rows, asked)
    settings = settings_of(kind.code)
    _refuse_unless_printable(asked)
    contents = sheet(asked, kind, rows, settings, signature(settings, clock.today()))
    drawn = drawn_of(actor, contents, None, is_sample=is_sample)
    if drawn.overflows:
        alerts.append(OVERFLOW)
    return Preview(contents, drawn, tuple(alerts), settings)


def suppression_alerts(rows: Sequence[ResidentRecord], asked: Asked) -> list[Alert]:
    """What suppression asks a clerk to confirm; raises Refused where it stops the issue (抑止の確認).

    A copy of somebody who shares or shared the place of a protected person gives that place away: it is stopped for
    everybody but themselves and their household, and asks for confirmation even then.
    """
    decision = decide(ISSUE, {one.addressee_id for one in rows})
    decision.refuse_errors()
    alerts = [Alert(f"suppressed-{one.number}", SENTENCES[one.code], {"number": one.number}) for one in decision.alerts]
    known = secrets()
    for one in rows:
        if one.addressee_id in known.covered or not _gives_away(one, known, has_history=asked.has_history):
            continue
        alert = Alert(f"place-{one.addressee.number}", SAME_PLACE, {"number": one.addressee.number})
        if asked.requester not in NEAR:
            raise Refused(SAME_PLACE, code="suppressed:place", number=one.addressee.number)
        alerts.append(alert)
    return alerts


def _gives_away(one: ResidentRecord, known: Secrets, *, has_history: bool) -> bool:
    """Whether a place of a protected person would be printed."""
    printed_rows = inquiry.history(one.addressee) if has_history else [one]
    return any(known.hides(one.addressee_id, vars(row), group) for row in printed_rows for group in ADDRESS_GROUPS)


def _refuse_unless_printable(asked: Asked) -> None:
    if asked.output not in set(Output):
        raise Refused("出力の方法を選んでください。", field="output", code="output")
    if asked.output == Output.PDF and not asked.printer:
        return
    printer = Printer.objects.filter(number=asked.printer).first()
    if printer is None:
        raise Refused("プリンタを選んでください。", field="printer", code="no_such_printer")
    if asked.tray and asked.tray not in printer.trays:
        raise Refused("このプリンタにない給紙トレーです。選び直してください。", field="tray", code="no_such_tray")


def drawn_of(actor: Actor, contents: Contents, number: IssueNumber | None, *, is_sample: bool = False) -> Drawn:
    """The PDF, with the seal and the individual numbers it asks for; every number shown is in the audit (作成)."""
    row = SealRow.objects.get(pk=contents.seal) if contents.seal is not None else None
    seal = Seal(bytes(row.png), row.size_mm) if row else None
    return draw(contents, number, seal=seal, numbers=_numbers(actor, contents.numbers()), is_sample=is_sample)


def _numbers(actor: Actor, people: Sequence[int]) -> Mapping[int, str]:
    return {one: show(actor=actor, addressee=one, purpose=FOR_A_CERTIFICATE).value for one in dict.fromkeys(people)}


@implements("resident-record/1.0#1.3.8/m1", "resident-record/1.0#5.5/m5", "resident-record/1.0#10.7/m1")
@operation("certificates.issue")
def issue(*, actor: Actor, asked: Asked) -> CertificateIssue:
    """Issue what was asked for, each copy with a number of its own (交付).

    Raises Refused with "unconfirmed:<alert>" for an alert that ``asked.confirmed`` does not name.
    """
    found = _prepared(actor, asked, is_sample=False)
    for alert in found.alerts:
        if alert.code not in asked.confirmed:
            raise alert.refusal()
    rows = people_for(refuse_unless_proper(asked), asked.people)
    return keep(actor, asked, found.contents, [one.addressee_id for one in rows], found.settings)


def keep(
    actor: Actor, asked: Asked, contents: Contents, subjects: list[int], settings: FormSettings,
    event: ResidentEvent | None = None, reissue_of: CertificateIssue | None = None,
) -> CertificateIssue:  # fmt: skip
    """Write the issue and its copies; part of an operation, which it records (交付の記録)."""
    made = CertificateIssue.objects.create(
        kind=contents.kind, issued_on=clock.today(), issued_at=clock.now(), place=asked.place, terminal=asked.terminal,
        issued_by_kind=actor.actor_kind, issued_by_id=actor.actor_id, subjects=subjects,
        items=list(dict.fromkeys(printed(contents).values())), requester=asked.requester,
        requester_name=asked.requester_name,
        purpose=asked.purpose, identity_check=asked.identity_check, is_official=asked.is_official,
        exemption=asked.exemption.strip(), copies_count=asked.copies, fee_yen=fee(asked, settings.fee_yen),
        output=asked.output, printer=asked.printer, tray=asked.tray, layout=LAYOUT,
        contents=as_json(contents), event=event,
        reissue_of=reissue_of,
    )  # fmt: skip
    for serial in next_serials(asked.copies):
        _copy(actor, made, contents, serial)
    record(actor=actor, subjects=subjects, fields=printed(contents))
    return made


def _copy(actor: Actor, made: CertificateIssue, contents: Contents, serial: int) -> None:
    number = number_of(made, contents, serial)
    drawn = drawn_of(actor, contents, number)
    CertificateCopy.objects.create(
        issue=made, day=made.issued_on, serial=serial, number=str(number), pages=drawn.pages,
        digest=sha256(drawn.pdf).hexdigest(),
    )  # fmt: skip


def number_of(made: CertificateIssue, contents: Contents, serial: int) -> IssueNumber:
    """The issue number of a copy (発行番号)."""
    return IssueNumber(made.issued_on, contents.town, made.terminal, made.printer, serial)


def next_serials(count: int) -> range:
    """The next numbers of today, one after the other over all counters of the town (発行連番)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('certificates.serial'), %s)", [wall.current()])
    last = CertificateCopy.objects.filter(day=clock.today()).aggregate(last=Max("serial"))["last"] or 0
    return range(last + 1, last + 1 + count)


@implements("resident-record/1.0#4.1.3.0.3/m3")
@operation("certificates.reissue")
def reissue(*, actor: Actor, issue: CertificateIssue, asked: Asked) -> CertificateIssue:
    """Issue a lost move-out certificate again, as it was and marked 再交付 (再交付).

    ``asked`` says by whom and why; what is printed is said by the first issue. Raises Refused for other forms.
    """
    if issue.kind not in MOVING_OUT:
        raise Refused("再交付できるのは、転出証明書と転出証明書に準ずる証明書だけです。", code="no_reissue")
    if not asked.requester_name.strip() or asked.requester == Requester.OFFICE:
        raise Refused("請求者の氏名を入力してください。", field="requester_name", code="requester_name")
    first = issue.reissue_of or issue
    if issue.event is not None and issue.event.cancellations.exists():
        raise Refused("この転出は取り消されています。証明書は再交付できません。", code="event_cancelled")
    decide(ISSUE, issue.subjects).refuse_errors()
    settings = settings_of(issue.kind)
    contents = reissued(read(first.contents), signature(settings, clock.today()))
    once = replace(asked, kind=issue.kind, copies=1, is_official=False)
    return keep(actor, once, contents, list(issue.subjects), settings, issue.event, first)
