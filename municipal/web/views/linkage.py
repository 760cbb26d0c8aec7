"""What goes to other services and comes from them, and slips that come as CSV (連携と取込みの画面)."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.audit.operations import disclose
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.answers import Answer, once
from municipal.residents import inquiry
from municipal.residents.models.groups import Qualifications
from municipal.residents.shown import written
from municipal.transfer.models import ServiceState
from municipal.transfer.operations import change_linkage, linkage, take_in_services, take_in_slips
from municipal.web.forms.linkage import LinkageForm, SlipsForm, UploadForm
from municipal.web.forms.refusing import show_and_log

from . import people

MOST_BYTES = 16 * 1024 * 1024
ITEMS = tuple(field.attname for field in Qualifications._meta.fields)


@needs("transfer.hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#7.2.3/m4")
def timing(request: HttpRequest) -> HttpResponse:
    """Choose when changes are told to other services (連携の設定)."""
    now = linkage()
    form = LinkageForm(request.POST or None, initial={"timing": now.timing, "minutes": now.minutes})
    if request.method == "POST" and form.is_valid():
        change_linkage(actor=cast(StaffRequest, request).staff, **form.cleaned_data)
        messages.success(request, gettext("連携の設定を変更しました。"))
        return redirect("transfer:linkage")
    until = people.moment(now.told_until) if now.told_until else ""
    return render(request, "transfer/linkage.html", {"form": form, "until": until}, status=422 if form.errors else 200)


def _content(form: Any) -> bytes:
    upload = form.cleaned_data["upload"]
    if upload.size > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。16 MBまでに分けてください。", field="upload", code="too_large")
    return bytes(upload.read())


@needs("transfer.take_in")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#7.2.2/m1")
def services(request: HttpRequest) -> HttpResponse:
    """Take over what other services say about residents; the same file sent twice is taken once (資格情報の取込み)."""
    asked, form = cast(StaffRequest, request), UploadForm(request.POST or None, request.FILES or None)
    rows: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            answer = _services(asked, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            rows = answer["faults"]
            if answer["rows"]:
                messages.success(request, gettext("%(n)d人の資格情報を取り込みました。") % {"n": answer["rows"]})
    is_wrong = bool(form.errors) or any(not row["is_note"] for row in rows)
    return render(request, "transfer/services.html", {"form": form, "rows": rows}, status=422 if is_wrong else 200)


def _services(request: StaffRequest, form: UploadForm) -> dict[str, Any]:
    content = _content(form)

    def act() -> Answer:
        rows, found = take_in_services(actor=request.staff, content=content, name=form.cleaned_data["upload"].name)
        told = [
            {"row": one.row, "item": one.item, "code": one.code, "sentence": one.said, "is_note": one.code == "IN-0020"}
            for one in found
        ]
        return Answer(200, {"rows": rows, "faults": told[:200]})

    digest = sha256(content).hexdigest()
    key = f"transfer.services {form.cleaned_data['token'] or request.id} {digest}"
    return dict(once(actor=request.staff, key=key, body=digest.encode(), act=act).body)


@needs("residents.view")
@require_safe
@implements("resident-record/1.0#7.2.2/m1")
def of_person(request: HttpRequest, number: str) -> HttpResponse:
    """What other services last said about a person (他業務照会)."""
    asked, person = cast(StaffRequest, request), inquiry.person(number)
    if person is None:
        raise Http404
    disclose(actor=asked.staff, subjects=[person.addressee.pk], fields=ITEMS)
    newest = ServiceState.objects.filter(addressee=person.addressee).order_by("-pk").first()
    # Until a service has said anything, what the record itself says is the latest that is known.
    source: Model = newest or person.record
    rows = [
        {"label": str(field.verbose_name), "text": written(field.attname, getattr(source, field.attname), kind="")}
        for field in Qualifications._meta.fields
    ]
    context = {
        "person": people.head(person, person.record), "rows": rows,
        "received_at": people.moment(newest.received_at) if newest else "",
    }  # fmt: skip
    return render(request, "transfer/of_person.html", context)


@needs("residents.enter")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#10.8/m1")
def slips(request: HttpRequest) -> HttpResponse:
    """Take in notices, certificates, applications or cards; a file sent twice is taken once (届書などの取込み)."""
    asked, form = cast(StaffRequest, request), SlipsForm(request.POST or None, request.FILES or None)
    rows: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = _slips(asked, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
    is_sent = request.method == "POST" and not form.errors
    context = {"form": form, "rows": rows, "is_sent": is_sent}
    return render(request, "transfer/slips.html", context, status=422 if form.errors else 200)


def _slips(request: StaffRequest, form: SlipsForm) -> list[dict[str, Any]]:
    content, kind = _content(form), form.cleaned_data["kind"]

    def act() -> Answer:
        made = take_in_slips(actor=request.staff, kind=kind, content=content)
        return Answer(200, {"rows": [asdict(one) for one in made]})

    digest = sha256(kind.encode() + b"\0" + content).hexdigest()
    key = f"transfer.slips {form.cleaned_data['token'] or request.id} {digest}"
    return list(once(actor=request.staff, key=key, body=digest.encode(), act=act).body["rows"])
