"""What was paid: receipts, and certificates of a year (領収証書・納付証明書)."""

from collections.abc import Iterable, Sequence
from typing import IO

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.payments.arrears import CHARGES, charges_of
from municipal.payments.arrivals import Paid, arrivals, standing_payments
from municipal.payments.balances import Standing, of_charges
from municipal.payments.faces import sender
from municipal.payments.fees import fee
from municipal.payments.models import Charge, Match, Report

from .addressing import address_of, channel_name, name_of, one_sheet, sheet, yen
from .sheet import Column, Table

RECORDED = "この書面は、確定した収納の記録から作成しています。速報の段階の納付は含みません。"
NO_STAMP = "市町村が作成する文書のため、印紙税は課されません。"


def receipt(file: IO[bytes], *, charges: Sequence[int]) -> None:
    """A receipt for what was paid of these charges (ids) of one payer, as a PDF (領収証書).

    Raises Refused where nothing was paid, for none, and for charges of several payers.
    """
    found = list(Charge.objects.filter(pk__in=charges).select_related(*CHARGES).order_by("due_on", "pk"))
    payers = {charge.assessment.payer for charge in found}
    if len(payers) != 1:
        raise Refused("領収証書は、1人の納付義務者の調定ごとに作成してください。", field="charges", code="invalid")
    arrived = arrivals([charge.pk for charge in found])
    lines = [(charge, paid) for charge in found for paid in standing_payments(arrived[charge.pk])]
    if not lines:
        raise Refused("確定した納付がないため、領収証書を作成できません。", field="charges", code="nothing_to_do")
    by, (payer,) = sender(), payers
    body: list[str | Table] = ["下記のとおり領収しました。", _receipts(lines), RECORDED, NO_STAMP]
    one_sheet(file, sheet("領収証書", address_of([payer.pk], by)[payer.pk], by, body=body))


def _receipts(lines: Iterable[tuple[Charge, Paid]]) -> Table:
    columns = (
        Column("年度", 22), Column("料金", 48), Column("通知書番号", 22), Column("納付日", 29), Column("納付場所", 31),
        Column("領収額", 20, is_sum=True),
    )  # fmt: skip
    many = list(lines)
    rows = [
        (
            wareki_fiscal_year(charge.assessment.levy_year), name_of(charge), charge.assessment.reference,
            wareki(paid.paid_on), channel_name(paid.channel), yen(paid.yen),
        )
        for charge, paid in many
    ]  # fmt: skip
    total = ("合計", "", "", "", "", yen(sum(paid.yen for _, paid in many)))
    return Table("", columns, [*rows, total], has_total=True)


def certificate(file: IO[bytes], *, payer: Addressee, year: int) -> None:
    """What a payer was charged for a year, what is paid and what is not, as a PDF (納税（納付）証明書).

    Says of what is owed whether its due day has passed. Of a charge with money that is contested it says nothing but
    that it does so. Raises Refused where nothing was charged for the year.
    """
    charges = list(charges_of(payer.pk).filter(assessment__levy_year=year))
    contested = set(
        Report.objects.filter(slip__charge__in=charges, match=Match.CONTESTED).values_list("slip__charge", flat=True)
    )
    certain = [charge for charge in charges if charge.pk not in contested]
    if not certain:
        raise Refused("この年度に証明できる調定がありません。年度を確かめてください。", field="year", code="invalid")
    standing = of_charges([charge.pk for charge in certain])
    by, today = sender(), clock.today()
    late = sum(standing[one.pk].outstanding for one in certain if one.due_on < today)
    body: list[str | Table] = [
        "次のとおり納付されていることを証明します。",
        _certified(certain, standing),
        f"納期限を過ぎて納められていない額が{yen(late)}あります。" if late else "納期限を過ぎた未納はありません。",
        RECORDED,
    ]
    if contested:
        body.append(f"入金を確認している調定{len(contested)}件は、記載していません。")
    to = address_of([payer.pk], by)[payer.pk]
    one_sheet(file, sheet(_title(certain, year), to, by, body=body))


def _title(charges: Iterable[Charge], year: int) -> str:
    are_taxes = [fee(charge.assessment.fee).claim.code == "tax" for charge in charges]
    name = "納税証明書" if all(are_taxes) else "納税・納付証明書" if any(are_taxes) else "納付証明書"
    return f"{name}（{wareki_fiscal_year(year)}）"


def _certified(charges: Sequence[Charge], standing: dict[int, Standing]) -> Table:
    columns = (
        Column("料金", 47), Column("通知書番号", 20), Column("納期限", 39), Column("課された額", 22, is_sum=True),
        Column("納付済額", 22, is_sum=True), Column("未納額", 22, is_sum=True),
    )  # fmt: skip
    rows = [
        (
            name_of(charge), charge.assessment.reference,
            wareki(charge.due_on) + ("" if charge.due_on < clock.today() else "（未到来）"),
            yen(standing[charge.pk].charged), yen(standing[charge.pk].applied), yen(standing[charge.pk].outstanding),
        )
        for charge in charges
    ]  # fmt: skip
    sums = [sum(getattr(one, name) for one in standing.values()) for name in ("charged", "applied", "outstanding")]
    return Table("", columns, [*rows, ("合計", "", "", *map(yen, sums))], has_total=True)
