"""By which ways a slip is paid online, read from ``standards/checkout`` (オンライン納付の方法)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from municipal.core.codes import STANDARDS, names_of, rows
from municipal.core.refusals import Refused

FOLDER = STANDARDS / "checkout" / "1"
STEP = 10_000
MORE_TENTHS = 825
"""Tenths of a yen for each further 10,000 yen begun: 75 yen and 10 % consumption tax."""


@dataclass(frozen=True)
class Way:
    """One way of paying: through which channel it is reported, and its limits (納付の方法).

    ``names``: by language of residents. ``most_yen``: None where no limit is known. ``open_for``: how long a begun
    payment waits for the payer.
    """

    code: str
    channel: str
    names: Mapping[str, str]
    most_yen: int | None
    open_for: timedelta
    has_card_fee: bool
    can_be_refunded: bool

    def takes(self, yen: int) -> bool:
        """Whether so much may be paid this way (限度額の確認)."""
        return self.most_yen is None or yen <= self.most_yen

    def fee_of(self, yen: int) -> int:
        """The fee in yen that the payer bears, as a guide (手数料の目安)."""
        return card_fee(yen) if self.has_card_fee else 0


@cache
def ways() -> Mapping[str, Way]:
    """Every way by its code, in the order of the file (方法の一覧)."""
    return {
        row["method"]: Way(
            row["method"], row["channel"], names_of(row),
            int(row["most_yen"]) if row["most_yen"] else None, timedelta(minutes=int(row["minutes"])),
            row["fee"] == "card", row["can_be_refunded"] == "1",
        )
        for row in rows(FOLDER / "methods.csv")
    }  # fmt: skip


def way(code: str) -> Way:
    """The way of that code. Raises Refused for one that is not in the list (方法の照会)."""
    found = ways().get(code)
    if found is None:
        raise Refused("納付の方法を選んでください。", field="method", code="invalid")
    return found


@cache
def _card_fees() -> list[tuple[int, int]]:
    return [(int(row["up_to_yen"]), int(row["fee_yen"])) for row in rows(FOLDER / "card_fees.csv")]


def card_fee(yen: int) -> int:
    """What paying ``yen`` by card costs the payer (カードの手数料)."""
    for most, fee in _card_fees():
        if yen <= most:
            return fee
    most, fee = _card_fees()[-1]
    # 287.5 yen, which the last line shows rounded up, is where the steps go on from.
    tenths = fee * 10 - 5 + MORE_TENTHS * -(-(yen - most) // STEP)
    return (tenths + 5) // 10
