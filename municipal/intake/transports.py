"""How a request reaches the portal: over the network, or inside this installation (通信の経路)."""

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from .archive import MOST_BYTES

SECONDS = 30
"""Common functions, number API 2.0: whoever waits longer than 30 seconds counts it as failed."""


class PortalDown(Exception):  # noqa: N818  (an answer we did not get)
    """The portal did not answer, or not in a way that can be understood; ``str`` is a short word (国のサイトの不通)."""


@dataclass(frozen=True)
class Reply:
    """What came back (応答)."""

    status: int
    body: bytes
    kind: str = "application/json"


Transport = Callable[[str, str, Mapping[str, str], bytes], Reply]
"""Method, path below the portal's address, headers, body."""


class _Stay(HTTPRedirectHandler):
    """A portal that sends us elsewhere is not followed: the token is for it alone."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def refuse_bad_address(address: str) -> None:
    """Raise ValueError for an address without TLS; this machine itself only in the training room (接続先の確認)."""
    parts = urlsplit(address)
    is_here = parts.hostname in ("localhost", "127.0.0.1") and settings.SECRET_KEY == settings.DEMO_SECRET
    if not parts.hostname or parts.username or (parts.scheme != "https" and not (parts.scheme == "http" and is_here)):
        raise ValueError(f"{address}: the address of the portal must begin with https://")


def over_the_network(address: str, seconds: float = SECONDS) -> Transport:
    """HTTP to a portal elsewhere (ネットワーク経由). Raises ValueError as above; asked, PortalDown."""
    refuse_bad_address(address)
    opener = build_opener(_Stay)

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        data = body if method == "POST" else None
        request = Request(f"{address}{path}", data, dict(headers), method=method)  # noqa: S310  (checked above)
        try:
            with opener.open(request, timeout=seconds) as answer:
                found, kind = answer.read(MOST_BYTES + 1), answer.headers.get_content_type()
                return Reply(answer.status, found, kind)
        except HTTPError as error:
            with error:
                return Reply(error.code, error.read(10_000), error.headers.get_content_type())
        except (URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise PortalDown(type(error).__name__) from error

    return send
