"""What must hold before slips are printed in earnest (公金の起動前の点検)."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from municipal.conformance.slips.layouts import EL_QR, layout

from .codes import check_digits_at

WIDTHS = {"KIJUN_PAYMENT_AGENCY": 5, "KIJUN_STORE_COMPANY": 6}


@register()
def slips_are_payable_or_specimens(**kwargs: Any) -> list[CheckMessage]:
    """All settings of a payable slip or none: half of them print what nobody can pay with (発行者の点検)."""
    said = {name: str(getattr(settings, name)) for name in (*WIDTHS, "KIJUN_PAYMENT_CHECK_DIGITS")}
    if not any(said.values()) or said["KIJUN_PAYMENT_AGENCY"] == layout(EL_QR).demo_agency:
        return []
    missing = [name for name, value in said.items() if not value]
    if missing:
        return [Error(f"Slips stay specimens: {', '.join(missing)} is not set.", id="kijun.E020")]
    wrong = [name for name, width in WIDTHS.items() if not re.fullmatch(rf"[0-9]{{{width}}}", said[name])]
    found: list[CheckMessage] = [
        Error(f"{name} takes {WIDTHS[name]} digits.", id="kijun.E021") for name in wrong
    ]  # fmt: skip
    try:
        is_there = callable(check_digits_at(said["KIJUN_PAYMENT_CHECK_DIGITS"]))
    except (ImportError, AttributeError, ValueError):
        is_there = False
    if not is_there:
        sentence = "KIJUN_PAYMENT_CHECK_DIGITS names no function: package.module:function is wanted."
        found.append(Error(sentence, id="kijun.E022"))
    return found
