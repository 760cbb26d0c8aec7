"""Refunds: to whom, to which account, ordering the transfer, what came back (還付の画面)."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.banking.models import RefundAccount, TransferItem, TransferOrder
from municipal.banking.operations import end_refund_account, order_refunds, register_refund_account, return_transfer
from municipal.banking.refunds import Due, decided, overpaid
from municipal.banking.rules import TRANSFER_KINDS
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.payments.models import Charge, Posting
from municipal.web.forms.banking import OrderForm, RefundAccountForm, ReturnForm, names
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from .banking import REFUND, VIEW, account_of, heads, payer_of
from .downloads import download
from .once import new_key, pressed_once
from .paging import pager
from .people import moment

MOST, PAGE = 200, 20
"""How many refunds are shown, and so ordered, at once."""
OVER, BOOKED = "over", "booked"


@needs(VIEW, REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """Who is to be paid back, whose account is missing, and every order (還付の一覧)."""
    asked, form = cast(StaffRequest, request), OrderForm(request.POST or None)
    if request.method == "POST" and REFUND in asked.permissions and form.is_valid():
        try:
            made = pressed_once(asked, lambda: _ordered(asked, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("振込データを作成しました。取り出して銀行に渡してください。"))
            return redirect("banking:order", made)
    due, booked = overpaid(), decided()
    shown = [*due[:MOST], *booked[:MOST]]
    who = heads([one.charge.assessment.payer for one in shown])
    if who:
        disclose(actor=asked.staff, subjects=list(who), fields=["name"])
    counts = {
        "lines": Count("items"),
        "yen": Sum("items__yen"),
        "back": Count("items", Q(items__returns__isnull=False)),
    }
    orders = Paginator(TransferOrder.objects.defer("content").annotate(**counts).order_by("-pk"), PAGE)
    page, chosen = orders.get_page(request.GET.get("page")), request.POST.getlist("chosen")
    context = {
        "due": [_due(one, who, chosen) for one in due[:MOST]],
        "booked": [_due(one, who, chosen) for one in booked[:MOST]],
        "is_cut": len(due) > MOST or len(booked) > MOST, "most": MOST, "form": form, "key": new_key(request),
        "orders": [_order(one) for one in page.object_list], "pager": pager(page, request),
        "may_refund": REFUND in asked.permissions,
    }  # fmt: skip
    return render(request, "banking/refunds.html", context, status=422 if form.errors else 200)


def _ordered(request: StaffRequest, form: OrderForm) -> int:
    """What was ticked: charges that are over, and refunds that were booked before."""
    ticked = [one.partition("-")[::2] for one in request.POST.getlist("chosen")]
    wanted = {
        kind: {int(pk) for what, pk in ticked if what == kind and pk.isascii() and pk.isdigit()}
        for kind in (OVER, BOOKED)
    }
    charges = list(Charge.objects.filter(pk__in=wanted[OVER]).select_related("assessment").order_by("pk"))
    postings = list(Posting.objects.filter(pk__in=wanted[BOOKED]).order_by("pk"))
    return order_refunds(actor=request.staff, charges=charges, postings=postings, **form.cleaned_data).pk


def _due(one: Due, who: dict[int, dict[str, Any]], chosen: list[str]) -> dict[str, Any]:
    value = f"{BOOKED}-{one.posting.pk}" if one.posting else f"{OVER}-{one.charge.pk}"
    assessment = one.charge.assessment
    return {
        "value": value, "is_chosen": value in chosen, "payer": who[assessment.payer_id],
        "fee": fee_name(assessment.fee), "reference": assessment.reference, "period": one.charge.period,
        "yen": f"{one.yen:,}",
        "account": account_of(one.account, TRANSFER_KINDS) if one.account else None,
        "returned": names("return_reason")[one.returned.reason] if one.returned else "",
    }  # fmt: skip


def _order(one: Any) -> dict[str, Any]:
    return {
        "number": one.pk, "pay_on": wareki(one.pay_on), "count": one.lines, "yen": f"{one.yen or 0:,}",
        "back": one.back, "ordered_at": moment(one.ordered_at),
    }  # fmt: skip


@needs(REFUND)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, payer: str) -> HttpResponse:
    """The account of a payer: the one that holds, and a new one (還付先口座)."""
    asked, who = cast(StaffRequest, request), payer_of(payer)
    form = RefundAccountForm(request.POST or None, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = {"payer": who, "account": form.account(), "starts_on": form.cleaned_data["starts_on"]}
        try:
            pressed_once(asked, lambda: register_refund_account(actor=asked.staff, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("還付先口座を登録しました。"))
            return redirect("banking:refunds")
    disclose(actor=asked.staff, subjects=[who.pk], fields=["name"])
    rows = RefundAccount.objects.filter(payer=who).order_by("-pk")
    context = {
        "form": form, "key": new_key(request), "payer": heads([who])[who.pk],
        "accounts": [
            account_of(one, TRANSFER_KINDS)
            | {
                "since": wareki(one.valid.lower), "until": wareki(one.valid.upper) if one.valid.upper else "",
                "is_open": one.valid.upper is None,
            }
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "banking/account.html", context, status=422 if form.errors else 200)


@needs(REFUND)
@require_POST
def end_account(request: HttpRequest, payer: str) -> HttpResponse:
    """From today no refund is paid to the account (還付先口座の終了)."""
    asked, who = cast(StaffRequest, request), payer_of(payer)
    found = get_object_or_404(RefundAccount, payer=who, valid__endswith__isnull=True)
    try:
        pressed_once(
            asked, lambda: end_refund_account(actor=asked.staff, account=found, ends_on=clock.today()).pk
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, sentence(refused))
        asked.refusals.append(refused)
    else:
        messages.success(request, gettext("還付先口座を終了しました。"))
    return redirect("banking:account", payer)


@needs(VIEW, REFUND)
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One order, line by line, and what came back of it (還付の振込依頼の内容)."""
    return _page(cast(StaffRequest, request), number, ReturnForm(initial={"returned_on": clock.today()}))


