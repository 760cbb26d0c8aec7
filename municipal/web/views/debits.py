"""Direct debit: asking the bank, handing the file over, taking in its results (口座振替の画面)."""

from collections.abc import Callable
from datetime import timedelta
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
from municipal.banking.debits import PAID, to_be_slipped
from municipal.banking.models import DebitRequest
from municipal.banking.operations import (
    TakenResults,
    issue_slips_after_debit,
    request_debits,
    take_debit_results,
    try_debit_results,
    withdraw_debits,
)
from municipal.core import clock
from municipal.core.business_days import next_business_day
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.web.forms.banking import RequestForm, ResultsForm, SlipsAfterDebitForm, WithdrawRequestForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from .banking import COLLECT, VIEW, heads, ready_rows, result_of
from .downloads import download
from .once import new_key, pressed_once
from .paging import pager
from .people import moment

PAGE = 50
TO_PAY = timedelta(days=30)
"""How long a slip after a failed debit may be paid, where the clerk says nothing else."""
IN_FILE = ("name", "bank_account")


@needs(VIEW, COLLECT)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """What can be asked for, and every request, the newest first (口座振替の請求の一覧)."""
    page = Paginator(_counted().order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(one) for one in page.object_list], "ready": ready_rows(), "pager": pager(page, request),
        "may_collect": COLLECT in cast(StaffRequest, request).permissions,
    }  # fmt: skip
    return render(request, "banking/debits.html", context)


def _counted() -> Any:
    of_result = {"waiting": Q(items__results__isnull=True), "paid": Q(items__results__code=PAID)}
    counts = {name: Count("items", filter=which) for name, which in of_result.items()}
    return DebitRequest.objects.defer("content").annotate(lines=Count("items"), yen=Sum("items__yen"), **counts)


def _row(one: Any) -> dict[str, Any]:
    return {
        "number": one.pk, "fee": fee_name(one.fee), "due_on": wareki(one.due_on), "debit_on": wareki(one.debit_on),
        "count": one.lines, "yen": f"{one.yen or 0:,}", "paid": one.paid, "waiting": one.waiting,
        "unpaid": one.lines - one.paid - one.waiting, "requested_at": moment(one.requested_at),
    }  # fmt: skip


@needs(COLLECT)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Ask for all that is owed of a fee and due day (口座振替の請求)."""
    asked = cast(StaffRequest, request)
    first = {"fee": request.GET.get("fee", ""), "due_on": request.GET.get("due_on", "")}
    # Debits are usually made on the due day itself.
    form = RequestForm(request.POST or None, initial=first | {"debit_on": first["due_on"]})
    if request.method == "POST" and form.is_valid():
        try:
            made = pressed_once(asked, lambda: request_debits(actor=asked.staff, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("請求データを作成しました。取り出して銀行に渡してください。"))
            return redirect("banking:debit", made)
    context = {"form": form, "key": new_key(request)}
    return render(request, "banking/request.html", context, status=422 if form.errors else 200)


@needs(VIEW, COLLECT)
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One request, line by line, with what came of it (口座振替の請求の内容)."""
    return _page(cast(StaffRequest, request), number)


def _page(
    request: StaffRequest, number: int, wrong: forms.Form | None = None, tried: TakenResults | None = None
) -> HttpResponse:  # fmt: skip
    found = get_object_or_404(_counted(), pk=number)
    rows = found.items.select_related("mandate__payer", "charge", "slip").prefetch_related("results")
    page = Paginator(rows.order_by("position"), PAGE).get_page(request.GET.get("page"))
    who = heads([one.mandate.payer for one in page.object_list])
    if who:
        disclose(actor=request.staff, subjects=list(who), fields=["name"])
    empty = {
        "taking": ResultsForm(), "withdrawing": WithdrawRequestForm(),
        "slipping": SlipsAfterDebitForm(initial={"pay_until": next_business_day(clock.today() + TO_PAY)}),
    }  # fmt: skip
    context = {
        "debit": _row(found), "rows": [_item(one) | {"payer": who[one.mandate.payer_id]} for one in page.object_list],
        "pager": pager(page, request), "tried": _tried(tried) if tried else None,
        "files": list(found.result_files.order_by("pk")),
        "to_be_slipped": sum(not one.slip.successors.exists() for one in to_be_slipped(found)), "form": wrong,
        "key": new_key(request), "may_collect": COLLECT in request.permissions,
        **{name: wrong if isinstance(wrong, type(form)) else form for name, form in empty.items()},
    }  # fmt: skip
    return render(request, "banking/debit.html", context, status=422 if wrong is not None and wrong.errors else 200)


