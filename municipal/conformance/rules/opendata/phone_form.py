"""A telephone number is one (電話番号の書き方)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, PHONES, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.placeholder import is_placeholder

_GROUPED = re.compile(
    r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}|\(0[0-9]{1,4}\) ?[0-9]{1,4}-[0-9]{3,4}"
    r"|0[0-9]{8,10}|\+[0-9]{1,3}(-[0-9]{1,5}){2,4}"
)
_SHORT = re.compile(r"1[0-9]{2}|#[0-9]{3,4}")
_DOMESTIC_DIGITS = (10, 11)
_BARE = re.compile(r"[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{3,4}|[1-9][0-9]{8,9}")
_SEVERAL = re.compile(r"[\r\n;、,，；]|\s/\s?|\s?／\s?")


def is_phone(text: str) -> bool:
    """Whether text is one number with its area code, in half-width digits with hyphens or none (電話番号か)."""
    if _SHORT.fullmatch(text) is not None:
        return True
    if _GROUPED.fullmatch(text) is None:
        return False
    return text.startswith("+") or sum(map(str.isdigit, text)) in _DOMESTIC_DIGITS


def lost_its_zero(text: str) -> bool:
    """Whether text would be a number with a 0 before it (先頭の0の脱落か)."""
    return _BARE.fullmatch(text) is not None and is_phone(f"0{text}")


def several(text: str) -> list[str]:
    """The numbers that stand in one cell (一つのセルの電話番号)."""
    return [part.strip() for part in _SEVERAL.split(text) if part.strip()]


@set_rule(
    "ODS-0004",
    clause="open-data-sets/2021#電話番号",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(PHONES)),
)
def a_telephone_number_is_one(tables: Tables, context: Context) -> Found:
    """A cell for a telephone number holds a number with its area code and nothing else (電話番号の書き方).

    Half-width digits from the leading 0 on, ten or eleven of them, with hyphens between the groups; 0120, 0570 and
    mobile numbers are right, and so are 119, #7119, digits without hyphens, an area code in half-width brackets, and
    numbers that begin with + and a country. Names of sections, full-width digits and brackets, and extensions break
    automatic dialling: they belong in their own columns.
    """
    for item, rows in columns(tables, context, items_named(PHONES)):
        wrong = []
        for row in rows:
            parts = [part for part in several(row[item.item]) if not is_placeholder(part)]
            if any(not is_phone(part) and not lost_its_zero(part) for part in parts):
                wrong.append(row)
        yield from told(item, wrong, rows)
