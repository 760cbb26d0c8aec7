"""Entitlements: the list, one with its history, ending, amounts, the notice (受給資格の画面)."""

from io import BytesIO
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.core.refusals import Refused
from municipal.entitlements.kinds import kind_of, kinds
from municipal.entitlements.models import AmountFrom, Cause, Entitlement, State
from municipal.entitlements.operations import end, reopen, set_amount
from municipal.entitlements.paper import write_decision
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.offered import offered
from municipal.residents.inquiry import withheld
from municipal.web.forms.entitlements import AmountForm, EndForm, FindForm, ReopenForm
from municipal.web.forms.refusing import show_and_log

from .case_entitlements import row_of
from .casework import language
from .downloads import download
from .once import new_key, pressed_once
from .paging import pager
from .people import moment

VIEW, KEEP = "entitlements.view", "entitlements.keep"
PAGE = 50


def kind_names() -> dict[str, str]:
    """What each kind is called in the reader's language (種類の名称)."""
    return {one.kind: one.name_en if language() == "en" else one.name_ja for one in kinds().values()}


@needs(VIEW, KEEP)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """What holds now, the newest first, of a kind, in a state, of a person (受給資格の一覧)."""
    asked, names = cast(StaffRequest, request), kind_names()
    form = FindForm(names, request.GET or None)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = Paginator(_wanted(said), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "rows": _rows(asked, list(page.object_list), names), "pager": pager(page, request),
        "count": f"{page.paginator.count:,}", "may_keep": KEEP in asked.permissions,
    }  # fmt: skip
    return render(request, "entitlements/list.html", context, status=422 if form.errors else 200)


def _wanted(said: dict[str, Any]) -> QuerySet[Entitlement]:
    rows = Entitlement.objects.filter(recorded__endswith__isnull=True).select_related("person", "about")
    for name in ("kind", "state"):
        if said.get(name):
            rows = rows.filter(**{name: said[name]})
    if said.get("person"):
        rows = rows.filter(Q(person__number=said["person"]) | Q(about__number=said["person"]))
    return rows.order_by("-pk")


def _rows(request: StaffRequest, found: list[Entitlement], names: dict[str, str]) -> list[dict[str, Any]]:
    people = sorted({one.person_id for one in found} | {one.about_id for one in found})
    if people:
        disclose(actor=request.staff, subjects=people, fields=["name", "entitlement"])
    hidden = withheld() if found else set()
    return [
        row_of(one)
        | {
            "kind_name": names.get(one.kind, one.name), "at": moment(one.recorded.lower),
            "badges": ["protected"] if one.person_id in hidden else [], "cause": gettext(Cause(one.cause).label),
            "amount_from": gettext(AmountFrom(one.amount_from).label) if one.amount_from else "",
        }
        for one in found
    ]  # fmt: skip


def _history(number: str) -> list[Entitlement]:
    found = Entitlement.objects.filter(number=number).select_related("person", "about").order_by("-version")
    versions = list(found)
    if not versions:
        raise Http404
    return versions


@needs(VIEW, KEEP)
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One entitlement, every version of it, and what can be done (受給資格)."""
    return _page(cast(StaffRequest, request), number)


def _page(request: StaffRequest, number: str, wrong: forms.Form | None = None) -> HttpResponse:
    versions = _history(number)
    last, names = versions[0], kind_names()
    basis, rows = kind_of(last.procedure), _rows(request, versions, names)
    may_keep = KEEP in request.permissions
    seen = {"seen": last.version}
    shown: list[forms.Form] = [
        EndForm(initial=seen, auto_id="end-%s"), ReopenForm(initial=seen, auto_id="reopen-%s"),
        AmountForm(initial=seen, auto_id="amount-%s"),
    ]  # fmt: skip
    ending, reopening, amount = (wrong if wrong is not None and type(wrong) is type(form) else form for form in shown)
    context = {
        "row": rows[0], "history": rows, "key": new_key(request), "basis": basis.basis if basis else "",
        "is_verified": basis is not None and basis.is_verified, "form": wrong,
        "ending": ending if may_keep and last.state == State.GRANTED else None,
        "reopening": reopening if may_keep and last.state == State.ENDED else None,
        "amount": amount if may_keep and last.state != State.REFUSED else None,
    }  # fmt: skip
    return render(request, "entitlements/one.html", context, status=422 if wrong is not None else 200)


@needs(KEEP)
@require_POST
def change(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """End it, take an ending back, or say the amount (受給資格の変更)."""
    asked = cast(StaffRequest, request)
    acts: dict[str, tuple[type[forms.Form], Any]] = {
        "end": (EndForm, end), "reopen": (ReopenForm, reopen), "amount": (AmountForm, set_amount),
    }  # fmt: skip
    if what not in acts:
        raise Http404
    kind, act = acts[what]
    form = kind(request.POST, auto_id=f"{what}-%s")
    if form.is_valid():
        try:
            pressed_once(asked, lambda: act(actor=asked.staff, number=number, **form.cleaned_data).version)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("記録しました。"))
            return redirect("entitlements:one", number)
    return _page(asked, number, form)


@needs(VIEW, KEEP)
@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """The notice of the version that holds (決定通知書)."""
    last, file = _history(number)[0], BytesIO()
    disclose(
        actor=cast(StaffRequest, request).staff, subjects=[last.person_id], fields=["name", "entitlement", "mailing"]
    )
    entry = next((entry for entry in offered().entries if entry.id == last.procedure), None)
    write_decision(file, [last], is_sent=True, office=entry.desk.ja if entry else gettext("担当課"))
    return download(file.getvalue(), f"decision-{number}.pdf", "application/pdf")
