"""What a decided act says of numbers is written with it (個人番号・住民票コードの本登録)."""

from collections.abc import Sequence

from municipal.addressees.models import Addressee
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.numbers.models import Cause, RequestKind
from municipal.numbers.operations import enter_number, has_number, holder_of, restore, take_out
from municipal.numbers.operations.requests import ask
from municipal.numbers.rotation import also_seals
from municipal.numbers.sealing import from_token
from municipal.residents.acts import Plan
from municipal.residents.acts.numbers import CAUSES, CODE_ACTS
from municipal.residents.models import OPEN, Draft, ResidentEvent
from municipal.residents.notices import Notice

ITEM_NUMBER, ITEM_CODE = "item.individual_number", "item.resident_code"


@implements("resident-record/1.0#10.4/m1")
def refuse_unless_may(actor: Actor, notice: Notice) -> None:
    """Raise Refused for a member of staff who enters a number that they may not see (番号を扱う権限)."""
    if not isinstance(actor, Staff):
        return
    says_number = notice.act in CAUSES or any(one.individual_number for one in notice.people)
    if (says_number and not actor.may(ITEM_NUMBER)) or (notice.act in CODE_ACTS and not actor.may(ITEM_CODE)):
        raise Refused("この番号を扱う権限がありません。システム管理者に確かめてください。", code="forbidden")


def write_numbers(
    actor: Actor, notice: Notice, plan: Plan, people: Sequence[Addressee], event: ResidentEvent
) -> None:  # fmt: skip
    """Write the numbers of ``notice``; ``people`` are whom the plan's changes are about, newcomers with their new ids.

    Codes leave the stock. A cancellation brings back the numbers that were known before what it cancels.
    """
    new = iter([person for change, person in zip(plan.changes, people, strict=True) if change.addressee is None])
    known = {person.number: person for person in people}
    since = {person.pk: change.valid_from for change, person in zip(plan.changes, people, strict=True)}
    for one in notice.people:
        person = known.get(one.number) if one.number else next(new, None)
        if one.individual_number and person is not None:
            digits = from_token(one.individual_number)
            if notice.act in CAUSES or (held := holder_of(digits)) is None or held.pk != person.pk:
                enter_number(
                    actor=actor, addressee=person.pk, digits=digits, valid_from=since[person.pk],
                    cause=CAUSES.get(notice.act, Cause.CARRIED), event=event.pk,
                )  # fmt: skip
    _ask_the_network(notice, plan, [one.pk for one in people])
    take_out([str(one.items.get("resident_code") or "") for one in notice.people])
    if plan.cancels is not None:
        undone = [plan.cancels.pk, *plan.cancels.followers.values_list("pk", flat=True)]
        restore(actor=actor, events=undone, by=event.pk)


FIRST_NUMBERS = frozenset({"birth", "move_in", "entry_ex_officio"})


def _ask_the_network(notice: Notice, plan: Plan, people: Sequence[int]) -> None:
    """Who was entered and has no number needs one; the card of who was entered or moved needs to find its way.

    Somebody from another municipality brings a number: it is asked for only where there is none to bring.
    """
    if plan.cancels is not None:
        return
    brings_one = bool(notice.came_from.get("city"))
    for person in dict.fromkeys(people):
        if notice.act in FIRST_NUMBERS and not brings_one and not has_number(person):
            ask(RequestKind.GENERATE, person)
        if notice.act in FIRST_NUMBERS or notice.act in CAUSES:
            ask(RequestKind.MAILING, person)


@also_seals
def entries_under(key_id: str) -> int:
    """How many open entries carry a number under a key: they must be decided or withdrawn before it goes."""
    found = Draft.objects.filter(state__in=OPEN).values_list("notice", flat=True)
    sealed = [one.get("individual_number", "") for notice in found for one in notice.get("people", ())]
    return sum(token.startswith(f"sealed:{key_id}:") for token in sealed)
