"""Carrying out that places have other names, many households at once (住所一括変更の反映; resident-record/1.0#9.7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.office.outbox import emit_all
from municipal.places.rules import sort_code
from municipal.residents.acts.plan import Plan
from municipal.residents.acts.renumbering import ACT, Renaming, domicile_renamed, renumbered
from municipal.residents.acts.standing import living_at, standing_of
from municipal.residents.models import Claim, Period, ResidentEvent
from municipal.residents.notices import Notice

from .bulk import Decided, carry_out_all, decided
from .leases import BUSY, leased_by_others

TOPIC = "residents.renumbered"
SENT = "identification:supplement:mailing"
"""What goes to the network about each person: identification, supplement of the family register, mailing address."""
Outcome = ResidentEvent | Refused
Standing = Mapping[str, Sequence[Period]]


@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
@operation("residents.renumber")
def renumber(*, actor: Actor, asked: Mapping[str, Renaming]) -> dict[str, Outcome]:
    """Everybody of these households, by number, has the new address from the day on (住所の一括変更).

    As a minor correction, one event a household. What stands against a household is its outcome, and it keeps its
    address. Raises Refused where a constraint stands against one of them: then none of them is changed.
    """

    def plan(living: Sequence[Period], said: Renaming) -> Plan:
        items = {"lot_in_digits": sort_code(said.after.get("lot", ""), said.after.get("building", ""))}
        return renumbered(living, said, items)

    return _carry_out(actor, asked, living_at, plan)


@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
@operation("residents.rename_domicile")
def rename_domicile(*, actor: Actor, asked: Mapping[str, Renaming]) -> dict[str, Outcome]:
    """These residents' domiciles, by addressee number, have their new names from the day on (本籍の一括変更).

    Outcomes and Refused as ``renumber``.
    """
    return _carry_out(actor, asked, standing_of, domicile_renamed)


def _carry_out(
    actor: Actor, asked: Mapping[str, Renaming], find: Callable[[Sequence[str]], Standing],
    plan: Callable[[Sequence[Period], Renaming], Plan],
) -> dict[str, Outcome]:  # fmt: skip
    busy = _locked(actor, find(list(asked)))
    outcomes: dict[str, Outcome] = {}
    ready: dict[str, Decided] = {}
    # Read again: only what is read under the locks holds until the commit.
    found = find(list(asked))
    for number, said in asked.items():
        try:
            busy.refuse(found.get(number, ()))
            notice = Notice(act=ACT, event_on=RegisterDate.exact(said.effective_on))
            ready[number] = decided(notice, plan(found.get(number, ()), said))
        except Refused as refused:
            outcomes[number] = refused
    events = carry_out_all(actor, list(ready.values()))
    emit_all(
        [(TOPIC, event.subjects, {"event": event.pk, "reason": "minor_correction", "sends": SENT}) for event in events]
    )
    changed = [person for event in events for person in event.subjects]
    record(actor=actor, subjects=changed, fields=["serial", "reason"], code=ACT)
    return outcomes | dict(zip(ready, events, strict=True))


@dataclass(frozen=True)
class _Busy:
    """Who is locked for us, and who of them is in an open entry or in somebody else's hands (入力中の対象)."""

    locked: frozenset[int]
    claimed: frozenset[int]
    homes: frozenset[int]
    leased: frozenset[int]

    def refuse(self, found: Sequence[Period]) -> None:
        """Raise Refused where somebody of ``found``, or their household, is in an entry."""
        people = {one.addressee_id for one in found}
        if people & self.claimed or any(one.household_id in self.homes for one in found):
            raise Refused("仮登録中の異動があります。本登録か取下げのあとで、個別に修正してください。", code="claimed")
        # Who came into the household while we waited for the locks is not ours to change.
        if people & self.leased or not people <= self.locked:
            raise Refused(BUSY, code="leased")


def _locked(actor: Actor, found: Standing) -> _Busy:
    periods = [one for some in found.values() for one in some]
    people = sorted(one.addressee_id for one in periods)
    homes = {one.household_id for one in periods}
    # In the order of ids, as everywhere: two that wait for each other are both let on.
    list(Addressee.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    return _Busy(
        frozenset(people),
        frozenset(Claim.objects.filter(addressee__in=people).values_list("addressee", flat=True)),
        frozenset(Claim.objects.filter(household__in=homes).values_list("household", flat=True)),
        frozenset(leased_by_others(actor, people).values_list("addressee", flat=True)),
    )
