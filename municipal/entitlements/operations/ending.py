"""Ending an entitlement, and taking an ending back (受給資格の終了と取消し)."""

from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.entitlements.models import Cause, Entitlement, State, days

from .versions import followed, locked

NOT_HELD = _("認定中の受給資格ではありません。画面を開き直してください。")
NOT_ENDED = _("終了していない受給資格は、再開できません。")
NO_REASON = _("理由を入れてください。")
ENDS_SOONER = _("その日より前に終わることが、すでに決まっています。")
BEFORE_IT_BEGINS = _("終わりの日は、始まりの日以後にしてください。")


@operation("entitlements.end")
def end(
    *, actor: Actor, number: str, last: date, reason: str, seen: int = 0, cause: Cause = Cause.CLERK
) -> Entitlement:  # fmt: skip
    """End an entitlement with its last day (終了). ``seen``: the version that was shown.

    Raises Refused without a reason, for a day before it begins, and for one that was refused or has ended already.
    """
    _refuse_reason(reason)
    found = locked(number, seen)
    if found.state != State.GRANTED:
        raise Refused(NOT_HELD, code="not_held")
    if found.starts_on is None or last < found.starts_on:
        raise Refused(BEFORE_IT_BEGINS, field="last", code="backwards")
    if found.ends_on is not None and last >= found.ends_on:
        raise Refused(ENDS_SOONER, field="last", code="ends_sooner")
    made = followed(found, cause=cause, reason=reason, state=State.ENDED, valid=days(found.starts_on, last))
    record(actor=actor, subjects=sorted({made.person_id, made.about_id}), code=made.kind)
    return made


@operation("entitlements.reopen")
def reopen(*, actor: Actor, number: str, reason: str, seen: int = 0) -> Entitlement:
    """Take the ending of an entitlement back: it holds as it did before (終了の取消し).

    Raises Refused without a reason, for one that has not ended, and where somebody else was found entitled since.
    """
    _refuse_reason(reason)
    found = locked(number, seen)
    made = reopened(found, reason)
    record(actor=actor, subjects=sorted({made.person_id, made.about_id}), code=made.kind)
    return made


def reopened(found: Entitlement, reason: str) -> Entitlement:
    """The days of the version before the ending, which the caller has locked, hold again (終了前の期間への復帰)."""
    before = Entitlement.objects.filter(number=found.number, state=State.GRANTED).order_by("-version").first()
    if found.state != State.ENDED or before is None:
        raise Refused(NOT_ENDED, code="not_ended")
    return followed(found, cause=Cause.REOPENED, reason=reason, state=State.GRANTED, valid=before.valid)


def _refuse_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    refuse_unstorable(reason, 300, "reason")
