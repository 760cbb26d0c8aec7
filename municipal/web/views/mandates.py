"""Mandates for direct debit: finding, entering, ending them (口座振替依頼の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees.models import Addressee
from municipal.audit.operations import disclose
from municipal.banking.models import Mandate
from municipal.banking.operations import end_mandate, register_mandate
from municipal.banking.rules import DEBIT_KINDS
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.web.forms.banking import EndForm, MandateForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from .banking import COLLECT, VIEW, account_of, heads, result_of
from .once import new_key, pressed_once
from .paging import pager
from .people import moment

PAGE = 50


@needs(VIEW, COLLECT)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every mandate, the newest first, or those of one payer (口座振替依頼の一覧)."""
    asked, number = cast(StaffRequest, request), request.GET.get("payer", "").strip()
    rows = Mandate.objects.select_related("payer").order_by("-pk")
    if number:
        rows = rows.filter(payer__number=number)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    who = heads([one.payer for one in page.object_list])
    if who:
        disclose(actor=asked.staff, subjects=list(who), fields=["name"])
    context = {
        "rows": [_row(one) | {"payer": who[one.payer_id]} for one in page.object_list], "asked": number,
        "pager": pager(page, request), "may_collect": COLLECT in asked.permissions,
    }  # fmt: skip
    return render(request, "banking/mandates.html", context)


def _row(one: Mandate) -> dict[str, Any]:
    until = one.valid.upper
    return {
        "number": one.pk, "fee": fee_name(one.fee), **account_of(one, DEBIT_KINDS), "customer": one.customer,
        "since": wareki(one.valid.lower), "until": wareki(until) if until else "",
        "is_over": until is not None and until <= clock.today(), "is_open": until is None,
    }  # fmt: skip


@needs(COLLECT)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Enter a mandate from its form (口座振替依頼の登録)."""
    asked = cast(StaffRequest, request)
    first = {"payer": request.GET.get("payer", ""), "starts_on": clock.today()}
    form = MandateForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = pressed_once(asked, lambda: _registered(asked, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("口座振替依頼を登録しました。"))
            return redirect("banking:mandate", made)
    context = {"form": form, "key": new_key(request)}
    return render(request, "banking/mandate_new.html", context, status=422 if form.errors else 200)


def _registered(request: StaffRequest, form: MandateForm) -> int:
    said = form.cleaned_data
    payer = Addressee.objects.filter(number=said["payer"]).first()
    if payer is None:
        raise Refused("この宛名番号の方は登録されていません。", field="payer", code="invalid")
    return register_mandate(
        actor=request.staff, payer=payer, fee=said["fee"], account=form.account(), starts_on=said["starts_on"]
    ).pk


@needs(VIEW, COLLECT)
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One mandate and what was asked for by it (口座振替依頼の内容)."""
    return _page(cast(StaffRequest, request), _found(number), EndForm(initial={"ends_on": clock.today()}))


def _found(number: int) -> Mandate:
    found: Mandate = get_object_or_404(Mandate.objects.select_related("payer"), pk=number)
    return found


def _page(request: StaffRequest, mandate: Mandate, form: EndForm) -> HttpResponse:
    disclose(actor=request.staff, subjects=[mandate.payer_id], fields=["name"])
    items = mandate.items.select_related("request").prefetch_related("results").order_by("-pk")[:PAGE]
    context = {
        "mandate": _row(mandate) | {"recorded_at": moment(mandate.recorded_at)},
        "payer": heads([mandate.payer])[mandate.payer_id], "items": [_item(one) for one in items], "form": form,
        "key": new_key(request), "may_collect": COLLECT in request.permissions,
    }  # fmt: skip
    return render(request, "banking/mandate.html", context, status=422 if form.errors else 200)


def _item(one: Any) -> dict[str, Any]:
    return {
        "request": one.request_id, "debit_on": wareki(one.request.debit_on), "yen": f"{one.yen:,}",
        "result": result_of(one),
    }  # fmt: skip


@needs(COLLECT)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """The mandate holds no more from a day (口座振替依頼の終了)."""
    asked, mandate, form = cast(StaffRequest, request), _found(number), EndForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(asked, lambda: end_mandate(actor=asked.staff, mandate=mandate, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("口座振替依頼を終了しました。"))
            return redirect("banking:mandate", number)
    return _page(asked, _found(number), form)
