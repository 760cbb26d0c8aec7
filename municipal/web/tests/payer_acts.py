"""Keeping payers on the screens in one line each (試験用の納付義務者の操作)."""

from datetime import date, datetime
from typing import Any

from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import CORPORATE_NUMBER
from municipal.municipalities import wall
from municipal.payments.models import Assessment
from municipal.payments.operations import assess
from municipal.payments.tests.booking import assessed

from .entering import text
from .keeping import key_in

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
COMPANY = CORPORATE_NUMBER.of("000012345678")
TYPED = {
    "kind": "non_resident", "name": "乙田　一", "kana": "オツダ　ハジメ", "postal_code": "000-0401",
    "prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地",
}  # fmt: skip
ELSEWHERE = {"prefecture": "別県", "city": "別市", "block": "栗町", "lot": "７"}


def entered(clerk: Client, **said: str) -> str:
    """The number of somebody who was entered on the screen."""
    key = key_in(clerk.get("/money/payers/new"))
    answer = clerk.post("/money/payers/new", TYPED | said | {"key": key})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"]).rsplit("/", 1)[1]


def redirected(clerk: Client, number: str, **said: str) -> Any:
    path = f"/money/payers/{number}/recipients/new"
    usual = {"kind": "other_address", "first_day": "R8.11.1", "key": key_in(clerk.get(path))}
    return clerk.post(path, usual | ELSEWHERE | said)


def page(clerk: Client, number: str) -> str:
    return text(clerk.get(f"/money/payers/{number}"))


def owing(payer: Addressee, **said: Any) -> Assessment:
    with wall.within(TOWN):
        return assess(actor=CLERK, assessed=assessed(payer, **said))


def guarded(payer: Addressee) -> None:
    with wall.within(TOWN):
        protect(actor=CLERK, addressee=payer, starts_on=date(2026, 4, 1), ends_on=None, is_own=True)
