"""A record of one payment made online, without anybody's name: whoever holds the slip may have it (納付記録書)."""

from typing import IO

from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.payments.faces import sender
from municipal.payments.models import Report, Stage
from municipal.payments.paper.addressing import moment, name_of, one_sheet, yen
from municipal.payments.paper.sheet import Column, Sheet, Table

from .methods import way
from .models import OnlinePayment

BODY = (
    "オンラインで納付された次の額を、収納しました。",
    "この書面には、納付義務者の氏名を記載していません。氏名の入った領収証書または納付証明書は、担当課で交付します。",
    "この書面は、確定した収納の記録から作成しています。",
)


def is_booked(payment: OnlinePayment) -> bool:
    """Whether the money is certain, and what was booked of it was not taken back since (収納の確認)."""
    said = Report.objects.filter(
        channel=payment.channel, stage=Stage.CONFIRMED, number=payment.slip.number, reference=payment.reference,
        posting__isnull=False, posting__reversals__isnull=True,
    )  # fmt: skip
    return payment.is_certain and said.exists()


def write_record(file: IO[bytes], payment: OnlinePayment, *, is_specimen: bool) -> None:
    """Write the record of a payment that is booked, as a PDF (納付記録書の作成)."""
    by, charge = sender(), payment.slip.charge
    columns = (
        Column("年度", 22), Column("料金", 50), Column("納付番号", 46), Column("納付日", 30),
        Column("金額", 24, is_sum=True),
    )  # fmt: skip
    row = (
        wareki_fiscal_year(charge.assessment.levy_year), name_of(charge), f"…{payment.slip.number[-4:]}",
        wareki(payment.paid_on) if payment.paid_on else "", yen(payment.yen),
    )  # fmt: skip
    known = f"受付番号　{payment.public}　　納付の方法　{way(payment.method).names['ja']}"
    one_sheet(
        file,
        Sheet(
            title="納付記録書", town=by.town.name, office=by.decided.office, issued_on=clock.today(),
            recipient="納付された方", role="", address=(), care_of="", as_of=moment(clock.now()),
            body=(BODY[0], Table("", columns, (row,)), known, *BODY[1:]),
            is_specimen=is_specimen or by.issuer.is_specimen,
        ),
    )  # fmt: skip
