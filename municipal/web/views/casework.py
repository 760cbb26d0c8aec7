"""The office's side of applications: one queue by deadline, the case, its steps (申請の処理の画面)."""

from datetime import date
from io import BytesIO
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from municipal.applications.linked import papers_asked, papers_of
from municipal.applications.models import Case, CaseEvent, Reception
from municipal.applications.operations import take_step
from municipal.applications.operations.carrying_out import is_settled
from municipal.applications.operations.handling import FOR_APPLICANT, ROLES
from municipal.applications.paper import has_notice, write_notice
from municipal.applications.rules.applicant import asked_of_applicant
from municipal.applications.rules.steps import Step, final_states, from_here, open_states, outward
from municipal.audit.models import Kind as AuditKind
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.actors import STAFF, SYSTEM
from municipal.core.business_days import add_business_days
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.procedures.offered import offered
from municipal.web.forms.cases import QueueForm, StepForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.panels import clerk_panels

from . import people
from .apply import answered, files_of
from .applying import file_response
from .downloads import download
from .once import new_key, pressed_once
from .paging import pager

PAGE, SOON = 50, 3
STATES = {
    "submitted": _("受付待ち"), "form_check": _("形式審査"), "substance_check": _("実質審査"),
    "correction": _("訂正待ち"), "waiting_evidence": _("照会中"), "proposed": _("決定待ち"), "payable": _("手数料待ち"),
    "waiting_visit": _("来庁待ち"), "approved": _("承認済み"), "done": _("完了"), "rejected": _("却下"),
    "error": _("受付エラー"), "withdrawn": _("取下げ"), "expired": _("期限切れ"), "discarded": _("破棄"),
}  # fmt: skip
CHECK_BOOKS = _("納付を元帳で確かめる")
"""What staff does where the table speaks of paying: nobody says by hand that something is paid."""
DECIDING = ("proposed", "substance_check")
AT_ONCE = ("accept", "pass_form", "propose", "approve")
"""Steps that may be taken with several cases: they need no reason and nothing of one case alone."""


def language() -> str:
    """The language in which a clerk reads entries (職員の言語)."""
    return "en" if get_language() == "en" else "ja"


@needs("applications.view", "applications.work", "applications.decide")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, what is due first on top (申請の一覧)."""
    known = offered().entries
    titles = {entry.id: entry.title.said(language()) for entry in known}
    form = QueueForm([(one.id, titles[one.id]) for one in known if one.is_online], request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = _filtered(chosen.get("show") or "open", chosen.get("procedure") or "")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    soon = add_business_days(clock.today(), SOON)
    record(actor=cast(StaffRequest, request).staff, act="applications.list", fields=["name"])
    rows = [_row(case, titles, soon) for case in page.object_list]
    context = {
        "form": form, "rows": rows, "pager": pager(page, request), "count": f"{page.paginator.count:,}",
        "bulk": _at_once(cast(StaffRequest, request), list(page.object_list), rows) if chosen.get("procedure") else [],
        "key": new_key(request),
    }  # fmt: skip
    return render(request, "cases/list.html", context)


def _at_once(request: StaffRequest, cases: list[Case], rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Steps that may be taken with several of these cases; how many steps each has had is noted in its row."""
    seen = dict(CaseEvent.objects.filter(case__in=cases).values_list("case").annotate(Count("pk")))
    for row in rows:
        row["seen"] = seen.get(row["id"], 0)
    found = {one.action: one.label.said(language()) for case in cases for one in open_steps(request, case)}
    return [{"action": action, "label": found[action]} for action in AT_ONCE if action in found]


def _filtered(show: str, procedure: str) -> QuerySet[Case]:
    rows = Case.objects.defer("entry", "answers", "people").order_by("due_on", "pk")
    if show == "over":
        rows = rows.filter(state__in=final_states()).order_by("-changed_at", "-pk")
    elif show == "decide":
        rows = rows.filter(state__in=DECIDING)
    else:
        rows = rows.filter(state__in=open_states())
    return rows.filter(procedure=procedure) if procedure else rows


def _row(case: Case, titles: dict[str, str], soon: date) -> dict[str, Any]:
    is_over = case.state in final_states()
    return {
        "id": case.pk, "number": case.number, "title": titles.get(case.procedure, case.procedure),
        "name": case.applicant.get("name", ""), "state": gettext(STATES[case.state]),
        "due_on": wareki(case.due_on), "submitted_at": people.moment(case.submitted_at),
        "is_late": not is_over and case.due_on < clock.today(),
        "is_soon": not is_over and clock.today() <= case.due_on <= soon,
    }  # fmt: skip


@needs("applications.view", "applications.work", "applications.decide")
@require_safe
def case_page(request: HttpRequest, number: int) -> HttpResponse:
    """What was applied for and answered, what was done with it, what can be done now (申請)."""
    case = get_object_or_404(Case, pk=number)
    asked = cast(StaffRequest, request)
    _note_seen(asked, case)
    events = list(case.events.order_by("number"))
    context = _shown(case) | {
        "events": _events(case, events), "seen": len(events), "key": new_key(request),
        "choices": [_choice(one) for one in open_steps(asked, case)], "has_notice": has_notice(case),
        "panels": clerk_panels(request, case),
    }  # fmt: skip
    return render(request, "cases/case.html", context)


