"""Carrying out that a place has another name, household by household (住所一括変更の反映; resident-record/1.0#9.7)."""

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.office.outbox import emit
from municipal.places.rules import sort_code
from municipal.residents.acts.plan import Plan
from municipal.residents.acts.renumbering import ACT, Renaming, domicile_renamed, renumbered
from municipal.residents.acts.standing import living_in
from municipal.residents.models import Claim, Household, ResidentEvent
from municipal.residents.notices import Notice

from .carrying_out import carry_out
from .leases import refuse_leased
from .recording import refuse_unfilled, refuse_unfit

TOPIC = "residents.renumbered"
SENT = "identification:supplement:mailing"
"""What goes to the network about each person: identification, supplement of the family register, mailing address."""


@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
@operation("residents.renumber")
def renumber(*, actor: Actor, household: str, said: Renaming) -> ResidentEvent:
    """Everybody of a household has the new address from the day on, as a minor correction (住所の一括変更).

    Raises Refused for what stands against it; then this household keeps its address.
    """
    home = Household.objects.filter(number=household).first()
    _lock(actor, living_in([home]) if home else [], home)
    items = {"lot_in_digits": sort_code(said.after.get("lot", ""), said.after.get("building", ""))}
    return _carry_out(actor, renumbered(household, said, items), said)


@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
@operation("residents.rename_domicile")
def rename_domicile(*, actor: Actor, addressee: str, said: Renaming) -> ResidentEvent:
    """A resident's domicile has its new name from the day on, as a minor correction (本籍の一括変更)."""
    person = Addressee.objects.filter(number=addressee).first() if addressee else None
    _lock(actor, [person.pk] if person else [], None)
    return _carry_out(actor, domicile_renamed(addressee, said), said)


def _lock(actor: Actor, people: list[int], home: Household | None) -> None:
    list(Addressee.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    claims = Claim.objects.filter(addressee__in=people)
    if claims.exists() or (home and Claim.objects.filter(household=home).exists()):
        raise Refused("仮登録中の異動があります。本登録か取下げのあとで、個別に修正してください。", code="claimed")
    refuse_leased(actor, people)


def _carry_out(actor: Actor, plan: Plan, said: Renaming) -> ResidentEvent:
    for change in plan.changes:
        row = change.after()
        refuse_unfit(row)
        refuse_unfilled(row)
    notice = Notice(act=ACT, event_on=RegisterDate.exact(said.effective_on), basis=plan.basis)
    event = carry_out(actor, notice, plan)
    emit(topic=TOPIC, subjects=event.subjects, payload={"event": event.pk, "reason": "minor_correction", "sends": SENT})
    record(actor=actor, subjects=event.subjects, fields=["serial", "reason"], code=ACT)
    return event
