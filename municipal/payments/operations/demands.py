"""Demanding what is overdue: ordering the letters, and the demand itself (督促)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.payments.arrears import debts, is_extinct, may_be_demanded
from municipal.payments.assessments import Assessed
from municipal.payments.fees import fee as fee_of
from municipal.payments.models import DEMAND_FEE, Charge, Demand, Slip
from municipal.payments.overdue import to_be_demanded
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.rules.limitation import DemandRule, demand_rules
from municipal.payments.years import years

from .charging import charge_all
from .slips import issue_slips, reissue_slip

KIND = "payments.demand"


@operation("payments.order_demands")
def order_demands(*, actor: Actor, due_through: date, fee: str = "") -> Job:
    """Have a worker demand everything that was due by ``due_through`` and is not paid (督促状の作成の依頼).

    ``fee``: only that one. Raises Refused for an unknown fee, for a day that is not over, and where nothing is to be
    demanded.
    """
    if fee:
        fee_of(fee)
    if due_through >= clock.today():
        raise Refused(
            "納期限がまだ過ぎていません。昨日以前の日を指定してください。", field="due_through", code="invalid"
        )
    if not to_be_demanded(due_through, fee=fee).exists():
        raise Refused(
            "督促する調定がありません。納期限と料金を確かめてください。", field="due_through", code="nothing_to_do"
        )
    said = {"due_through": due_through.isoformat()} | ({"fee": fee} if fee else {})
    made = order_job(actor=actor, kind=KIND, parameters=said)
    record(actor=actor, code=fee)
    return made


@operation("payments.demand")
def demand(*, actor: Actor, charges: Sequence[Charge], job: Job | None = None) -> list[Demand]:
    """Demand each charge that is overdue, may be demanded and never was, with a slip for what is owed (督促).

    From then on the limitation runs anew (``arrears.term_of``). Raises Refused where none of them is to be demanded,
    for a claim that is gone by limitation, and through the slips: one that was issued anew nine times.
    """
    today = clock.today()
    found = debts(charges, today)
    if any(debt.owed and is_extinct(debt, today) for debt in found):
        raise Refused("時効が完成した調定は督促できません。不納欠損の処理をしてください。", code="conflict")
    wanted = [debt for debt in found if may_be_demanded(debt, today)]
    if not wanted:
        raise Refused("督促する調定がありません。納付や督促の状況を確かめてください。", code="nothing_to_do")
    rules = {debt.charge.pk: demand_rules()[debt.claim.claim.code] for debt in wanted}
    slips = _slips(actor, [debt.charge for debt in wanted], rules)
    made = Demand.objects.bulk_create(
        Demand(
            charge=debt.charge, slip=slips[debt.charge.pk], job=job, issued_on=today,
            pay_by=rules[debt.charge.pk].pay_by(today), yen=debt.owed, interest_yen=debt.interest_to_come,
        )
        for debt in wanted
    )  # fmt: skip
    _charge_fees([debt.charge for debt in wanted], rules)
    record(actor=actor, subjects=sorted({debt.charge.assessment.payer_id for debt in wanted}))
    return made


def _slips(actor: Actor, charges: Sequence[Charge], rules: dict[int, DemandRule]) -> dict[int, Slip]:
    """A new slip for each: the one before holds the amount and the days of before."""
    newest = Slip.objects.filter(charge__in=charges, successors__isnull=True).select_related("charge__assessment")
    had = {slip.charge_id: slip for slip in newest}
    found = {
        charge.pk: reissue_slip(actor=actor, slip=had[charge.pk], pay_until=rules[charge.pk].pay_by(clock.today()))
        for charge in charges
        if charge.pk in had
    }
    by_day: dict[date, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.pk not in had:
            by_day[rules[charge.pk].pay_by(clock.today())].append(charge)
    for day, new in by_day.items():
        found |= {slip.charge_id: slip for slip in issue_slips(actor=actor, charges=new, pay_until=day)}
    return found


def _charge_fees(charges: Sequence[Charge], rules: dict[int, DemandRule]) -> None:
    """The fee of a demand, where the ordinance has one; with the data as they are shipped there is none."""
    today = clock.today()
    year = years().open_year(fiscal_year(today))
    costing = [(charge, rules[charge.pk]) for charge in charges if rules[charge.pk].fee_yen]
    if costing:
        charge_all(
            [
                Assessed(
                    payer=charge.assessment.payer, fee=DEMAND_FEE, levy_year=charge.assessment.levy_year,
                    fiscal_year=year, reference=f"{charge.pk:010d}", total_yen=rule.fee_yen,
                    due_on=[rule.pay_by(today)], accessory_of=charge,
                )
                for charge, rule in costing
            ]
        )  # fmt: skip
