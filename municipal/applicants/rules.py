"""What a PIN looks like, when it locks, which writings are the same, what a delegation covers (申請者の規則)."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from enum import StrEnum

CARD_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)


class Use(StrEnum):
    """What a certificate of a card is for (電子証明書の種類)."""

    SIGN_IN = "user"
    SIGNATURE = "signature"


SHAPES = {Use.SIGN_IN: re.compile(r"[0-9]{4}", re.ASCII), Use.SIGNATURE: re.compile(r"[A-Z0-9]{6,16}", re.ASCII)}
TRIES = {Use.SIGN_IN: 3, Use.SIGNATURE: 5}
"""How often in a row a PIN may be wrong before it locks, until somebody sets it anew at the counter."""


def is_pin(use: Use, text: str) -> bool:
    """Whether the text has the form of a PIN of that use (暗証番号の形)."""
    return SHAPES[use].fullmatch(text) is not None


def is_locked(use: Use, failures: int) -> bool:
    """Whether so many wrong PINs in a row have locked the card (ロック)."""
    return failures >= TRIES[use]


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−ｰ"), "-")


def search_key(text: str) -> str:
    """A writing without what differs between card and register though it is the same: width, spaces, dashes (照合の形).

    For comparing only: neither name nor address is ever stored like this.
    """
    wide = "".join(unicodedata.normalize("NFKC", text).split())
    return wide.translate(_DASHES).casefold()


class Kind(StrEnum):
    """Why somebody may act for another (委任の種類)."""

    FAMILY = "family"
    LEGAL = "legal"
    CARE_MANAGER = "care_manager"


LONGEST = {Kind.FAMILY: 366, Kind.CARE_MANAGER: 366, Kind.LEGAL: 366 * 5}
"""The most days for which a delegation of each kind is given at once."""


def covers(procedures: Collection[str], procedure: str) -> bool:
    """Whether a delegation of these procedures reaches this one; of none in particular, it reaches all (委任の範囲)."""
    return not procedures or procedure in procedures


def is_span(kind: Kind, today: date, until: date) -> bool:
    """Whether a delegation may be given today until that day (委任の期間)."""
    return 0 <= (until - today).days <= LONGEST[kind]
