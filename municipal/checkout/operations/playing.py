"""Playing a channel in the training room: paying, sending what is due, the files of a day (模擬チャネルの操作)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from municipal.audit.operations import operation, record
from municipal.checkout.models import Simulated, SimulatedMessage, Stand
from municipal.checkout.provider import provider
from municipal.checkout.rules.faults import Fault, Told, told_of
from municipal.checkout.rules.states import Kind
from municipal.checkout.simulator import Simulator, new_reference, waiting, written
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.core.signatures import signed
from municipal.municipalities import wall
from municipal.payments.intake import Line, write
from municipal.payments.models import Channel, Slip
from municipal.payments.paper.face import MOST_AT_STORES

from .hearing import receive
from .reporting import STAGES

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=2))
CREDITED_AFTER = timedelta(days=3)
LIMITED = (Channel.STORE, Channel.APP)


def needs_simulator() -> Simulator:
    """The simulator of the open municipality. Raises Refused where there is none (研修用の確認)."""
    found = provider(wall.current())
    if not isinstance(found, Simulator):
        raise Refused("模擬の支払いは、研修用の環境でだけ使えます。", code="unavailable")
    return found


def at(reference: str) -> Simulated:
    """The payment that was begun online under that number. Raises Refused where there is none (模擬の支払いの照会)."""
    found = Simulated.objects.filter(reference=reference, payment__isnull=False).first()
    if found is None:
        raise Refused("この支払いの画面は見つかりません。はじめからやり直してください。", code="not_found")
    return found


@operation("checkout.play_act")
def play_act(*, actor: Actor, reference: str, act: str, fault: Fault = Fault.NONE) -> Simulated:
    """Do at the simulated provider what a payer does: pay, be refused, have a number issued (模擬の操作).

    Raises Refused where the payment is over there already, except for doing the same again.
    """
    needs_simulator()
    wanted = {"pay": Stand.PAID, "refuse": Stand.REFUSED, "number": Stand.WAITING}.get(act)
    found = Simulated.objects.select_for_update().get(pk=at(reference).pk)
    if wanted is None:
        raise Refused("操作を選んでください。", field="act", code="invalid")
    record(actor=actor, code=act)
    if found.state == wanted:
        return found
    if found.state not in (Stand.OPEN, Stand.WAITING):
        raise Refused("この支払いはすでに終わっています。", code="conflict")
    found.state, found.fault = wanted, fault.value
    found.paid_at = clock.now() if wanted == Stand.PAID else None
    if wanted == Stand.WAITING:
        found.pay_number = f"{int(found.reference[:12], 16) % 10**12:012d}"
    found.save(update_fields=["state", "fault", "paid_at", "pay_number"])
    _prepare(found, wanted)
    return found


def _prepare(found: Simulated, now: Stand) -> None:
    """The messages that follow from it, each with the moment at which it is due."""
    if now == Stand.PAID:
        told = told_of(Fault(found.fault), found.number, found.yen)
    else:
        kind = Kind.SUBMITTED if now == Stand.WAITING else Kind.FAILED
        told = (Told(kind, timedelta(0), found.yen, found.number),)
    start = found.paid_at or clock.now()
    for each in told:
        message = SimulatedMessage(simulated=found, kind=each.kind.value, yen=each.yen, happened_at=start + each.after)
        for _ in range(each.times):
            SimulatedMessage.objects.create(
                simulated=found, message=message.message, kind=message.kind, yen=message.yen,
                happened_at=message.happened_at, due_at=message.happened_at,
            )  # fmt: skip


@operation("checkout.play_channel")
def play_channel(*, actor: Actor, channel: Channel, number: str, yen: int, place: str, fault: Fault) -> Simulated:
    """Pay a slip by its number at a simulated store, counter or app; it comes in a file (窓口での模擬の支払い).

    The number need not exist: people bring slips of other towns. Raises Refused above the limit of stores and apps, for
    no number and for no amount.
    """
    needs_simulator()
    if not (len(number) == 20 and number.isascii() and number.isdigit()):
        raise Refused("納付番号は20桁の数字です。", field="number", code="invalid")
    slip = Slip.objects.filter(number=number).first()
    amount = yen or (slip.yen if slip else 0)
    if not 1 <= amount <= 99_999_999_999:
        raise Refused("金額を入れてください。", field="yen", code="invalid")
    if channel in LIMITED and amount > MOST_AT_STORES:
        raise Refused("コンビニとアプリで支払えるのは30万円までです。", field="yen", code="invalid")
    record(actor=actor, code=str(channel))
    return Simulated.objects.create(
        reference=new_reference(), channel=channel, number=number, yen=amount, place=place[:20], state=Stand.PAID,
        fault=fault.value, created_at=clock.now(), paid_at=clock.now(),
    )  # fmt: skip


def deliver(*, town: int, until: datetime) -> int:
    """Send every message that is due by ``until``, each in a transaction of its own; how many were taken (模擬の送信).

    What is not taken is tried again later. Opens the door itself.
    """
    with wall.within(town):
        who, due = needs_simulator(), waiting(until)
    return sum(_sent(who, town, one) for one in due)


def _sent(who: Simulator, town: int, number: int) -> bool:
    with wall.within(town):
        message = SimulatedMessage.objects.select_related("simulated").get(pk=number)
        body = written(town, message)
    try:
        receive(town=town, headers=signed(who.secret, str(message.message), clock.now(), body), body=body)
        is_taken = True
    except Refused:
        is_taken = False
    with wall.within(town):
        message.attempts += 1
        message.delivered_at = clock.now() if is_taken else None
        message.due_at += timedelta(0) if is_taken else RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
        message.save(update_fields=["attempts", "delivered_at", "due_at"])
    return is_taken


def file_of_day(day: date) -> bytes:
    """The file of reports that the simulated channels send on ``day``, as a clerk takes it in (模擬の収納データ)."""
    return write(_lines(day))


def _lines(day: date) -> Iterator[Line]:
    week = timedelta(days=7)
    start = datetime.combine(day - week, datetime.min.time(), clock.TOKYO)
    found = Simulated.objects.filter(paid_at__gte=start, paid_at__lt=start + week + timedelta(days=1)).order_by("pk")
    for paid in found:
        moment = (paid.paid_at or start).astimezone(clock.TOKYO)
        for told in told_of(Fault(paid.fault), paid.number, paid.yen):
            if (moment + told.after).date() == day:
                line = Line(
                    line=0, channel=paid.channel, stage=STAGES[told.kind].value, number=told.number, yen=told.yen,
                    paid_on=moment.date(), place=paid.place, reference=paid.reference,
                    credited_on=day + CREDITED_AFTER if told.kind == Kind.CAPTURED else None,
                )  # fmt: skip
                yield from [line] * told.times
