"""Permissions of many people at once, and the table of all of them (権限の一括保守と一覧表の画面)."""

from typing import cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from municipal.audit.operations import record
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.identity.operations import maintain_permissions, matrix, read_wishes
from municipal.office.answers import Answer, once
from municipal.office.exports import sheet
from municipal.web.forms.refusing import show_and_log

from .downloads import download


class BulkForm(forms.Form):
    """Lines of a CSV, as typed or pasted from a spreadsheet (一括保守の入力欄)."""

    rows = forms.CharField(
        label=_("権限の一覧（CSV）"),
        help_text=_(
            "1行目は「対象,権限,処理,開始日,終了日」。対象はサインイン名か「所属:市民課」、処理は付与か取消。"
            "開始日が空なら今日、終了日が空なら年度末。"
        ),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        max_length=500_000,
        strip=False,
    )


@needs("staff.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#10.3/m5", "resident-record/1.0#10.3/m12")
def bulk(request: HttpRequest) -> HttpResponse:
    """Every line or none (権限の一括保守)."""
    asked, form = cast(StaffRequest, request), BulkForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["rows"]
        try:
            answer = once(
                actor=asked.staff, key=request.POST.get("key", ""), body=text.encode(),
                act=lambda: Answer(200, maintain_permissions(actor=asked.staff, wishes=read_wishes(text))),
            )  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
            status = status_of(refused)
        else:
            messages.success(request, gettext("%(count)d件の権限を変えました。") % {"count": answer.body})
            return redirect("staff:list")
    return render(request, "staff/bulk.html", {"form": form, "key": uuid4().hex}, status=status)


@needs("staff.view")
@require_safe
@implements("resident-record/1.0#10.3/m10")
def table(request: HttpRequest) -> HttpResponse:
    """Who may do what today, as a file (操作権限一覧表)."""
    asked = cast(StaffRequest, request)
    content = sheet(matrix())
    record(actor=asked.staff, act="identity.matrix")
    return download(content, "permissions.csv")
