"""One's own tokens of the API (APIの鍵の画面)."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Session, Staff
from municipal.identity.models.sessions import TOKEN
from municipal.identity.operations import issue_token, revoke_token
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.tokens import TokenForm


@needs("api.use")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens in force, and a new one, whose key stands in this one answer and nowhere else (APIの鍵)."""
    asked, form, key = cast(StaffRequest, request), TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            key = issue_token(actor=asked.staff, **form.cleaned_data).key
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            form = TokenForm()
    context = {"form": form, "key": key, "tokens": _in_force(asked.staff)}
    return render(request, "identity/tokens.html", context, status=422 if form.errors else 200)


@needs("api.use")
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own tokens (APIの鍵の取消)."""
    staff = cast(StaffRequest, request).staff
    revoke_token(actor=staff, token=get_object_or_404(Session, pk=number, kind=TOKEN, staff=staff))
    messages.success(request, gettext("鍵を取り消しました。"))
    return redirect("identity:tokens")


def _in_force(staff: Staff) -> list[dict[str, Any]]:
    found = Session.objects.filter(staff=staff, kind=TOKEN, ended_at=None, expires_at__gt=clock.now())
    return [
        {
            "id": token.pk,
            "label": token.label,
            "started_on": wareki(token.started_at.astimezone(clock.TOKYO).date()),
            # It ends with the midnight that follows its last day.
            "expires_on": wareki(token.expires_at.astimezone(clock.TOKYO).date() - timedelta(days=1)),
        }
        for token in found.order_by("pk")
    ]
