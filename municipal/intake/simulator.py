"""The portal of the training room: it holds made-up applications and answers as a real one would (模擬の申請サイト).

Only made-up towns have it. It keeps records of its own and opens the wall by itself; the office reaches it through
``transports`` like any other, over HTTP too.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .credentials import LIST, READ, REPORT, is_allowed, token_for
from .models import PortalApplication
from .transports import Reply

PAGE = 20
FAULTS = {
    "none": _("なし"), "error": _("エラー（500）"), "timeout": _("時間切れ（504）"), "half": _("途中で切れたファイル"),
    "digest": _("照合値の違うファイル"), "twice": _("一覧に2回出る"), "disorder": _("一覧の順が逆"),
    "expired": _("トークンの期限切れ"), "changed": _("内容があとから変わる"),
}  # fmt: skip
"""How the portal misbehaves with one application, as often as the trainer says."""
AT_FETCH: Mapping[str, Callable[[bytes], Reply]] = {
    "error": lambda _content: _json(500, {"error": "server_error"}),
    "timeout": lambda _content: _json(504, {"error": "timeout"}),
    "expired": lambda _content: _json(401, {"error": "invalid_token"}),
    "half": lambda content: Reply(200, content[: len(content) // 2], "application/zip"),
    "digest": lambda content: Reply(200, _one_bit_off(content), "application/zip"),
}


def address(town: int) -> str:
    """The name of the portal of a made-up town; no network leads there (発行者)."""
    return f"https://portal.invalid/{town:06d}"


def answer(town: int, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """What the portal answers to one request (応答). ``path``: below the portal of this town."""
    if not Municipality.objects.filter(pk=town, is_fictional=True).exists():
        return _json(404, {"error": "not_found"})
    parts, bearer = urlsplit(path), headers.get("Authorization", "")
    steps = [unquote(one) for one in parts.path.strip("/").split("/")]
    if (method, steps) == ("POST", ["token"]):
        return _token(town, body)
    known = _call(town, method, steps, parse_qs(parts.query), body)
    if known is None:
        return _json(404, {"error": "not_found"})
    scope, act = known
    if not is_allowed(town, bearer, scope):
        return _json(401, {"error": "invalid_token"})
    with wall.within(town):
        return act()


def _call(
    town: int, method: str, steps: list[str], query: Mapping[str, list[str]], body: bytes
) -> tuple[str, Callable[[], Reply]] | None:
    if (method, steps) == ("GET", ["applications"]):
        return LIST, lambda: _list(query.get("cursor", [""])[0])
    if method == "GET" and steps[0] == "applications" and len(steps) == 2:
        return READ, lambda: _one(steps[1])
    if method == "POST" and steps[0] == "applications" and steps[2:] == ["status"]:
        return REPORT, lambda: _status(steps[1], body)
    return None


def _token(town: int, body: bytes) -> Reply:
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return _json(200, token_for(town, f"{address(town)}/token", form))
    except UnicodeDecodeError:
        return _json(400, {"error": "invalid_request"})
    except Refused as refused:
        return _json(401 if refused.code == "invalid_client" else 400, {"error": refused.code})


def _list(cursor: str) -> Reply:
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 18 else 0
    found = list(PortalApplication.objects.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    page, more = found[:PAGE], len(found) > PAGE
    rows = []
    for one in reversed(page) if any(_hits(one, "disorder") for one in page) else page:
        rows += [{"receipt_number": one.receipt, "digest": one.digest}] * (2 if _hits(one, "twice") else 1)
    return _json(200, {"applications": rows, "next": str(page[-1].pk) if more else None})


def _hits(one: PortalApplication, fault: str) -> bool:
    return one.fault == fault and one.fault_times > 0


def _one(receipt: str) -> Reply:
    found = PortalApplication.objects.select_for_update().filter(receipt=receipt).first()
    if found is None:
        return _json(404, {"error": "not_found"})
    content = bytes(found.content)
    if found.fault in AT_FETCH and found.fault_times > 0:
        found.fault_times -= 1
        found.save(update_fields=["fault_times"])
        return AT_FETCH[found.fault](content)
    return Reply(200, content, "application/zip")


def _one_bit_off(content: bytes) -> bytes:
    """A byte of the data changes, not of the ZIP's own bookkeeping at its end."""
    at = len(content) // 3
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _status(receipt: str, body: bytes) -> Reply:
    """The newest sequence counts; an older or repeated one is taken and changes nothing."""
    found = PortalApplication.objects.select_for_update().filter(receipt=receipt).first()
    said = _report(body)
    if found is None or said is None:
        return _json(404 if found is None else 400, {"error": "invalid_request"})
    is_new = said["sequence"] > max((one["sequence"] for one in found.reports), default=-1)
    if is_new:
        found.reports = [*found.reports, said | {"taken_at": clock.now().isoformat()}]
        found.save(update_fields=["reports"])
    return _json(200, {"accepted": is_new})


def _report(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
        return {
            "sequence": int(said["sequence"]), "status": str(said["status"])[:20], "at": str(said["at"])[:40],
            "message": str(said["message"])[:1000],
        }  # fmt: skip
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _json(status: int, said: Mapping[str, Any]) -> Reply:
    return Reply(status, json.dumps(said).encode())
