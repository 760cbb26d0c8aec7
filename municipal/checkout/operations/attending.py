"""What is looked after by the clock: payments that ran out, webhooks that never came (オンライン納付の見回り)."""

import logging
from datetime import timedelta
from uuid import UUID

from municipal.checkout.models import OnlinePayment, RefundRequest
from municipal.checkout.provider import Provider, ProviderDown, provider
from municipal.checkout.rules.states import OPEN, Failure, Kind, State
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .actors import CLOCK
from .hearing import learn
from .looking import forget_failures
from .paying import find, give_up
from .refunding import send_refund

logger = logging.getLogger(__name__)

PATIENCE, CERTAIN_AFTER = timedelta(minutes=10), timedelta(days=2)
"""How long a webhook is waited for before the provider is asked: of an open payment, and of money that was taken."""
AT_ONCE = 200


def sync(*, town: int, payment: UUID) -> OnlinePayment:
    """Ask the provider how a payment stands, and take it over; opens the door itself (支払サービスへの照会).

    Where the provider does not answer, it stands as it did.
    """
    who = provider(town)
    with wall.within(town):
        found = find(payment)
    if who is None or not found.reference or found.is_certain:
        return found
    try:
        notices = who.status(town, found.reference)
    except ProviderDown:
        return found
    with wall.within(town):
        known = set(found.events.values_list("kind", flat=True))
        new = [notice for notice in notices if notice.kind not in known]
        return learn(actor=CLOCK, payment=payment, notices=new) if new else found


def expire_payments(*, town: int) -> int:
    """Close what was open for too long, after asking once more; how many these were (時間切れ).

    Opens the door itself, anew for each payment: one that cannot be dealt with does not stop the others.
    """
    who = provider(town)
    with wall.within(town):
        due = list(OnlinePayment.objects.filter(state__in=OPEN, expires_at__lte=clock.now()).order_by("pk")[:AT_ONCE])
    for payment in due:
        if who is not None and payment.reference:
            _let_go(who, town, payment)
        with wall.within(town):
            give_up(actor=CLOCK, payment=payment.public, kind=Kind.FAILED, failure=Failure.EXPIRED)
    return len(due)


def _let_go(who: Provider, town: int, payment: OnlinePayment) -> None:
    """Nothing is to be paid any more; what was paid in the last moment is learnt."""
    try:
        if not who.cancel(town, payment.reference):
            sync(town=town, payment=payment.public)
    except ProviderDown:
        logger.warning("The payment provider is away; a payment runs out unasked.")


def attend(*, town: int) -> None:
    """Everything that is due in one municipality; opens the door itself (見回り)."""
    expire_payments(town=town)
    with wall.within(town):
        forget_failures()
        now = clock.now()
        silent = OnlinePayment.objects.filter(state__in=OPEN, changed_at__lte=now - PATIENCE)
        uncertain = OnlinePayment.objects.filter(
            state=State.SUCCESS, captured_on=None, changed_at__lte=now - CERTAIN_AFTER
        )
        waiting = RefundRequest.objects.filter(was_paid_back=None, requested_at__lte=now - PATIENCE)
        payments = [*silent.values_list("public", flat=True)[:AT_ONCE], *uncertain.values_list("public", flat=True)]
        refunds = list(waiting.values_list("public", flat=True)[:AT_ONCE])
    for payment in payments:
        try:
            sync(town=town, payment=payment)
        except Refused as refused:
            logger.warning("A payment could not be brought up to date: %s", refused.code)
    for refund in refunds:
        send_refund(town=town, refund=refund)
