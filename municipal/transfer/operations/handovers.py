"""Handing the register over: ordered by one, and where it holds secrets, approved by another (引渡しの操作)."""

from datetime import datetime
from pathlib import Path

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.operations import decide, order_job, propose
from municipal.residents.models import ResidentRecord
from municipal.transfer.exports import Content, write_register
from municipal.transfer.manifest import Manifest
from municipal.transfer.models import Handover
from municipal.transfer.parts import PARTS

from .numbering import next_number

HAND_OVER = "transfer.hand_over"
"""The act that a second person decides, and the kind of the job that writes (引渡しの決定と一括処理)."""
AT_ONCE = 20_000


@operation("transfer.order_handover")
def order_handover(
    *, actor: Actor, recipient: str, purpose: str, since: datetime | None = None, is_whole: bool = False,
    has_numbers: bool = False,
) -> Handover:  # fmt: skip
    """Order a hand-over; without secrets it is written at once, otherwise after an approval (引渡しの依頼).

    ``since``: only what was recorded after it. Raises Refused without recipient and purpose, or for a moment to come.
    """
    for field, text in (("recipient", recipient), ("purpose", purpose)):
        if not text.strip():
            raise Refused("渡す相手と目的を入力してください。", field=field, code="recipient_missing")
        refuse_unstorable(text.strip(), 100, field)
    if since is not None and since >= clock.now():
        raise Refused("差分の始まりは、過去の日時にしてください。", field="since", code="future_since")
    number = next_number(Handover)
    has_secrets = is_whole or has_numbers
    proposal = propose(actor=actor, act=HAND_OVER, payload={"handover": number}) if has_secrets else None
    made = Handover.objects.create(
        number=number, since=since, is_whole=is_whole, has_numbers=has_numbers, recipient=recipient.strip(),
        purpose=purpose.strip(), actor_kind=actor.actor_kind, actor_id=actor.actor_id, ordered_at=clock.now(),
        proposal=proposal,
    )  # fmt: skip
    if proposal is None:
        order_job(actor=actor, kind=HAND_OVER, parameters={"handover": made.pk})
    record(actor=actor, code=f"{number}")
    return made


@operation("transfer.approve_handover")
def approve_handover(*, actor: Actor, handover: int, is_approved: bool) -> Handover:
    """Approve or reject the secrets of a hand-over that somebody else ordered; approved, it is written (引渡しの承認).

    ``handover``: its number. Raises Refused where there is none, it needs no approval, is decided, or is one's own.
    """
    found = Handover.objects.select_for_update().filter(number=handover).first()
    if found is None or found.proposal_id is None:
        raise Refused("承認を待っている引渡しではありません。一覧を更新して確認してください。", code="not_waiting")
    decide(actor=actor, proposal=found.proposal_id, is_approved=is_approved)
    if is_approved:
        order_job(actor=actor, kind=HAND_OVER, parameters={"handover": found.pk})
    record(actor=actor, code=f"{handover} {'approved' if is_approved else 'rejected'}")
    return found


def may_be_written(handover: Handover) -> bool:
    """Whether nothing stands in the way of writing it: no secrets, or the approval is there (出力できるか)."""
    return handover.proposal_id is None or bool(handover.proposal and handover.proposal.is_approved)


@operation("transfer.write_handover")
def write_handover(*, actor: Actor, handover: Handover, folder: Path) -> Handover:
    """Write an ordered hand-over into ``folder``, once (引渡しの出力).

    Raises Refused where the approval is missing or it was written before, OSError where the folder cannot be written.
    """
    locked = Handover.objects.select_for_update().get(pk=handover.pk)
    if not may_be_written(locked):
        raise Refused("この引渡しは、別の職員の承認がまだありません。", code="not_approved")
    if locked.written_at is not None:
        raise Refused("この引渡しはすでに出力されています。新しく依頼してください。", code="already_written")
    made = export_residents(actor=actor, folder=folder, since=locked.since, handover=locked)
    locked.moment, locked.counts, locked.digest = made.moment, made.rows, made.digest
    locked.folder, locked.written_at = folder.name, clock.now()
    locked.save()
    record(actor=actor, code=f"{locked.number}")
    return locked


@implements(
    "resident-record/1.0#7.2.3/m1",
    "resident-record/1.0#7.2.3/m2",
    "resident-record/1.0#7.2.3/m3",
    "resident-record/1.0#10.6/m2",
    "resident-record/1.0#1.1.10/m2",
)
@prints_addresses("residents.export", Purpose.EXPORT)
@operation("residents.export")
def export_residents(
    *, actor: Actor, folder: Path, since: datetime | None = None, handover: Handover | None = None
) -> Manifest:  # fmt: skip
    """Write the register into ``folder``; everybody in the files counts as disclosed (台帳の出力).

    Protected people's addresses only with a ``handover`` that a second person approved. Raises OSError where the folder
    cannot be written.
    """
    is_whole = handover is not None and handover.is_whole and may_be_written(handover)
    made = write_register(folder, Content(since=since, is_whole=is_whole))
    told = ResidentRecord.objects.all()
    if since is not None:
        told = told.filter(recorded_at__gt=since)
    people = sorted(set(told.values_list("addressee", flat=True)))
    fields = [field.attname for field in PARTS["history"].fields]
    for start in range(0, len(people) or 1, AT_ONCE):
        disclose(actor=actor, subjects=people[start : start + AT_ONCE], fields=fields)
    return made
