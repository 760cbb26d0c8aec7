"""Carrying out what was decided: rows, households, numbers, one event (本登録)."""

from municipal.addressees.models import Addressee, AddresseeKind
from municipal.addressees.operations import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, give_number, give_numbers
from municipal.audit.operations import asking
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.office.outbox import emit
from municipal.places.finding import office_of
from municipal.residents.acts import Change, Plan
from municipal.residents.models import Basis, Household, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice

from .holding_back import keep_protecting_leavers
from .numbering import write_numbers
from .recording import add_row
from .telling import tell_supplement

TOPIC = "residents.event"


@implements("resident-record/1.0#7.1.1.1/m2")
def carry_out(actor: Actor, notice: Notice, plan: Plan, act: str = "") -> ResidentEvent:
    """Write the event and every row of ``plan``; tell the outbox (本登録の実行).

    Called inside an operation, which holds the locks and records the act.
    """
    home = Household.objects.create(number=give_number(HOUSEHOLD_NUMBERS)) if _needs_a_home(plan) else None
    new = iter(_numbered(sum(change.addressee is None for change in plan.changes)))
    people = [change.addressee or next(new) for change in plan.changes]
    subjects = list(dict.fromkeys(person.pk for person in people))
    event = event_of(notice, plan, act, subjects)
    event.save(force_insert=True)
    place, terminal = office_of(asking().source, str(getattr(actor, "department", ""))[:30])
    written = []
    for change, person in zip(plan.changes, people, strict=True):
        row = _row(change, person, home, event)
        row.input_place, row.input_terminal = row.input_place or place, row.input_terminal or terminal
        add_row(row, change.valid_from, change.valid_until)
        written.append((change.before, row))
    write_numbers(actor, notice, plan, people, event)
    keep_protecting_leavers(actor, plan)
    emit(topic=TOPIC, subjects=subjects, payload={"event": event.pk, "act": event.act})
    tell_supplement(event, written)
    return event


def _needs_a_home(plan: Plan) -> bool:
    return any(change.household is None for change in plan.changes)


def _numbered(count: int) -> list[Addressee]:
    """So many people with the next numbers, of whom nothing is known yet."""
    numbers = give_numbers(ADDRESSEE_NUMBERS, count)
    return Addressee.objects.bulk_create(Addressee(number=one, kind=AddresseeKind.RESIDENT) for one in numbers)


def _row(change: Change, person: Addressee, home: Household | None, event: ResidentEvent) -> ResidentRecord:
    row = change.after()
    row.addressee, row.event = person, event
    if change.household is None:
        assert home is not None
        row.household = home
    return row


def event_of(notice: Notice, plan: Plan, act: str, subjects: list[int]) -> ResidentEvent:
    """The event of an act as it is filed, not saved (異動の記録)."""
    told = notice.notified_on or (None if notice.basis == Basis.EX_OFFICIO else clock.today())
    return ResidentEvent(
        act=act or plan.act or notice.act, basis=plan.basis or notice.basis, event_on=str(notice.event_on or ""),
        notified_on=told, processed_on=clock.today(), recorded_at=clock.now(),
        notifier_name=notice.notifier_name, notifier_capacity=notice.notifier_capacity,
        identity_check=notice.identity_check, document=plan.document, subjects=subjects, cancels=plan.cancels,
        follows=plan.follows, answers_id=notice.answers,
    )  # fmt: skip
