"""Who is behind, and the debts of one payer with interest as of a day (滞納整理の画面)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.mailing import withheld_among
from municipal.addressees.models import Addressee
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.office.exports import sheet
from municipal.payments import overdue
from municipal.payments.arrears import CHARGES, Debt, charges_of, debts, is_interest_open, may_be_demanded
from municipal.payments.fees import fees
from municipal.payments.models import Charge, Posting, PostingKind
from municipal.payments.operations import charge_interest, order_interest
from municipal.payments.rules.accrual import Segment, schemes
from municipal.web.forms.arrears import ArrearsForm, AsOfForm
from municipal.web.money_words import STATUSES, fee_name

from .downloads import download
from .once import new_key, pressed_once
from .paging import pager
from .payer_facts import head
from .payers import found as payer_found

VIEW, ACT = "payments.view", "payments.arrears"
PAGE, MOST = 50, 5_000
HEADINGS = ("宛名番号", "氏名又は名称", "件数", "未納額（円）", "最も古い納期限")
CAUSES = {"due": _("納期限の翌日から"), "demand": _("督促により更新"), "payment": _("一部納付により更新")}


@needs(VIEW, ACT)
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Payers who owe what is overdue, the largest sum first (滞納者の一覧)."""
    asked, form = cast(StaffRequest, request), ArrearsForm(request.GET or None)
    chosen = _chosen(form)
    today = clock.today()
    page = Paginator(overdue.by_payer(today, **chosen), PAGE).get_page(request.GET.get("page"))
    payers, charges, yen = overdue.owed_in_all(today, **chosen)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form, "rows": _payers(asked, list(page.object_list)), "pager": pager(page, request),
        "payers": f"{payers:,}", "charges": f"{charges:,}", "yen": f"{yen:,}", "today": wareki(today),
        "query": query.urlencode(), "key": new_key(request),
    }  # fmt: skip
    return render(request, "arrears/list.html", context, status=422 if form.errors else 200)


def _chosen(form: ArrearsForm) -> dict[str, Any]:
    if form.is_bound and form.is_valid():
        return {"fee": form.cleaned_data["fee"], "before": form.cleaned_data["before"]}
    return {}


