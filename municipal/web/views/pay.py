"""Pages for residents: opening slips by their numbers, without signing in and without anybody's name (納付書の照会)."""

from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.checkout.operations import open_slip
from municipal.checkout.provider import provider
from municipal.checkout.standing import Seen, Word, seen
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.identity.answers import source_of
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.models import Slip
from municipal.web.forms.pay import NumbersForm
from municipal.web.forms.refusing import show
from municipal.web.languages import day_said
from municipal.web.money_words import name_said

COOKIE, HOURS, MOST = "kijun_slips", 2, 20
WORDS = {
    Word.PAYABLE: _("未納です"), Word.PAID: _("納付済みです"), Word.PROCESSING: _("受付済み（確認中）"),
    Word.WITHDRAWN: _("取り消された納付書です"), Word.TOO_LATE: _("支払期限を過ぎています"),
    Word.CHANGED: _("納める額が変わっています"), Word.NOTHING_OWED: _("納める額はありません"),
}  # fmt: skip
"""What a payer is told of a slip."""


def town_of(code: str) -> Municipality:
    """The municipality of a six-digit code in an address. Raises Http404 for any other (自治体)."""
    is_code = len(code) == 6 and code.isascii() and code.isdigit()
    found = Municipality.objects.filter(pk=int(code)).first() if is_code else None
    if found is None:
        raise Http404
    return found


def framed(town: Municipality, **more: Any) -> dict[str, Any]:
    """What every page of a payer shows: the town, and whether payments are played only (画面の枠)."""
    who = provider(town.pk)
    return {"town": town, "has_provider": who is not None, "is_simulated": bool(who and who.is_simulated), **more}


def opened(request: HttpRequest, town: Municipality) -> list[int]:
    """The slips that this browser opened in the last hours: a signed list of ids in a cookie (開いた納付書)."""
    try:
        found = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=f"slips of {town.pk}", max_age=HOURS * 3600
        )  # fmt: skip
    except signing.BadSignature:
        return []
    return cast(list[int], found)


def keep(response: HttpResponse, town: Municipality, slips: list[int]) -> HttpResponse:
    """Let the browser remember these slips for a while, for this town's pages only (開いた納付書の控え)."""
    response.set_cookie(
        COOKIE, signing.dumps(slips[-MOST:], salt=f"slips of {town.pk}"), max_age=HOURS * 3600, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path=f"/pay/{town.code}",
    )  # fmt: skip
    return response


def row_of(one: Seen) -> dict[str, Any]:
    """A slip in words: what it is for, how much, how it stands; of its number the last digits only (納付書の表示)."""
    charge = one.slip.charge
    return {
        "id": one.slip.pk, "tail": one.slip.number[-4:], "yen": one.slip.yen, "yen_words": f"{one.slip.yen:,}",
        "word": one.word.value,
        "fee": name_said(one.fee.names),
        "state": gettext(WORDS[one.word]), "levy_year": charge.assessment.levy_year, "period": charge.period,
        "due_on": day_said(charge.due_on), "pay_until": day_said(one.slip.pay_until), "is_overdue": one.is_overdue,
        "paid_on": day_said(one.paid_on) if one.paid_on else "", "is_payable": one.is_payable,
        "open_payment": one.open_payment,
    }  # fmt: skip


@open_to_all
@never_cache
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Which municipality's slip it is; asked only where there are several (自治体の選択)."""
    found = list(Municipality.objects.all())
    if len(found) == 1:
        return redirect("pay:enter", found[0].code)
    return render(request, "pay/towns.html", {"towns": found})


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, town: str) -> HttpResponse:
    """The numbers of a slip; below, the slips that this browser opened before (番号の入力)."""
    place = town_of(town)
    form = NumbersForm(request.POST if request.method == "POST" else None)
    mine = opened(request, place)
    if form.is_bound and form.is_valid():
        try:
            found = open_slip(
                town=place.pk, code=form.cleaned_data["code"], confirmation=form.cleaned_data["confirmation"],
                source=source_of(request) or "",
            )  # fmt: skip
        except Refused as refused:
            show(form, refused)
        else:
            response = redirect("pay:slip", place.code, found)
            return keep(response, place, [*(one for one in mine if one != found), found])
    with wall.within(place.pk):
        slips = Slip.objects.filter(pk__in=mine).select_related("charge__assessment")
        rows = [row_of(seen(one)) for one in slips]
    total = sum(row["yen"] for row in rows if row["is_payable"])
    context = framed(place, form=form, rows=rows, total=f"{total:,}" if total else "")
    return render(request, "pay/enter.html", context, status=422 if form.errors else 200)


@open_to_all
@require_POST
def forget(request: HttpRequest, town: str) -> HttpResponse:
    """Leave no slip behind in a browser that others use (開いた納付書を消す)."""
    place = town_of(town)
    response = redirect("pay:enter", place.code)
    response.delete_cookie(COOKIE, path=f"/pay/{place.code}", samesite="Lax")
    return response
