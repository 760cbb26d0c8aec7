"""The manual on the screen: what each page is for, and every error and alert (ヘルプ・エラーとアラートの一覧)."""

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core.clauses import implements
from municipal.core.messages import ALERT, catalogue
from municipal.identity.access import StaffRequest, needs, signed_in
from municipal.office.answers import Answer, once
from municipal.residents.models import GraveAlert
from municipal.residents.operations import set_grave_alerts
from municipal.web.manual import Page, page_of, pages

from .paging import pager

PAGE = 50


@signed_in()
@require_safe
@implements("resident-record/1.0#10.5/m1")
def index(request: HttpRequest) -> HttpResponse:
    """Every page of the manual (手引)."""
    return render(request, "manual/index.html", {"pages": [_said(one) for one in pages()]})


@signed_in()
@require_safe
@implements("resident-record/1.0#10.5/m2")
def page(request: HttpRequest, screen: str) -> HttpResponse:
    """What a screen is for and how it is worked with, opened from that screen (画面の説明)."""
    found = page_of(screen)
    if found is None:
        return redirect("manual:index")
    return render(request, "manual/page.html", {"page": _said(found)})


def _said(one: Page) -> dict[str, Any]:
    is_english = (get_language() or "").startswith("en")
    text = one.text_en if is_english else one.text_ja
    return {
        "screen": one.screen, "title": one.title_en if is_english else one.title_ja,
        "paragraphs": text.split("\\n"),
    }  # fmt: skip


@signed_in()
@require_safe
@implements("resident-record/1.0#11.1/m3")
def messages(request: HttpRequest) -> HttpResponse:
    """Every error and alert: its code, the item, the reason, the remedy (エラー・アラートの一覧)."""
    typed = request.GET.get("q", "").strip()[:60]
    found = [one for one in catalogue() if typed in f"{one.code} {one.reason} {one.remedy} {one.item}"]
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kinds = {"error": gettext("エラー"), "alert": gettext("アラート")}
    rows = [
        {"kind": kinds[one.kind], "code": one.code, "item": one.item, "reason": one.reason, "remedy": one.remedy}
        for one in shown.object_list
    ]
    context = {"rows": rows, "pager": pager(shown, request), "typed": typed, "count": len(found)}
    return render(request, "manual/messages.html", context)


@needs("register.settings")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#11.1/m2")
def grave(request: HttpRequest) -> HttpResponse:
    """Which alerts only holders of the permission may confirm (重要なアラート)."""
    asked = cast(StaffRequest, request)
    known = {one.code: one for one in catalogue() if one.kind == ALERT and "*" not in one.code}
    if request.method == "POST":
        chosen = [code for code in request.POST.getlist("codes") if code in known]

        def act() -> Answer:
            set_grave_alerts(actor=asked.staff, codes=chosen)
            return Answer(200, {})

        body = " ".join(sorted(chosen)).encode()
        once(actor=asked.staff, key=request.POST.get("key", "") or asked.id, body=body, act=act)
        notes.success(request, gettext("設定を変更しました。"))
        return redirect("manual:grave")
    marked = set(GraveAlert.objects.values_list("code", flat=True))
    rows = [{"code": code, "reason": one.reason, "is_grave": code in marked} for code, one in known.items()]
    return render(request, "manual/grave.html", {"rows": rows, "key": uuid4().hex})
