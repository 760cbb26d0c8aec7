"""Signing what is sent to another system, in the form of Standard Webhooks (通知の署名)."""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def signed(secret: bytes, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of ``message`` (its id), sent at ``at``: HMAC-SHA256 over id, time and body (署名の見出し)."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def written(secret: bytes) -> str:
    """A secret as its owner is shown it (鍵の表記)."""
    return PREFIX + base64.b64encode(secret).decode()
