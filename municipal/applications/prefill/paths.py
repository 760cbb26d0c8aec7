"""Where each thing that the catalogue calls held is to be found, or why it is not here (引用の経路)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from municipal.procedures.catalogue import Entry

from . import earlier, money, qualifications, register
from .items import Value
from .subjects import Subject

Source = Callable[[Subject], Value | None]
"""None: the source knows of nothing. Raises what its database raises."""

SOURCES: Mapping[str, Source] = {
    "register:record": register.whole,
    "register:record.identity": register.identity,
    "register:record.address": register.address,
    "register:record.moved_in": register.moved_in,
    "register:record.moved_out": register.moved_out,
    "register:record.qualifications": qualifications.everything,
    "register:household.members": register.members,
    "register:insurance.entitlement": qualifications.insurance,
    "register:care.insured": qualifications.care,
    "register:entitlement.child_allowance": qualifications.granted("child-allowance"),
    "register:entitlement.child_rearing_allowance": qualifications.granted("child-rearing-allowance"),
    "payments:payments.arrears": money.arrears,
    "payments:payments.payer": money.payer,
    "payments:payments.ledger": money.ledger(),
    "payments:payments.care_premium": money.ledger(money.CARE),
    "payments:payments.nursery_fee": money.ledger(money.NURSERY),
    "payments:payments.premiums": money.ledger(money.HEALTH, money.CARE, money.LATE_ELDERLY),
    "payments:payments.vehicle_tax": money.ledger(money.VEHICLE),
    "case:case.disaster_certificate": earlier.decided("disaster-certificate"),
    "case:case.nursery_certification": earlier.decided("nursery-certification"),
    "case:case.pregnancy": earlier.decided("pregnancy"),
    "linkage:received.move_out": earlier.move_out_certificate,
}
"""What a room of this system answers (この仕組みにある情報)."""

NAMED = frozenset({"register:record.died", "register:record.deceased"})
"""What is about somebody whom only the answers name: shown to nobody who can type a name, looked up by the office."""

ELSEWHERE = frozenset(
    {
        "register:address_history", "register:family_register", "register:seal",
        "register:care.benefits", "register:care.equipment_left", "register:care.home_works_left",
        "register:care.level", "register:insurance.bills",
        "register:tax.assessments", "register:tax.position", "register:tax.properties", "register:tax.reports",
        "register:property.building", "register:property.items",
        "register:dogs", "register:school.register", "register:water.contract",
        "register:welfare.handbook", "register:welfare.position",
    }
)  # fmt: skip
"""Registers of the municipality that no room of this system keeps: the office looks there itself (他の台帳)."""


HERE, BY_LINKAGE, BY_NAME, BY_OFFICE = "here", "linkage", "named", "office"


def way_of(source: str, path: str) -> str:
    """How this path is looked up: by this system, by asking another office, by the office itself; else empty (経路)."""
    key = f"{source}:{path}"
    if key in SOURCES:
        return HERE
    if source == "linkage":
        return BY_LINKAGE
    return BY_NAME if key in NAMED else BY_OFFICE if key in ELSEWHERE else ""


def ways(entries: Iterable[Entry]) -> dict[str, int]:
    """How many held items of these entries are looked up in each way (経路ごとの数)."""
    found = Counter(way_of(held.source, held.path) for entry in entries for held in entry.holds)
    return {way: found[way] for way in (HERE, BY_LINKAGE, BY_NAME, BY_OFFICE)}
