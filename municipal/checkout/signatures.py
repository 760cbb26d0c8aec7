"""Who really sent a webhook: the judge of its signature, see ``core.signatures`` (通知の署名の検証)."""

import hmac
import re
from collections.abc import Mapping
from datetime import timedelta

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.core.signatures import ID, SIGNATURE, TIMESTAMP, mac

WINDOW = timedelta(minutes=5)
NOT_SIGNED = Refused("通知の署名を確かめられません。受け付けていません。", code="not_signed_in")


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
    right = mac(secret, message, stamp, body).encode()
    given = [one.partition(",") for one in headers.get(SIGNATURE, "").split(" ")]
    # Every one is compared, so that the time does not tell which was near.
    fitting = [version == "v1" and hmac.compare_digest(_bytes(said), right) for version, _, said in given]
    if not any(fitting):
        raise NOT_SIGNED
    return message


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
