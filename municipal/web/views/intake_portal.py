"""The simulated portal: what machines ask of it over HTTP, and the page of the trainer (模擬の申請サイトの画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, open_to_all
from municipal.intake.models import PortalApplication
from municipal.intake.operations import play_application, play_fault
from municipal.intake.operations.playing import refuse_unless_made_up
from municipal.intake.simulator import FAULTS, answer
from municipal.intake.words import words
from municipal.procedures.offered import offered
from municipal.web.forms.intake import FaultForm, PlayForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .casework import language
from .once import new_key, pressed_once
from .pay import town_of

NEEDS, SHOWN = "applications.intake", 50


@open_to_all
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def portal(request: HttpRequest, town: str, path: str) -> HttpResponse:
    """What another system asks; it proves itself by a token, no browser sends it (模擬の申請サイトの窓口)."""
    place = town_of(town)
    query = request.META.get("QUERY_STRING", "")
    method = "GET" if request.method == "HEAD" else str(request.method)
    said = answer(place.pk, method, f"/{path}?{query}", request.headers, request.body)
    return HttpResponse(said.body, status=said.status, content_type=said.kind)


@needs(NEEDS)
@require_http_methods(["GET", "HEAD", "POST"])
def play(request: HttpRequest) -> HttpResponse:
    """A trainer has somebody apply, and chooses how the portal misbehaves (模擬の申請サイト)."""
    asked = cast(StaffRequest, request)
    refuse_unless_made_up()
    titles = {entry.id: entry.title.said(language()) for entry in offered().entries if entry.is_online}
    form = PlayForm(list(titles.items()), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: play_application(actor=asked.staff, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("申請を作りました。「今すぐ受け取る」で届きます。"))
            return redirect("intake:play")
    context = {"form": form, "key": new_key(request), "rows": _rows(titles)}
    return render(request, "intake/simulator.html", context, status=422 if form.errors else 200)


def _rows(titles: dict[str, str]) -> list[dict[str, Any]]:
    known = words()
    rows = []
    for one in PortalApplication.objects.defer("content").order_by("-pk")[:SHOWN]:
        told = [known[said["status"]].said(language()) for said in one.reports if said["status"] in known]
        misbehaves = one.fault != "none" and one.fault_times
        rows.append({
            "id": one.pk, "receipt": one.receipt, "title": titles.get(one.procedure, one.procedure),
            "at": people.moment(one.made_at), "told": " → ".join(told),
            "fault": f"{gettext(FAULTS[one.fault])} × {one.fault_times}" if misbehaves else "",
            "form": FaultForm(initial={"fault": one.fault, "times": one.fault_times or 1}, auto_id=f"id_{one.pk}_%s"),
        })  # fmt: skip
    return rows


@needs(NEEDS)
@require_POST
def misbehave(request: HttpRequest, number: int) -> HttpResponse:
    """Have the portal misbehave with this one from now on, or change its content (不具合の設定)."""
    asked, form = cast(StaffRequest, request), FaultForm(request.POST)
    found = get_object_or_404(PortalApplication, pk=number)
    if not form.is_valid():
        messages.error(request, gettext("一覧から選んでください。"))
        return redirect("intake:play")
    pressed_once(asked, lambda: play_fault(actor=asked.staff, application=found.pk, **form.cleaned_data).pk)
    messages.success(request, gettext("設定を保存しました。"))
    return redirect("intake:play")
