"""The embedded provider: its page with the card and the PIN, and what machines ask of it (模擬カードの画面)."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applicants.issuer import issuer, key_set, refuse_request
from municipal.applicants.operations import consent, redeem, told
from municipal.applicants.relying import is_simulated
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.web.forms.me import CardForm
from municipal.web.forms.refusing import show

from .me import address_of_return, framed
from .pay import town_of

ASKED = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
)  # fmt: skip


def _town(code: str) -> Municipality:
    """A made-up town with simulated cards. Raises Http404 for any other."""
    place = town_of(code)
    if not is_simulated(place):
        raise Http404
    return place


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card_page(request: HttpRequest, town: str) -> HttpResponse:
    """Where the holder of a simulated card types its number and PIN (カードの読み取りの見本)."""
    place = _town(town)
    asked = {name: request.GET.get(name, "") for name in ASKED}
    home = address_of_return(request, place)
    try:
        refuse_request(asked, home)
    except Refused as refused:
        context = framed(place, None, refusal=sentence(refused))
        return render(request, "me/door.html", context, status=422)
    form = CardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "leave" in request.POST:
        return HttpResponseRedirect(f"{home}?{urlencode({'error': 'access_denied', 'state': asked['state']})}")
    if form.is_bound and form.is_valid():
        number, pin = form.cleaned_data["number"], form.cleaned_data["pin"]
        try:
            code = consent(town=place.pk, number=number, pin=pin, parameters=asked, redirect_uri=home)
        except Refused as refused:
            show(form, refused)
        else:
            answer = {"code": code, "state": asked["state"], "iss": issuer(place.pk)}
            return HttpResponseRedirect(f"{home}?{urlencode(answer)}")
    return render(request, "me/card.html", framed(place, None, form=form), status=422 if form.errors else 200)


@open_to_all
@never_cache
@csrf_exempt
@require_POST
def token(request: HttpRequest, town: str) -> HttpResponse:
    """Tokens for a code, as OpenID Connect has it; no browser asks, the client's signature counts (トークンの窓口)."""
    place = _town(town)
    try:
        return JsonResponse(redeem(town=place.pk, form=request.POST.dict()))
    except Refused as refused:
        is_client = refused.code == "invalid_client"
        error = "invalid_client" if is_client else "invalid_grant"
        return JsonResponse({"error": error}, status=401 if is_client else 400)


@open_to_all
@never_cache
@require_safe
def person(request: HttpRequest, town: str) -> HttpResponse:
    """The holder's items, for a token (利用者情報)."""
    place = _town(town)
    try:
        found = told(town=place.pk, token=request.headers.get("authorization", "").removeprefix("Bearer "))
    except Refused:
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    return JsonResponse(found)


@open_to_all
@require_safe
def keys(request: HttpRequest, town: str) -> HttpResponse:
    """The keys with which ID tokens are signed (公開鍵の一覧)."""
    return JsonResponse(key_set(_town(town).pk))
