"""The portal as the office asks it: what there is, one application, how far it is (国の申請サイトとの約束).

Three calls named in common functions 2.1, figure 2-1: 申請データ一覧取得, 申請データ取得, 申請処理状況登録.
Their official layout was not at hand: paths and JSON are our own profile (``docs/intake.md``).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from municipal.municipalities.models import Municipality

from .archive import MOST_BYTES
from .credentials import CLIENT, SHORTEST_SECRET, asking, client_of, secret_of
from .transports import PortalDown, Reply, Transport, over_the_network

MOST_PAGES = 1_000
RECEIPT = re.compile(r"[0-9A-Z-]{6,30}", re.ASCII)
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Listed:
    """One line of the list: the receipt number and the digest of the content (一覧の一行)."""

    receipt: str
    digest: str


@dataclass(frozen=True)
class Report:
    """How far an application is; of two with one receipt number the higher ``sequence`` counts (処理状況)."""

    sequence: int
    status: str
    at: str
    message: str


@dataclass
class Portal:
    """One portal, and who we are to it (国の申請サイト)."""

    transport: Transport
    client: str
    secret: str
    endpoint: str
    is_simulated: bool = False
    _token: str = field(default="", init=False)

    def listed(self) -> Iterator[Listed]:
        """Everything that waits for this town, page by page. Raises PortalDown (申請データ一覧取得)."""
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._json("GET", f"/applications?{urlencode({'cursor': cursor})}")
            rows, cursor = page.get("applications"), page.get("next") or ""
            if not isinstance(rows, list) or not isinstance(cursor, str):
                raise PortalDown("list")
            yield from map(_listed, rows)
            if not cursor:
                return
        raise PortalDown("endless")

    def fetched(self, receipt: str) -> bytes:
        """The ZIP of one application, unchecked. Raises PortalDown (申請データ取得)."""
        reply = self._asked("GET", f"/applications/{quote(receipt)}")
        if reply.status != 200 or len(reply.body) > MOST_BYTES:
            raise PortalDown(f"http_{reply.status}")
        return reply.body

    def report(self, receipt: str, said: Report) -> None:
        """Register how far an application is; said again, nothing changes. Raises PortalDown (申請処理状況登録)."""
        self._json("POST", f"/applications/{quote(receipt)}/status", vars(said))

    def _json(self, method: str, path: str, said: Any = None) -> dict[str, Any]:
        reply = self._asked(method, path, json.dumps(said).encode() if said is not None else b"")
        if reply.status != 200:
            raise PortalDown(f"http_{reply.status}")
        return _read(reply)

    def _asked(self, method: str, path: str, body: bytes = b"") -> Reply:
        """With a token; one that ended meanwhile is replaced once."""
        for _ in range(2):
            self._token = self._token or self._new_token()
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            reply = self.transport(method, path, headers, body)
            if reply.status != 401:
                return reply
            self._token = ""
        raise PortalDown("http_401")

    def _new_token(self) -> str:
        form = urlencode(asking(self.client, self.secret, self.endpoint)).encode()
        reply = self.transport("POST", "/token", {"Content-Type": FORM_TYPE}, form)
        found = _read(reply) if reply.status == 200 else {}
        token = found.get("access_token")
        if not isinstance(token, str) or not token or found.get("token_type") != "Bearer":
            raise PortalDown("token")
        return token


def _read(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PortalDown("no_json")
    return found


def _listed(row: Any) -> Listed:
    receipt, digest = (row.get("receipt_number"), row.get("digest")) if isinstance(row, dict) else (None, None)
    if not isinstance(receipt, str) or not RECEIPT.fullmatch(receipt) or not isinstance(digest, str):
        raise PortalDown("list")
    return Listed(receipt, digest)


def portal_of(town: int) -> Portal | None:
    """Whom this town asks: the portal of the settings, the simulator where it is made up, or nobody (接続先の選択)."""
    if settings.KIJUN_PORTAL:
        return _configured(Path(settings.KIJUN_PORTAL), f"{town:06d}")
    if Municipality.objects.filter(pk=town, is_fictional=True).exists():
        from . import simulator

        here = simulator.address(town)
        return Portal(partial(simulator.answer, town), client_of(town), secret_of(town), f"{here}/token", True)
    return None


def _configured(path: Path, code: str) -> Portal | None:
    """The portal of a town in a file of settings. Raises ValueError for one that the standard does not allow."""
    said = json.loads(path.read_text(encoding="utf-8")).get(code)
    if said is None:
        return None
    secret = Path(said["secret_file"]).read_text(encoding="utf-8").strip()
    if not CLIENT.fullmatch(said["client"]) or len(secret) < SHORTEST_SECRET:
        raise ValueError(f"{path}: a client id has 32 letters and digits, a secret at least {SHORTEST_SECRET}")
    address = said["address"].rstrip("/")
    return Portal(over_the_network(address), said["client"], secret, f"{address}/token")
