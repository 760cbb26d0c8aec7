"""How the fee of a case stands, by the books and nothing beside them (手数料の状況)."""

from municipal.applications.models import Case, CaseFee
from municipal.applications.rules.fees import Line, lines_of, read
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Charge, Slip


def quoted(case: Case) -> tuple[Line, ...]:
    """What a case costs: as a clerk priced it last, else by catalogue and table (手数料の内訳)."""
    last = case.quotes.order_by("-pk").first()
    return read(last.lines) if last is not None else lines_of(case.asked, case.answers)


def newest(case: Case) -> CaseFee | None:
    """What was charged for a case; None while nothing was (申請の手数料の照会)."""
    return CaseFee.objects.select_related("assessment").filter(case=case).first()


def first_charge(fee: CaseFee) -> Charge:
    """Its only instalment (調定)."""
    return Charge.objects.select_related("assessment").get(assessment=fee.assessment_id)


def slip_of(fee: CaseFee) -> Slip | None:
    """The slip that is valid now: the last that was issued and not withdrawn (納付書)."""
    slips = Slip.objects.select_related("charge__assessment").filter(charge__assessment=fee.assessment_id)
    return slips.filter(successors__isnull=True, withdrawals__isnull=True).order_by("-pk").first()


def standing_of(fee: CaseFee) -> Standing:
    """Charged, paid, over, refunded, in yen (残高)."""
    charge = first_charge(fee).pk
    return of_charges([charge])[charge]


def is_paid(case: Case) -> bool:
    """Whether the books say that all of the fee is paid (納付済みか)."""
    fee = newest(case)
    if fee is None:
        return False
    now = standing_of(fee)
    return now.applied >= fee.yen and now.outstanding == 0
