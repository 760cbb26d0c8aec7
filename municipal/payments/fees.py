"""What may be charged, read from the data of ``standards/fees`` (料金項目)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from municipal.core.codes import STANDARDS, names_of, rows
from municipal.core.refusals import Refused

FOLDER = STANDARDS / "fees" / "1"


@dataclass(frozen=True)
class ClaimClass:
    """What follows from the class of a claim: interest, order, limitation in years, who enforces (債権の区分)."""

    code: str
    name_ja: str
    name_en: str
    interest: str
    allocation: str
    ends_by_itself: bool
    enforced_by: str
    has_refund_interest: bool


@dataclass(frozen=True)
class Fee:
    """One tax or fee: its class of claim, its account, how it is divided and where it is paid (料金項目).

    ``unit_yen``: instalments are whole multiples of it. ``el_qr_from``: the first day on which its slips carry an
    eL-QR, None where they do not. ``names``: by language of residents. ``status``: how sure the data are.
    """

    code: str
    names: Mapping[str, str]
    claim: ClaimClass
    limitation_years: int
    account: str
    instalments: int
    unit_yen: int
    el_qr_from: date | None
    is_sold_at_stores: bool
    status: str

    @property
    def name_ja(self) -> str:
        """What papers and files call it, which are Japanese (料金項目の名前)."""
        return self.names["ja"]

    @property
    def is_accessory(self) -> bool:
        """Whether it only ever follows another claim: interest, the fee of a demand (附帯債権か)."""
        return self.claim.code == "accessory"

    def has_el_qr(self, day: date) -> bool:
        """Whether a slip printed on ``day`` carries an eL-QR (eL-QR対応)."""
        return self.el_qr_from is not None and day >= self.el_qr_from


@cache
def claim_classes() -> Mapping[str, ClaimClass]:
    """Every class of claim by its code (債権の区分の一覧)."""
    return {
        row["code"]: ClaimClass(
            row["code"], row["name_ja"], row["name_en"], row["interest"], row["allocation"],
            row["ends_by_itself"] == "1", row["enforced_by"], row["refund_interest"] == "1",
        )
        for row in rows(FOLDER / "claim_classes.csv")
    }  # fmt: skip


@cache
def fees() -> Mapping[str, Fee]:
    """Every fee by its code, in the order of the file (料金項目の一覧)."""
    return {
        row["code"]: Fee(
            row["code"], names_of(row), claim_classes()[row["claim_class"]],
            int(row["limitation_years"]), row["account"], int(row["instalments"]), int(row["unit_yen"]),
            date.fromisoformat(row["el_qr_from"]) if row["el_qr_from"] else None, row["is_sold_at_stores"] == "1",
            row["status"],
        )
        for row in rows(FOLDER / "fees.csv")
    }  # fmt: skip


def fee(code: str) -> Fee:
    """The fee of that code. Raises Refused for one that is not in the list (料金項目の照会)."""
    found = fees().get(code)
    if found is None:
        raise Refused("この料金項目はありません。一覧から選んでください。", field="fee", code="invalid")
    return found
