"""The way to the pages that only the person themselves may open (本人だけの画面の入口)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from municipal.addressees.models import Addressee
from municipal.applicants.models import ApplicantSession
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .me import session_of
from .pay import town_of

Mine = Callable[..., HttpResponseBase]


def for_oneself(*, is_resident: bool = True) -> Callable[[Mine], Any]:
    """Let a view have the town and the session inside the open door; anybody else is led to my page (本人の確認).

    ``is_resident``: only whom the register knows as living here; nobody's delegate is let in for them.
    """

    def make(view: Mine) -> Any:
        @open_to_all
        @wraps(view)
        def inside(request: HttpRequest, town: str, **parts: Any) -> HttpResponseBase:
            place: Municipality = town_of(town)
            with wall.within(place.pk):
                session: ApplicantSession | None = session_of(request)
                if session is None or (is_resident and not session.applicant.is_resident):
                    return redirect("me:home", place.code)
                return view(request, place, session, **parts)

        return inside

    return make


def person_of(session: ApplicantSession) -> Addressee:
    """The resident who is signed in (サインインしている住民). Raises Http404 where the account is nobody's."""
    if session.applicant.person is None:
        raise Http404
    return session.applicant.person
