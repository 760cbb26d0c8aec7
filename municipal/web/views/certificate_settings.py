"""How forms are set up; seals; printers (帳票・公印・プリンタの設定の画面)."""

import base64
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.certificates.kinds import KINDS, LIST
from municipal.certificates.models import LaterRule, Output, Printer, Seal
from municipal.certificates.operations import add_printer, add_seal, change_form, settings_of, switch_later_rules
from municipal.certificates.rules.later import listed
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.web.forms.certificate_settings import FormSettingsForm, PrinterForm, SealForm
from municipal.web.forms.refusing import show_and_log

from .once import new_key, pressed_once

READ_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@needs("certificates.settings")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every form with what is decided about it (帳票の設定の一覧)."""
    rows = [
        {"code": code, "name": gettext(kind.name), "fee": now.fee_yen, "output": gettext(str(Output(now.output).label))}
        for code, kind in KINDS.items()
        if kind.family != LIST and (now := settings_of(code))
    ]
    return render(request, "certificates/settings.html", {"rows": rows})


@needs("certificates.settings")
@READ_AND_POST
@implements("resident-record/1.0#5.6/m1", "resident-record/1.0#5.8/m3")
def form(request: HttpRequest, kind: str) -> HttpResponse:
    """One form's settings (帳票の設定)."""
    asked = cast(StaffRequest, request)
    if kind not in KINDS or KINDS[kind].family == LIST:
        raise Http404
    now = settings_of(kind)
    names = ("fee_yen", "omits", "has_reading", "signer", "seal", "keeps_cut", "output", "printer")
    first = {name: getattr(now, name) for name in names} | {"phrases": "\n".join(now.phrases)}
    shown = FormSettingsForm(request.POST or None, initial=first)
    if request.method == "POST" and shown.is_valid():
        try:
            change_form(actor=asked.staff, kind=kind, said=shown.cleaned_data)
        except Refused as refused:
            show_and_log(asked, shown, refused)
        else:
            messages.success(request, gettext("帳票の設定を変更しました。"))
            return redirect("certificates:settings")
    context = {"form": shown, "name": gettext(KINDS[kind].name)}
    return render(request, "certificates/form_settings.html", context, status=422 if shown.errors else 200)


@needs("certificates.settings")
@READ_AND_POST
def later(request: HttpRequest) -> HttpResponse:
    """Rules of later versions, each provisional and off until it is switched on (後の版の規則)."""
    asked = cast(StaffRequest, request)
    on = set(LaterRule.objects.filter(is_on=True).values_list("code", flat=True))
    if request.method == "POST":
        switch_later_rules(actor=asked.staff, on=request.POST.getlist("on"))
        messages.success(request, gettext("後の版の規則を切り替えました。"))
        return redirect("certificates:later")
    name = "name_en" if get_language() == "en" else "name_ja"
    rows = [
        {"code": code, "name": row[name], "source": row["source"], "is_on": code in on}
        for code, row in listed().items()
    ]
    return render(request, "certificates/later.html", {"rows": rows})


@needs("certificates.settings")
@READ_AND_POST
@implements("resident-record/1.0#1.3.7/m1", "resident-record/1.0#5.6/m3")
def seals(request: HttpRequest) -> HttpResponse:
    """The seals there are, and a new one (公印の管理)."""
    asked = cast(StaffRequest, request)
    shown = SealForm(request.POST or None, request.FILES or None) if request.method == "POST" else SealForm()
    if shown.is_bound and shown.is_valid():
        said = {name: shown.cleaned_data[name] for name in ("kind", "colour", "size_mm", "valid_from")}
        try:
            pressed_once(asked, lambda: add_seal(actor=asked.staff, png=shown.picture(), **said).pk)
        except Refused as refused:
            show_and_log(asked, shown, refused)
        else:
            messages.success(request, gettext("公印を登録しました。"))
            return redirect("certificates:seals")
    context = {"form": shown, "seals": [_seal(one) for one in _all_seals()], "key": new_key(request)}
    return render(request, "certificates/seals.html", context, status=422 if shown.errors else 200)


def _all_seals() -> Any:
    return Seal.objects.order_by("kind", "-valid_from")


def _seal(one: Seal) -> dict[str, Any]:
    return {
        "kind": gettext(one.get_kind_display()), "colour": gettext(one.get_colour_display()), "size": one.size_mm,
        "from": wareki(one.valid_from), "png": base64.b64encode(bytes(one.png)).decode(),
    }  # fmt: skip


@needs("certificates.settings")
@READ_AND_POST
@implements("resident-record/1.0#10.7/m1")
def printers(request: HttpRequest) -> HttpResponse:
    """The printers there are; a number that is known is said anew (プリンタの管理)."""
    asked, shown = cast(StaffRequest, request), PrinterForm(request.POST or None)
    if request.method == "POST" and shown.is_valid():
        try:
            add_printer(actor=asked.staff, **shown.cleaned_data)
        except Refused as refused:
            show_and_log(asked, shown, refused)
        else:
            messages.success(request, gettext("プリンタを登録しました。"))
            return redirect("certificates:printers")
    rows = [
        {"number": one.number, "name": one.name, "queue": one.queue, "trays": "、".join(one.trays)}
        for one in Printer.objects.order_by("number")
    ]
    context = {"form": shown, "rows": rows}
    return render(request, "certificates/printers.html", context, status=422 if shown.errors else 200)
