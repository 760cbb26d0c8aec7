"""Copies that were issued by mistake and destroyed (証明書の処分; resident-record/1.0#1.3.8)."""

from municipal.audit.operations import operation, record
from municipal.certificates.models import CertificateCopy, Disposal
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.rules import is_one_line

LONGEST_REASON = 200


@implements("resident-record/1.0#1.3.8/m1")
@operation("certificates.dispose")
def dispose(*, actor: Actor, copy: CertificateCopy, reason: str) -> Disposal:
    """Note that a copy was destroyed and why; its share of the fee is given back (処分).

    The issue stays as it was. Raises Refused without a reason and for a copy that is destroyed already.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON or not is_one_line(reason):
        raise Refused("処分の理由を200文字以内の一行で入力してください。", field="reason", code="disposal_reason")
    issue = copy.issue
    record(actor=actor, subjects=issue.subjects, fields=["disposal"])
    return Disposal.objects.create(
        copy=copy, reason=reason.strip(), disposed_at=clock.now(), disposed_by_kind=actor.actor_kind,
        disposed_by_id=actor.actor_id, refunded_yen=issue.fee_yen // issue.copies_count,
    )  # fmt: skip
