"""What is looked after by the clock: payments that ran out, webhooks that never came (オンライン納付の裏方)."""

import logging
from uuid import UUID

from celery import shared_task

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.tasks import towns

from .operations import attend, deliver, send_refund
from .provider import provider

logger = logging.getLogger(__name__)


@shared_task(name="checkout.send_refund")  # type: ignore[untyped-decorator]
def send_one(municipality: int, refund: int) -> None:
    """Ask the provider for one refund that was booked (還付の送信)."""
    send_refund(town=municipality, refund=UUID(int=refund))


@shared_task(name="checkout.attend_all")  # type: ignore[untyped-decorator]
def attend_everywhere() -> None:
    """Do so in every municipality that takes money online; the simulator sends what is due as well (見回り)."""
    for town in towns():
        who = provider(town)
        if who is None:
            continue
        try:
            attend(town=town)
            if who.is_simulated:
                deliver(town=town, until=clock.now())
        except Refused as refused:
            logger.warning("Payments of %s were not looked after: %s", town, refused.code)
