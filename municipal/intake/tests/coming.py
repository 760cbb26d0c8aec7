"""Applications that come from the portal, in one line each (試験用の申請データ)."""

from datetime import date, datetime, timedelta
from typing import Any

from conftest import TOWN
from municipal.applicants.models import Card, Certificate
from municipal.applicants.rules import Use
from municipal.applicants.tests.holding import card_of
from municipal.core import clock
from municipal.core.actors import STAFF, System
from municipal.intake.making import SOMEBODY, Filled, filled, made, zipped
from municipal.intake.models import Received
from municipal.intake.operations import PORTAL, play_application, take_in
from municipal.municipalities import wall
from municipal.procedures.catalogue import Entry, entry_of
from municipal.procedures.offered import current
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)
CLERK = System(actor_kind=STAFF, actor_id=1)
RECEIPT = "M26112900000001"
SIGNED_ENTRY, OPEN_ENTRY = "child-allowance", "bulky-waste"


def entry(code: str) -> Entry:
    found = current(code)
    assert found is not None
    return entry_of(found)


def resident(**items: Any) -> ResidentRecord:
    return newcomer(valid_from=date(2026, 4, 1), **items)


def certificate(card: Card | None = None) -> Certificate:
    """Of 甲野花子, unless a card is given; made an hour ago."""
    with clock.stopped_at(clock.now() - timedelta(hours=1)):
        holder = card or card_of(resident().addressee)
    return Certificate.objects.select_related("card").get(card=holder, use=Use.SIGNATURE.value)


def person(signed: Certificate) -> dict[str, str]:
    card = signed.card
    return {"name": card.name, "kana": "コウノ　ハナコ", "born_on": card.born_on, "address": card.address}


def a_zip(
    code: str = SIGNED_ENTRY, signed: Certificate | None = None, *, receipt: str = RECEIPT, serial: str = "",
    who: dict[str, str] | None = None, said: Filled | None = None,
) -> bytes:  # fmt: skip
    """What the portal would send: of the certificate's holder, or of somebody unknown."""
    somebody = who or (person(signed) if signed else SOMEBODY)
    content = said or filled(entry(code))
    return zipped(made(entry(code), receipt, somebody, signed, at=clock.now(), serial=serial, said=content))


def taken(content: bytes, receipt: str = RECEIPT) -> Received:
    return take_in(actor=PORTAL, receipt=receipt, content=content)


def applied(procedure: str = OPEN_ENTRY, who: str = "unsigned", fault: str = "none", times: int = 1) -> str:
    with wall.within(TOWN):
        return play_application(actor=CLERK, procedure=procedure, who=who, fault=fault, times=times).receipt
