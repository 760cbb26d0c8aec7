"""What is to be paid back, to whom, and what came back (還付の照会)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, Sum, When

from municipal.core import clock
from municipal.payments.balances import of_charges
from municipal.payments.models import Account, Charge, Posting, PostingKind, Transfer
from municipal.payments.paid_back import for_the_bank

from .models import RefundAccount, TransferItem, TransferReturn


@dataclass(frozen=True)
class Due:
    """A charge that was paid too much of, and where that is to go; ``account`` is None where nobody said (還付の対象).

    ``posting``: the refund that was decided already, but not ordered from the bank; None where it is still over.
    """

    charge: Charge
    yen: int
    account: RefundAccount | None
    returned: TransferReturn | None
    posting: Posting | None = None


def accounts_of(payers: Collection[int], day: date) -> dict[int, RefundAccount]:
    """The account of each payer on ``day``, where there is one (還付先口座の照会)."""
    return {one.payer_id: one for one in RefundAccount.objects.filter(payer__in=payers, valid__contains=day)}


def overpaid() -> list[Due]:
    """Every charge that was paid too much of and not refunded or applied since, by payer (過誤納の一覧)."""
    touched = Transfer.objects.filter(charge__isnull=False).filter(
        Q(debit=Account.OVERPAID) | Q(credit=Account.OVERPAID)
    )
    over = Case(When(credit=Account.OVERPAID, then=F("yen")), default=-F("yen"))
    rows = touched.values("charge").annotate(over=Sum(over)).filter(over__gt=0)
    yen = {row["charge"]: row["over"] for row in rows}
    charges = Charge.objects.filter(pk__in=yen).select_related("assessment__payer")
    ordered = list(charges.order_by("assessment__payer", "pk"))
    return _with_accounts([(charge, yen[charge.pk], None) for charge in ordered])


def decided() -> list[Due]:
    """Refunds that were booked and neither ordered from the bank nor taken back since, by payer (未依頼の還付).

    What a payment provider pays back is left out. Some may have been paid in cash: a clerk says which are to be
    transferred.
    """
    ordered = TransferItem.objects.filter(posting=OuterRef("pk"))
    found = Posting.objects.filter(kind=PostingKind.REFUND, reversals__isnull=True).exclude(Exists(ordered))
    ours = set(for_the_bank(list(found.values_list("pk", flat=True))))
    postings = [
        one for one in found.prefetch_related("transfers__charge__assessment__payer").order_by("pk") if one.pk in ours
    ]
    rows = [(charge, paid_out(one), one) for one in postings if (charge := charge_of(one)) is not None]
    return _with_accounts(sorted(rows, key=lambda row: (row[0].assessment.payer_id, row[0].pk)))


def charge_of(posting: Posting) -> Charge | None:
    """The charge that a refund belongs to (還付の調定)."""
    return next((one.charge for one in posting.transfers.all() if one.charge is not None), None)


def paid_out(posting: Posting) -> int:
    """The yen that leave the town's account by a posting, interest included (支払額)."""
    return sum(one.yen for one in posting.transfers.all() if one.credit == Account.CASH)


def standing_over(charge: Charge) -> int:
    """The yen that are over of a charge now (過誤納額)."""
    return of_charges([charge.pk])[charge.pk].overpaid


def _with_accounts(rows: Sequence[tuple[Charge, int, Posting | None]]) -> list[Due]:
    accounts = accounts_of({charge.assessment.payer_id for charge, _yen, _posting in rows}, clock.today())
    returned = {
        one.item.charge_id: one
        for one in TransferReturn.objects.filter(item__charge__in=[row[0].pk for row in rows])
        .select_related("item")
        .order_by("pk")
    }
    return [
        Due(charge, yen, accounts.get(charge.assessment.payer_id), returned.get(charge.pk), posting)
        for charge, yen, posting in rows
    ]
