"""Entitlements and people in one line each (試験用の受給資格)."""

from datetime import date
from typing import Any

from municipal.addressees.models import Addressee
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.entitlements.models import Entitlement
from municipal.entitlements.operations import Granting, grant
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

CLERK, CHIEF = System(actor_kind="staff", actor_id=1), System(actor_kind="staff", actor_id=2)
SINCE = date(2026, 4, 1)
ALLOWANCE, CARE = "child-allowance", "care-certification"


def day(text: str) -> date:
    return date.fromisoformat(text)


def home(*, children: int = 2) -> list[ResidentRecord]:
    """A couple and their children, in that order."""
    head = newcomer(valid_from=SINCE)
    home = head.household
    rows = [head, newcomer(valid_from=SINCE, household=home, is_head=False, name="甲野　太郎", relationship="夫")]
    for at in range(children):
        born = RegisterDate(2020 + at, 5, 6)
        rows.append(
            newcomer(
                valid_from=SINCE, household=home, is_head=False, name=f"甲野　子{at}", relationship="子", born_on=born
            )
        )  # fmt: skip
    return rows


def granting(person: Addressee, about: Addressee | None = None, **said: Any) -> Granting:
    usual: dict[str, Any] = {
        "person": person, "about": about or person, "kind": CARE, "procedure": CARE, "name": "要介護認定",
        "first": day("2026-11-10"),
    }  # fmt: skip
    return Granting(**usual | said)


def granted(person: Addressee, about: Addressee | None = None, **said: Any) -> Entitlement:
    return grant(actor=CLERK, granting=granting(person, about, **said))


def allowance(person: Addressee, child: Addressee, first: str = "2026-12-01", **said: Any) -> Entitlement:
    usual = {"kind": ALLOWANCE, "procedure": ALLOWANCE, "name": "児童手当", "first": day(first)}
    return granted(person, child, **usual | said)


def now(one: Entitlement) -> Entitlement:
    """The version that holds."""
    return Entitlement.objects.get(number=one.number, recorded__endswith__isnull=True)
