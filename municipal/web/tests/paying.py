"""A payer's browser: opening a slip, beginning to pay, paying at the simulator (試験用の納付)."""

from typing import Any
from uuid import uuid4

from django.test import Client

from conftest import TOWN
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Slip

PAGE = f"/pay/{TOWN}"


def standing(slip: Slip) -> Standing:
    with wall.within(TOWN):
        assert books().broken() == []
        return of_charges([slip.charge_id])[slip.charge_id]


def opened(payer: Client, slip: Slip, **said: str) -> Any:
    return payer.post(PAGE, {"code": slip.number, "confirmation": slip.confirmation} | said)


def started(payer: Client, slip: Slip, method: str = "card", key: str = "") -> Any:
    opened(payer, slip)
    return payer.post(f"{PAGE}/slips/{slip.pk}", {"method": method, "key": key or uuid4().hex})


def paid(payer: Client, slip: Slip, **said: str) -> Any:
    """The page to which the payer comes back."""
    page = started(payer, slip, said.pop("method", "card"))["Location"]
    return payer.get(payer.post(page, {"act": "pay", "fault": "none"} | said)["Location"])
