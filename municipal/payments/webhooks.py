"""Telling another system over the network, and nobody it must not reach (外部への通知).

Only https to public addresses; in the training room also this machine itself. The name is looked up once and the
connection goes to that address, so that it cannot turn into another one in between; redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from municipal.core.refusals import Refused

from .models import WebhookEndpoint

SECONDS = 10
MOST_LETTERS = 500
BAD_URL = Refused(
    "通知先は https:// で始まる、外部に公開されたURLを指定してください。利用者名やパスワードは含められません。",
    field="url", code="invalid",
)  # fmt: skip
LOCAL = frozenset({"localhost", "127.0.0.1"})


class Unreachable(Exception):  # noqa: N818
    """Nobody answered, or it is nobody who may be told (通知先に届かない)."""


def secret_of(endpoint: WebhookEndpoint) -> bytes:
    """The key that the endpoint's messages are signed with; derived, so that it lies in no table (署名の鍵)."""
    said = f"{endpoint.municipality_id}:{endpoint.nonce}"
    return salted_hmac("kijun webhook endpoint", said, algorithm="sha256").digest()


def refuse_bad_url(url: str) -> None:
    """Refuse what is no https address of another system (通知先の確認)."""
    parts = _parts(url)
    if parts is None:
        raise BAD_URL
    if _is_here(parts):
        return
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        if parts.scheme != "https" or "." not in (parts.hostname or "").rstrip("."):
            raise BAD_URL from None
        return
    if parts.scheme != "https" or not address.is_global:
        raise BAD_URL


def _parts(url: str) -> SplitResult | None:
    if len(url) > MOST_LETTERS or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or 0 < parts.port < 2**16
    except ValueError:
        return None
    is_whole = parts.scheme in ("https", "http") and parts.hostname and not parts.username and not parts.password
    return parts if is_whole and port_is_right and not parts.fragment else None


def _is_here(parts: SplitResult) -> bool:
    """This machine itself, which only the training room may be told of."""
    return parts.hostname in LOCAL and bool(settings.SECRET_KEY == settings.DEMO_SECRET)


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST ``body`` and answer the status (送信). Raises Unreachable where nobody answers or nobody may be told."""
    parts = _parts(url)
    if parts is None:
        raise Unreachable("bad_url")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Pinned(parts, port, _address_of(parts, port))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "Kijun", **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        connection.close()


def _address_of(parts: SplitResult, port: int) -> str:
    """The address that the name stands for now; every one it stands for must be public."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Unreachable(type(error).__name__) from error
    if _is_here(parts):
        return sorted(found)[0]
    if parts.scheme != "https" or not found or not all(ipaddress.ip_address(one).is_global for one in found):
        raise Unreachable("not_public")
    return sorted(found)[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name of the host stands for by now."""

    def __init__(self, parts: SplitResult, port: int, address: str) -> None:
        super().__init__(parts.hostname or "", port, timeout=SECONDS)
        self.address, self.is_secure = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
