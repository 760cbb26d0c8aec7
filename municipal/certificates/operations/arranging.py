"""The order of a household's members on joint copies, set and kept (世帯員の並び順の設定; resident-record/1.0#5.2)."""

from collections.abc import Sequence

from municipal.addressees.models import LifeState
from municipal.audit.operations import operation, record
from municipal.certificates.gathering import arranged
from municipal.certificates.models import MemberOrder
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import Household, ResidentRecord
from municipal.residents.rules.order import Seat, in_order


def members(household: Household, *, removed: bool = False) -> list[ResidentRecord]:
    """Who lives in the household, or was ``removed`` from it, in the order in which a copy lists them (世帯員)."""
    ever = ResidentRecord.objects.filter(household=household).values("addressee")
    found = inquiry.latest().filter(addressee__in=ever).select_related("addressee", "household")
    own = [one for one in found if one.household_id == household.pk]
    return arranged([one for one in own if (one.status != LifeState.RESIDENT) == removed])


def proposed(household: Household) -> list[str]:
    """The addressee numbers of the members in the order of the four ranks (並び順の案)."""
    return in_order(_seat(one) for one in members(household))


def _seat(one: ResidentRecord) -> Seat:
    is_first = bool(one.name) and one.name == one.register_head
    return Seat(one.addressee.number, one.relationship, one.born_on, one.addressee.number, one.sex, is_first)


@implements("resident-record/1.0#5.2/m1", "resident-record/1.0#5.2/n1")
@operation("certificates.arrange")
def arrange(*, actor: Actor, household: Household, numbers: Sequence[str]) -> MemberOrder:
    """Keep the order in which somebody arranged the members (任意の並び順).

    Raises Refused unless ``numbers`` names every member once: an order is a list of people, never a rule.
    """
    rows = {one.addressee.number: one.addressee_id for one in members(household)}
    if sorted(numbers) != sorted(rows):
        raise Refused(
            "世帯員の全員を一度ずつ並べてください。世帯員が変わったときは、画面を開き直してください。",
            field="order",
            code="order",
        )
    ids = [rows[number] for number in numbers]
    record(actor=actor, subjects=ids, fields=["member_order"])
    return MemberOrder.objects.create(household=household, members=ids, arranged_at=clock.now())


@operation("certificates.arrange_by_rule")
def arrange_by_rule(*, actor: Actor, household: Household) -> MemberOrder:
    """Keep the order of the four ranks (並び順の規則による設定)."""
    return arrange(actor=actor, household=household, numbers=proposed(household))