def _page(request: StaffRequest, number: int, form: forms.Form) -> HttpResponse:
    counts = {
        "lines": Count("items"),
        "yen": Sum("items__yen"),
        "back": Count("items", Q(items__returns__isnull=False)),
    }
    found: Any = get_object_or_404(TransferOrder.objects.defer("content").annotate(**counts), pk=number)
    rows = found.items.select_related("account__payer", "charge__assessment").prefetch_related("returns")
    page = Paginator(rows.order_by("position"), MOST).get_page(request.GET.get("page"))
    who = heads([one.account.payer for one in page.object_list])
    if who:
        disclose(actor=request.staff, subjects=list(who), fields=["name"])
    context = {
        "order": _order(found), "rows": [_item(one) | {"payer": who[one.account.payer_id]} for one in page.object_list],
        "form": form, "pager": pager(page, request), "key": new_key(request),
        "may_refund": REFUND in request.permissions,
        "may_come_back": found.pay_on <= clock.today() and found.back < found.lines,
    }  # fmt: skip
    return render(request, "banking/order.html", context, status=422 if form.errors else 200)


def _item(one: TransferItem) -> dict[str, Any]:
    back = next(iter(one.returns.all()), None)
    assessment = one.charge.assessment
    return {
        "number": one.pk, "position": one.position, "yen": f"{one.yen:,}", "fee": fee_name(assessment.fee),
        "reference": assessment.reference, **account_of(one.account, TRANSFER_KINDS),
        "returned": names("return_reason")[back.reason] if back else "",
        "returned_on": wareki(back.returned_on) if back else "",
    }  # fmt: skip


@needs(REFUND)
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The file for the bank, the same bytes each time (振込データの取出し)."""
    found = get_object_or_404(TransferOrder, pk=number)
    payers = found.items.values_list("account__payer", flat=True)
    disclose(actor=cast(StaffRequest, request).staff, subjects=sorted(set(payers)), fields=["name", "bank_account"])
    return download(bytes(found.content), f"transfer-{number}.dat", "application/octet-stream")


@needs(REFUND)
@require_POST
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """A transfer came back: the town owes it again (振込不能の記録)."""
    asked, form = cast(StaffRequest, request), ReturnForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        item = get_object_or_404(TransferItem, order=number, position=said.pop("item"))
        try:
            pressed_once(asked, lambda: return_transfer(actor=asked.staff, item=item, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("振込不能を記録しました。過誤納に戻りました。"))
            return redirect("banking:order", number)
    return _page(asked, number, form)
