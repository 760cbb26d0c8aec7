"""Telling a payer what is paid back, or what it was used for (過誤納金還付（充当）通知書)."""

from typing import IO

from municipal.core.eras import wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.payments.faces import sender
from municipal.payments.models import Account, Posting, PostingKind, Transfer

from .addressing import address_of, name_of, one_sheet, sheet, yen
from .sheet import Column, Table

COLUMNS = (Column("内容", 40), Column("料金", 72), Column("通知書番号", 32), Column("金額", 28, is_sum=True))
WORDS = {
    (Account.OVERPAID, Account.CASH): "還付する額", (Account.OVERPAID, Account.SUSPENSE): "納め過ぎた額",
    (Account.SUSPENSE, Account.RECEIVABLE): "充当した先", (Account.REFUND_INTEREST, Account.CASH): "還付加算金",
}  # fmt: skip


def refund_notice(file: IO[bytes], *, posting: Posting) -> None:
    """The notice of one refund or application, as a PDF (過誤納金還付（充当）通知書).

    Raises Refused for a posting that is neither, and for one that was reversed.
    """
    if posting.kind not in (PostingKind.REFUND, PostingKind.APPLY) or posting.reversals.exists():
        raise Refused("還付または充当の処理がないため、通知書を作成できません。", code="invalid")
    found = posting.transfers.filter(charge__isnull=False).order_by("pk")
    moves = list(found.select_related("charge__assessment__payer"))
    payer = next(one.charge.assessment.payer for one in moves if one.charge)
    by = sender()
    is_refund = posting.kind == PostingKind.REFUND
    out = sum(one.yen for one in moves if one.credit == Account.CASH)
    body: list[str | Table] = [
        "納め過ぎとなった額を、次のとおり" + ("還付します。" if is_refund else "ほかの未納に充当しました。"),
        Table("", COLUMNS, [_row(one) for one in moves]),
    ]
    if out:
        body.append(f"お支払いする額　{yen(out)}")
    if any(one.debit == Account.REFUND_INTEREST for one in moves):
        body.append("還付加算金は、法令の割合と期間により計算しています。")
    title = "過誤納金還付通知書" if is_refund else "過誤納金充当通知書"
    one_sheet(file, sheet(title, address_of([payer.pk], by)[payer.pk], by, body=body))


def _row(one: Transfer) -> tuple[str, ...]:
    words = WORDS.get((Account(one.debit), Account(one.credit)), "")
    if one.charge is None:
        return words, "", "", yen(one.yen)
    year = wareki_fiscal_year(one.charge.assessment.levy_year)
    return words, f"{year}　{name_of(one.charge)}", one.charge.assessment.reference, yen(one.yen)
