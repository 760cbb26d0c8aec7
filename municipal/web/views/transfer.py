"""Handing the register over, and taking one in (引渡しと受入れの画面)."""

from collections.abc import Callable
from itertools import chain
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.inspections.inputs import handed_over
from municipal.office.answers import Answer, once
from municipal.office.exports import sheet
from municipal.transfer.models import Handover, Intake
from municipal.transfer.operations import approve_handover, order_handover, order_intake
from municipal.transfer.operations.handovers import may_be_written
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.transfer import HandoverForm, IntakeForm

from .downloads import download
from .entering import names_of
from .paging import pager
from .people import moment

PAGE, PLACES = 20, 50
HAND_OVER, APPROVE, TAKE_IN = "transfer.hand_over", "transfer.approve", "transfer.take_in"


@needs(HAND_OVER, APPROVE, TAKE_IN, "residents.enter")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Past hand-overs and intakes, newest first (引渡しと受入れの一覧)."""
    permissions = cast(StaffRequest, request).permissions
    out = Paginator(Handover.objects.select_related("proposal").order_by("-number"), PAGE)
    page = out.get_page(request.GET.get("page"))
    context = {
        "handovers": [_handover(one) for one in page.object_list], "pager": pager(page, request),
        "intakes": [_intake(one) for one in Intake.objects.order_by("-number")[:PAGE]],
        "may_hand_over": HAND_OVER in permissions, "may_take_in": TAKE_IN in permissions,
    }  # fmt: skip
    return render(request, "transfer/overview.html", context)


def _handover(one: Handover) -> dict[str, Any]:
    names = names_of([(one.actor_kind, one.actor_id)])
    return {
        "number": one.number, "recipient": one.recipient, "purpose": one.purpose, "is_whole": one.is_whole,
        "since": moment(one.since) if one.since else "", "ordered_at": moment(one.ordered_at),
        "by": names.get((one.actor_kind, one.actor_id), gettext("システム")), "state": _state(one),
        "rows": one.rows if one.written_at else None, "counts": sorted((one.counts or {}).items()),
        "digest": one.digest, "folder": one.folder, "moment": moment(one.moment) if one.moment else "",
    }  # fmt: skip


def _state(one: Handover) -> str:
    if one.written_at:
        return "written"
    if one.proposal and one.proposal.is_approved is False:
        return "rejected"
    return "waiting" if may_be_written(one) else "undecided"


def _intake(one: Intake) -> dict[str, Any]:
    return {
        "number": one.number, "source": one.source, "begun_at": moment(one.begun_at), "state": one.state,
        "state_name": one.get_state_display(), "is_dry_run": one.is_dry_run, "faults": one.faults, "notes": one.notes,
        "counts": sorted(one.counts.items()), "written": sum(one.written.values()), "has_ended": bool(one.ended_at),
    }  # fmt: skip


def _once(request: StaffRequest, name: str, form: Any, act: Callable[[], int]) -> int:
    """The number of what was made; the same form sent twice makes it once."""
    token = form.cleaned_data.get("token") or request.id
    body = repr(sorted((key, str(value)) for key, value in form.cleaned_data.items())).encode()
    made = once(actor=request.staff, key=f"{name} {token}", body=body, act=lambda: Answer(201, {"number": act()}))
    return int(made.body["number"])


@needs(HAND_OVER)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Order a hand-over; the same form sent twice is one (引渡しの依頼)."""
    asked, form = cast(StaffRequest, request), HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.order()
            made = _once(asked, "transfer.order", form, lambda: order_handover(actor=asked.staff, **said).number)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("引渡しを依頼しました。"))
            return redirect("transfer:handover", made)
    return render(request, "transfer/order.html", {"form": form}, status=422 if form.errors else 200)


@needs(HAND_OVER, APPROVE)
@require_safe
def handover(request: HttpRequest, number: int) -> HttpResponse:
    """One hand-over: what it holds, where it stands, and its decision (引渡し)."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(Handover.objects.select_related("proposal"), number=number)
    is_own = (found.actor_kind, found.actor_id) == (asked.staff.actor_kind, asked.staff.actor_id)
    said = _handover(found)
    may_decide = said["state"] == "undecided" and APPROVE in asked.permissions and not is_own
    return render(request, "transfer/handover.html", {"handover": said, "may_decide": may_decide, "is_own": is_own})


@needs(APPROVE)
@require_POST
@implements("resident-record/1.0#7.2.3/m1")
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """Approve or reject; decided once, however often it is sent (引渡しの承認)."""
    asked = cast(StaffRequest, request)
    if request.POST.get("decision") not in ("approve", "reject"):
        raise Refused("承認するか、承認しないかを選んでください。", field="decision", code="no_decision")
    approve_handover(actor=asked.staff, handover=number, is_approved=request.POST["decision"] == "approve")
    messages.success(request, gettext("引渡しの承認について決定しました。"))
    return redirect("transfer:handover", number)


@needs(TAKE_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Order an intake; the same form sent twice is one (受入れの依頼)."""
    asked = cast(StaffRequest, request)
    folders = handed_over(asked.town.pk)
    form = IntakeForm(request.POST or None, folders=folders)
    if request.method == "POST" and form.is_valid():
        said = {"folder": form.cleaned_data["folder"], "is_dry_run": form.cleaned_data["is_dry_run"]}
        try:
            _once(asked, "transfer.take_in", form, lambda: order_intake(actor=asked.staff, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("受入れを依頼しました。検査が始まると、一覧に現れます。"))
            return redirect("transfer:overview")
    context = {"form": form, "has_folders": bool(folders)}
    return render(request, "transfer/take_in.html", context, status=422 if form.errors else 200)


@needs(TAKE_IN)
@require_safe
def intake(request: HttpRequest, number: int) -> HttpResponse:
    """How an intake ended, with every row that stood against it (受入れの報告)."""
    found = get_object_or_404(Intake, number=number)
    page = Paginator(found.found.order_by("is_note", "pk"), PLACES).get_page(request.GET.get("page"))
    is_english = (get_language() or "").startswith("en")
    rows = [
        {"file": one.file, "row": one.row, "item": one.item, "code": one.code, "is_note": one.is_note,
         "sentence": one.sentence_en if is_english else one.sentence}
        for one in page.object_list
    ]  # fmt: skip
    context = {"intake": _intake(found), "rows": rows, "pager": pager(page, request)}
    return render(request, "transfer/intake.html", context)


@needs(TAKE_IN)
@require_safe
def faults(request: HttpRequest, number: int) -> HttpResponse:
    """The same as a file for whoever made the data; it holds the value of no cell (エラー一覧の取出し)."""
    found = get_object_or_404(Intake, number=number)
    rows = (
        (one.file, one.row or "", one.item, one.code, one.sentence, one.sentence_en)
        for one in found.found.order_by("is_note", "pk").iterator(2_000)
    )
    content = sheet(chain([("ファイル", "行", "項目", "規則", "理由", "reason")], rows))
    return download(content, f"intake-{number}.csv")
