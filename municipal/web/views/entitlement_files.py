"""Files of amounts: handed in by one person, looked at and taken in by another (認定・支給額のファイルの画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from municipal.audit.operations import disclose
from municipal.core.actors import STAFF
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.entitlements.intake import COLUMNS, Line, read
from municipal.entitlements.models import AssessmentFile
from municipal.entitlements.operations.files import decision_of, receive_file, take_in_file
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.payments.files import BadLine
from municipal.web.forms.entitlements import AmountFileForm
from municipal.web.forms.refusing import show_and_log

from .entitlements import KEEP, kind_names
from .once import new_key, pressed_once
from .people import moment

LAST, MOST_SHOWN = 10, 100


@needs(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Hand a file in; it is read at once and changes nothing (ファイルの受取り)."""
    asked = cast(StaffRequest, request)
    form = AmountFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            kept = receive_file(actor=asked.staff, name=given.name[:100], data=given.read())
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return redirect("entitlements:file", kept.pk)
    found = AssessmentFile.objects.defer("content").order_by("-pk")[:LAST]
    context = {"form": form, "columns": ",".join(COLUMNS), "rows": [_row(one) for one in found]}
    return render(request, "entitlements/files.html", context, status=422 if form.errors else 200)


def _row(file: AssessmentFile) -> dict[str, Any]:
    proposed = decision_of(file)
    return {
        "number": file.pk, "name": file.name, "received_at": moment(file.received_at),
        "is_taken": proposed.decided_at is not None,
        "taken_at": moment(proposed.decided_at) if proposed.decided_at else "",
    }  # fmt: skip


@needs(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, number: int) -> HttpResponse:
    """What a file would do, line by line; somebody else than who handed it in takes it in (ファイルの取込み)."""
    asked, kept = cast(StaffRequest, request), get_object_or_404(AssessmentFile, pk=number)
    refusal = ""
    if request.method == "POST":
        try:
            count = pressed_once(asked, lambda: take_in_file(actor=asked.staff, file=kept))
        except Refused as refused:
            asked.refusals.append(refused)
            refusal = sentence(refused)
        else:
            messages.success(request, gettext("%(count)s件を記録しました。") % {"count": count})
            return redirect("entitlements:file", number)
    proposed, row = decision_of(kept), _row(kept)
    lines = [] if row["is_taken"] else read(bytes(kept.content))
    good = [one for one in lines if isinstance(one, Line)]
    if good[:MOST_SHOWN]:
        people = sorted({one.person.pk for one in good[:MOST_SHOWN]})
        disclose(actor=asked.staff, subjects=people, fields=["name", "entitlement"])
    names = kind_names()
    context = {
        "file": row, "key": new_key(request), "refusal": refusal,
        "good": [_line(one, names) for one in good[:MOST_SHOWN]],
        "count": f"{len(good):,}", "bad": [one for one in lines if isinstance(one, BadLine)][:MOST_SHOWN],
        "is_own": (proposed.proposed_by_kind, proposed.proposed_by_id) == (STAFF, asked.staff.pk),
        "total": f"{sum(one.yen or 0 for one in good):,}", "most": MOST_SHOWN,
    }  # fmt: skip
    return render(request, "entitlements/file.html", context, status=422 if refusal else 200)


def _line(one: Line, names: dict[str, str]) -> dict[str, Any]:
    return {
        "line": one.line, "person": one.person.name, "about": one.about.name, "kind": names.get(one.kind, one.kind),
        "from": wareki(one.first), "until": wareki(one.last) if one.last else "", "number": one.number,
        "yen": "" if one.yen is None else f"{one.yen:,}", "per": one.per,
    }  # fmt: skip