def _payers(request: StaffRequest, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the list; whoever is shown counts as seen."""
    ids = [row["charge__assessment__payer"] for row in rows]
    known, hidden = Addressee.objects.in_bulk(ids), withheld_among(ids)
    if ids:
        disclose(actor=request.staff, subjects=ids, fields=["name"])
    return [
        head(known[pk], is_protected=pk in hidden)
        | {"yen": f"{row['yen']:,}", "count": row["count"], "oldest": wareki(row["oldest"])}
        for pk, row in zip(ids, rows, strict=True)
    ]


@needs(VIEW, ACT)
@require_safe
def everybody_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, up to MOST payers (滞納者の一覧の出力)."""
    chosen = _chosen(ArrearsForm(request.GET or None))
    rows = _payers(cast(StaffRequest, request), list(overdue.by_payer(clock.today(), **chosen)[:MOST]))
    lines = ((row["number"], row["name"], row["count"], row["yen"].replace(",", ""), row["oldest"]) for row in rows)
    return download(sheet([HEADINGS, *lines]), "arrears.csv")


@needs(VIEW, ACT)
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Everything one payer was charged, how it stands, the interest as of a day, the limitation (滞納者の明細)."""
    asked, payer, form = cast(StaffRequest, request), payer_found(number), AsOfForm(request.GET or None)
    on = (form.cleaned_data["on"] if form.is_bound and form.is_valid() else None) or clock.today()
    disclose(actor=asked.staff, subjects=[payer.pk], fields=["name"])
    found = debts(charges_of(payer.pk), on)
    waiting = [debt for debt in found if debt.owed or debt.standing.overpaid or is_interest_open(debt)]
    years = sorted({debt.charge.assessment.levy_year for debt in found}, reverse=True)
    context = {
        "payer": head(payer, is_protected=bool(withheld_among([payer.pk]))), "form": form, "on": wareki(on),
        "rows": [_debt(debt) for debt in waiting], "settled": [_debt(debt) for debt in found if debt not in waiting],
        "owed": f"{sum(debt.owed for debt in found):,}", "key": new_key(request), "day": on.isoformat(),
        "interest": f"{sum(debt.interest_to_come for debt in found):,}", "notices": _notices(payer),
        "over": f"{sum(debt.standing.overpaid for debt in found):,}",
        "years": [(year, wareki_fiscal_year(year)) for year in years],
    }  # fmt: skip
    return render(request, "arrears/payer.html", context, status=422 if form.errors else 200)


def _debt(debt: Debt) -> dict[str, Any]:
    charge, assessment, now, today = debt.charge, debt.charge.assessment, debt.standing, clock.today()
    return {
        "pk": charge.pk, "fee": fee_name(assessment.fee), "year": wareki_fiscal_year(assessment.levy_year),
        "period": charge.period, "has_periods": fees()[assessment.fee].instalments > 1,
        "reference": assessment.reference, "due_on": wareki(charge.due_on), "is_overdue": charge.due_on < today,
        "charged": f"{now.charged:,}", "applied": f"{now.applied:,}", "owed": f"{debt.owed:,}",
        "is_owed": debt.owed > 0, "over": f"{now.overpaid:,}" if now.overpaid else "",
        "written_off": f"{now.written_off:,}" if now.written_off else "", "is_paid": now.applied > 0,
        "interest": None if debt.interest is None else f"{debt.interest_to_come:,}",
        "segments": [_segment(part) for part in debt.interest.segments] if debt.interest else [],
        "status": _status(debt), "is_interest_open": is_interest_open(debt) or _is_private(debt),
        "demanded_on": wareki(debt.demand.issued_on) if debt.demand else "",
        "may_demand": may_be_demanded(debt, today),
        "ends_on": wareki(debt.term.last_day), "ends_because": gettext(CAUSES[debt.term.cause]),
        "has_ended": debt.owed > 0 and debt.term.has_ended(today), "ends_by_itself": debt.claim.claim.ends_by_itself,
    }  # fmt: skip


def _is_private(debt: Debt) -> bool:
    """Of a private claim interest is charged while it is owed, when a person says so."""
    return debt.claim.claim.allocation == "costs_first" and debt.owed > 0 and debt.interest_to_come > 0


def _status(debt: Debt) -> str:
    scheme = schemes().get(debt.fee.claim.interest)
    return str(STATUSES.get(scheme.status, "")) if scheme else ""


def _segment(part: Segment) -> dict[str, Any]:
    return {
        "from": wareki(part.begin), "days": part.days, "rate": f"{part.rate // 10}.{part.rate % 10}",
        "base": f"{part.base:,}", "yen": f"{part.yen:,}",
    }  # fmt: skip


def _notices(payer: Addressee) -> list[dict[str, Any]]:
    """Refunds and applications that hold, the newest first, for their notices."""
    found = Posting.objects.filter(
        kind__in=[PostingKind.REFUND, PostingKind.APPLY], transfers__charge__assessment__payer=payer,
        reversals__isnull=True,
    )  # fmt: skip
    return [
        {"pk": posting.pk, "kind": gettext(str(PostingKind(posting.kind).label)), "on": wareki(posting.booked_on)}
        for posting in found.distinct().order_by("-pk")[:20]
    ]


def charge_found(number: int) -> Charge:
    """The charge whose page is opened (調定). Raises Http404 for none of this town."""
    return get_object_or_404(Charge.objects.select_related(*CHARGES), pk=number)


@needs(ACT)
@require_POST
def charge_one(request: HttpRequest, charge: int) -> HttpResponse:
    """Charge the interest of one charge, or put it right (延滞金の調定)."""
    asked, found = cast(StaffRequest, request), charge_found(charge)
    try:
        pressed_once(asked, lambda: charge_interest(actor=asked.staff, charge=found).pk)
    except Refused as refused:
        messages.error(request, sentence(refused))
        asked.refusals.append(refused)
    else:
        messages.success(request, gettext("延滞金を調定しました。"))
    return redirect("arrears:payer", found.assessment.payer.number)


@needs(ACT)
@require_POST
def charge_all(request: HttpRequest) -> HttpResponse:
    """Have all interest charged that is known by now (延滞金の一括調定)."""
    asked = cast(StaffRequest, request)
    try:
        pressed_once(asked, lambda: order_interest(actor=asked.staff).pk)
    except Refused as refused:
        messages.error(request, sentence(refused))
        asked.refusals.append(refused)
    else:
        messages.success(request, gettext("延滞金の一括調定を依頼しました。終わると、一覧に反映されます。"))
    return redirect("arrears:list")


def day_of(text: str) -> date | None:
    """A day of a link, as 2026-11-30; None for none (日付)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
