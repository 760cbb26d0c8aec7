"""Beginning a payment and giving it up (納付の開始と取りやめ)."""

from uuid import UUID

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.checkout.methods import way
from municipal.checkout.models import OnlinePayment, PaymentEvent
from municipal.checkout.provider import Order, ProviderDown, Started, needed
from municipal.checkout.rules.states import OPEN, Failure, Kind, State
from municipal.checkout.standing import Seen, Word, seen
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.answers import Answer, once
from municipal.payments.models import Slip

from .actors import PAYER
from .hearing import learn

UNPAYABLE = {
    Word.PAID: Refused("この納付書は納付済みです。もう納める必要はありません。", code="conflict"),
    Word.PROCESSING: Refused("納付を受け付け、確認しています。二重に納めないでください。", code="conflict"),
    Word.WITHDRAWN: Refused("この納付書は取り消されています。担当課にお問い合わせください。", code="conflict"),
    Word.TOO_LATE: Refused(
        "支払期限を過ぎているため、この納付書ではオンラインで納められません。担当課にお問い合わせください。",
        code="conflict",
    ),
    Word.CHANGED: Refused(
        "納める額が納付書の額から変わっています。担当課に新しい納付書を頼んでください。", code="conflict"
    ),
    Word.NOTHING_OWED: Refused("この納付書で納める額はありません。", code="conflict"),
}
DOWN = Refused(
    "支払サービスにつながりません。お金は動いていません。しばらく待ってから、もう一度お試しください。",
    code="unavailable",
)


def pay(*, town: int, slip: int, yen: int, method: str, key: str, return_url: str) -> OnlinePayment:
    """Begin to pay a slip, or go on where it was begun; the answer holds the provider's page (納付の開始).

    Opens the door of ``town`` itself, twice: before and after the provider is asked. ``return_url`` holds ``{payment}``
    where the public number is to stand. Sent again with the same ``key`` it is the same payment. Raises Refused as
    ``start_payment`` does, and where the provider does not answer: then no money moved, and the attempt is closed.
    """
    who = needed(town)
    body = f"checkout.pay {slip} {yen} {method}".encode()
    with wall.within(town):
        answer = once(actor=PAYER, key=key, body=body, act=lambda: _begun(slip, yen, method))
        payment = find(UUID(answer.body["payment"]))
        order = _order(payment, return_url)
    if payment.state != State.CREATED:
        return payment
    try:
        started = who.start(order)
    except ProviderDown:
        with wall.within(town):
            give_up(actor=PAYER, payment=payment.public, kind=Kind.ERROR, failure=Failure.PROVIDER)
        raise DOWN from None
    with wall.within(town):
        return note_start(actor=PAYER, payment=payment.public, started=started)


def _begun(slip: int, yen: int, method: str) -> Answer:
    found = Slip.objects.select_related("charge__assessment").get(pk=slip)
    return Answer(201, {"payment": str(start_payment(actor=PAYER, slip=found, yen=yen, method=method).public)})


def _order(payment: OnlinePayment, return_url: str) -> Order:
    return Order(
        payment=payment.public, town=wall.current(), number=payment.slip.number, yen=payment.yen, method=payment.method,
        return_url=return_url.replace("{payment}", str(payment.public)), expires_at=payment.expires_at,
    )  # fmt: skip


def find(public: UUID) -> OnlinePayment:
    """The payment of that public number. Raises Refused where there is none (オンライン納付の照会)."""
    found = OnlinePayment.objects.select_related("slip__charge__assessment").filter(public=public).first()
    if found is None:
        raise Refused("この納付の手続きは見つかりません。はじめからやり直してください。", code="not_found")
    return found


