"""A payment service for training, which behaves like the real ones and moves no money (模擬の支払サービス).

It stands on the other side of the provider interface: it keeps records of its own, opens the wall by itself, and sends
webhooks that are signed and verified like anybody's. Only made-up municipalities have it.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac

from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .methods import way
from .models import Simulated, SimulatedMessage, Stand
from .provider import Notice, Order, ProviderDown, Started
from .rules.faults import Fault, told_of
from .rules.states import Failure, Kind


class Simulator:
    """The provider of the training room (模擬の支払サービス)."""

    is_simulated = True

    @classmethod
    def of(cls, town: int) -> "Simulator | None":
        """The simulator of a made-up municipality; None for a real one, whose debts it must never pay (研修用)."""
        return cls() if Municipality.objects.filter(pk=town, is_fictional=True).exists() else None

    @property
    def secret(self) -> bytes:
        """The key of its webhooks, from the installation's own secret (署名の鍵)."""
        return salted_hmac("kijun payment simulator", "webhooks", algorithm="sha256").digest()

    def start(self, order: Order) -> Started:
        """Begin a payment, or find it; a number for a cash machine is issued at once (支払の開始)."""
        with wall.within(order.town):
            found, _ = Simulated.objects.get_or_create(
                payment=order.payment,
                defaults={
                    "reference": new_reference(), "channel": way(order.method).channel, "method": order.method,
                    "number": order.number, "yen": order.yen, "return_url": order.return_url,
                    "created_at": clock.now(),
                },
            )  # fmt: skip
        return Started(found.reference, f"/pay/{order.town:06d}/simulator/{found.reference}")

    def status(self, town: int, reference: str) -> Sequence[Notice]:
        """Everything that has happened, told at once: the truth, whatever fault its messages have (照会)."""
        with wall.within(town):
            found = Simulated.objects.filter(reference=reference).first()
            if found is None or found.payment is None:
                raise ProviderDown(reference)
            return list(_history(town, found))

    def cancel(self, town: int, reference: str) -> bool:
        """Give up what is not paid (取りやめ)."""
        with wall.within(town):
            found = Simulated.objects.select_for_update().filter(reference=reference).first()
            if found is None:
                raise ProviderDown(reference)
            if found.state in (Stand.OPEN, Stand.WAITING):
                found.state = Stand.LEFT
                found.save(update_fields=["state"])
            return found.state != Stand.PAID

    def refund(self, town: int, reference: str, refund: UUID, yen: int) -> None:
        """Pay back, once for each ``refund``; the result comes as a webhook (還付)."""
        with wall.within(town):
            found = Simulated.objects.select_for_update().filter(reference=reference).first()
            if found is None:
                raise ProviderDown(reference)
            if SimulatedMessage.objects.filter(simulated=found, refund=refund).exists():
                return
            can = way(found.method).can_be_refunded and found.state == Stand.PAID
            kind = Kind.REFUNDED if can else Kind.REFUND_FAILED
            SimulatedMessage.objects.create(
                simulated=found, kind=kind.value, yen=yen, refund=refund, happened_at=clock.now(), due_at=clock.now()
            )

    def heard(self, body: bytes) -> Notice:
        """Read a webhook. Raises ValueError for a body that is none of ours (通知の読取り)."""
        try:
            said = json.loads(body)
            return Notice(
                kind=Kind(said["type"]), town=int(said["town"]), payment=UUID(said["payment"]),
                reference=str(said["reference"])[:40], yen=_yen(said["yen"]), at=_moment(said["at"]),
                paid_on=date.fromisoformat(said["paid_on"]) if said["paid_on"] else None, code=str(said["code"])[:10],
                refund=UUID(said["refund"]) if said["refund"] else None,
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise ValueError(f"no notice: {type(error).__name__}") from error


def _yen(said: Any) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= 99_999_999_999:
        raise ValueError("no amount")
    return said


def _moment(said: Any) -> datetime:
    found = datetime.fromisoformat(said)
    if found.utcoffset() is None:
        raise ValueError("a time without its offset")
    return found


def new_reference() -> str:
    """A number that nobody can guess: it is the address of the page on which is paid (整理番号)."""
    return secrets.token_hex(16)


def written(town: int, message: SimulatedMessage) -> bytes:
    """The body of a webhook (通知の本文)."""
    paid = message.simulated
    said = {
        "type": message.kind, "town": f"{town:06d}", "payment": str(paid.payment), "reference": paid.reference,
        "yen": message.yen, "at": message.happened_at.astimezone(clock.TOKYO).isoformat(),
        "paid_on": paid.paid_at.astimezone(clock.TOKYO).date().isoformat() if paid.paid_at else "",
        "code": Failure.REJECTED.value if message.kind == Kind.FAILED else "",
        "refund": str(message.refund) if message.refund else "",
    }  # fmt: skip
    return json.dumps(said).encode()


def _history(town: int, paid: Simulated) -> Sequence[Notice]:
    def one(kind: Kind, at: datetime, yen: int = paid.yen, code: str = "") -> Notice:
        day = paid.paid_at.astimezone(clock.TOKYO).date() if paid.paid_at else None
        return Notice(kind, town, paid.payment or UUID(int=0), paid.reference, yen, at, day, code)

    found = [one(Kind.STARTED, paid.created_at)]
    if paid.state == Stand.WAITING:
        found.append(one(Kind.SUBMITTED, paid.created_at))
    if paid.state == Stand.REFUSED:
        found.append(one(Kind.FAILED, clock.now(), code=Failure.REJECTED.value))
    if paid.state == Stand.LEFT:
        found.append(one(Kind.CANCELLED, clock.now(), code=Failure.BY_PAYER.value))
    if paid.paid_at is not None:
        found.append(one(Kind.SUCCESS, paid.paid_at))
        told = [told for told in told_of(Fault(paid.fault), paid.number, paid.yen) if told.kind != Kind.SUCCESS]
        found += [one(each.kind, paid.paid_at + each.after, each.yen) for each in told
                  if paid.paid_at + each.after <= clock.now()]  # fmt: skip
    return found


def waiting(until: datetime) -> list[int]:
    """The ids of the messages that are due by then, the oldest first (送信待ち)."""
    due = SimulatedMessage.objects.filter(Q(delivered_at=None), due_at__lte=until)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True))
