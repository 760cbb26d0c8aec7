"""What goes beyond the standard, switched off and on (標準外の機能の画面)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Switch
from municipal.identity.operations import switch
from municipal.identity.permissions import BEYOND, PERMISSIONS


@needs("register.settings")
@require_http_methods(["GET", "HEAD", "POST"])
def switches(request: HttpRequest) -> HttpResponse:
    """List the permissions outside the standard; each has a button that switches it (標準外の機能)."""
    asked = cast(StaffRequest, request)
    if request.method == "POST":
        done = switch(
            actor=asked.staff, permission=request.POST.get("permission", ""), is_on=request.POST.get("is_on") == "1"
        )
        name = gettext(PERMISSIONS[done.permission].name)
        said = gettext("「%(name)s」を使えるようにしました。") if done.is_on else gettext("「%(name)s」を止めました。")
        messages.success(request, said % {"name": name})
        return redirect("register:switches")
    off = set(Switch.objects.filter(is_on=False).values_list("permission", flat=True))
    rows = [
        {"code": one.code, "name": gettext(one.name), "explanation": gettext(one.explanation), "is_on": code not in off}
        for code, one in PERMISSIONS.items()
        if one.clause == BEYOND
    ]
    return render(request, "register/switches.html", {"rows": rows})
