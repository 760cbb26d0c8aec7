"""The way in and out for an applicant, through a provider who vouches for them (申請者のサインインの画面)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.applicants.models import ApplicantSession
from municipal.applicants.operations import HOLDER, find, note_failure, see, sign_in, sign_out
from municipal.applicants.relying import (
    NOT_BELIEVED,
    Asked,
    Embedded,
    Known,
    address_to_ask,
    is_simulated,
    known,
    provider,
)
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.identity.answers import safe_next
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.office.answers import Answer, once

from .once import NOT_OF_THE_ACT
from .pay import town_of

COOKIE, ASKING, MINUTES = "kijun_applicant", "kijun_asking", 10


def framed(town: Municipality, session: ApplicantSession | None, **more: Any) -> dict[str, Any]:
    """What every page of an applicant shows: the town, who is there, whether cards are simulated (画面の枠)."""
    return {"town": town, "applicant_session": session, "is_simulated": is_simulated(town), **more}


def session_of(request: HttpRequest) -> ApplicantSession | None:
    """The applicant's session of this browser, inside the open door; noted as in use (申請者のセッション)."""
    found = find(request.COOKIES.get(COOKIE, ""))
    if found is not None:
        see(found)
    return found


def pressed_once(request: HttpRequest, applicant: Actor, act: Callable[[], Any]) -> Any:
    """What ``act`` returned the first time this applicant sent this form (一度だけの実行). Raises Refused."""
    said = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_OF_THE_ACT)
    body = f"{request.path}?{urlencode(said, doseq=True)}".encode()
    answered = once(
        actor=applicant, key=request.POST.get("key", ""), body=body, act=lambda: Answer(200, {"made": act()})
    )
    return answered.body["made"]


def address_of_return(request: HttpRequest, town: Municipality) -> str:
    """Where the provider sends the browser back to, as it is registered there (戻り先)."""
    scheme = "https" if settings.IS_BEHIND_TLS else request.scheme
    return f"{scheme}://{request.get_host()}{reverse('me:back', args=[town.code])}"


@open_to_all
@never_cache
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Which municipality; asked only where there are several (自治体の選択)."""
    found = list(Municipality.objects.all())
    if len(found) == 1:
        return redirect("me:home", found[0].code)
    return render(request, "me/towns.html", {"towns": found})


@open_to_all
@never_cache
@require_safe
def start(request: HttpRequest, town: str) -> HttpResponse:
    """To the provider, with secrets that only this browser keeps (サインインの開始)."""
    place, asked = town_of(town), Asked()
    try:
        who = provider(place)
    except Refused as refused:
        return _refused(request, place, refused)
    page = reverse("me:card", args=[place.code]) if isinstance(who, Embedded) else who.authorization_endpoint
    wanted = request.GET.get("next", "")
    kept = asked.as_dict() | {"next": wanted if safe_next(request, wanted) == wanted else ""}
    response = HttpResponseRedirect(address_to_ask(who.client, page, asked, address_of_return(request, place)))
    response.set_cookie(
        ASKING, signing.dumps(kept, salt=f"asking {place.pk}"), max_age=MINUTES * 60, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=f"/me/{place.code}",
    )  # fmt: skip
    return response


@open_to_all
@never_cache
@require_safe
def back(request: HttpRequest, town: str) -> HttpResponse:
    """Back from the provider: its answer is checked, and the session opened (サインインの完了)."""
    place = town_of(town)
    try:
        asked, wanted = _asked(request, place)
        found: Known = known(provider(place), asked, request.GET.dict(), address_of_return(request, place))
        with wall.within(place.pk):
            opened = sign_in(
                actor=HOLDER, issuer=found.issuer, subject=found.subject, facts=found.facts,
                replacing=request.COOKIES.get(COOKIE, ""),
            )  # fmt: skip
    except Refused as refused:
        note_failure(town=place.pk, refused=refused)
        response = _refused(request, place, refused)
    else:
        response = HttpResponseRedirect(wanted or reverse("me:home", args=[place.code]))
        response.set_cookie(
            COOKIE, opened.key, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path="/"
        )  # fmt: skip
    # One answer to one question: whatever came of it, the secrets are spent.
    response.delete_cookie(ASKING, path=f"/me/{place.code}", samesite="Lax")
    return response


def _asked(request: HttpRequest, town: Municipality) -> tuple[Asked, str]:
    try:
        kept = signing.loads(request.COOKIES.get(ASKING, ""), salt=f"asking {town.pk}", max_age=MINUTES * 60)
    except signing.BadSignature:
        raise NOT_BELIEVED from None
    return Asked(kept["state"], kept["nonce"], kept["verifier"]), str(kept["next"])


def _refused(request: HttpRequest, town: Municipality, refused: Refused) -> HttpResponse:
    context = framed(town, None, refusal=sentence(refused))
    return render(request, "me/door.html", context, status=503 if refused.code == "unavailable" else 422)


@open_to_all
@require_POST
def leave(request: HttpRequest, town: str) -> HttpResponse:
    """Sign out (サインアウト)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = session_of(request)
        if session is not None:
            sign_out(actor=session.applicant, session=session)
    response = redirect("me:home", place.code)
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    return response
