"""The queue of provisional entries: read, decide, return, withdraw (仮登録一覧・審査・本登録)."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.batches.models import PaperForm
from municipal.core.actors import STAFF
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, signed_in
from municipal.identity.answers import status_of
from municipal.identity.models import Staff
from municipal.municipalities.sentences import sentence
from municipal.office.answers import Answer, once
from municipal.residents import inquiry
from municipal.residents.models import OPEN, Draft, DraftState, ResidentEvent
from municipal.residents.notices import Notice, read
from municipal.residents.operations import decide, preview, return_draft, settings, withdraw
from municipal.web.forms.drafts import DraftFilterForm, ReturnForm
from municipal.web.forms.entry_shapes import SHAPES
from municipal.web.forms.refusing import show_and_log

from . import histories, people, scenes
from .confirmation import confirmation
from .entering import DECIDE, ENTER, act_title, names_of, refuse_outsiders
from .handing import with_its_document
from .paging import pager

PAGE = 50
DEPARTMENT = "department"
"""In front of the name of a department, whose people's entries are listed."""


@signed_in()
@require_safe
@implements("resident-record/1.0#4.0.8/m3")
def everything(request: HttpRequest) -> HttpResponse:
    """What waits for a decision or was returned, the oldest first (仮登録一覧)."""
    return _list(cast(StaffRequest, request))


def _list(
    request: StaffRequest, decided: list[str] | None = None, failed: list[dict[str, str]] | None = None
) -> HttpResponse:
    refuse_outsiders(request)
    waiting = Draft.objects.filter(state__in=OPEN).order_by("entered_at", "pk")
    actors = sorted(set(waiting.values_list("entered_by_kind", "entered_by_id").order_by()))
    names = names_of(actors)
    people_there = [(f"{kind}:{number}", names[kind, number]) for kind, number in actors]
    form = DraftFilterForm(request.GET, [*_departments(actors), *people_there])
    page = Paginator(_filtered(waiting, form), PAGE).get_page(request.GET.get("page"))
    drafts = list(page.object_list)
    notices = {draft.pk: read(draft.notice) for draft in drafts}
    about = _people_of(notices)
    seen = [number for found in about.values() for number in found["ids"]]
    if seen:
        disclose(actor=request.staff, subjects=seen, fields=["name"])
    rows = [_row(one, names, notices[one.pk], about[one.pk]) for one in drafts]
    context = {
        "form": form, "rows": rows, "pager": pager(page, request), "may_decide": DECIDE in request.permissions,
        "decided": decided, "failed": failed, "is_filtered": bool(request.GET.get("act") or request.GET.get("by")),
        "count": page.paginator.count,
    }  # fmt: skip
    return render(request, "drafts/list.html", context, status=422 if form.errors else 200)


def _departments(actors: list[tuple[str, int]]) -> list[tuple[str, str]]:
    """The departments and branches in which something was entered that waits."""
    staff = Staff.objects.filter(pk__in=[number for kind, number in actors if kind == STAFF]).exclude(department="")
    names = sorted(set(staff.values_list("department", flat=True)))
    return [(f"{DEPARTMENT}:{name}", gettext("%(name)sの全員") % {"name": name}) for name in names]


def _filtered(waiting: QuerySet[Draft], form: DraftFilterForm) -> QuerySet[Draft]:
    if not form.is_valid():
        return waiting.none()
    if form.cleaned_data["act"]:
        waiting = waiting.filter(act=form.cleaned_data["act"])
    if form.cleaned_data["by"]:
        kind, _, number = form.cleaned_data["by"].partition(":")
        if kind == DEPARTMENT:
            there = Staff.objects.filter(department=number).values("pk")
            return waiting.filter(entered_by_kind=STAFF, entered_by_id__in=there)
        waiting = waiting.filter(entered_by_kind=kind, entered_by_id=int(number))
    return waiting


def _row(draft: Draft, names: dict[tuple[str, int], str], notice: Notice, about: dict[str, Any]) -> dict[str, Any]:
    actor = (draft.entered_by_kind, draft.entered_by_id)
    return {
        "id": draft.pk, "act": act_title(draft.act), "people": "、".join(about["names"]), "badges": about["badges"],
        "event_on": notice.event_on.shown() if notice.event_on else "", "by": names.get(actor, gettext("システム")),
        "at": people.moment(draft.entered_at), "version": draft.version,
        "is_returned": draft.state == DraftState.RETURNED, "because": draft.returned_because,
    }  # fmt: skip


def _people_of(notices: dict[int, Notice]) -> dict[int, dict[str, Any]]:
    """Names of everybody whom entries are about, by entry: who has a number, then who is new."""
    claims: dict[int, list[int]] = {pk: [] for pk in notices}
    for one in Draft.objects.filter(pk__in=claims).values_list("pk", "claims__addressee"):
        claims[one[0]] += [one[1]] if one[1] else []
    rows = {row["addressee_id"]: row for row in inquiry.rows([pk for found in claims.values() for pk in found])}
    found = {}
    for draft, notice in notices.items():
        known = [rows[pk] for pk in claims[draft] if pk in rows]
        new = [str(one.items.get("name", "")) for one in notice.people if not one.number]
        is_protected = any(row["is_protected"] for row in known)
        names = [*new, *(row["name"] for row in known)]
        badges = ["protected"] if is_protected else []
        found[draft] = {"ids": [row["addressee_id"] for row in known], "names": names, "badges": badges}
    return found