def _tried(found: TakenResults) -> dict[str, Any]:
    return {
        "paid": found.paid, "paid_yen": f"{found.paid_yen:,}", "unpaid": found.unpaid,
        "unpaid_yen": f"{found.unpaid_yen:,}", "repeated": found.repeated, "missing": found.missing,
        "twice": found.by_match.get("twice", 0),
    }  # fmt: skip


def _item(one: Any) -> dict[str, Any]:
    result = next(iter(one.results.all()), None)
    return {
        "position": one.position, "yen": f"{one.yen:,}", "period": one.charge.period, "masked": one.mandate.masked,
        "bank": one.mandate.bank_name, "slip": one.slip.number, "mandate": one.mandate_id, "result": result_of(one),
        "is_paid": result is not None and result.code == PAID,
    }  # fmt: skip


@needs(COLLECT)
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The file for the bank, the same bytes each time (請求データの取出し)."""
    found = get_object_or_404(DebitRequest, pk=number)
    payers = found.items.values_list("mandate__payer", flat=True)
    disclose(actor=cast(StaffRequest, request).staff, subjects=sorted(set(payers)), fields=IN_FILE)
    return download(bytes(found.content), f"debit-{number}.dat", "application/octet-stream")


@needs(COLLECT)
@require_POST
def results(request: HttpRequest, number: int) -> HttpResponse:
    """Try a file of results, or take it in (口座振替の結果の取込み)."""
    asked, form = cast(StaffRequest, request), ResultsForm(request.POST, request.FILES)
    found = get_object_or_404(DebitRequest, pk=number)
    if not form.is_valid():
        return _page(asked, number, form)
    upload = form.cleaned_data["file"]
    said = {"actor": asked.staff, "request": found, "name": upload.name[:100], "data": upload.read()}
    try:
        if request.POST.get("do") != "take":
            return _page(asked, number, form, try_debit_results(**said))
        pressed_once(asked, lambda: take_debit_results(**said).paid)
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _page(asked, number, form)
    messages.success(request, gettext("結果を取り込みました。"))
    return redirect("banking:debit", number)


@needs(COLLECT)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Close what the bank has not answered (請求の取下げ)."""
    asked, form = cast(StaffRequest, request), WithdrawRequestForm(request.POST)
    found = get_object_or_404(DebitRequest, pk=number)
    return _acted(
        asked, number, form, gettext("結果待ちの明細を取り下げました。"),
        lambda: withdraw_debits(actor=asked.staff, request=found, **form.cleaned_data),
    )  # fmt: skip


@needs(COLLECT)
@require_POST
def slips(request: HttpRequest, number: int) -> HttpResponse:
    """Slips for whoever could not be debited (振替不能分の納付書)."""
    asked, form = cast(StaffRequest, request), SlipsAfterDebitForm(request.POST)
    found = get_object_or_404(DebitRequest, pk=number)
    return _acted(
        asked, number, form, gettext("納付書を発行しました。納付番号を開いて印刷してください。"),
        lambda: len(issue_slips_after_debit(actor=asked.staff, request=found, **form.cleaned_data)),
    )  # fmt: skip


def _acted(
    request: StaffRequest, number: int, form: forms.Form, done: str, act: Callable[[], int]
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        try:
            pressed_once(request, act)
        except Refused as refused:
            show_and_log(request, form, refused)
        else:
            messages.success(request, done)
            return redirect("banking:debit", number)
    return _page(request, number, form)
