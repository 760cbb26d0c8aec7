"""Cases that end in an entitlement, of residents whom the register knows (試験用の認定の申請)."""

from datetime import date, datetime, time
from typing import Any

from municipal.addressees.models import Addressee
from municipal.applications.models import Case
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

from .acting import a_case

ALLOWANCE = "child-allowance"
ACCOUNT = {"registered": True}
SAID: dict[str, dict[str, Any]] = {
    ALLOWANCE: {"claimant": ["p1"], "spouse": [{"lives": "none"}], "lives_apart": False, "account": ACCOUNT},
    "child-allowance-end": {"ending": [{"cause": "no_longer", "occurred_on": "2027-02-10"}]},
    "care-certificate-transfer": {"goes_on": True, "contact": "000-0000-0000"},
    "nursery-status": {"is_unchanged": True},
}


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.TOKYO)


def parents(born: date, *, since: date = date(2020, 4, 1)) -> list[ResidentRecord]:
    """A mother, a father and their child."""
    mother = newcomer(valid_from=since)
    rest: dict[str, Any] = {"household": mother.household, "is_head": False}
    father = newcomer(valid_from=since, **rest, name="甲野　太郎", relationship="夫", sex="1")
    child = newcomer(valid_from=born, **rest, name="甲野　一郎", relationship="子", born_on=RegisterDate.exact(born))
    return [mother, father, child]


def claimed(person: Addressee | None, procedure: str = ALLOWANCE, **answers: Any) -> Case:
    """A case that concerns this person, as who signed in would make it."""
    case = a_case(procedure, SAID.get(procedure, {}) | answers)
    case.about = person
    case.save(update_fields=["about"])
    return case