def _shown(case: Case) -> dict[str, Any]:
    files, tongue = files_of(case), language()
    return {
        "case": case, "title": case.asked.title.said(tongue), "state": gettext(STATES[case.state]),
        "outward": outward()[case.workflow, case.state][1].said(tongue),
        "submitted_at": people.moment(case.submitted_at), "due_on": wareki(case.due_on),
        "correct_by": wareki(case.correct_by) if case.correct_by else "", "does": case.asked.does,
        "needs_identity": _needs_identity(case), "is_late": case.due_on < clock.today(),
        "applicant": answered(asked_of_applicant(case.asked), case.applicant, {}, tongue, {}),
        "rows": [row for row in answered(case.asked.asks, case.answers, case.people, tongue, files) if row["lines"]],
        "files": [
            {"ref": one.ref, "name": one.name, "size": f"{max(one.size // 1024, 1):,}", "kind": one.kind}
            for one in case.attachments.order_by("pk").defer("content")
        ],
        "papers": answered(papers_asked(case), {}, {}, tongue, files),
    }  # fmt: skip


def _note_seen(request: StaffRequest, case: Case) -> None:
    """Whose record stands behind the case is shown to the office; a guest is nobody whom the register knows."""
    people_known = [case.about_id, case.account.person_id if case.account else None]
    seen = [one for one in people_known if one is not None]
    record(
        actor=request.staff, act="applications.view", subjects=seen, fields=["name", "answers"], code=case.number,
        kind=AuditKind.DISCLOSURE if seen else AuditKind.OPERATION,
    )  # fmt: skip


def _needs_identity(case: Case) -> bool:
    """Whether nobody has said yet who applied: no card, and no clerk who took the case in."""
    is_seen = case.account_id is not None or Reception.objects.filter(bundle=case.bundle_id).exists()
    return case.asked.assurance != "none" and not is_seen


def _events(case: Case, events: list[CaseEvent]) -> list[dict[str, Any]]:
    staff = Staff.objects.in_bulk({one.actor_id for one in events if one.actor_kind == STAFF})
    labels = {field.name: field.label.said(language()) for field in (*case.asked.asks, *papers_of(case))}
    return [
        {
            "at": people.moment(one.at), "state": gettext(STATES[one.state_to]), "reason": one.reason,
            "who": staff[one.actor_id].name if one.actor_id in staff and one.actor_kind == STAFF else _other(one),
            "fields": [labels.get(name, name) for name in one.fields],
            "changed": [labels.get(name, name) for name in one.before],
        }
        for one in events
    ]  # fmt: skip


def _other(event: CaseEvent) -> str:
    return gettext("システム") if event.actor_kind == SYSTEM else gettext("申請者")


def open_steps(request: StaffRequest, case: Case) -> list[Step]:
    """The steps of the table that this person may take now (選べる処理)."""
    steps = [one for one in from_here(case.workflow, case.state) if one.role in ROLES or one.action in FOR_APPLICANT]
    steps = [one for one in steps if one.action != "carry_out" or is_settled(case)]
    return [one for one in steps if _permission(one) in request.permissions]


def _permission(step: Step) -> str:
    return "applications.decide" if step.is_decision else "applications.work"


def _choice(step: Step) -> dict[str, Any]:
    return {
        "action": step.action,
        "label": gettext(CHECK_BOOKS) if step.action == "pay" else step.label.said(language()),
        "has_form": step.needs_reason, "is_grave": step.action in ("reject", "refuse_form", "expire"),
    }  # fmt: skip


@needs("applications.work", "applications.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """One step with a case: its reason, what is to be corrected, by when (申請の処理)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    step = next((one for one in open_steps(asked, case) if one.action == action), None)
    if step is None:
        # Pressed twice, or somebody was quicker: the case itself shows how it stands.
        return redirect("cases:case", case.pk)
    labels = [(field.name, field.label.said(language())) for field in (*case.asked.asks, *papers_of(case))]
    form = StepForm(
        step, labels, request.POST if request.method == "POST" else None,
        initial={"seen": case.events.count(), "correct_by": add_business_days(clock.today(), 10)},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: _taken(asked, case, step, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("処理しました。"))
            return redirect("cases:case", case.pk)
    context = _shown(case) | {"form": form, "step": _choice(step), "key": new_key(request)}
    return render(request, "cases/step.html", context, status=422 if form.errors else 200)


def _taken(request: StaffRequest, case: Case, step: Step, form: StepForm) -> int:
    said = form.cleaned_data
    return take_step(
        actor=request.staff, case=case.pk, seen=said["seen"], action=step.action, reason=said.get("reason", ""),
        fields=said.get("fields", ()), correct_by=said.get("correct_by"),
    ).pk  # fmt: skip


@needs("applications.view", "applications.work", "applications.decide")
@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """The notice that belongs to the state of a case, on paper (通知書)."""
    case, file = get_object_or_404(Case, pk=number), BytesIO()
    if not has_notice(case):
        raise Http404
    record(actor=cast(StaffRequest, request).staff, act="applications.notice", fields=["name"], code=case.number)
    write_notice(file, case)
    return download(file.getvalue(), f"notice-{case.number}.pdf", "application/pdf")


@needs("applications.view", "applications.work", "applications.decide")
@require_safe
def attached(request: HttpRequest, number: int, ref: UUID) -> HttpResponse:
    """A file of this case, and of no other (添付の表示)."""
    found = get_object_or_404(Case, pk=number).attachments.filter(ref=ref).first()
    if found is None:
        raise Http404
    record(actor=cast(StaffRequest, request).staff, act="applications.file", fields=["attachment"])
    return file_response(found)
