"""What the municipality decides about its register (台帳の設定の画面)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from municipal.core.clauses import implements
from municipal.identity.access import StaffRequest, needs
from municipal.residents.operations import change_settings, settings
from municipal.web.forms.register_settings import RegisterSettingsForm


@needs("register.settings")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#4.0.8/m2", "resident-record/1.0#10.3")
def register_settings(request: HttpRequest) -> HttpResponse:
    """Read and change the settings; the change is in the audit (台帳の設定)."""
    asked, now = cast(StaffRequest, request), settings()
    known = {"may_decide_own": now.may_decide_own, "lease_minutes": now.lease_minutes}
    form = RegisterSettingsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_settings(actor=asked.staff, **form.cleaned_data)
        messages.success(request, gettext("台帳の設定を変更しました。"))
        return redirect("register:settings")
    return render(request, "register/settings.html", {"form": form}, status=422 if form.errors else 200)
