"""Signing what goes to another system, in the form of Standard Webhooks (通知の署名)."""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""The three headers of a signed message."""


def signed(secret: bytes, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of ``message`` (its id), sent at ``at`` (署名の見出し)."""
    stamp = str(int(at.timestamp()))
    return {ID: message, TIMESTAMP: stamp, SIGNATURE: f"v1,{mac(secret, message, stamp, body)}"}


def mac(secret: bytes, message: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over id, time in seconds and body, in base64 (署名)."""
    said = f"{message}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()


def written(secret: bytes) -> str:
    """A secret as its owner is shown it (鍵の表記)."""
    return PREFIX + base64.b64encode(secret).decode()
