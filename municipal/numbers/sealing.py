"""Sealing a number for the one person it belongs to, and opening it again (個人番号の封緘).

AES-256-GCM; town and owner are associated data, so that a row copied to somebody else does not open. The blind index
is an HMAC under a key of the town: equal numbers are found, and nothing is learnt from the index without the key.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from municipal.core.numbers import refuse_unless_individual_number
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .keyring import Key, ring

NONCE = 12
MASK = "●●●●●●●●●●●●"
IN_A_NOTICE = "notice"
_TOKEN = "sealed"  # noqa: S105  (a word, no secret)


@dataclass(frozen=True, slots=True)
class Digits:
    """A number in the clear, for as short as possible; prints and formats as a mask (個人番号の平文)."""

    value: str

    def __post_init__(self) -> None:
        refuse_unless_individual_number(self.value, field="individual_number")

    def __repr__(self) -> str:
        return f"Digits({MASK})"

    __str__ = __repr__


@dataclass(frozen=True)
class Sealed:
    """A number as it is stored (封緘された個人番号)."""

    key_id: str
    nonce: bytes
    ciphertext: bytes
    blind_index: str


def _owned(owner: str) -> bytes:
    return f"kijun:{wall.current():06d}:{owner}".encode()


def seal(digits: Digits, owner: str) -> Sealed:
    """Seal a number for ``owner`` (an addressee's id, or IN_A_NOTICE) in the open town with the newest key (封緘)."""
    key = ring().newest
    nonce = secrets.token_bytes(NONCE)
    box = AESGCM(key.for_sealing(wall.current()))
    return Sealed(key.id, nonce, box.encrypt(nonce, digits.value.encode(), _owned(owner)), _index(key, digits))


def unseal(key_id: str, nonce: bytes | memoryview, ciphertext: bytes | memoryview, owner: str) -> Digits:
    """The number again. Raises Refused for a missing key, and for bytes that were not sealed for this owner (開封)."""
    box = AESGCM(ring()[key_id].for_sealing(wall.current()))
    try:
        return Digits(box.decrypt(bytes(nonce), bytes(ciphertext), _owned(owner)).decode())
    except InvalidTag:
        raise Refused(
            "保管されている個人番号が壊れているか、別の人のものです。システム管理者に連絡してください。",
            code="seal_broken",
        ) from None


def _index(key: Key, digits: Digits) -> str:
    return hmac.new(key.for_finding(wall.current()), digits.value.encode(), sha256).hexdigest()


def indexes(digits: Digits) -> list[str]:
    """The blind index of a number under every key that still opens something (検索用の索引)."""
    return [_index(key, digits) for key in ring().keys.values()]


def as_token(digits: Digits) -> str:
    """The number as a notice carries it: sealed, as text; the same number never twice the same (届書での保持)."""
    made = seal(digits, IN_A_NOTICE)
    body = base64.urlsafe_b64encode(made.nonce + made.ciphertext).decode()
    return f"{_TOKEN}:{made.key_id}:{body}"


def is_token(text: str) -> bool:
    """Whether ``text`` claims to be a sealed number."""
    return text.startswith(f"{_TOKEN}:")


def from_token(text: str) -> Digits:
    """The number in a notice. Raises Refused for what no key of ours has sealed in this town (届書からの開封)."""
    unfit = Refused("入力された値を読み取れません。形を確かめてください。", field="individual_number", code="invalid")
    parts = text.split(":")
    if len(parts) != 3 or parts[0] != _TOKEN:
        raise unfit
    try:
        body = base64.b64decode(parts[2].encode("ascii"), altchars=b"-_", validate=True)
        return unseal(parts[1], body[:NONCE], body[NONCE:], IN_A_NOTICE)
    except (ValueError, Refused):
        raise unfit from None
