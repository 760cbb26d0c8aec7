"""Taking in what the provider tells, whatever way and order it comes in (支払サービスの通知の受付)."""

import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.checkout.models import OnlinePayment, Outcome, PaymentEvent, WebhookMessage
from municipal.checkout.provider import Notice, needed
from municipal.checkout.rules.states import OF_REFUNDS, Kind, State, highest, state_of
from municipal.checkout.signatures import NOT_SIGNED, verified
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .actors import PROVIDER
from .refunding import NO_REFUND, end_refund
from .reporting import report

MOST_BYTES = 16 * 1024


def receive(*, town: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Take in one webhook; opens the door of ``town`` itself (通知の受信).

    Nothing is read before the signature is found right. The transaction that changes something also notes the message,
    so that the sender may repeat it until it is answered. Raises Refused for a body that is too large, forged, old, of
    another town or no notice, and where the books cannot take it now: then it is to be sent again.
    """
    who = needed(town)
    if len(body) > MOST_BYTES:
        raise Refused("通知が大きすぎます。", code="too_large")
    message = verified(who.secret, headers, body)
    try:
        notice = who.heard(body)
    except ValueError:
        raise Refused("通知の内容を読み取れません。", code="bad_request") from None
    if notice.town != town:
        raise NOT_SIGNED
    digest = hashlib.sha256(body).hexdigest()
    with wall.within(town):
        return hear(actor=PROVIDER, message=message, digest=digest, notice=notice)


@operation("checkout.hear")
def hear(*, actor: Actor, message: str, digest: str, notice: Notice) -> Outcome:
    """Note a message and what it changes; known by its id, it changes nothing the second time (通知の反映)."""
    _one_at_a_time(message)
    if WebhookMessage.objects.filter(message=message).exists():
        record(actor=actor, code="repeated")
        return Outcome.NOTHING_NEW
    payment = _locked(notice.payment)
    known = _kinds(payment)
    outcome = _outcome(payment, notice, known)
    kept = WebhookMessage.objects.create(
        message=message, kind=notice.kind.value, about=str(notice.refund or notice.payment), yen=notice.yen,
        happened_at=notice.at, received_at=clock.now(), digest=digest, outcome=outcome,
    )  # fmt: skip
    if payment is None:
        record(actor=actor, code=outcome.value)
        return outcome
    if notice.kind in OF_REFUNDS:
        end_refund(actor, payment, notice)
    elif notice.kind not in known:
        _apply(actor, payment, notice, known, kept)
    record(actor=actor, subjects=[payment.slip.charge.assessment.payer_id], code=notice.kind.value)
    return outcome


@operation("checkout.learn")
def learn(*, actor: Actor, payment: UUID, notices: Iterable[Notice]) -> OnlinePayment:
    """Take over what the provider answered when it was asked, like webhooks that never came (照会の反映).

    Raises Refused where there is no such payment.
    """
    found = _locked(payment)
    if found is None:
        raise Refused("この納付の手続きは見つかりません。はじめからやり直してください。", code="not_found")
    for notice in notices:
        known = _kinds(found)
        if notice.kind not in known and notice.kind not in OF_REFUNDS and notice.payment == payment:
            _apply(actor, found, notice, known, None)
    record(actor=actor, subjects=[found.slip.charge.assessment.payer_id], code=found.state)
    return found


def _one_at_a_time(message: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"hook {wall.current()} {message}"])


def _locked(public: UUID) -> OnlinePayment | None:
    """The payment, with its row held until the transaction ends."""
    found = OnlinePayment.objects.select_for_update(of=("self",)).filter(public=public)
    return found.select_related("slip__charge__assessment").first()


def _kinds(payment: OnlinePayment | None) -> set[Kind]:
    return {Kind(kind) for kind in payment.events.values_list("kind", flat=True)} if payment else set()


def _outcome(payment: OnlinePayment | None, notice: Notice, known: set[Kind]) -> Outcome:
    """What the message is to us. Contested, for people: another amount or number, or certain and taken back at once."""
    if payment is None:
        return Outcome.UNKNOWN
    if notice.kind in OF_REFUNDS:
        return _outcome_of_refund(payment, notice)
    is_other = payment.reference not in ("", notice.reference) or payment.yen != notice.yen
    is_both = {Kind.CAPTURED, Kind.REVERSED} <= known | {notice.kind}
    if is_other or is_both:
        return Outcome.CONTESTED
    return Outcome.NOTHING_NEW if notice.kind in known else Outcome.APPLIED


def _outcome_of_refund(payment: OnlinePayment, notice: Notice) -> Outcome:
    found = payment.refunds.filter(public=notice.refund or NO_REFUND).first()
    if found is None:
        return Outcome.UNKNOWN
    if found.was_paid_back is None:
        return Outcome.APPLIED
    return Outcome.NOTHING_NEW if found.was_paid_back == (notice.kind == Kind.REFUNDED) else Outcome.CONTESTED


def _apply(
    actor: Actor, payment: OnlinePayment, notice: Notice, known: set[Kind], message: WebhookMessage | None
) -> None:
    PaymentEvent.objects.create(
        payment=payment, kind=notice.kind.value, at=notice.at, recorded_at=clock.now(), yen=notice.yen,
        code=notice.code[:20], message=message,
    )  # fmt: skip
    now, told = State(payment.state), state_of(notice.kind)
    payment.state = highest([now, told])
    if payment.state != now:
        payment.failure = notice.code[:10]
    payment.reference = payment.reference or notice.reference
    if told == State.SUCCESS:
        payment.paid_on = payment.paid_on or notice.paid_on or notice.at.astimezone(clock.TOKYO).date()
    if notice.kind == Kind.CAPTURED:
        payment.captured_on = clock.today()
    payment.changed_at = clock.now()
    payment.save(update_fields=["state", "failure", "reference", "paid_on", "captured_on", "changed_at"])
    report(actor, payment, notice.kind, notice.yen, known)
