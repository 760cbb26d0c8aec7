"""Who really sent a webhook: its signature in the form of Standard Webhooks (通知の署名)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from municipal.core import clock
from municipal.core.refusals import Refused

WINDOW = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
NOT_SIGNED = Refused("通知の署名を確かめられません。受け付けていません。", code="not_signed_in")


def signed(secret: bytes, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message sent at ``at`` (署名の作成)."""
    stamp = str(int(at.timestamp()))
    return {ID: message, TIMESTAMP: stamp, SIGNATURE: f"v1,{_mac(secret, message, stamp, body)}"}


def verified(secret: bytes, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a message whose signature is right and was made within five minutes (署名の検証).

    Several signatures may stand side by side while a secret is exchanged. Raises Refused, with one sentence for every
    fault alike, and compares in constant time.
    """
    message, stamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", message) or not re.fullmatch(r"\d{1,11}", stamp, re.ASCII):
        raise NOT_SIGNED
    if abs(clock.now().timestamp() - int(stamp)) > WINDOW.total_seconds():
        raise NOT_SIGNED
    right = _mac(secret, message, stamp, body).encode()
    given = [one.partition(",") for one in headers.get(SIGNATURE, "").split(" ")]
    # Every one is compared, so that the time does not tell which was near.
    fitting = [version == "v1" and hmac.compare_digest(_bytes(mac), right) for version, _, mac in given]
    if not any(fitting):
        raise NOT_SIGNED
    return message


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _mac(secret: bytes, message: str, stamp: str, body: bytes) -> str:
    said = f"{message}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()