@signed_in()
@require_safe
@implements("resident-record/1.0#4.0.9/m1")
@prints_addresses("drafts.detail", Purpose.SCREEN)
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One entry, with before and after of everybody as the register stands now (仮登録の内容)."""
    return _detail(cast(StaffRequest, request), number, ReturnForm())


def _detail(request: StaffRequest, number: int, form: ReturnForm, status: int = 200) -> HttpResponse:
    refuse_outsiders(request)
    draft = get_object_or_404(Draft, pk=number)
    is_open, paper = draft.state in OPEN, PaperForm.objects.filter(draft=draft.pk).first()
    actor = (draft.entered_by_kind, draft.entered_by_id)
    is_own = actor == (request.staff.actor_kind, request.staff.actor_id)
    context: dict[str, Any] = {
        "draft": {
            "id": draft.pk, "act": act_title(draft.act), "name": draft.act, "version": draft.version,
            "state": draft.state, "by": names_of([actor])[actor], "at": people.moment(draft.entered_at),
            "because": draft.returned_because, "amend_url": _amend_url(draft),
        },
        "paper": histories.of_paper(paper) if paper else None,
        "form": form, "is_open": is_open, "is_waiting": draft.state == DraftState.WAITING,
        "may_enter": ENTER in request.permissions, "may_decide": DECIDE in request.permissions,
        "is_own": is_own and not settings().may_decide_own, **_content(request, draft),
    }  # fmt: skip
    return render(request, "drafts/detail.html", context, status=status)


def _amend_url(draft: Draft) -> str:
    """The form of the act, filled from the entry; empty for acts that are withdrawn and entered anew."""
    if draft.act not in SHAPES:
        return ""
    notice = draft.notice
    known = {name: notice.get(name) for name in ("cancels", "corrects") if notice.get(name)}
    query = urlencode({"draft": draft.pk, "version": draft.version, **known})
    return f"{reverse('entries:form', args=[draft.act])}?{query}"


def _content(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    """Before and after of an open entry; the people of one that was decided."""
    if draft.event is not None:
        disclose(actor=request.staff, subjects=draft.event.subjects, fields=["name"])
        return {"subjects": [people.row(row) for row in inquiry.rows(draft.event.subjects)]}
    if draft.state not in OPEN:
        return {}
    notice = read(draft.notice)
    try:
        plan = preview(notice)
    except Refused as refused:
        return {"impossible": sentence(refused), "event_on": notice.event_on.shown() if notice.event_on else ""}
    if plan.people():
        disclose(actor=request.staff, subjects=plan.people(), fields=people.DISCLOSED)
    return confirmation(plan, notice, request.permissions)


def _version(request: HttpRequest) -> int | None:
    return scenes.whole(request.POST.get("version", ""))


def _once(request: StaffRequest, number: int, version: int | None, act: Callable[[], object]) -> None:
    """A button pressed twice acts once; the second press gets the same answer."""

    def answered() -> Answer:
        act()
        return Answer(200, {})

    path = request.path.rstrip("/").rsplit("/", 1)[-1]
    once(actor=request.staff, key=f"drafts-{path}-{number}-{version}", body=request.path.encode(), act=answered)


def _decided(request: StaffRequest, number: int, version: int | None) -> ResidentEvent:
    return with_its_document(request, decide(actor=request.staff, draft=number, version=version))


@needs("residents.decide")
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """The entry becomes history (本登録)."""
    asked, version = cast(StaffRequest, request), _version(request)
    _once(asked, number, version, lambda: _decided(asked, number, version))
    messages.success(request, gettext("本登録しました。台帳に記録されました。"))
    return redirect("drafts:detail", number)


@needs("residents.enter")
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Nothing of the entry comes into the register (取下げ)."""
    asked, version = cast(StaffRequest, request), _version(request)
    _once(asked, number, version, lambda: withdraw(actor=asked.staff, draft=number, version=version))
    messages.success(request, gettext("取り下げました。台帳は変わっていません。"))
    return redirect("drafts:detail", number)


@needs("residents.decide")
@require_POST
@prints_addresses("drafts.give_back", Purpose.SCREEN)
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """Back to whoever entered it, with the reason (差戻し)."""
    asked, form = cast(StaffRequest, request), ReturnForm(request.POST)
    if not form.is_valid():
        return _detail(asked, number, form, 422)
    try:
        return_draft(actor=asked.staff, draft=number, because=form.cleaned_data["because"], version=_version(request))
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _detail(asked, number, form, status_of(refused))
    messages.success(request, gettext("差し戻しました。"))
    return redirect("drafts:detail", number)


@needs("residents.decide")
@require_POST
@implements("resident-record/1.0#4.0.8/m4")
def confirm_several(request: HttpRequest) -> HttpResponse:
    """The ticked entries become history, each by itself; what was refused stays and says why (まとめて本登録)."""
    asked = cast(StaffRequest, request)
    chosen = [one for one in request.POST.getlist("draft") if one.count(":") == 1][:PAGE]
    if not chosen:
        raise Refused("本登録する仮登録を一覧で選んでください。", field="draft", code="nothing_chosen")
    decided, failed = list[str](), list[dict[str, str]]()
    for one in chosen:
        number, _, version = one.partition(":")
        try:
            event = _decided(asked, scenes.whole(number) or 0, scenes.whole(version))
        except Refused as refused:
            asked.refusals.append(refused)
            failed.append({"number": number, "why": sentence(refused)})
        else:
            decided.append(act_title(event.act))
    return _list(asked, decided, failed)
