"""The doorway: the one place where a request gets into a municipality (入口).

It must be the last middleware, since it calls the view itself. Whatever a view reads, shows and records happens in
one transaction behind the wall; the answer is written out in full before the transaction commits, and leaves only
after it: nobody is shown anything that is not in the audit.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError, connections
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from municipal.audit.models import Kind as AuditKind
from municipal.audit.operations import asked_from, log_apart
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of
from municipal.municipalities.models import Municipality

from . import answers
from .access import PASSWORD, SECOND_FACTOR, SETUP, Access, StaffRequest, access_of
from .models import Session, permissions_of
from .models.sessions import TOKEN, WEB
from .operations import sessions
from .operations.signing_in import refuse_apart
from .permissions import PERMISSIONS

COOKIE = "kijun_session"
BEARER = "Bearer "
log = logging.getLogger("kijun.doorway")

View = Callable[..., HttpResponseBase]


class Doorway:
    """Opens the wall for a request, or says why not (入口)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = str(uuid4())  # type: ignore[attr-defined]
        request.staff = request.town = request.session_row = None  # type: ignore[attr-defined]
        request.permissions, request.refusals = frozenset(), []  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase:
        """Call the view, inside the door if it asks for one."""
        access = access_of(view, request.method or "GET")
        if access is None:
            raise ImproperlyConfigured(f"{request.path}: the view says neither needs(), signed_in() nor open_to_all.")
        route = request.resolver_match.view_name if request.resolver_match else ""
        source = answers.source_of(request) or ""
        with asked_from(screen=route, request_id=UUID(request.id), source=source):  # type: ignore[attr-defined]
            try:
                return _answer(cast(StaffRequest, request), access, lambda: view(request, *args, **kwargs))
            except (OperationalError, InterfaceError):
                log.exception("The database did not answer; request %s", request.id)  # type: ignore[attr-defined]
                _forget_connection()
                return answers.unavailable(request)
            except Exception as error:
                _log_error(cast(StaffRequest, request), error)
                raise


def _answer(request: StaffRequest, access: Access, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return _written(view()) if access.is_open else _answer_inside(request, access, view)
    except Refused as refused:
        return answers.refusal(request, refused)
    except (DataError, UnicodeEncodeError):
        log.exception("Input reached the database that it cannot hold; request %s", request.id)
        return answers.refusal(request, answers.NOT_READABLE)


def _answer_inside(request: StaffRequest, access: Access, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    key, kind = _key_of(request)
    town = sessions.town_of(key)
    if town is None:
        return answers.sign_in_first(request)
    try:
        with wall.within(town):
            response = _let_in(request, access, key, kind) or _written(view())
    except Refused as refused:
        request.refusals.append(refused)
        response = answers.refusal(request, refused)
    except IntegrityError as error:
        # A constraint that is checked at the commit has refused: the act is undone, and its sentence is the answer.
        late = refusal_of(error)
        if late is None:
            raise
        request.refusals.append(late)
        response = answers.refusal(request, late)
    _log_refusals(request, town, kind)
    # What concerns people is read anew each time: after signing out the back key shows nothing.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _let_in(request: StaffRequest, access: Access, key: str, kind: str) -> HttpResponse | None:
    """Load who asks; an answer where they may not come in. Raises Refused where only a permission is missing."""
    session = sessions.find(key, kind=kind)
    if session is None:
        return answers.sign_in_first(request)
    step = _unfinished(session)
    request.session_row, request.town = session, session.municipality
    if step and step not in access.during:
        return answers.finish_first(request, step)
    request.staff = session.staff
    if not step:
        request.permissions = permissions_of(session.staff)
    if not access.lets_in(request.permissions):
        raise Refused(
            "この操作には「%(permission)s」の権限が必要です。期限が切れていないか、システム管理者に確かめてください。",
            code="forbidden",
            permission=gettext_lazy(PERMISSIONS[access.permission].name),
        )
    sessions.see(session)
    return None


def _unfinished(session: Session) -> str:
    """The step of the sign-in that is still to be taken; empty when all are."""
    staff = session.staff
    if session.needs_second_factor:
        return SECOND_FACTOR
    if staff.must_change_password:
        return PASSWORD
    return SETUP if settings.KIJUN_REQUIRE_SECOND_FACTOR and not staff.has_second_factor else ""


def _key_of(request: HttpRequest) -> tuple[str, str]:
    """The key that the request carries, and its kind; empty where it carries none that counts.

    A cookie comes by itself, from whatever page the request was sent; so it counts only where the request changes
    nothing or Django has checked the form's token.
    """
    header = request.headers.get("authorization", "")
    if answers.is_for_machines(request) and header.startswith(BEARER):
        return header.removeprefix(BEARER).strip(), TOKEN
    if request.method in answers.SAFE or getattr(request, "csrf_processing_done", False):
        return request.COOKIES.get(COOKIE, ""), WEB
    return "", WEB


def _written(response: HttpResponseBase) -> HttpResponseBase:
    """The response with its body complete. Raises ImproperlyConfigured for one that streams.

    A finished file on the disk may be sent piece by piece: it asks the database nothing any more.
    """
    if response.streaming and not isinstance(response, FileResponse):
        response.close()
        raise ImproperlyConfigured("A streamed answer would leave after the door has closed: write it in full.")
    draw = getattr(response, "render", None)
    return cast(HttpResponseBase, draw()) if callable(draw) else response


def _log_refusals(request: StaffRequest, town: int, kind: str) -> None:
    """Log what was refused, in transactions of their own; and a token that opens nothing."""
    if request.staff is None and kind == TOKEN and Municipality.objects.filter(pk=town).exists():
        log_apart(municipality=town, actor=System(name="nobody"), act="identity.use_token", kind="failed_sign_in")
    for refused in request.refusals:
        if isinstance(refused, Refused) and request.staff is not None:
            refuse_apart(town=town, staff=request.staff, refused=refused, source=answers.source_of(request))


def _log_error(request: StaffRequest, error: Exception) -> None:
    """A fault of ours is logged by its kind only: what it says may quote somebody's record (エラーログ; #10.2)."""
    if request.staff is None or request.town is None:
        return
    with suppress(DatabaseError, wall.NoMunicipality, RuntimeError):
        log_apart(
            municipality=request.town.pk, actor=request.staff, act="system.error", kind=AuditKind.ERROR,
            code=type(error).__name__[:63],
        )  # fmt: skip


def _forget_connection() -> None:
    """Drop a connection that failed, so that the next request makes a new one."""
    connection = connections["default"]
    if not connection.in_atomic_block:
        connection.close()
