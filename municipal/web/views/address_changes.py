"""Changing addresses in bulk, step by step: extract, take in, try, carry out, write letters (住所一括変更の画面)."""

from typing import Any, cast
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.audit.operations import record
from municipal.batches.drawing import change_notices, without_letter
from municipal.batches.exports import domiciles_like, households_of, results_of
from municipal.batches.kinds import STATES
from municipal.batches.models import AddressChange
from municipal.batches.operations import order_final, order_trial, take_changes
from municipal.batches.rules import range_of_numbers
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.answers import Answer, once
from municipal.office.models import Job
from municipal.web.forms.batches import ChangesForm, ExtractForm
from municipal.web.forms.refusing import show_and_log

from .downloads import download
from .paging import pager

PAGE = 25
MOST_BYTES = 64 * 1024 * 1024


@needs("addresses.change")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
def everything(request: HttpRequest) -> HttpResponse:
    """Every change so far, and a file to take in (住所一括変更)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    form = ChangesForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        try:
            return redirect("address_changes:detail", _taken(asked, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
    return _page(asked, form, ExtractForm(auto_id="extract_%s"))


def _page(
    request: StaffRequest, form: ChangesForm, extract: ExtractForm, found: dict[str, Any] | None = None
) -> HttpResponse:
    """The whole page; ``found``: how many an extraction found, and how many it leaves out."""
    page = Paginator(AddressChange.objects.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "extract": extract, "found": found, "rows": [_row(one) for one in page.object_list],
        "pager": pager(page, request), "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "address_changes/list.html", context, status=422 if form.errors or extract.errors else 200)


def _taken(request: StaffRequest, form: ChangesForm) -> int:
    said = form.cleaned_data
    if said["file"].size > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。分けて取り込んでください。", field="file", code="too_large")
    content = said["file"].read()
    days = {name: said[name] for name in ("kind", "effective_on", "basis")}

    def act() -> Answer:
        return Answer(201, {"change": take_changes(actor=request.staff, content=content, **days).pk})

    key = request.POST.get("key", "") or request.id
    body = content + repr(sorted(days.items())).encode()
    return int(once(actor=request.staff, key=key, body=body, act=act).body["change"])


def _row(one: AddressChange) -> dict[str, Any]:
    return {
        "number": one.pk, "kind": gettext(one.get_kind_display()), "effective_on": wareki(one.effective_on),
        "basis": one.basis, "count": one.rows_count,
        "is_tried": one.trial_id is not None, "is_final": one.final_id is not None,
    }  # fmt: skip


@needs("addresses.change")
@require_http_methods(["POST"])
@implements("resident-record/1.0#9.7/m1")
def extract(request: HttpRequest) -> HttpResponse:
    """How many a change concerns and how many are left out; then their file, to be filled in (対象の抽出)."""
    asked, form = cast(StaffRequest, request), ExtractForm(request.POST, auto_id="extract_%s")
    is_file = request.POST.get("do") == "file"
    found = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            if said["kind"] == "domicile":
                content, count, hidden = domiciles_like(said["blocks"].strip())
            else:
                content, count, hidden = households_of(said["blocks"].split(), range_of_numbers(said["lots"]))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            # A few lots, or the words of one address: how many are left out there would say who is protected.
            counted = hidden if said["kind"] == "address" and not said["lots"].strip() else None
            act, fields = ("batches.extract", ["address"]) if is_file else ("batches.count_extract", [])
            record(actor=asked.staff, act=act, fields=fields, code=f"{said['kind']}:{count}")
            if is_file:
                return download(content, f"address-changes-{said['kind']}.csv")
            found = {"count": count, "hidden": counted, "said": said}
    return _page(asked, ChangesForm(), form, found)


def _found(number: int) -> AddressChange:
    return get_object_or_404(AddressChange.objects.select_related("trial", "final"), pk=number)


@needs("addresses.change")
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One change: what has been done and what comes next (住所一括変更の内容)."""
    found = _found(number)
    running = [job for job in (found.trial, found.final) if job and job.state in (Job.State.WAITING, Job.State.RUNNING)]
    context = {
        "change": _row(found), "trial": _job(found.trial), "final": _job(found.final), "is_running": bool(running),
        "without_letter": without_letter(found, is_before=True),
        "without_letter_after": without_letter(found, is_before=False), "key": uuid4().hex,
    }  # fmt: skip
    response = render(request, "address_changes/detail.html", context)
    if running:
        response["Refresh"] = "3"
    return response


def _job(job: Job | None) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "number": job.pk, "state": gettext(STATES[job.state]), "is_done": job.state == Job.State.DONE,
        "done": job.done, "total": job.total, "errors": job.errors,
    }  # fmt: skip


@needs("addresses.change")
@require_POST
def carry_on(request: HttpRequest, number: int) -> HttpResponse:
    """The next step: the trial, or the final run (仮処理・本処理)."""
    asked, step = cast(StaffRequest, request), request.POST.get("do", "")
    operation = {"trial": order_trial, "final": order_final}.get(step)
    if operation is None:
        raise Refused("入力された値を読み取れません。形を確かめてください。", field="do", code="invalid")

    def act() -> Answer:
        return Answer(201, {"job": operation(actor=asked.staff, change=number).pk})

    body = f"{step} {number}".encode()
    once(actor=asked.staff, key=request.POST.get("key", "") or asked.id, body=body, act=act)
    return redirect("address_changes:detail", number)


@needs("addresses.change")
@require_safe
@implements("resident-record/1.0#9.7/m4")
def results(request: HttpRequest, number: int) -> HttpResponse:
    """Line by line what came of it (処理結果一覧)."""
    return download(results_of(_found(number)), f"address-changes-{number}-results.csv")


@needs("addresses.change")
@require_safe
@implements("resident-record/1.0#9.7/m2")
def letters(request: HttpRequest, number: int, when: str) -> HttpResponse:
    """The letters before or after the change, as PDF (通知書)."""
    asked, found = cast(StaffRequest, request), _found(number)
    made = change_notices(found, is_before=when == "before")
    if not made.households:
        raise Refused("通知書を送る世帯がありません。", code="nobody_to_write_to")
    record(actor=asked.staff, act="batches.print_letters", fields=["name", "address"], code=f"{made.households}")
    return download(made.pdf, f"address-changes-{number}-{when}.pdf", "application/pdf")
