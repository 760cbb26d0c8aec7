"""How much, said by somebody: a clerk here, a file of the town's own assessment elsewhere (額の決定)."""

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.entitlements.models import MOST_YEN, AmountFrom, Cause, Entitlement, Per, State

from .versions import followed, locked

BAD_YEN = _("額は0円から99,999,999円までです。")
NO_PER = _("月額か一時金かを選んでください。")
NOT_GRANTED = _("認定されていない受給資格に、額は記録できません。")


@operation("entitlements.set_amount")
def set_amount(
    *, actor: Actor, number: str, yen: int, per: str, reason: str = "", seen: int = 0
) -> Entitlement:  # fmt: skip
    """Say the amount of an entitlement, in yen for a month or once (額の決定). The same again changes nothing.

    Raises Refused beyond MOST_YEN, for another unit, and for one that was refused.
    """
    if not 0 <= yen <= MOST_YEN:
        raise Refused(BAD_YEN, field="yen", code="invalid")
    if per not in (Per.MONTH, Per.ONCE):
        raise Refused(NO_PER, field="per", code="no_such_choice")
    refuse_unstorable(reason, 300, "reason")
    found = locked(number, seen)
    if found.state == State.REFUSED:
        raise Refused(NOT_GRANTED, code="not_granted")
    if (found.amount_yen, found.per) != (yen, per):
        found = followed(
            found,
            cause=Cause.AMOUNT,
            reason=reason,
            amount_yen=yen,
            per=per,
            amount_from=AmountFrom.CLERK,
            file_id=None,
        )
    record(actor=actor, subjects=sorted({found.person_id, found.about_id}), fields=["amount"], code=found.kind)
    return found
