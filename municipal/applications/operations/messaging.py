"""The office and an applicant write to each other about a case (申請についてのやりとりの操作)."""

from uuid import UUID

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, Channel, Message, ReadMark, Side
from municipal.applications.models.messages import LONGEST
from municipal.applications.standing import refuse_if_ended
from municipal.applications.telling_applicants import WRITTEN
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import STAFF, Actor
from municipal.core.refusals import Refused
from municipal.office.outbox import emit

MOST = 200
"""Messages that a case can have, so that nobody fills a table."""
NOTHING_SAID = _("メッセージを書いてください。")
TOO_LONG = _("メッセージは2,000字までにしてください。")
TOO_MANY = _("この申請のメッセージは、これ以上送れません。担当課に連絡してください。")
OTHER_FILE = _("この申請にあるファイルを選んでください。")
NOT_HERE = _("この申請では、メッセージを送れません。")


@operation("applications.write")
def write(*, actor: Actor, case: int, text: str, attachment: UUID | None = None) -> Message:
    """Write one message; who acts says for which side (メッセージの送信).

    Raises Refused for an empty or too long text, a file of another case, after a delegation ended, and for an applicant
    whose case did not come online.
    """
    found, side = _locked(case), side_of(actor)
    if side == Side.APPLICANT:
        refuse_if_ended(found)
        if found.channel != Channel.ONLINE:
            raise Refused(NOT_HERE, code="not_here")
    plain = "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()
    _refuse_text(plain)
    if attachment is not None and not found.attachments.filter(ref=attachment).exists():
        raise Refused(OTHER_FILE, field="attachment", code="other_file")
    count = found.messages.count()
    if count >= MOST:
        raise Refused(TOO_MANY, code="too_many")
    made = Message.objects.create(
        case=found, number=count + 1, side=side, text=plain, attachment=attachment, at=clock.now(),
        actor_kind=actor.actor_kind, actor_id=actor.actor_id,
    )  # fmt: skip
    subjects = [found.about_id] if found.about_id else []
    emit(topic=WRITTEN, subjects=subjects, payload={"case": found.pk, "message": made.number, "side": side.value})
    record(actor=actor, subjects=subjects, code=found.number)
    return made


def _locked(case: int) -> Case:
    """One writer at a time, so that messages have no two places; a forgotten case has no messages."""
    found = Case.objects.select_for_update().filter(pk=case, forgotten_at=None).first()
    if found is None:
        raise Refused(NOT_HERE, code="no_case")
    return found


def _refuse_text(text: str) -> None:
    if not text:
        raise Refused(NOTHING_SAID, field="text", code="nothing_said")
    if len(text) > LONGEST:
        raise Refused(TOO_LONG, field="text", code="too_long")


def side_of(actor: Actor) -> Side:
    """For which side somebody writes and reads (やりとりの側の判定)."""
    return Side.OFFICE if actor.actor_kind == STAFF else Side.APPLICANT


@operation("applications.mark_read")
def mark_read(*, actor: Actor, case: Case, through: int) -> int:
    """Note that one side has seen the other's messages up to a place; again it changes nothing (既読の記録)."""
    side = side_of(actor)
    through = min(through, case.messages.count())
    if through > read_through(case, side):
        ReadMark.objects.get_or_create(case=case, side=side, through=through, defaults={"at": clock.now()})
    record(actor=actor, code=case.number)
    return through


def read_through(case: Case, side: Side) -> int:
    """Up to which message a side has read (既読の位置)."""
    last = case.marks.filter(side=side).order_by("-through").values_list("through", flat=True).first()
    return last or 0


def unread(case: Case, side: Side) -> int:
    """How many messages of the other side were not seen yet (未読の件数)."""
    return case.messages.filter(number__gt=read_through(case, side)).exclude(side=side).count()
