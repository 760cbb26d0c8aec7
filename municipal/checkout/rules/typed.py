"""What a payer types or scans, and which slip it names (番号の読取り)."""

import unicodedata
from dataclasses import dataclass

from municipal.conformance.slips.layouts import EL_QR, crc, layout
from municipal.core.refusals import Refused

NUMBER, CONFIRMATION, EL_NUMBER = 20, 6, 34
_AGENCY = 5
MOST = 400
"""Letters that are looked at; the longest code has 255 digits."""


@dataclass(frozen=True)
class Named:
    """The two numbers that together open a slip (納付番号と確認番号)."""

    number: str
    confirmation: str


def named(code: str, confirmation: str = "") -> Named:
    """The slip that ``code`` names: a payment number, an eL number, or the digits of an eL-QR (納付書の指定).

    Spaces, hyphens and full-width digits are as good as the plain ones. A payment number alone needs ``confirmation``;
    the other two hold it. Raises Refused where the digits cannot be one of the three; it says nothing about whether
    there is such a slip.
    """
    digits, more = _digits(code), _digits(confirmation)
    qr = layout(EL_QR)
    if len(digits) == qr.length:
        return _of_el_qr(digits)
    if len(digits) == EL_NUMBER:
        end = _AGENCY + NUMBER
        return Named(digits[_AGENCY:end], digits[end : end + CONFIRMATION])
    # Whoever copies the number may leave out the zeros in front.
    if not 0 < len(digits) <= NUMBER:
        raise Refused(
            "番号の桁数が違います。納付番号は20桁、eL番号は34桁です。納付書を見て入れ直してください。",
            field="code", code="invalid",
        )  # fmt: skip
    if len(more) != CONFIRMATION:
        raise Refused("確認番号は6桁の数字です。納付書を見て入れ直してください。", field="confirmation", code="invalid")
    return Named(digits.zfill(NUMBER), more)


def _digits(text: str) -> str:
    """The digits of what was typed; empty where anything else but spaces and hyphens stands among them."""
    plain = unicodedata.normalize("NFKC", text[:MOST])
    kept = "".join(one for one in plain if not one.isspace() and one not in "-‐‑–—−ー")
    return kept if kept.isascii() and kept.isdigit() and len(text) <= MOST else ""


def _of_el_qr(digits: str) -> Named:
    fields = layout(EL_QR).by_name
    if crc(digits[:-5]) != digits[-5:]:
        raise Refused(
            "eL-QRの数字が正しく読み取れていません。もう一度読み取るか、番号を入れてください。",
            field="code", code="invalid",
        )  # fmt: skip
    return Named(digits[fields["payment_number"].span], digits[fields["confirmation_number"].span])
