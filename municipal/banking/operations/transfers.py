"""Paying refunds through the bank, and taking them back where it could not (還付の振込)."""

from collections.abc import Sequence
from datetime import date

from municipal.audit.operations import operation, record
from municipal.banking.models import BankSettings, RefundAccount, TransferItem, TransferOrder, TransferReturn
from municipal.banking.refunds import accounts_of, charge_of, paid_out, standing_over
from municipal.banking.zengin.files import written
from municipal.banking.zengin.layouts import TRANSFER, codes
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.payments.models import Charge, Posting, PostingKind
from municipal.payments.operations import refund, reverse
from municipal.payments.paid_back import for_the_bank

from .accounts import settings
from .requests import refuse_bank_day

BY_WIRE = "7"


@operation("banking.order_refunds")
def order_refunds(
    *, actor: Actor, charges: Sequence[Charge] = (), postings: Sequence[Posting] = (), pay_on: date
) -> TransferOrder:
    """Have the bank pay back what is over of ``charges``, and refunds that were booked before (還付の振込依頼).

    What is over is booked as refunded here, so that a refund and its order stand or fall together; a refund is ordered
    once. Raises Refused for nothing to pay, for what somebody else pays back, a payer without an account, a day on
    which banks are closed, and no settings of the town.
    """
    refuse_bank_day(pay_on, "pay_on")
    if len(for_the_bank([one.pk for one in postings])) < len(postings):
        raise Refused(
            "支払サービスから返す還付は、振込では返せません。一覧を開き直してください。",
            field="chosen",
            code="conflict",
        )
    town = settings()
    refunds = [refund(actor=actor, charge=charge, yen=standing_over(charge)) for charge in charges]
    booked = [*refunds, *postings]
    if not booked:
        raise Refused("振り込む還付を選んでください。", field="chosen", code="required")
    made = TransferOrder(pay_on=pay_on, ordered_at=clock.now())
    items = _items(made, booked)
    made.content = _content(town, made, items)
    made.save()
    TransferItem.objects.bulk_create(items)
    record(actor=actor, subjects=sorted({item.charge.assessment.payer_id for item in items}))
    return made


def _items(order: TransferOrder, postings: Sequence[Posting]) -> list[TransferItem]:
    found = [(posting, charge_of(posting)) for posting in postings]
    payers = {charge.assessment.payer_id for _posting, charge in found if charge is not None}
    accounts = accounts_of(payers, clock.today())
    items = []
    for position, (posting, charge) in enumerate(found, start=1):
        if posting.kind != PostingKind.REFUND or charge is None or posting.reversals.exists():
            raise Refused("取り消されていない還付だけを振り込めます。一覧を開き直してください。", code="conflict")
        account = accounts.get(charge.assessment.payer_id)
        if account is None:
            raise Refused(
                "還付先口座のない方がいます（通知書番号 %(reference)s）。口座を登録してから依頼してください。",
                field="chosen", code="no_account", reference=charge.assessment.reference,
            )  # fmt: skip
        items.append(
            TransferItem(
                order=order, position=position, account=account, charge=charge, posting=posting, yen=paid_out(posting)
            )
        )
    return items


def _content(town: BankSettings, order: TransferOrder, items: Sequence[TransferItem]) -> bytes:
    header = {
        "client": town.transfer_client, "client_name": town.client_name, "day": f"{order.pay_on:%m%d}",
        "bank": town.bank_code, "bank_name": town.bank_name, "branch": town.branch_code,
        "branch_name": town.branch_name, "kind": town.kind, "number": town.number,
    }  # fmt: skip
    totals = {"count": len(items), "yen": sum(item.yen for item in items)}
    return written(TRANSFER, header, [_line(item) for item in items], totals)


def _line(item: TransferItem) -> dict[str, str | int]:
    to: RefundAccount = item.account
    return {
        "bank": to.bank_code, "bank_name": to.bank_name, "branch": to.branch_code, "branch_name": to.branch_name,
        "clearing": "0", "kind": to.kind, "number": to.number, "holder": to.holder, "yen": item.yen, "new": "0",
        "reference": f"{item.position:020d}", "designation": BY_WIRE,
    }  # fmt: skip


@operation("banking.return_transfer")
def return_transfer(*, actor: Actor, item: TransferItem, reason: str, returned_on: date) -> TransferReturn:
    """The bank could not pay: the refund is taken back, and the town owes it again (振込不能の記録).

    Raises Refused for a reason that is not in the list, a day before the transfer or to come, and a second time.
    """
    if reason not in codes("return_reason"):
        raise Refused("理由を一覧から選んでください。", field="reason", code="invalid")
    if not item.order.pay_on <= returned_on <= clock.today():
        raise Refused("振込指定日から今日までの日にしてください。", field="returned_on", code="invalid")
    if item.returns.exists():
        raise Refused("この振込の不能はすでに記録されています。", code="conflict")
    undone = reverse(
        actor=actor, posting=item.posting, booked_on=clock.today(), reason=codes("return_reason")[reason]
    )  # fmt: skip
    made = TransferReturn.objects.create(
        item=item, reason=reason, returned_on=returned_on, posting=undone, recorded_at=clock.now()
    )
    record(actor=actor, subjects=[item.charge.assessment.payer_id], code=reason)
    return made
