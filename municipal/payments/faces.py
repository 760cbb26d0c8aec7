"""What the slips of the town say, put together from charges, addresses, settings and codes (納付書の券面の組立て).

An address gets onto a slip only through ``addressees.mailing``, which withholds that of a protected person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from municipal.addressees.mailing import Delivery, deliveries
from municipal.core import clock
from municipal.core.eras import wareki_fiscal_year
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .codes import Issuer, codes_of, issuer
from .fees import fee
from .models import MoneySettings, Slip
from .operations.settings import settings
from .paper.face import Face, Instalment

NOTES = (
    "納期限を過ぎると、延滞金などがかかることがあります。",
    "金額を書き直した納付書は使えません。",
    "行き違いですでに納められたときは、ご容赦ください。",
)


@dataclass(frozen=True)
class Sender:
    """Who sends all slips of one printing, and in whose name they are payable (納付書の差出人)."""

    town: Municipality
    decided: MoneySettings
    issuer: Issuer


def sender() -> Sender:
    """The open town as a sender of slips (差出人)."""
    town = Municipality.objects.get(pk=wall.current())
    return Sender(town, settings(), issuer(town.pk))


def faces_of(slips: Sequence[Slip], by: Sender | None = None) -> Iterator[Face]:
    """What each of ``slips`` says, in their order (納付書の券面).

    Slips of one assessment that follow one another are taken to go into one envelope: the first says what came
    together. ``by``: the sender, where a file is printed in parts; else the open town. Four statements or a few more,
    however many slips; ``charge__assessment__payer`` should be selected with them.
    """
    by = by or sender()
    to = _deliveries(slips, by.decided.office)
    for _, together in groupby(slips, key=lambda slip: slip.charge.assessment_id):
        group = list(together)
        overview = tuple(Instalment(_period(one), one.charge.due_on, one.yen) for one in group)
        for at, slip in enumerate(group):
            assessment = slip.charge.assessment
            delivery = to[assessment.fee, assessment.payer_id]
            yield _face(slip, delivery, overview if at == 0 and len(group) > 1 else (), by)


def _deliveries(slips: Iterable[Slip], office: str) -> Mapping[tuple[str, int], Delivery]:
    payers: dict[str, set[int]] = {}
    for slip in slips:
        payers.setdefault(slip.charge.assessment.fee, set()).add(slip.charge.assessment.payer_id)
    return {
        (code, payer): delivery
        for code, people in payers.items()
        for payer, delivery in deliveries(people, subject=code, office=office).items()
    }


def _face(slip: Slip, to: Delivery, overview: Sequence[Instalment], by: Sender) -> Face:
    assessment, codes, office = slip.charge.assessment, codes_of(slip, by.issuer), by.decided.office
    postal = (f"〒{to.postal_code[:3]}-{to.postal_code[3:]}",) if to.postal_code and to.lines else ()
    return Face(
        town=by.town.name, office=office, payer=assessment.payer.name,
        recipient=f"{to.recipient}　{to.honorific}", role=to.role, address=(*postal, *to.lines),
        care_of="" if to.lines else to.care_of, fee=fee(assessment.fee).name_ja,
        year=wareki_fiscal_year(assessment.levy_year), reference=assessment.reference, period=_period(slip),
        yen=slip.yen, issued_on=slip.issued_at.astimezone(clock.TOKYO).date(), due_on=slip.charge.due_on,
        pay_until=slip.pay_until, el_number=codes.el_number, el_qr=codes.el_qr, barcode=codes.barcode,
        overview=overview, notes=(*NOTES, f"納めるのが難しいときや心当たりのないときは、{office}へご相談ください。"),
        bar=by.decided.dots_per_module * 25.4 / by.decided.printer_dpi,
    )  # fmt: skip


def _period(slip: Slip) -> str:
    return "全期" if fee(slip.charge.assessment.fee).instalments == 1 else f"第{slip.charge.period}期"
