"""Who is at an applicant's page: the draft or the case is theirs, or the way to sign in is shown (申請者の確認)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from municipal.applicants.models import Applicant, ApplicantSession
from municipal.applications.models import Case, Channel, Draft
from municipal.applications.operations import APPLICANT, adopt, draft_of, refuse_unless_theirs
from municipal.applications.operations.drafting import NO_DRAFT
from municipal.applications.standing import principal_of
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

from .me import session_of

COOKIE = "kijun_draft"
FOR_ONE = "for_one"
"""Where a request keeps who applies and for whom, for the frame of its page."""


def token_of(request: HttpRequest) -> str:
    """The secret of a draft that this browser holds (下書きの鍵)."""
    return request.COOKIES.get(COOKIE, "")


def visitor(request: HttpRequest) -> ApplicantSession | None:
    """The applicant's session of this browser, asked for once in a request (サインインしている人)."""
    if not hasattr(request, "applicant_session"):
        request.applicant_session = session_of(request)  # type: ignore[attr-defined]
    found: ApplicantSession | None = request.applicant_session  # type: ignore[attr-defined]
    return found


def account_of(request: HttpRequest) -> Applicant | None:
    """The account that is signed in (サインインしているアカウント)."""
    session = visitor(request)
    return session.applicant if session else None


def holder(request: HttpRequest) -> Actor:
    """Who acts: the account that is signed in, else whoever holds the secret (操作する人)."""
    return account_of(request) or APPLICANT


def opened(request: HttpRequest, draft: UUID) -> Draft:
    """The draft of this browser, for its pages; a guest who signed in since takes it over (下書きの確認).

    Raises Refused for anybody else's. What is sent after a session ended is still kept, but ``is_blind`` then lets
    no page show it again before the same person signs in.
    """
    found, account = draft_of(draft, token_of(request)), account_of(request)
    if found.channel != Channel.ONLINE:
        raise Refused(NO_DRAFT, code="no_draft")
    if found.account_id is None and account is not None and found.case_id is None:
        found = adopt(actor=account, draft=draft, token=token_of(request))
    if account is None and found.account_id is not None and request.method == "POST":
        request.is_blind = True  # type: ignore[attr-defined]
    else:
        refuse_unless_theirs(found, account)
    say_who(request, found)
    return found


def is_blind(request: HttpRequest) -> bool:
    """Whether nothing may be shown before somebody signs in (再サインインの要否)."""
    return getattr(request, "is_blind", False)


def say_who(request: HttpRequest, one: Draft | Case) -> None:
    """Let the frame of the page say who applies and for whom (申請者の表示)."""
    session, principal = visitor(request), principal_of(one)
    if session is not None and one.account_id == session.applicant_id:
        said = {"name": session.name, "principal": principal.name if principal else ""}
        setattr(request, FOR_ONE, said)


def who(request: HttpRequest) -> dict[str, Any]:
    """What the frame says of who is there: signed in or not, and for whom (画面の枠の申請者)."""
    session = getattr(request, "applicant_session", None)
    return {"for_one": getattr(request, FOR_ONE, None), "visitor": session}


def way_in(request: HttpRequest, town: str) -> str:
    """The address that signs in and leads back to this page (サインインのURL)."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return f"{reverse('me:start', args=[town])}?{urlencode({'next': here})}"
