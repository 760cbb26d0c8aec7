"""Paying online in one line each (試験用のオンライン納付)."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.checkout.models import OnlinePayment
from municipal.checkout.operations import pay, receive
from municipal.checkout.provider import Notice
from municipal.checkout.rules.states import Kind
from municipal.checkout.simulator import Simulator
from municipal.core import clock
from municipal.core.signatures import signed
from municipal.payments.models import Slip
from municipal.payments.tests.booking import charged, payer, slip_of

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
RETURN = "https://town.example/pay/990019/payments/{payment}"


def a_slip(yen: int = 30_000, **said: Any) -> Slip:
    owner = Addressee.objects.filter(number="1").first() or payer()
    return slip_of(charged(owner=owner, total_yen=yen, due_on=[date(2026, 6, 30)], **said)[0])


def begun(slip: Slip, method: str = "card", key: str = "") -> OnlinePayment:
    return pay(
        town=TOWN, slip=slip.pk, yen=slip.yen, method=method, key=key or uuid4().hex, return_url=RETURN
    )  # fmt: skip


def notice(payment: OnlinePayment, kind: Kind, **said: Any) -> Notice:
    """What a provider tells of a payment that was made at noon."""
    usual: dict[str, Any] = {
        "kind": kind, "town": TOWN, "payment": payment.public, "reference": payment.reference, "yen": payment.yen,
        "at": NOON, "paid_on": NOON.date(),
    }  # fmt: skip
    return Notice(**usual | said)


def body_of(payment: UUID | str, reference: str, kind: str, yen: object, **said: Any) -> bytes:
    usual: dict[str, Any] = {
        "type": kind, "town": f"{TOWN:06d}", "payment": str(payment), "reference": reference, "yen": yen,
        "at": NOON.isoformat(), "paid_on": NOON.date().isoformat(), "code": "", "refund": "",
    }  # fmt: skip
    return json.dumps(usual | said).encode()


def hook(payment: OnlinePayment, kind: Kind, message: str = "", town: int = TOWN, **said: Any) -> Any:
    """One webhook as the simulator sends it, taken in."""
    body = body_of(payment.public, payment.reference, kind.value, said.pop("yen", payment.yen), **said)
    headers = signed(Simulator().secret, message or uuid4().hex, clock.now(), body)
    return receive(town=town, headers=headers, body=body)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)
