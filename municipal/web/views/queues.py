"""Reports that wait for a person: what is known about each, what can be decided (照合待ちの画面)."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.mailing import withheld_among
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments import queues
from municipal.payments.models import Act, Channel, Charge, Decision, Report, Slip
from municipal.payments.operations import decide, undo_decision
from municipal.web.forms.collections import ReasonForm
from municipal.web.forms.refusing import show_and_log

from . import deciding
from .collections import shown
from .once import new_key, pressed_once
from .paging import pager
from .payer_facts import head
from .people import moment

PAGE = 25
COLLECT, REFUND = "payments.collect", "payments.refund"
GIVEN_BACK = (Act.REFUNDED, Act.RETURNED)


@needs("payments.view", COLLECT)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every queue with its count and age, and the cases of one, the oldest first (照合待ち)."""
    asked, found = cast(StaffRequest, request), list(queues.overview())
    chosen = request.GET.get("match", "")
    if chosen not in queues.QUEUES:
        chosen = next((one.queue for one in found if one.count), queues.QUEUES[0])
    page = Paginator(queues.waiting(chosen).select_related("slip__charge__assessment__payer"), PAGE).get_page(
        request.GET.get("page")
    )
    rows = [_row(one) for one in page.object_list]
    payers = {row["payer_id"] for row in rows if row["payer_id"]}
    disclose(actor=asked.staff, subjects=sorted(payers), fields=["name"])
    hidden = withheld_among(payers)
    context = {
        "queues": [
            {"queue": one.queue, "label": deciding.QUEUE[one.queue], "count": f"{one.count:,}", "yen": f"{one.yen:,}",
             "days": one.days, "is_here": one.queue == chosen}
            for one in found
        ],
        "rows": [row | {"badges": ["protected"] if row["payer_id"] in hidden else []} for row in rows],
        "label": deciding.QUEUE[chosen], "explanation": deciding.EXPLAINED[chosen], "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "queues/list.html", context)


def _row(one: Any) -> dict[str, Any]:
    payer = one.slip.charge.assessment.payer if one.slip else None
    return {
        "number": one.pk, "slip": one.number, "channel": gettext(Channel(one.channel).label), "yen": f"{one.yen:,}",
        "rest": f"{one.rest:,}", "paid_on": wareki(one.paid_on), "days": (clock.today() - one.paid_on).days,
        "payer_id": payer.pk if payer else None, "payer": payer.name if payer else "",
        "payer_number": payer.number if payer else "",
    }  # fmt: skip


@needs("payments.view", COLLECT)
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that is known about one report, and what can be decided about it (照合待ちの1件)."""
    return _page(cast(StaffRequest, request), _found(number), None, {})


def _found(number: int) -> Any:
    cases = queues.cases(Q(pk=number)).select_related("slip__charge__assessment__payer", "file")
    report: Any = cases.first()
    if report is None:
        # A report whose money went back to its channel, or that was confirmed since, is no case any more.
        report = get_object_or_404(Report.objects.select_related("slip__charge__assessment__payer"), pk=number)
        report.over = report.rest = 0
    if not queues.queue_of(report):
        raise Http404
    return report


def _page(request: StaffRequest, report: Any, refused: Act | None, wrong: Mapping[Act, forms.Form]) -> HttpResponse:
    payer = report.slip.charge.assessment.payer if report.slip else None
    if payer is not None:
        disclose(actor=request.staff, subjects=[payer.pk], fields=["name", "charges"])
    queue = queues.queue_of(report)
    context = {
        "report": shown_one(report), "queue": queue, "label": deciding.QUEUE[queue],
        "explanation": deciding.EXPLAINED[queue], "rest": f"{report.rest:,}", "is_open": report.rest > 0,
        "payer": head(payer, is_protected=bool(withheld_among([payer.pk]))) if payer else None,
        "debt": deciding.debt(report.slip.charge) if report.slip else None,
        "slips": deciding.slips(report.slip.charge) if report.slip else [],
        "others": shown(_others(report)), "decisions": _decisions(report),
        "acts": deciding.acts(report, wrong, request.permissions), "near": deciding.near(report),
        "may_decide": COLLECT in request.permissions, "key": new_key(request),
        "form": wrong[refused] if refused else None,
    }  # fmt: skip
    return render(request, "queues/case.html", context, status=422 if refused else 200)


def shown_one(report: Report) -> dict[str, Any]:
    """One report with its age (通知)."""
    return shown(Report.objects.filter(pk=report.pk))[0] | {"days": (clock.today() - report.paid_on).days}


def _others(report: Report) -> Any:
    same = Q(number=report.number)
    if report.slip is not None:
        same |= Q(slip__charge=report.slip.charge_id)
    return Report.objects.filter(same).exclude(pk=report.pk).order_by("pk")


def _decisions(report: Report) -> list[dict[str, Any]]:
    standing = set(queues.decided().filter(report=report).values_list("pk", flat=True))
    return [
        {
            "number": one.pk, "act": gettext(Act(one.act).label), "yen": f"{one.yen:,}", "reason": one.reason,
            "at": moment(one.decided_at), "stands": one.pk in standing, "is_undoing": one.act == Act.UNDONE,
            "posting": one.posting_id, "gives_back": one.act in GIVEN_BACK,
        }
        for one in Decision.objects.filter(report=report).order_by("pk")
    ]  # fmt: skip


@needs(COLLECT)
@require_POST
def decide_case(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Apply it, say whose it is, or leave it (判断)."""
    return _decided(cast(StaffRequest, request), number, act, (Act.APPLIED, Act.IDENTIFIED, Act.LEFT))


@needs(REFUND)
@require_POST
def give_back(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Pay it back to the payer or to the channel (還付・返還の判断)."""
    return _decided(cast(StaffRequest, request), number, act, GIVEN_BACK)


def _decided(request: StaffRequest, number: int, act: str, allowed: tuple[Act, ...]) -> HttpResponse:
    if act not in allowed:
        raise Http404
    report, chosen = _found(number), Act(act)
    form = deciding.form_of(report, chosen, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            charge = _charge(chosen, said)
            pressed_once(
                request,
                lambda: decide(
                    actor=request.staff, report=report, act=chosen, reason=said["reason"], yen=said.get("yen") or 0,
                    charge=charge,
                ).pk,
            )  # fmt: skip
        except Refused as refused:
            show_and_log(request, form, refused)
        else:
            messages.success(request, gettext("判断を記録しました。"))
            return redirect("queues:case", number)
    return _page(request, report, chosen, {chosen: form})


def _charge(act: Act, said: Mapping[str, Any]) -> Charge | None:
    if act == Act.APPLIED:
        return Charge.objects.select_related("assessment").get(pk=said["charge"])
    if act != Act.IDENTIFIED:
        return None
    slip = Slip.objects.filter(number=said["number"]).select_related("charge__assessment").first()
    if slip is None:
        raise Refused("この納付番号の納付書はありません。番号を確かめてください。", field="number", code="invalid")
    return slip.charge


@needs(COLLECT)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a decision back; the case is open again (判断の取消し)."""
    asked, form = cast(StaffRequest, request), ReasonForm(request.POST)
    decision = get_object_or_404(Decision.objects.select_related("report__slip__charge__assessment"), pk=number)
    if Act(decision.act) in GIVEN_BACK and REFUND not in asked.permissions:
        raise Refused("還付した判断を取り消すには、還付の権限が必要です。", code="forbidden")
    if form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> bool:
            undo_decision(actor=asked.staff, decision=decision, reason=reason)
            return True

        pressed_once(asked, act)
        messages.success(request, gettext("判断を取り消しました。この件はふたたび照合待ちです。"))
    else:
        messages.error(request, gettext("取消しの理由を入力してください。"))
    return redirect("queues:case", decision.report_id)
