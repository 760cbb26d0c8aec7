"""People with cards, and the relying party's steps, in one line each (試験用のカードとサインイン)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.applicants.models import Card
from municipal.applicants.operations import issue_card
from municipal.applicants.operations.consenting import consent
from municipal.applicants.relying import Asked, Embedded, Known, address_to_ask, known
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
PIN, SIGNATURE_PIN = "1234", "KIJUN2026"
HERE = "https://town.example/me/990019/back"


def resident(**items: Any) -> ResidentRecord:
    return newcomer(valid_from=date(2026, 4, 1), **items)


def card_of(person: Addressee, **pins: str) -> Card:
    usual = {"pin_user": PIN, "pin_signature": SIGNATURE_PIN}
    return issue_card(actor=CLERK, holder=person, **usual | pins)


def given_card(**items: Any) -> Card:
    """A resident with a card, committed."""
    with wall.within(TOWN):
        return card_of(resident(**items).addressee)


def asked_for(asked: Asked, **changes: str) -> dict[str, str]:
    """The parameters with which the relying party sends the browser to the provider."""
    address = address_to_ask("kijun", "/card", asked, HERE)
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()} | changes


def code_for(asked: Asked, card: Card, **changes: str) -> str:
    parameters = asked_for(asked, **changes)
    return consent(town=TOWN, number=card.number, pin=PIN, parameters=parameters, redirect_uri=HERE)


def known_by(asked: Asked, code: str, who: Any = None, **answer: str) -> Known:
    return known(who or Embedded(TOWN), asked, {"code": code, "state": asked.state} | answer, HERE)


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as said:
        act()
    return said.value.code
