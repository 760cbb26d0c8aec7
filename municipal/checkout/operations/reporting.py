"""Telling the books what was paid online: as a channel's reports, once whatever happens (収納への反映)."""

import hashlib

from municipal.checkout.models import OnlinePayment
from municipal.checkout.rules.states import Kind
from municipal.core.actors import Actor
from municipal.payments.intake import Line
from municipal.payments.models import CollectionFile, Stage
from municipal.payments.operations import take_in_lines

STAGES = {Kind.SUCCESS: Stage.PROVISIONAL, Kind.CAPTURED: Stage.CONFIRMED, Kind.REVERSED: Stage.CANCELLED}
OVERTAKEN_BY = {
    Kind.SUCCESS: {Kind.CAPTURED, Kind.REVERSED}, Kind.CAPTURED: {Kind.REVERSED}, Kind.REVERSED: set[Kind](),
}  # fmt: skip
"""A report that is older than one that is known already: it would say something again that no longer holds."""


def report(actor: Actor, payment: OnlinePayment, kind: Kind, yen: int, known: set[Kind]) -> None:
    """Take in a report of this payment; called inside an operation (収納の通知).

    The line is the one that the channel's own file holds, so that whichever comes second says nothing new.
    """
    if kind not in STAGES or OVERTAKEN_BY[kind] & known or payment.paid_on is None:
        return
    line = Line(
        line=1, channel=payment.channel, stage=STAGES[kind].value, number=payment.slip.number, yen=yen,
        paid_on=payment.paid_on, place="", reference=payment.reference,
    )  # fmt: skip
    digest = hashlib.sha256(f"checkout {payment.public} {kind}".encode()).hexdigest()
    if CollectionFile.objects.filter(digest=digest).exists():
        return
    take_in_lines(actor=actor, name=f"online-{payment.reference}-{kind}"[:100], digest=digest, lines=[line])
