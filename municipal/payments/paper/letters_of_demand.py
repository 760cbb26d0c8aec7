"""Demand letters: one for each payer, with the slips behind it (督促状).

Whoever is dead is written to through the representative of the heirs; a protected payer only where it is safe. What
cannot be sent has no address in the window and says where it waits.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import IO

from municipal.addressees.mailing import Delivery
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.payments.faces import Sender, faces_of, sender
from municipal.payments.fees import fee
from municipal.payments.models import Demand

from .addressing import address_of, name_of, sheet, yen
from .document import Document, Page
from .face import frame
from .letter import draw
from .letters import Letters
from .sheet import Column, Sheet, Table, write_sheet

COLUMNS = (
    Column("年度", 22), Column("料金", 56), Column("通知書番号", 28), Column("納期限", 28),
    Column("未納額", 19, is_sum=True), Column("延滞金", 19, is_sum=True),
)  # fmt: skip
TITLE = "督促状"
ENFORCED = "指定の期限までに納められないときは、法律に基づき、財産の差押えなどの手続に進むことがあります。"
SUED = "指定の期限までに納められないときは、裁判所での手続に進むことがあります。"


def demand_letters(file: IO[bytes], *, demands: Sequence[Demand], by: Sender | None = None) -> set[str]:
    """Write the letters for ``demands``, one for each payer, as a PDF; the characters that the font lacks (督促状).

    The demands of one payer must follow each other. Raises ValueError for none.
    """
    if not demands:
        raise ValueError("a file without demands")
    by = by or sender()
    letters = Letters()
    below = frame(letters, is_specimen=by.issuer.is_specimen)
    document = Document(file, letters, below, title=TITLE, made_at=clock.now())
    for said, together in _letters(demands, by):
        write_sheet(document, said)
        for face in faces_of([one.slip for one in together], by):
            page = Page(letters)
            draw(page, face)
            document.add(page)
    document.finish()
    return letters.missing


def _letters(demands: Sequence[Demand], by: Sender) -> Iterator[tuple[Sheet, list[Demand]]]:
    to = address_of(sorted({one.charge.assessment.payer_id for one in demands}), by)
    for payer, group in groupby(demands, key=lambda one: one.charge.assessment.payer_id):
        many = list(group)
        yield _letter(to[payer], many, by), many


def _letter(to: Delivery, many: Sequence[Demand], by: Sender) -> Sheet:
    first = many[0]
    body: list[str | Table] = [
        f"次の公金が、納期限までに納められていません。{wareki(first.pay_by)}までに、同封の納付書で納めてください。",
        _table(many),
        f"延滞金は{wareki(first.issued_on)}に納めた場合の額です。納める日までの日数で計算し、別の納付書でお知らせします。",
        ENFORCED if any(_is_enforced(one) for one in many) else SUED,
        "行き違いですでに納められたときは、ご容赦ください。",
        f"納めるのが難しいときは、{by.decided.office}へご相談ください。",
    ]  # fmt: skip
    return sheet(TITLE, to, by, body=body, as_of=f"発付日　{wareki(first.issued_on)}")


def _is_enforced(one: Demand) -> bool:
    return fee(one.charge.assessment.fee).claim.enforced_by == "disposition"


def _table(many: Sequence[Demand]) -> Table:
    rows = [
        (
            wareki_fiscal_year(one.charge.assessment.levy_year), name_of(one.charge), one.charge.assessment.reference,
            wareki(one.charge.due_on), yen(one.yen), yen(one.interest_yen),
        )
        for one in many
    ]  # fmt: skip
    total = ("合計", "", "", "", yen(sum(one.yen for one in many)), yen(sum(one.interest_yen for one in many)))
    return Table("", COLUMNS, [*rows, total], has_total=True)
