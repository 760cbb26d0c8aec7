"""Paying back for somebody who says what they saw (還付額の確認付きの還付)."""

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.payments.balances import of_charges
from municipal.payments.models import Charge, Posting

from .posting import hold_charges
from .settling import refund


@operation("payments.refund_seen")
def refund_seen(*, actor: Actor, charge: Charge, yen: int, refund_amount_available: int) -> Posting:
    """Refund an over-payment if it is still what the caller saw (還付).

    ``refund_amount_available``: the over-payment as it was read before; somebody else may have refunded or applied it
    since. Raises Refused with code ``precondition_failed`` for that, and as ``refund`` does.
    """
    hold_charges([charge.pk])
    if of_charges([charge.pk])[charge.pk].overpaid != refund_amount_available:
        raise Refused(
            "還付できる額が、読み出したときから変わっています。最新の額を確かめて、もう一度行ってください。",
            field="refund_amount_available", code="precondition_failed",
        )  # fmt: skip
    made = refund(actor=actor, charge=charge, yen=yen)
    record(actor=actor, subjects=[charge.assessment.payer_id])
    return made
