"""The numbers and codes of a slip, composed as the checker reads them (納付書の番号とコード).

Every slip is a specimen (見本): the operator's code is one that no agency has. A payable slip needs check digits that
no published text tells how to compute, so that nothing payable can be made here.
"""

from dataclasses import dataclass

from municipal.conformance.slips.layouts import EL_QR, compose, compose_barcode, layout

from .fees import Fee, fee
from .models import Slip

MOST_AT_STORES = 300_000
"""Yen; above it a convenience store takes no slip, so that none carries the barcode."""

COMPANY = "999999"
TAX_OFFICE = "001"


@dataclass(frozen=True)
class Codes:
    """What is printed or encoded on a slip; empty where the slip has none (納付コード)."""

    el_number: str
    el_qr: str
    barcode: str


def codes_of(slip: Slip) -> Codes:
    """The codes of a slip of this town, for the amount and days it was issued with (納付コードの組立て)."""
    assessment = slip.charge.assessment
    item = fee(assessment.fee)
    has_el_qr = item.has_el_qr(slip.issued_at.date())
    agency = layout(EL_QR).demo_agency
    return Codes(
        el_number=f"{agency}{slip.number}{slip.confirmation}{item.code}" if has_el_qr else "",
        el_qr=_el_qr(slip, item, agency) if has_el_qr else "",
        barcode=_barcode(slip) if item.is_sold_at_stores and slip.yen <= MOST_AT_STORES else "",
    )


def _el_qr(slip: Slip, item: Fee, agency: str) -> str:
    assessment = slip.charge.assessment
    return compose(
        {
            "agency": agency, "amount_yen": slip.yen, "fee_bearer": "2", "stamp_tax": "0", "tax_item": item.code,
            "payment_number": slip.number, "confirmation_number": slip.confirmation,
            "organisation": f"{slip.municipality_id:06d}"[:5], "tax_office": TAX_OFFICE,
            "levy_year": assessment.levy_year, "tax_year": assessment.levy_year,
            "period": f"{slip.charge.period:02d}", "due_on": slip.charge.due_on, "pay_until": slip.pay_until,
        }
    )  # fmt: skip


def _barcode(slip: Slip) -> str:
    return compose_barcode(
        {
            "company": COMPANY, "free": slip.number + "0", "reissue": str(slip.reissue), "pay_until": slip.pay_until,
            "stamp_tax": "0", "amount_yen": slip.yen,
        }
    )  # fmt: skip
