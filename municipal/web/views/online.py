"""Payments made online, for the staff: how they stand, what was told of them, paying back (オンライン納付の管理)."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from municipal.audit.operations import disclose
from municipal.checkout.methods import ways
from municipal.checkout.models import FAILURE_NAMES, KIND_NAMES, STATE_NAMES, OnlinePayment, Outcome, WebhookMessage
from municipal.checkout.operations import refundable, request_refund
from municipal.checkout.provider import provider
from municipal.checkout.rules.states import LINE, Failure, Kind, State
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.municipalities import wall
from municipal.web.forms.online import FilterForm, RefundForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name, name_said

from . import people
from .once import new_key, pressed_once
from .paging import pager

PAGE = 25
REFUNDABLE = {
    "pending": _("確報が届くまで還付できません。"), "full": _("全額を還付しました。"),
    "unavailable": _("還付できる過誤納の額がないか、この方法では還付できません。口座への還付を使ってください。"),
}  # fmt: skip


@needs("payments.view")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every payment begun online, the newest first, and messages that people must look at (オンライン納付の一覧)."""
    form = FilterForm([("", gettext("すべて")), *((one.value, gettext(STATE_NAMES[one])) for one in LINE)], request.GET)
    found = OnlinePayment.objects.select_related("slip__charge__assessment__payer").order_by("-pk")
    page = Paginator(_narrowed(found, form), PAGE).get_page(request.GET.get("page"))
    rows = [_row(one) for one in page.object_list]
    if rows:
        payers = [one.slip.charge.assessment.payer_id for one in page.object_list]
        disclose(actor=cast(StaffRequest, request).staff, subjects=payers, fields=["online_payments"])
    contested = WebhookMessage.objects.filter(outcome__in=(Outcome.CONTESTED, Outcome.UNKNOWN)).order_by("-pk")[:10]
    who = provider(wall.current())
    context = {
        "form": form, "rows": rows, "pager": pager(page, request), "count": page.paginator.count,
        "contested": [_message(one) for one in contested], "is_simulated": bool(who and who.is_simulated),
        "has_provider": who is not None, "town_code": f"{wall.current():06d}",
    }  # fmt: skip
    return render(request, "online/list.html", context)


def _narrowed(found: QuerySet[OnlinePayment], form: FilterForm) -> QuerySet[OnlinePayment]:
    if not form.is_valid():
        return found
    if state := form.cleaned_data["state"]:
        found = found.filter(state=state)
    if number := form.cleaned_data["number"].strip():
        found = found.filter(slip__number__endswith=number)
    return found


def _row(one: OnlinePayment) -> dict[str, Any]:
    charge = one.slip.charge
    certain = gettext("支払済み（確報）") if one.is_certain else gettext(STATE_NAMES[State(one.state)])
    return {
        "public": one.public, "number": one.slip.number, "payer": charge.assessment.payer.number,
        "fee": fee_name(charge.assessment.fee), "levy_year": charge.assessment.levy_year,
        "period": charge.period, "yen": f"{one.yen:,}", "method": name_said(ways()[one.method].names),
        "state": certain, "why": gettext(FAILURE_NAMES[Failure(one.failure)]) if one.failure else "",
        "created_at": people.moment(one.created_at), "paid_on": wareki(one.paid_on) if one.paid_on else "",
        "reference": one.reference,
    }  # fmt: skip


def _message(one: WebhookMessage) -> dict[str, Any]:
    is_unknown = one.outcome == Outcome.UNKNOWN
    why = gettext("知らない手続きの通知") if is_unknown else gettext("金額・番号が違うか、確報と取消しの両方が届いた")
    return {
        "at": people.moment(one.received_at), "kind": gettext(KIND_NAMES[Kind(one.kind)]), "yen": f"{one.yen:,}",
        "about": one.about, "why": why,
    }  # fmt: skip


def _found(payment: UUID) -> OnlinePayment:
    found = OnlinePayment.objects.select_related("slip__charge__assessment__payer").filter(public=payment).first()
    if found is None:
        raise Http404
    return found


@needs("payments.view")
@require_safe
def detail(request: HttpRequest, payment: UUID) -> HttpResponse:
    """One payment: everything that was told of it, what was paid back, and what can be (オンライン納付の詳細)."""
    return _shown(cast(StaffRequest, request), _found(payment), None)


def _shown(request: StaffRequest, found: OnlinePayment, form: RefundForm | None) -> HttpResponse:
    now = refundable(found)
    disclose(actor=request.staff, subjects=[found.slip.charge.assessment.payer_id], fields=["online_payments"])
    context = {
        "row": _row(found), "refundable": now, "most": f"{now.yen:,}",
        "why_not": gettext(REFUNDABLE[now.state]) if now.state in REFUNDABLE else "",
        "events": [
            {"at": people.moment(one.at), "recorded_at": people.moment(one.recorded_at), "yen": f"{one.yen:,}",
             "kind": gettext(KIND_NAMES[Kind(one.kind)]), "is_told": one.message_id is not None}
            for one in found.events.order_by("recorded_at", "pk")
        ],
        "refunds": [
            {"at": people.moment(one.requested_at), "yen": f"{one.yen:,}", "was_paid_back": one.was_paid_back}
            for one in found.refunds.order_by("pk")
        ],
        "form": form or RefundForm(initial={"yen": now.yen, "refund_amount_available": now.yen}),
        "key": new_key(request),
    }  # fmt: skip
    status = (
        200 if form is None else next((status_of(one) for one in request.refusals if isinstance(one, Refused)), 422)
    )
    return render(request, "online/detail.html", context, status=status)


@needs("payments.refund")
@require_http_methods(["POST"])
def refund(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Book a refund and ask the provider for it; refused where the amount has changed meanwhile (還付)."""
    asked, found, form = cast(StaffRequest, request), _found(payment), RefundForm(request.POST)
    if not form.is_valid():
        return _shown(asked, found, form)
    said = form.cleaned_data
    try:
        pressed_once(asked, lambda: str(request_refund(actor=asked.staff, payment=payment, **said).public))
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _shown(asked, found, form)
    messages.success(request, gettext("還付を記帳しました。支払サービスに依頼し、結果は通知で届きます。"))
    return redirect("online:detail", payment)
