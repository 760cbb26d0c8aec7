"""Late-payment interest as a debt of its own, once it is known (延滞金の調定)."""

from datetime import date, timedelta

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.payments.arrears import NONE, Debt, debts
from municipal.payments.arrivals import allocated
from municipal.payments.assessments import Assessed
from municipal.payments.models import INTEREST, Account, Assessment, Charge, PostingKind
from municipal.payments.moves import Move
from municipal.payments.rules.allocation import COSTS_FIRST
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.years import years

from .charging import charge_all, revise
from .posting import next_source, post

KIND = "payments.charge_interest"
DAYS_TO_PAY = timedelta(days=30)
CHANGED = "延滞金の再計算（元金の納付または更正による）"
"""Kept as the reason of the revision, so in Japanese."""


@operation("payments.charge_interest")
def charge_interest(*, actor: Actor, charge: Charge, on: date | None = None) -> Assessment:
    """Charge the interest of a charge, or put right what was charged of it before (延滞金の調定).

    Of taxes and public claims once the principal is paid, to the day it was paid; where a payment was taken back since,
    what was charged is lowered or cancelled. Of private claims at any time, up to ``on``, today by default: payments
    have paid interest first, and are booked so. Raises Refused where nothing is to be charged or changed.
    """
    day = on or clock.today()
    if day > clock.today():
        raise Refused("まだ来ていない日までの延滞金は調定できません。", field="on", code="invalid")
    (debt,) = debts([charge], day)
    _refuse_what_bears_none(debt)
    is_known = debt.owed == 0 or debt.claim.claim.allocation == COSTS_FIRST
    yen = debt.interest.yen if debt.interest and is_known else 0
    if yen == debt.interest_charged:
        raise Refused(
            "調定する延滞金はありません。元金が完納されてから、または額が変わってから調定してください。",
            code="nothing_to_do",
        )
    found = Assessment.objects.filter(accessory_of=charge, fee=INTEREST, revisions__isnull=True).first()
    made = revise(actor=actor, assessment=found, total_yen=yen, reason=CHANGED) if found else _first(debt, yen)
    if debt.interest and debt.interest.paid_yen:
        _allocate(debt, made)
    record(actor=actor, subjects=[charge.assessment.payer_id], code=charge.assessment.fee)
    return made


def _refuse_what_bears_none(debt: Debt) -> None:
    if debt.fee.claim.interest == NONE:
        raise Refused("延滞金や手数料そのものに、延滞金はかかりません。", code="invalid")
    if debt.standing.written_off:
        raise Refused("不納欠損した調定の延滞金は調定できません。", code="conflict")
    if debt.interest is None:
        raise Refused("この年の延滞金の割合が登録されていません。割合の表に加えてください。", code="no_rate")


def _first(debt: Debt, yen: int) -> Assessment:
    """The due day is moved from closed days like any other; the year is that in which it is charged."""
    charge, today = debt.charge, clock.today()
    assessed = Assessed(
        payer=charge.assessment.payer, fee=INTEREST, levy_year=charge.assessment.levy_year,
        fiscal_year=years().open_year(fiscal_year(today)), reference=f"{charge.pk:010d}", total_yen=yen,
        due_on=[today + DAYS_TO_PAY], accessory_of=charge,
    )  # fmt: skip
    return charge_all([assessed])[0]


def _allocate(debt: Debt, made: Assessment) -> None:
    """Of a private claim, move from the principal to the interest what the payments paid of it (Civil Code, 489)."""
    charge, paid = debt.charge, debt.interest.paid_yen if debt.interest else 0
    yen = paid - allocated(charge)
    first = made
    while first.revises is not None:
        first = first.revises
    if yen <= 0:
        return
    post(
        kind=PostingKind.APPLY, booked_on=clock.today(), fiscal_year=years().of_act(made.fiscal_year),
        source=next_source("allocate", charge),
        moves=[
            Move(Account.RECEIVABLE, Account.OVERPAID, yen, charge),
            Move(Account.OVERPAID, Account.SUSPENSE, yen, charge),
            Move(Account.SUSPENSE, Account.RECEIVABLE, yen, Charge.objects.get(assessment=first)),
        ],
    )  # fmt: skip


@operation("payments.order_interest")
def order_interest(*, actor: Actor) -> Job:
    """Have a worker charge every interest that is known by now, and put right what has changed (延滞金の一括調定)."""
    made = order_job(actor=actor, kind=KIND)
    record(actor=actor)
    return made
