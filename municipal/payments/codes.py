"""The numbers and codes of a slip, composed as the checker reads them (納付書の番号とコード).

Slips are specimens (見本) unless whoever runs the installation says otherwise in three settings at once: the operator's
code is then one that no agency has. How the check digits of a payable code are computed no published text tells, so
that the function that does it must be given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings

from municipal.conformance.slips.layouts import EL_QR, Value, compose, compose_barcode, layout
from municipal.core import clock
from municipal.municipalities.models import Municipality

from .fees import Fee, fee
from .models import Slip
from .paper.face import MOST_AT_STORES

SPECIMEN_COMPANY = "999999"
TAX_OFFICE = "001"
UPPER, LOWER = slice(31, 68), slice(70, 112)
"""Where the two rows of the MPN data stand in an eL-QR, without their check digits."""

CheckDigits = Callable[[str, str], tuple[str, str]]
"""From the 37 and 42 digits of the two rows of the MPN data to the two check digits of each."""


@dataclass(frozen=True)
class Issuer:
    """In whose name slips are payable; without check digits they are specimens (納付書の発行者)."""

    agency: str
    company: str
    check_digits: CheckDigits | None = None

    @property
    def is_specimen(self) -> bool:
        """Whether nobody can pay with its slips (見本か)."""
        return self.check_digits is None


@dataclass(frozen=True)
class Codes:
    """What is printed or encoded on a slip; empty where the slip has none (納付コード)."""

    el_number: str
    el_qr: str
    barcode: str


def issuer(town: int) -> Issuer:
    """The issuer that the settings name; a specimen where one is missing and for a made-up town (発行者)."""
    said = settings.KIJUN_PAYMENT_AGENCY, settings.KIJUN_STORE_COMPANY, settings.KIJUN_PAYMENT_CHECK_DIGITS
    specimen = Issuer(layout(EL_QR).demo_agency, SPECIMEN_COMPANY)
    if not all(said) or said[0] == specimen.agency or Municipality.objects.filter(pk=town, is_fictional=True).exists():
        return specimen
    return Issuer(said[0], said[1], check_digits_at(said[2]))


@cache
def check_digits_at(place: str) -> CheckDigits:
    """The function at ``package.module:name`` (検査数字の計算).

    Raises ImportError, AttributeError or ValueError where there is none.
    """
    module, separator, name = place.partition(":")
    if not separator:
        raise ValueError(f"{place}: package.module:function is wanted")
    found: CheckDigits = getattr(import_module(module), name)
    return found


def codes_of(slip: Slip, by: Issuer | None = None) -> Codes:
    """The codes of a slip of this town, for the amount and days it was issued with (納付コードの組立て).

    ``by``: the issuer, where many slips are asked for; else it is looked up.
    """
    assessment, by = slip.charge.assessment, by or issuer(int(slip.municipality_id or 0))
    item = fee(assessment.fee)
    has_el_qr = item.has_el_qr(slip.issued_at.astimezone(clock.TOKYO).date())
    return Codes(
        el_number=f"{by.agency}{slip.number}{slip.confirmation}{item.code}" if has_el_qr else "",
        el_qr=_el_qr(slip, item, by) if has_el_qr else "",
        barcode=_barcode(slip, by) if item.is_sold_at_stores and slip.yen <= MOST_AT_STORES else "",
    )


def _el_qr(slip: Slip, item: Fee, by: Issuer) -> str:
    assessment = slip.charge.assessment
    values: dict[str, Value] = {
        "agency": by.agency, "amount_yen": slip.yen, "fee_bearer": "2", "stamp_tax": "0", "tax_item": item.code,
        "payment_number": slip.number, "confirmation_number": slip.confirmation,
        "organisation": f"{slip.municipality_id:06d}"[:5], "tax_office": TAX_OFFICE,
        "levy_year": assessment.levy_year, "tax_year": assessment.levy_year,
        "period": f"{slip.charge.period % 100:02d}", "due_on": slip.charge.due_on, "pay_until": slip.pay_until,
    }  # fmt: skip
    if by.check_digits is None:
        return compose(values)
    draft = compose(values | {"check_digits_1": "00", "check_digits_2": "00"})
    first, second = by.check_digits(draft[UPPER], draft[LOWER])
    return compose(values | {"check_digits_1": first, "check_digits_2": second})


def _barcode(slip: Slip, by: Issuer) -> str:
    return compose_barcode(
        {
            "company": by.company, "free": slip.number + "0", "reissue": str(slip.reissue), "pay_until": slip.pay_until,
            "stamp_tax": "0", "amount_yen": slip.yen,
        }
    )  # fmt: skip
