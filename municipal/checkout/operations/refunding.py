"""Paying back online what was paid too much (オンライン納付の還付)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from municipal.audit.operations import operation, record
from municipal.checkout.methods import ways
from municipal.checkout.models import OnlinePayment, RefundRequest
from municipal.checkout.provider import Notice, Provider, ProviderDown, needed
from municipal.checkout.rules.states import Kind, State
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.tasks import wake
from municipal.payments.balances import of_charges
from municipal.payments.operations import refund as refund_charge
from municipal.payments.operations import reverse
from municipal.payments.paid_back import paid_back_otherwise

NO_REFUND = UUID(int=0)


@dataclass(frozen=True)
class Refundable:
    """Whether and how much can be paid back through the provider (還付の可否).

    ``pending``: the money is not certain yet; ``full``: all of it went back; ``unavailable``: nothing is over-paid, or
    this way of paying cannot be paid back (then a transfer to an account can).
    """

    state: Literal["pending", "available", "full", "unavailable"]
    yen: int = 0


def refundable(payment: OnlinePayment) -> Refundable:
    """What can be paid back of a payment now (還付できる額)."""
    way = ways().get(payment.method)
    if payment.state != State.SUCCESS or way is None or not way.can_be_refunded:
        return Refundable("unavailable")
    if payment.captured_on is None:
        return Refundable("pending")
    asked = payment.refunds.exclude(Q(was_paid_back=False)).aggregate(yen=Sum("yen"))["yen"] or 0
    if asked >= payment.yen:
        return Refundable("full")
    over = of_charges([payment.slip.charge_id])[payment.slip.charge_id].overpaid
    most = min(payment.yen - asked, over)
    return Refundable("available", most) if most > 0 else Refundable("unavailable")


@paid_back_otherwise
def paid_back_online(postings: Collection[int]) -> set[int]:
    """Those of the refunds (posting ids) that the provider pays back; one that failed was undone (オンラインの還付)."""
    return set(RefundRequest.objects.filter(posting__in=postings).values_list("posting", flat=True))


@operation("checkout.request_refund")
def request_refund(*, actor: Actor, payment: UUID, yen: int, refund_amount_available: int) -> RefundRequest:
    """Book a refund and note that the provider is to be asked for it (還付の依頼).

    ``refund_amount_available``: what whoever decided saw; if it is something else by now, somebody was quicker. Raises
    Refused with code ``precondition_failed`` for that, and beyond what can be paid back.
    """
    found = OnlinePayment.objects.select_for_update(of=("self",)).select_related("slip__charge__assessment")
    locked = found.get(public=payment)
    now = refundable(locked)
    if now.yen != refund_amount_available:
        raise Refused(
            "還付できる額が、画面を開いたときから変わっています。最新の額を確かめて、もう一度行ってください。",
            code="precondition_failed",
        )  # fmt: skip
    if not 1 <= yen <= now.yen:
        raise Refused(
            "還付できるのは1円から%(most)s円までです。", field="yen", code="invalid", most=f"{now.yen:,}"
        )  # fmt: skip
    posting = refund_charge(actor=actor, charge=locked.slip.charge, yen=yen)
    made = RefundRequest.objects.create(payment=locked, posting=posting, yen=yen, requested_at=clock.now())
    record(actor=actor, subjects=[locked.slip.charge.assessment.payer_id])
    _wake_after_commit(made.public)
    return made


def _wake_after_commit(refund: UUID) -> None:
    """The provider is asked once the booking is certain; if the message is lost, the clock finds the refund."""
    from municipal.checkout.tasks import send_one

    town = wall.current()
    transaction.on_commit(lambda: wake(send_one, town, refund.int), using=wall.opening().using, robust=True)


def send_refund(*, town: int, refund: UUID) -> bool:
    """Ask the provider for a refund that was booked; False where it does not answer (還付の送信).

    It is asked again later. Opens the door itself. Asked twice, the provider pays once.
    """
    who = needed(town)
    with wall.within(town):
        found = RefundRequest.objects.select_related("payment").get(public=refund)
    return _asked(who, town, found)


def _asked(who: Provider, town: int, found: RefundRequest) -> bool:
    try:
        who.refund(town, found.payment.reference, found.public, found.yen)
    except ProviderDown:
        return False
    return True


def end_refund(actor: Actor, payment: OnlinePayment, notice: Notice) -> None:
    """Note what came of a refund; one that failed is undone in the books; called inside an operation (還付の結果)."""
    found = RefundRequest.objects.select_for_update().filter(payment=payment, public=notice.refund or NO_REFUND).first()
    if found is None or found.was_paid_back is not None:
        return
    found.was_paid_back, found.finished_at = notice.kind == Kind.REFUNDED, clock.now()
    found.save(update_fields=["was_paid_back", "finished_at"])
    if not found.was_paid_back:
        reverse(actor=actor, posting=found.posting, booked_on=clock.today(), reason="支払サービスで還付できず")
