"""Everything a payer was charged, paid and owes, as of a day (納付状況明細)."""

from collections.abc import Sequence
from datetime import date
from typing import IO

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.payments.arrears import Debt, charges_of, debts
from municipal.payments.faces import sender

from .addressing import address_of, name_of, one_sheet, sheet, yen
from .sheet import Column, Table

COLUMNS = (
    Column("年度", 20), Column("料金", 46), Column("納期限", 28), Column("調定額", 20, is_sum=True),
    Column("納付済額", 20, is_sum=True), Column("未納額", 19, is_sum=True), Column("延滞金見込", 19, is_sum=True),
)  # fmt: skip
UNKNOWN = "計算不可"


def statement(file: IO[bytes], *, payer: Addressee, on: date | None = None) -> None:
    """The statement of account of a payer with interest as of ``on``, today by default, as a PDF (納付状況明細).

    Raises Refused for a payer who was never charged anything.
    """
    day = on or clock.today()
    found = debts(charges_of(payer.pk), day)
    if not found:
        raise Refused("この方には調定がありません。", code="nothing_to_do")
    by = sender()
    body: list[str | Table] = [
        "公金の納付の状況をお知らせします。",
        _table(found),
        f"延滞金は、{wareki(day)}に納めた場合の見込みの額です。納める日によって変わります。",
    ]
    if over := sum(debt.standing.overpaid for debt in found):
        body.append(f"納め過ぎの額が{yen(over)}あります。還付または充当の手続をします。")
    one_sheet(file, sheet("納付状況明細", address_of([payer.pk], by)[payer.pk], by, body=body))


def _table(found: Sequence[Debt]) -> Table:
    rows = [_row(debt) for debt in found]
    sums = [
        sum(one.standing.charged for one in found), sum(one.standing.applied for one in found),
        sum(one.owed for one in found), sum(one.interest_to_come for one in found),
    ]  # fmt: skip
    return Table("", COLUMNS, [*rows, ("合計", "", "", *map(yen, sums))], has_total=True)


def _row(debt: Debt) -> tuple[str, ...]:
    charge, now = debt.charge, debt.standing
    given_up = "（不納欠損）" if now.written_off else ""
    return (
        wareki_fiscal_year(charge.assessment.levy_year), name_of(charge) + given_up, wareki(charge.due_on),
        yen(now.charged), yen(now.applied), yen(debt.owed),
        UNKNOWN if debt.interest is None else yen(debt.interest_to_come),
    )  # fmt: skip
