"""What a form carries over its confirmation page, sealed where it would give somebody away (入力値の持越しの秘匿).

The server keeps nothing between the steps of an entry, so what was typed travels through the browser. Of a protected
person it travels sealed: the page's source, a saved copy of it or a tool of the browser shows no address.
"""

import base64
import json
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import QueryDict
from django.utils.crypto import salted_hmac

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest

SEALED = "sealed"
NONCE = 12
Pairs = Sequence[tuple[str, str]]


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("kijun carried form", "key", algorithm="sha256").digest())


def _whose(request: StaffRequest) -> bytes:
    """Only the same clerk of the same town opens it again, on the same page."""
    return f"{request.town.pk}:{request.staff.pk}:{request.path}".encode()


@implements("resident-record/1.0#3.4/m1")
def sealed(request: StaffRequest, pairs: Pairs) -> tuple[str, str]:
    """The names and values as one hidden field (封緘)."""
    nonce = secrets.token_bytes(NONCE)
    body = json.dumps(list(pairs), ensure_ascii=False).encode("utf-8", "surrogatepass")
    token = nonce + _cipher().encrypt(nonce, body, _whose(request))
    return SEALED, base64.urlsafe_b64encode(token).decode()


def opened(request: StaffRequest) -> QueryDict:
    """What the form says, with what it carries sealed put back (開封). Raises Refused for a seal that is broken."""
    if SEALED not in request.POST:
        return request.POST
    said = request.POST.copy()
    try:
        token = base64.urlsafe_b64decode(said.pop(SEALED)[-1].encode())
        pairs = json.loads(_cipher().decrypt(token[:NONCE], token[NONCE:], _whose(request)))
    except (ValueError, InvalidTag, UnicodeEncodeError):
        raise Refused("入力の続きを読み取れません。もう一度、最初から入力してください。", code="broken_seal") from None
    for name, value in pairs:
        said.appendlist(name, value)
    return said
