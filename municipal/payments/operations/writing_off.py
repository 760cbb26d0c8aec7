"""Giving up what will not be paid (不納欠損)."""

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.arrears import claim_of, term_of
from municipal.payments.arrivals import arrivals
from municipal.payments.balances import of_charges
from municipal.payments.models import Account, Charge, Demand, Posting, PostingKind, WriteOff
from municipal.payments.moves import Move
from municipal.payments.rules.limitation import refuse_reason
from municipal.payments.years import years

from .posting import next_source, post


@operation("payments.write_off")
def write_off(*, actor: Actor, charge: Charge, reason: str, basis: str = "") -> Posting:
    """Give up what is owed of a charge (不納欠損).

    ``reason``: a code of ``rules.limitation.reasons``; ``basis``: the decision or resolution it rests on. Raises
    Refused where nothing is owed, for a reason that another class of claim has, and for a limitation not yet come.
    """
    owed = of_charges([charge.pk])[charge.pk].outstanding
    if owed <= 0:
        raise Refused("この調定には未納額がありません。", code="conflict")
    refuse_unstorable(basis, 200, "basis")
    demand = Demand.objects.filter(charge=charge).first()
    running = term_of(charge, demand, arrivals([charge.pk])[charge.pk])
    refuse_reason(reason, claim_of(charge.assessment).claim.code, running, clock.today())
    made = post(
        kind=PostingKind.WRITE_OFF, booked_on=clock.today(),
        fiscal_year=years().open_year(charge.assessment.fiscal_year), source=next_source("write_off", charge),
        moves=[Move(Account.WRITTEN_OFF, Account.RECEIVABLE, owed, charge)],
    )  # fmt: skip
    WriteOff.objects.create(charge=charge, posting=made, reason=reason, basis=basis)
    record(actor=actor, subjects=[charge.assessment.payer_id], purpose=basis, code=reason)
    return made
