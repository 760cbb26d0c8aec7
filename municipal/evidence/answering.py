"""What our own register can say when another office asks, and of whom it says nothing by itself (回答の材料)."""

from collections.abc import Callable, Mapping
from datetime import date

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.inquiry import latest
from municipal.residents.models import ResidentRecord
from municipal.residents.secrecy import secrets
from municipal.residents.suppression import INQUIRY, decide

from .models import LinkageCode
from .rules.payloads import Items

Source = Callable[[ResidentRecord, str], Items]


def person_of(code: str) -> Addressee | None:
    """Whom of our people a code means; None for nobody (符号からの特定)."""
    found = LinkageCode.objects.select_related("addressee").filter(code=code).first()
    return found.addressee if found else None


def is_protected(person: int) -> bool:
    """Whether anything about this person is withheld from everybody (不開示の対象)."""
    return person in secrets().people


def is_held(person: int) -> bool:
    """Whether a question about this person is not answered automatically (自動応答不可).

    So it is for whoever is protected, and for everybody for whom inquiries are suppressed at any level.
    """
    found = decide(INQUIRY, [person])
    return is_protected(person) or bool(found.errors or found.alerts)


def _days(record: ResidentRecord, first: str, last: str) -> Items:
    """The two ends of a qualification, as far as the register knows them."""
    found: Items = {}
    for item, name in (("qualified_on", first), ("lost_on", last)):
        day: date | None = getattr(record, name)
        if day is not None:
            found[item] = day.isoformat()
    return found


def _insurance(record: ResidentRecord, town: str) -> Items:
    if record.has_late_elderly_insurance:
        days = _days(record, "late_elderly_insurance_from", "late_elderly_insurance_until")
        return {"scheme": "後期高齢者医療", "insurer": town, **days}
    days = _days(record, "national_health_insurance_from", "national_health_insurance_until")
    if record.has_national_health_insurance or days:
        return {"scheme": "国民健康保険", "insurer": town, **days}
    return {}


def _care(record: ResidentRecord, town: str) -> Items:
    days = _days(record, "care_insurance_from", "care_insurance_until")
    return days if record.has_care_insurance or days else {}


SOURCES: Mapping[str, Source] = {"insurance": _insurance, "care": _care}
"""By the kind of question; of anything else this system keeps no register."""


def answer_of(person: Addressee, kind: str) -> tuple[Items, date]:
    """What the register says today, and today; no items where it holds nothing (台帳からの回答)."""
    record = latest().filter(addressee=person).first()
    if record is None or kind not in SOURCES:
        return {}, clock.today()
    town = Municipality.objects.get(pk=wall.current()).name
    return SOURCES[kind](record, town), clock.today()
