"""Pages for residents: one slip, choosing how to pay, what came of it, the receipt (納付の画面)."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.checkout.methods import Way, ways
from municipal.checkout.models import FAILURE_NAMES, OnlinePayment
from municipal.checkout.operations import cancel, find, pay, sync
from municipal.checkout.provider import provider
from municipal.checkout.receipts import is_booked, write_record
from municipal.checkout.rules.states import Failure, State
from municipal.checkout.standing import seen
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.identity.answers import status_of
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.payments.models import Slip
from municipal.web.forms.pay import MethodForm
from municipal.web.forms.refusing import show
from municipal.web.languages import day_said, moment_said
from municipal.web.money_words import name_said

from .downloads import download
from .pay import framed, opened, row_of, town_of

NOWHERE = UUID(int=0)


def _slip_of(request: HttpRequest, place: Municipality, slip: int) -> Slip:
    """A slip that this browser opened; any other does not exist for it."""
    found = Slip.objects.select_related("charge__assessment").filter(pk=slip).first()
    if found is None or slip not in opened(request, place):
        raise Http404
    return found


def _payment_of(request: HttpRequest, place: Municipality, payment: UUID) -> OnlinePayment:
    found = OnlinePayment.objects.filter(public=payment).first()
    if found is None or found.slip_id not in opened(request, place):
        raise Http404
    return find(payment)


def _choice(one: Way, yen: int) -> tuple[str, str]:
    name = name_said(one.names)
    if fee := one.fee_of(yen):
        return one.code, gettext("%(name)s（手数料の目安 %(fee)s円）") % {"name": name, "fee": f"{fee:,}"}
    return one.code, name


def _choices(yen: int) -> list[tuple[str, str]]:
    """The ways by which so much can be paid."""
    return [_choice(one, yen) for one in ways().values() if one.takes(yen)]


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slip_page(request: HttpRequest, town: str, slip: int) -> HttpResponse:
    """One slip: what it is for, how it stands, and by which way to pay it (納付書)."""
    place = town_of(town)
    with wall.within(place.pk):
        found = _slip_of(request, place, slip)
    form = MethodForm(_choices(found.yen), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _go_on(place, _begun(request, place, found, form.cleaned_data["method"]))
        except Refused as refused:
            show(form, refused)
    with wall.within(place.pk):
        shown = seen(_slip_of(request, place, slip))
    context = framed(
        place, form=form, row=row_of(shown), key=uuid4().hex, has_left_out=len(form["method"]) < len(ways())
    )
    return render(request, "pay/slip.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest, place: Municipality, slip: Slip, method: str) -> OnlinePayment:
    back = request.build_absolute_uri(reverse("pay:payment", args=[place.code, NOWHERE]))
    return pay(
        town=place.pk, slip=slip.pk, yen=slip.yen, method=method, key=request.POST.get("key", ""),
        return_url=back.replace(str(NOWHERE), "{payment}"),
    )  # fmt: skip


def _go_on(place: Municipality, payment: OnlinePayment) -> HttpResponse:
    """To the provider's page; one of another house is reached by a link, since a form may not lead there."""
    if payment.page.startswith("/") and not payment.is_finished:
        return redirect(payment.page)
    return redirect("pay:payment", place.code, payment.public)


@open_to_all
@never_cache
@require_safe
def payment_page(request: HttpRequest, town: str, payment: UUID) -> HttpResponse:
    """How a payment stands; the provider is asked, so that no webhook need be waited for (納付の結果)."""
    place = town_of(town)
    with wall.within(place.pk):
        _payment_of(request, place, payment)
    sync(town=place.pk, payment=payment)
    return _shown(request, place, payment)


def _shown(request: HttpRequest, place: Municipality, payment: UUID, refused: Refused | None = None) -> HttpResponse:
    with wall.within(place.pk):
        found = _payment_of(request, place, payment)
        context = framed(
            place, row=row_of(seen(found.slip)), payment=found, refusal=sentence(refused) if refused else "",
            **_said(found),
        )  # fmt: skip
    return render(request, "pay/payment.html", context, status=status_of(refused) if refused else 200)


def _said(payment: OnlinePayment) -> dict[str, Any]:
    way = ways()[payment.method]
    return {
        "method": name_said(way.names),
        "why": gettext(FAILURE_NAMES[Failure(payment.failure)]) if payment.failure else "",
        "paid_on": day_said(payment.paid_on) if payment.paid_on else "",
        "expires_at": moment_said(payment.expires_at),
        "is_open": not payment.is_finished, "is_taken": payment.state == State.SUCCESS,
        "is_reversed": payment.state == State.REVERSED,
    }  # fmt: skip


@open_to_all
@never_cache
@require_POST
def cancel_payment(request: HttpRequest, town: str, payment: UUID) -> HttpResponse:
    """Give up what is not paid yet (取りやめ)."""
    place = town_of(town)
    with wall.within(place.pk):
        _payment_of(request, place, payment)
    try:
        cancel(town=place.pk, payment=payment)
    except Refused as refused:
        return _shown(request, place, payment, refused)
    return redirect("pay:payment", place.code, payment)


@open_to_all
@never_cache
@require_safe
def receipt(request: HttpRequest, town: str, payment: UUID) -> HttpResponse:
    """A record of the payment, only once the money is certain (納付の記録)."""
    place = town_of(town)
    with wall.within(place.pk):
        found = _payment_of(request, place, payment)
        if not is_booked(found):
            return redirect("pay:payment", place.code, payment)
        context = framed(place, row=row_of(seen(found.slip)), payment=found, **_said(found))
    return render(request, "pay/receipt.html", context)


@open_to_all
@never_cache
@require_safe
def record(request: HttpRequest, town: str, payment: UUID) -> HttpResponse:
    """The same on paper, without anybody's name (納付記録書)."""
    place = town_of(town)
    who, file = provider(place.pk), BytesIO()
    with wall.within(place.pk):
        found = _payment_of(request, place, payment)
        if not is_booked(found):
            return redirect("pay:payment", place.code, payment)
        write_record(file, found, is_specimen=who is None or who.is_simulated)
    return download(file.getvalue(), "payment-record.pdf", "application/pdf")
