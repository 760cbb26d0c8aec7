"""Asking the bank to debit, and slips for whoever could not be debited (口座振替の請求)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connections
from django.db.models import Count

from municipal.audit.operations import operation, record
from municipal.banking.debits import PAID, chargeable, in_force, to_be_slipped
from municipal.banking.models import DebitItem, DebitRequest, DebitResult, Mandate
from municipal.banking.zengin.files import written
from municipal.banking.zengin.layouts import DEBIT
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import is_business_day
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import of_charges
from municipal.payments.fees import fee as fee_of
from municipal.payments.models import Charge, Slip
from municipal.payments.operations import issue_slips, reissue_slip

from .accounts import settings

STOPPED_BY_THE_TOWN = "8"
FURTHEST = timedelta(days=300)
"""The file names the day without its year, so that it must lie within one."""
FIRST_TIME, NOT_THE_FIRST = "1", "0"


@operation("banking.request_debits")
def request_debits(*, actor: Actor, fee: str, due_on: date, debit_on: date) -> DebitRequest:
    """Ask the bank to debit all that is owed of a fee and due day by payers with a mandate (口座振替の請求).

    Every line gets a payment number: that of the charge's slip where it is still right, else a new one. A charge that
    the bank was asked for and has not answered is left out. Raises Refused for an unknown fee, a day on which banks do
    not debit, no settings of the town, and where nothing is to be asked for.
    """
    fee_of(fee)
    refuse_bank_day(debit_on, "debit_on")
    town = settings()
    _wait_for(chargeable(fee, due_on, debit_on))
    charges = chargeable(fee, due_on, debit_on)
    if not charges:
        raise Refused(
            "この料金と納期限には、口座振替を請求する調定がありません。", field="due_on", code="nothing_to_do"
        )
    made = DebitRequest(fee=fee, due_on=due_on, debit_on=debit_on, requested_at=clock.now())
    items = _items(actor, made, charges)
    header = {
        "client": town.debit_client, "client_name": town.client_name, "day": f"{debit_on:%m%d}",
        "bank": town.bank_code, "bank_name": town.bank_name, "branch": town.branch_code,
        "branch_name": town.branch_name, "kind": town.kind, "number": town.number,
    }  # fmt: skip
    known = _debited_before(items)
    lines = [_line(item, is_known=item.mandate_id in known) for item in items]
    made.content = written(DEBIT, header, lines, {"count": len(items), "yen": sum(item.yen for item in items)})
    made.save()
    DebitItem.objects.bulk_create(items)
    record(actor=actor, subjects=sorted({charge.assessment.payer_id for charge in charges}), code=fee)
    return made


def refuse_bank_day(day: date, field: str) -> None:
    """Refuse a day in the past, too far ahead, or on which banks are closed; inside an operation (取扱日の確認)."""
    if not clock.today() <= day <= clock.today() + FURTHEST:
        raise Refused("今日から300日先までの日にしてください。", field=field, code="invalid")
    if not is_business_day(day):
        raise Refused("金融機関の休業日です。営業日にしてください。", field=field, code="invalid")


def _wait_for(charges: Sequence[Charge]) -> None:
    """Nobody else books on these charges or asks for them until the transaction ends."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute("SELECT kijun_lock_charges(%s)", [[charge.pk for charge in charges]])


def _items(actor: Actor, request: DebitRequest, charges: Sequence[Charge]) -> list[DebitItem]:
    ids = [charge.pk for charge in charges]
    standing, slips = of_charges(ids), _slips(actor, charges, request.debit_on)
    mandates = {one.payer_id: one for one in in_force(request.debit_on).filter(fee=request.fee)}
    asked = DebitItem.objects.filter(charge__in=ids).values("charge").annotate(times=Count("pk"))
    times = {row["charge"]: row["times"] for row in asked}
    return [
        DebitItem(
            request=request, position=position, mandate=mandates[charge.assessment.payer_id], charge=charge,
            slip=slips[charge.pk], attempt=times.get(charge.pk, 0) + 1, yen=standing[charge.pk].outstanding,
        )
        for position, charge in enumerate(charges, start=1)
    ]  # fmt: skip


def _slips(actor: Actor, charges: Sequence[Charge], until: date) -> dict[int, Slip]:
    """The payment number of each charge: matching then knows the money like that of any other channel."""
    issue_slips(actor=actor, charges=charges, pay_until=until)
    newest = Slip.objects.filter(charge__in=[charge.pk for charge in charges], successors__isnull=True)
    standing = of_charges([charge.pk for charge in charges])
    found = {}
    for slip in newest.select_related("charge__assessment").prefetch_related("withdrawals"):
        is_right = slip.yen == standing[slip.charge_id].outstanding and not slip.withdrawals.all()
        found[slip.charge_id] = slip if is_right else reissue_slip(actor=actor, slip=slip, pay_until=until)
    return found


def _debited_before(items: Sequence[DebitItem]) -> set[int]:
    mandates = [item.mandate_id for item in items]
    paid = DebitResult.objects.filter(item__mandate__in=mandates, code=PAID)
    return set(paid.values_list("item__mandate", flat=True))


def _line(item: DebitItem, *, is_known: bool) -> dict[str, str | int]:
    account: Mandate = item.mandate
    return {
        "bank": account.bank_code, "bank_name": account.bank_name, "branch": account.branch_code,
        "branch_name": account.branch_name, "kind": account.kind, "number": account.number, "holder": account.holder,
        "yen": item.yen, "new": NOT_THE_FIRST if is_known else FIRST_TIME, "customer": account.customer, "result": "0",
    }  # fmt: skip


@operation("banking.withdraw_debits")
def withdraw_debits(*, actor: Actor, request: DebitRequest, reason: str) -> int:
    """Close every line that the bank has not answered, as stopped by the town; how many these were (請求の取下げ).

    Only for what the bank was told not to debit, or was never handed. Raises Refused without a reason and where
    nothing is open.
    """
    if not reason.strip():
        raise Refused("取下げの理由を入力してください。", field="reason", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    items = list(request.items.filter(results__isnull=True).select_related("charge__assessment"))
    if not items:
        raise Refused("結果を待っている明細はありません。", code="conflict")
    DebitResult.objects.bulk_create(
        DebitResult(item=item, code=STOPPED_BY_THE_TOWN, recorded_at=clock.now()) for item in items
    )
    record(actor=actor, subjects=sorted({item.charge.assessment.payer_id for item in items}), purpose=reason)
    return len(items)


@operation("banking.issue_slips_after_debit")
def issue_slips_after_debit(*, actor: Actor, request: DebitRequest, pay_until: date) -> list[Slip]:
    """A payable slip for every line that was not paid and is still owed (振替不能分の納付書の発行).

    It has a number of its own: money that comes for it is not taken for the debit's. Raises Refused where there is
    none, and for a last day in the past.
    """
    wanted = [item for item in to_be_slipped(request) if not item.slip.successors.exists()]
    if not wanted:
        raise Refused("納付書を発行する明細はありません。", code="nothing_to_do")
    made = [reissue_slip(actor=actor, slip=item.slip, pay_until=pay_until) for item in wanted]
    record(actor=actor, subjects=sorted({item.charge.assessment.payer_id for item in wanted}), code=request.fee)
    return made
