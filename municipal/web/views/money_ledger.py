"""The books: postings with their transfers, balances, journals, reversals (元帳の画面)."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments import exports
from municipal.payments.dashboard import balances_on
from municipal.payments.models import Charge, Posting, PostingKind, Transfer
from municipal.payments.operations import reverse
from municipal.payments.operations.posting import NEVER_REVERSED
from municipal.web.forms.money import AsOfForm, JournalForm, LedgerForm, ReversalForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import called, fee_name

from . import people
from .downloads import download
from .once import new_key, pressed_once

PAGE = 50
UNDONE_BY = {
    PostingKind.CHARGE: "payments.assess", PostingKind.ADJUST: "payments.assess", PostingKind.REFUND: "payments.refund",
    PostingKind.APPLY: "payments.refund", PostingKind.WRITE_OFF: "payments.write_off",
}  # fmt: skip
"""Who may do a thing may undo it; everything else is undone by whoever takes collections in."""


@needs("payments.view")
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest postings that fit, and from there to older ones (元帳)."""
    form = LedgerForm(request.GET)
    is_wrong = not form.is_valid()
    found = list(_wanted({} if is_wrong else form.cleaned_data, _cursor(request))[: PAGE + 1])
    older = ""
    if len(found) > PAGE:
        query = request.GET.copy()
        query["before"] = str(found[PAGE - 1].pk)
        older = f"?{query.urlencode()}"
    context = {
        "form": form, "rows": [_row(one) for one in found[:PAGE]], "older": older,
        "journal_form": JournalForm(initial={"first": clock.today().replace(day=1), "last": clock.today()}),
    }  # fmt: skip
    return render(request, "money/ledger.html", context, status=422 if is_wrong else 200)


def _cursor(request: HttpRequest) -> int | None:
    said = request.GET.get("before", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _wanted(said: dict[str, Any], before: int | None) -> QuerySet[Posting]:
    wanted = Q() if before is None else Q(pk__lt=before)
    if said.get("first"):
        wanted &= Q(booked_on__gte=said["first"])
    if said.get("last"):
        wanted &= Q(booked_on__lte=said["last"])
    if said.get("kind"):
        wanted &= Q(kind=said["kind"])
    if touched := _touched(said):
        wanted &= Q(pk__in=Transfer.objects.filter(touched).values("posting"))
    return _with_transfers(Posting.objects.filter(wanted)).order_by("-pk")


def _touched(said: dict[str, Any]) -> Q:
    """What a transfer of the posting must be, where the form asks for that."""
    found = Q()
    if said.get("account"):
        found &= Q(debit=said["account"]) | Q(credit=said["account"])
    if said.get("charge") is not None:
        found &= Q(charge=said["charge"])
    if said.get("payer"):
        # The charges first: from there an index leads to the transfers.
        found &= Q(
            charge__in=list(Charge.objects.filter(assessment__payer__number=said["payer"]).values_list("pk", flat=True))
        )
    return found


def _with_transfers(found: QuerySet[Posting]) -> QuerySet[Posting]:
    transfers = Transfer.objects.select_related("charge__assessment__payer").order_by("pk")
    return found.select_related("reverses").prefetch_related(Prefetch("transfers", transfers), "reversals")


def _row(one: Posting) -> dict[str, Any]:
    undone = next(iter(one.reversals.all()), None)
    return {
        "number": one.pk, "kind": called(one.kind), "booked_on": wareki(one.booked_on),
        "year": wareki_fiscal_year(one.fiscal_year), "source": one.source,
        "recorded_at": people.moment(one.recorded_at), "reverses": one.reverses_id,
        "undone_by": undone.pk if undone else None,
        "transfers": [_transfer(part) for part in one.transfers.all()],
    }  # fmt: skip


def _transfer(one: Transfer) -> dict[str, Any]:
    said: dict[str, Any] = {
        "debit": called(one.debit), "credit": called(one.credit), "yen": f"{one.yen:,}",
        "charge": one.charge_id,
    }  # fmt: skip
    if one.charge is not None:
        assessment = one.charge.assessment
        said |= {
            "payer": assessment.payer.number, "fee": fee_name(assessment.fee), "period": one.charge.period,
            "assessment": assessment.pk, "levy_year": wareki_fiscal_year(assessment.levy_year),
        }  # fmt: skip
    return said


@needs("payments.view")
@require_http_methods(["GET", "HEAD", "POST"])
def posting(request: HttpRequest, number: int) -> HttpResponse:
    """One posting with all its transfers; it is undone here, by another one (仕訳)."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(_with_transfers(Posting.objects.all()), pk=number)
    needed = UNDONE_BY.get(PostingKind(found.kind), "payments.collect")
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if needed not in asked.permissions:
            raise Refused("この種類の仕訳を取り消す権限がありません。", code="forbidden")
        if form.is_valid():
            try:
                made = pressed_once(asked, lambda: _undone(asked, found, form.cleaned_data["reason"]))
            except Refused as refused:
                show_and_log(asked, form, refused)
            else:
                messages.success(request, gettext("取消しの仕訳を記帳しました。元の仕訳も残ります。"))
                return redirect("money:posting", made)
    row = _row(found)
    may_undo = needed in asked.permissions and found.kind not in NEVER_REVERSED and not row["undone_by"]
    context = {"row": row, "form": form, "may_undo": may_undo, "key": new_key(request)}
    return render(request, "money/posting.html", context, status=422 if form.errors else 200)


def _undone(request: StaffRequest, found: Posting, reason: str) -> int:
    return int(reverse(actor=request.staff, posting=found, booked_on=clock.today(), reason=reason).pk)


@needs("payments.view")
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The balance of every account at the end of a day (勘定残高)."""
    form = AsOfForm(request.GET)
    is_wrong = not form.is_valid()
    day: date = (None if is_wrong else form.cleaned_data["day"]) or clock.today()
    found = balances_on(day)
    rows = [
        {"name": called(one), "debit": f"{yen:,}" if yen > 0 else "",
         "credit": f"{-yen:,}" if yen < 0 else ""}
        for one, yen in found.items()
    ]  # fmt: skip
    totals = {
        "debit": f"{sum(yen for yen in found.values() if yen > 0):,}",
        "credit": f"{-sum(yen for yen in found.values() if yen < 0):,}",
    }
    context = {"form": form, "day": wareki(day), "rows": rows, "totals": totals, "is_even": sum(found.values()) == 0}
    return render(request, "money/accounts.html", context, status=422 if is_wrong else 200)


@needs("payments.view")
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """The journal of a period as a file, with the balances before and after (仕訳帳のCSV)."""
    form = JournalForm(request.GET)
    if not form.is_valid():
        raise Refused("仕訳帳の期間を、始まりと終わりの日で指定してください。", field="first", code="invalid")
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    return download(exports.journal(first, last), f"journal-{first:%Y%m%d}-{last:%Y%m%d}.csv")
