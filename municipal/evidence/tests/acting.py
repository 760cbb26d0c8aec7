"""Asking other offices in one line each (試験用の情報照会)."""

from datetime import date, datetime, timedelta
from typing import Any

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.actors import System
from municipal.evidence.kinds import Wanted, kinds
from municipal.evidence.models import EvidenceRequest, SimulatedBehaviour
from municipal.evidence.operations import ask, attend
from municipal.residents.tests.people import newcomer

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
CASE = "261120-0000-0001"


def resident(**items: Any) -> Addressee:
    return newcomer(valid_from=date(2026, 4, 1), **items).addressee


def played(kind: str, behaviour: str, polls: int = 0) -> None:
    SimulatedBehaviour.objects.update_or_create(kind=kind, defaults={"behaviour": behaviour, "polls": polls})


def asked(subject: Addressee, kind: str = "income", **said: Any) -> EvidenceRequest:
    found = kinds()[kind]
    usual: dict[str, Any] = {
        "actor": CLERK, "subject": subject, "wanted": Wanted(found, (), (), found.basis),
        "procedure": "child-allowance", "reference": CASE,
    }  # fmt: skip
    return ask(**usual | said)


def beats(count: int = 2, start: datetime = NOON, town: int = TOWN, apart: int = 61) -> None:
    """The beat, so many times, each later than the longest pause."""
    for number in range(count):
        with clock.stopped_at(start + timedelta(minutes=number * apart)):
            attend(town=town)


def after(request: EvidenceRequest) -> EvidenceRequest:
    return EvidenceRequest.objects.get(pk=request.pk)
