"""Who owes what since when, with the interest so far and the day on which the claim ends (滞納の照会)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from municipal.core import clock
from municipal.core.refusals import Refused

from .arrivals import Arrival, arrivals, first_of, over_payments, payments
from .balances import Standing, of_charges
from .fees import Fee
from .fees import fee as fee_of
from .models import ACCESSORIES, INTEREST, Assessment, Charge, Demand, MoneySettings
from .rules.accrual import schemes
from .rules.allocation import COSTS_FIRST
from .rules.late_interest import LateInterest, interest_until
from .rules.limitation import DEMAND, PAYMENT, Renewal, Term, demand_rules, term
from .rules.refund_interest import OWN_DECISION, Piece, RefundInterest, refund_interest

NONE = "none"
CHARGES = ("assessment__payer", "assessment__accessory_of__assessment")


@dataclass(frozen=True)
class Debt:
    """One charge as it stands on a day (滞納の内訳).

    ``interest``: what it would be if what is owed were paid that day, None where the table lacks the year's rate.
    ``interest_charged``: what was charged of it already, which is a debt of its own. ``term``: the limitation.
    """

    charge: Charge
    fee: Fee
    claim: Fee
    standing: Standing
    interest: LateInterest | None
    interest_charged: int
    demand: Demand | None
    term: Term

    @property
    def owed(self) -> int:
        """What is left of the charge itself."""
        return self.standing.outstanding

    @property
    def interest_to_come(self) -> int:
        """What would still have to be charged of the interest; nothing once a part was charged that is more."""
        return max((self.interest.yen if self.interest else 0) - self.interest_charged, 0)


def claim_of(assessment: Assessment) -> Fee:
    """The fee whose class of claim decides: of interest and of a demand's fee, that of the principal (債権の区分)."""
    principal = assessment.accessory_of
    return fee_of(principal.assessment.fee if principal else assessment.fee)


def is_interest_open(debt: Debt) -> bool:
    """Whether interest is known and not charged so; of a private claim a person decides (延滞金の未調定)."""
    if debt.interest is None or debt.standing.written_off or debt.claim.claim.allocation == COSTS_FIRST:
        return False
    return (debt.interest.yen if debt.owed == 0 else 0) != debt.interest_charged


def is_extinct(debt: Debt, on: date) -> bool:
    """Whether the claim is gone because time has run out, without anybody pleading it (時効による消滅)."""
    return debt.claim.claim.ends_by_itself and debt.term.has_ended(on)


def may_be_demanded(debt: Debt, on: date) -> bool:
    """Whether a debt is overdue, lives, may be demanded by itself and never was (督促の対象か)."""
    is_open = debt.owed > 0 and debt.charge.due_on < on and debt.demand is None
    return is_open and debt.fee.claim.code in demand_rules() and not is_extinct(debt, on)


def charges_of(payer: int, *, due_before: date | None = None) -> QuerySet[Charge]:
    """The charges of one payer, the oldest due day first (納付義務者の調定)."""
    charges = Charge.objects.filter(assessment__payer=payer)
    if due_before:
        charges = charges.filter(due_on__lt=due_before)
    return charges.select_related(*CHARGES).order_by("due_on", "pk")


def debts(charges: Iterable[Charge], on: date) -> list[Debt]:
    """How each charge stands, with interest up to ``on``, in five questions however many they are (滞納の内訳)."""
    many = list(charges)
    ids = [charge.pk for charge in many]
    standing, arrived = of_charges(ids), arrivals(ids)
    charged = interest_charged(ids)
    demands = {one.charge_id: one for one in Demand.objects.filter(charge__in=ids)}
    return [
        Debt(
            charge, fee_of(charge.assessment.fee), claim_of(charge.assessment), standing[charge.pk],
            _interest(charge, standing[charge.pk], arrived[charge.pk], on), charged.get(charge.pk, 0),
            demands.get(charge.pk), term_of(charge, demands.get(charge.pk), arrived[charge.pk]),
        )
        for charge in many
    ]  # fmt: skip


def interest_charged(charges: Collection[int]) -> dict[int, int]:
    """What was charged of interest, by the charge it comes from (調定済みの延滞金)."""
    newest = Assessment.objects.filter(accessory_of__in=charges, fee=INTEREST, revisions__isnull=True)
    return dict(newest.values_list("accessory_of").annotate(Sum("total_yen")).order_by())


def _interest(charge: Charge, now: Standing, arrived: Sequence[Arrival], on: date) -> LateInterest | None:
    try:
        return late_interest_of(charge, now, arrived, on)
    except Refused:
        return None


def late_interest_of(charge: Charge, now: Standing, arrived: Sequence[Arrival], on: date) -> LateInterest:
    """The interest of a charge up to ``on``, or up to the day on which it was paid (延滞金の計算).

    On what was given up there is none. Raises Refused for a year whose rate is not in the table.
    """
    claim = fee_of(charge.assessment.fee).claim
    if claim.interest == NONE:
        return LateInterest(0, ())
    chosen = MoneySettings.objects.values_list("floor_per", flat=True).first() or "segment"
    until = on if now.outstanding else min(on, max((one.paid_on for one in arrived), default=charge.due_on))
    return interest_until(
        until, now.charged - now.written_off, charge.due_on, payments(arrived), schemes()[claim.interest],
        order=claim.allocation, floor_per="band" if chosen == "band" else "segment",
    )  # fmt: skip


def term_of(charge: Charge, demand: Demand | None, arrived: Sequence[Arrival]) -> Term:
    """The limitation that is running for a charge, from what the books and the demands tell (時効期間)."""
    claim = claim_of(charge.assessment)
    renewals = [Renewal(one.paid_on, _day_after(one.paid_on), PAYMENT) for one in arrived if one.applied > 0]
    if demand is not None:
        begins = demand_rules()[claim.claim.code].new_term(demand.issued_on, demand.pay_by)
        renewals.append(Renewal(demand.issued_on, begins, DEMAND))
    return term(charge.due_on, claim.limitation_years, renewals)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def over_payments_of(charge: Charge) -> list[Piece]:
    """What is paid too much of a charge, the oldest first (過誤納の内訳)."""
    return over_payments(arrivals([charge.pk])[charge.pk])


def refund_interest_of(charge: Charge, yen: int, *, cause: str = "", on: date | None = None) -> RefundInterest:
    """The interest on ``yen`` paid too much, if it is paid back or used on that day, today by default (還付加算金).

    ``cause``: why the amount was reduced, where it was not the town's own decision. Raises Refused for a cause that
    is not in the list and for a year whose rate is not in the table.
    """
    if not claim_of(charge.assessment).claim.has_refund_interest or charge.assessment.fee in ACCESSORIES:
        return RefundInterest(0, ())
    pieces = first_of(over_payments_of(charge), yen)
    said = [
        Piece(one.yen, one.paid_on, one.over_on, cause) if cause and one.cause == OWN_DECISION else one
        for one in pieces
    ]
    return refund_interest(said, on or clock.today())
