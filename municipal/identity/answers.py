"""The answers of the doorway where a view's own answer may not or cannot be given (断りの応答)."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence, sentences

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATUS = {
    "bad_request": 400,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "precondition_failed": 412,
    "running": 409,
    "invalid": 422,
    "locked": 429,
    "not_signed_in": 401,
    "unavailable": 503,
    "too_large": 413,
    "unsupported_media_type": 415,
    "idempotency_key": 400,
    "idempotency_mismatch": 422,
    "own_entry": 403,
    "suppressed": 403,
    "unconfirmed": 409,
    "already_cancelled": 409,
    "rested_on": 409,
}
SIGN_IN_FIRST = Refused(
    "サインインしていないか、時間が過ぎてサインアウトされています。サインインしてください。", code="not_signed_in"
)
UNAVAILABLE = Refused(
    "データベースにつながらないため、処理の結果が分かりません。1分ほど待ち、結果を確かめてから、もう一度お試しください。",
    code="unavailable",
)
NOT_FOUND = Refused("この自治体の台帳に、その番号はありません。番号を確かめてください。", code="not_found")
NOT_READABLE = Refused(
    "入力に使えない文字か、扱えない大きさの値が含まれています。入力を確かめてください。", code="invalid"
)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether the answer is JSON: everything under /api/."""
    return request.path.startswith("/api/")


def status_of(refused: Refused) -> int:
    """The HTTP status: by the code up to its colon, else 422 for a field and 409 for a state that forbids the act."""
    return STATUS.get(refused.code.partition(":")[0], 422 if refused.field else 409)


def problem(request: HttpRequest, refused: Refused) -> JsonResponse:
    """The refusal as RFC 9457 problem details, with the sentence in both languages (API の断り)."""
    status = status_of(refused)
    said: dict[str, Any] = {
        "type": f"urn:kijun:refusal:{refused.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence(refused),
        "instance": f"urn:uuid:{getattr(request, 'id', '')}",
        "code": refused.code,
        "field": refused.field,
        "messages": sentences(refused),
    }
    response = JsonResponse(said, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="kijun"'
    return response


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page or the problem that says why not (断りの画面)."""
    if is_for_machines(request):
        return problem(request, refused)
    context = {"refusal": sentence(refused), "clause": "", "back_url": _page_before(request)}
    return render(request, "errors/refused.html", context, status=status_of(refused))


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back again; only a page that was to be read is come back to (サインインへ)."""
    if is_for_machines(request):
        return problem(request, SIGN_IN_FIRST)
    target = {"next": request.get_full_path()} if request.method in SAFE and request.path != "/" else {}
    return HttpResponseRedirect(reverse("identity:sign_in") + (f"?{urlencode(target)}" if target else ""))


def finish_first(request: HttpRequest, step: str) -> HttpResponse:
    """To the step of the sign-in that is still to be taken (残りの手順へ)."""
    if is_for_machines(request):
        return problem(request, SIGN_IN_FIRST)
    return HttpResponseRedirect(reverse(f"identity:{step}"))


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is gone: one sentence, from a template that asks for nothing (使えないときの画面)."""
    if is_for_machines(request):
        response: HttpResponse = problem(request, UNAVAILABLE)
    else:
        response = HttpResponse(render_to_string("errors/503.html"), status=503)
    response["Retry-After"] = "60"
    return response


def safe_next(request: HttpRequest, target: str) -> str:
    """``target`` if it is a path of this site, else the first page: never a way to somebody else's (戻り先)."""
    is_path = target.startswith("/") and target.isprintable() and "\\" not in target
    if is_path and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse("home")


def _page_before(request: HttpRequest) -> str:
    """The path of the page that the browser came from, if it is one of ours."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.get_host():
        return ""
    return safe_next(request, came_from.path + (f"?{came_from.query}" if came_from.query else ""))


def source_of(request: HttpRequest) -> str | None:
    """The address that the request came from; behind ``KIJUN_PROXIES`` trusted proxies, what the first one saw."""
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    proxies: int = settings.KIJUN_PROXIES
    found = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    return _as_address(str(found))


def _as_address(text: str) -> str | None:
    from ipaddress import ip_address

    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return None