@operation("checkout.start")
def start_payment(*, actor: Actor, slip: Slip, yen: int, method: str) -> OnlinePayment:
    """Note that somebody wants to pay a slip online, or find the attempt that is open already (納付の受付).

    Raises Refused for a slip that cannot be paid now (paid, being processed, withdrawn, too late, amount changed), for
    another amount than the slip's, beyond the limit of the way, and while it is begun another way.
    """
    lock_charge(slip)
    chosen, standing = way(method), seen(slip)
    if not standing.is_payable:
        raise UNPAYABLE[standing.word]
    if yen != slip.yen:
        raise Refused("納付書の額と違います。画面を更新して、額を確かめてください。", field="yen", code="invalid")
    if not chosen.takes(yen):
        raise Refused(
            "この方法で納められるのは%(most)s円までです。別の方法を選んでください。",
            field="method", code="invalid", most=f"{chosen.most_yen:,}",
        )  # fmt: skip
    record(actor=actor, subjects=[slip.charge.assessment.payer_id], code=method)
    return _resumed(standing, method) or OnlinePayment.objects.create(
        slip=slip, method=method, channel=chosen.channel, yen=yen, created_at=clock.now(), changed_at=clock.now(),
        expires_at=clock.now() + chosen.open_for,
    )  # fmt: skip


def _resumed(standing: Seen, method: str) -> OnlinePayment | None:
    begun = standing.open_payment
    if begun is not None and begun.method != method:
        raise Refused(
            "この納付書は別の方法で手続き中です。その手続きを続けるか、取りやめてから選び直してください。",
            field="method", code="conflict",
        )  # fmt: skip
    return begun


def lock_charge(slip: Slip) -> None:
    """Nobody else begins or books anything on this charge until the transaction ends (調定の占有)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kijun_lock_charges(%s)", [[slip.charge_id]])


@operation("checkout.note_start")
def note_start(*, actor: Actor, payment: UUID, started: Started) -> OnlinePayment:
    """Note under which number the provider has begun, and on which page it goes on (開始の記録)."""
    found = find(payment)
    locked = OnlinePayment.objects.select_for_update(of=("self",)).get(pk=found.pk)
    locked.reference, locked.page = locked.reference or started.reference, locked.page or started.page
    if locked.state == State.CREATED:
        locked.state = State.STARTED
        _note(locked, Kind.STARTED)
    locked.changed_at = clock.now()
    locked.save(update_fields=["reference", "page", "state", "changed_at"])
    record(actor=actor, subjects=[found.slip.charge.assessment.payer_id])
    return find(payment)


@operation("checkout.give_up")
def give_up(*, actor: Actor, payment: UUID, kind: Kind, failure: Failure) -> OnlinePayment:
    """Close a payment that is open; one that is finished stays what it is (納付の打切り).

    If the money was taken all the same, the provider's notice still counts: it stands higher in the line.
    """
    found = find(payment)
    locked = OnlinePayment.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if locked.state in OPEN:
        locked.state, locked.failure, locked.changed_at = State(kind.value), failure.value, clock.now()
        locked.save(update_fields=["state", "failure", "changed_at"])
        _note(locked, kind, failure.value)
    record(actor=actor, subjects=[found.slip.charge.assessment.payer_id], code=failure.value)
    return find(payment)


def _note(payment: OnlinePayment, kind: Kind, code: str = "") -> None:
    PaymentEvent.objects.create(
        payment=payment, kind=kind.value, at=clock.now(), recorded_at=clock.now(), yen=payment.yen, code=code
    )


def cancel(*, town: int, payment: UUID, actor: Actor = PAYER, failure: Failure = Failure.BY_PAYER) -> OnlinePayment:
    """Give a payment up at the provider and here; opens the door itself (納付の取りやめ).

    Raises Refused where the money was taken already, and where the provider does not answer.
    """
    who = needed(town)
    with wall.within(town):
        found = find(payment)
    if found.is_finished:
        return found
    try:
        if found.reference and not who.cancel(town, found.reference):
            with wall.within(town):
                learn(actor=actor, payment=payment, notices=who.status(town, found.reference))
            raise Refused("支払いが済んでいるため、取りやめられません。", code="conflict")
    except ProviderDown:
        raise DOWN from None
    with wall.within(town):
        return give_up(actor=actor, payment=payment, kind=Kind.CANCELLED, failure=failure)
