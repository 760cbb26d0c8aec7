"""Building questions, asking them, looking at the answer, taking files (抽出の画面)."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.extracts import inspection_copies, operations, queries, sampling, wizard
from municipal.extracts.language.functions import FUNCTIONS
from municipal.extracts.models import ExtractFile, ExtractRun, SavedQuery
from municipal.extracts.sources import source_of, sources
from municipal.extracts.wards import notice_to_destination
from municipal.extracts.writing import CONTENT_TYPES, SUFFIXES
from municipal.identity.access import StaffRequest, needs
from municipal.office.answers import Answer, once
from municipal.residents.inquiry import withheld
from municipal.web.forms.extracts import (
    CopyingForm,
    FileForm,
    PurposeForm,
    QueryForm,
    SamplingForm,
    initial_of,
    said_of,
)
from municipal.web.forms.refusing import show_and_log

from . import extracted
from .downloads import download
from .paging import pager

ANY = ("extracts.run", "extracts.sample", "extracts.inspection_copy")
PAGE, LABELS, RUNS = 50, 42, 30


@needs(*ANY)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where to ask, what was kept, what one asked before (データの抽出)."""
    asked = cast(StaffRequest, request)
    kept = SavedQuery.objects.filter(retired_at=None).select_related("owner").order_by("name")
    runs = ExtractRun.objects.filter(owner=asked.staff).order_by("-number")[:RUNS]
    context = {
        "sources": [{"code": one.code, "name": gettext(one.name)} for one in sources().values()],
        "saved": [
            extracted.saved(one, asked.staff.pk) for one in kept if one.is_shared or one.owner_id == asked.staff.pk
        ],
        "runs": [extracted.run(one) for one in runs],
        "may_run": "extracts.run" in asked.permissions, "may_sample": "extracts.sample" in asked.permissions,
        "may_copy": "extracts.inspection_copy" in asked.permissions,
    }  # fmt: skip
    return render(request, "extracts/overview.html", context)


@needs("extracts.run")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#10.1/m12", "resident-record/1.0#10.1/m17")
def build(request: HttpRequest, source: str) -> HttpResponse:
    """Choose items and conditions from lists, or write them; sent, it is asked (条件の組立て)."""
    asked = cast(StaffRequest, request)
    if source not in sources():
        raise Http404
    form = QueryForm(
        request.POST if request.method == "POST" else None, source=source_of(source),
        permissions=asked.permissions, initial=_initial(asked, source),
    )  # fmt: skip

    def act(form: PurposeForm) -> ExtractRun:
        question = cast(QueryForm, form).query()
        if form.cleaned_data["name"].strip():
            operations.save_query(
                actor=asked.staff, name=form.cleaned_data["name"], query=question,
                is_shared=form.cleaned_data["is_shared"],
            )  # fmt: skip
        return operations.run_query(actor=asked.staff, query=question, **said_of(form))

    answer = _begun(asked, form, act)
    if answer is not None:
        return answer
    context = {"form": form, "source": source_of(source), "name": gettext(source_of(source).name)}
    return render(request, "extracts/build.html", context, status=422 if form.errors else 200)


def _initial(request: StaffRequest, source: str) -> dict[str, Any]:
    """What the form says at first: a kept question, one that was asked, or the usual items."""
    saved, run = request.GET.get("saved", ""), request.GET.get("run", "")
    if saved.isascii() and saved.isdigit() and len(saved) < 15:
        found = get_object_or_404(SavedQuery, pk=int(saved), retired_at=None)
        if not found.is_shared and found.owner_id != request.staff.pk:
            raise Http404
        return _of(found.query, source) | {"name": found.name if found.owner_id == request.staff.pk else ""}
    if run.isascii() and run.isdigit() and len(run) < 10:
        return _of(_own(request, int(run), kind=ExtractRun.Kind.QUERY).asked, source)
    usual = ("宛名番号", "氏名", "氏名_フリガナ", "性別", "生年月日")
    return {"items": [name for name in usual if name in source_of(source).items]}


def _of(kept: Any, source: str) -> dict[str, Any]:
    question = queries.read(kept)
    if question.source != source:
        raise Http404
    return initial_of(question)


def _own(request: StaffRequest, number: int, **said: Any) -> ExtractRun:
    return get_object_or_404(ExtractRun.objects.select_related("owner"), number=number, owner=request.staff, **said)


def _begun(request: StaffRequest, form: PurposeForm, act: Callable[[PurposeForm], ExtractRun]) -> HttpResponse | None:
    """Begin a run of a form that was sent, once however often it is; None where the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    body = repr(sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken"))
    key = f"extracts.begin {form.cleaned_data['token'] or request.id}"
    try:
        kept = once(
            actor=request.staff, key=key, body=body.encode("utf-8", "backslashreplace"),
            act=lambda: Answer(201, {"number": act(form).number}),
        )  # fmt: skip
    except Refused as refused:
        show_and_log(request, form, refused)
        return None
    return redirect("extracts:result", int(kept.body["number"]))


def _blocks() -> list[str]:
    return sampling.blocks(hidden=withheld())


@needs("extracts.sample")
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest) -> HttpResponse:
    """Draw people at random (無作為抽出)."""
    asked = cast(StaffRequest, request)
    form = SamplingForm(request.POST if request.method == "POST" else None, blocks=_blocks())

    def act(form: PurposeForm) -> ExtractRun:
        return operations.run_sample(actor=asked.staff, asked=cast(SamplingForm, form).asked(), **said_of(form))

    return _begun(asked, form, act) or render(
        request, "extracts/sample.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("extracts.inspection_copy")
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """Make the copy that the public may inspect (閲覧用台帳の作成)."""
    asked = cast(StaffRequest, request)
    form = CopyingForm(request.POST if request.method == "POST" else None, blocks=_blocks())

    def act(form: PurposeForm) -> ExtractRun:
        return operations.run_copy(actor=asked.staff, asked=cast(CopyingForm, form).asked(), **said_of(form))

    return _begun(asked, form, act) or render(
        request, "extracts/copy.html", {"form": form}, status=422 if form.errors else 200
    )


@needs(*ANY)
@require_safe
@implements("resident-record/1.0#10.1/m15")
@prints_addresses("extracts.result", Purpose.SCREEN)
def result(request: HttpRequest, number: int) -> HttpResponse:
    """What a run found, fifty rows to a page, and its files (抽出結果)."""
    asked = cast(StaffRequest, request)
    found = _own(asked, number)
    wanted = request.GET.get("page", "1")
    place = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 7 else 1
    context = {
        "run": extracted.run(found), "form": FileForm(), "files": extracted.files(found),
        **extracted.answer(asked.staff, found, max(place, 1), PAGE),
    }  # fmt: skip
    page = Paginator(range(context["count"]), PAGE).get_page(place)
    return render(request, "extracts/result.html", context | {"pager": pager(page, request)})


@needs(*ANY)
@require_safe
@implements("resident-record/1.0#10.1/m15")
@prints_addresses("extracts.labels_shown", Purpose.SCREEN)
def labels(request: HttpRequest, number: int) -> HttpResponse:
    """The labels of a run as they will be printed (宛名の表示)."""
    asked = cast(StaffRequest, request)
    found = _own(asked, number)
    wanted = request.GET.get("page", "1")
    place = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 7 else 1
    shown, count = operations.show_labels(actor=asked.staff, run=found, start=(max(place, 1) - 1) * LABELS, size=LABELS)
    page = Paginator(range(count), LABELS).get_page(place)
    context = {"run": extracted.run(found), "labels": shown, "count": count, "pager": pager(page, request)}
    return render(request, "extracts/labels.html", context)


@needs(*ANY)
@require_POST
def order(request: HttpRequest, number: int) -> HttpResponse:
    """Have a file written in the background; sent twice it is one file (ファイルへの出力)."""
    asked, form = cast(StaffRequest, request), FileForm(request.POST)
    found = _own(asked, number)
    if not form.is_valid():
        raise Refused("ファイルの形式を一覧から選んでください。", field="format", code="no_such_format")
    said = form.cleaned_data

    def act() -> Answer:
        made = operations.order_file(actor=asked.staff, run=found, format=said["format"], is_spoken=said["is_spoken"])
        return Answer(201, {"file": made.pk})

    key = f"extracts.order_file {number} {said['token'] or asked.id}"
    once(actor=asked.staff, key=key, body=f"{said['format']} {said['is_spoken']}".encode(), act=act)
    messages.success(request, gettext("ファイルを作成しています。できると下の一覧から取り出せます。"))
    return redirect("extracts:result", number)


@needs(*ANY)
@require_safe
def file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """One file, to be saved (抽出ファイルの取出し)."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(
        ExtractFile.objects.select_related("run__owner"), pk=file, run__number=number, run__owner=asked.staff
    )
    content = operations.take_file(actor=asked.staff, file=found)
    return download(content, f"extract-{number}{SUFFIXES[found.format]}", CONTENT_TYPES[found.format])


@needs("extracts.run")
@require_POST
def retire(request: HttpRequest, saved: int) -> HttpResponse:
    """Take a kept question of one's own out of use (抽出条件の廃止)."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(SavedQuery, pk=saved, owner=asked.staff)
    operations.retire_query(actor=asked.staff, saved=found)
    messages.success(request, gettext("条件を一覧から外しました。"))
    return redirect("extracts:overview")


@needs("residents.enter")
@require_POST
def ward_notice(request: HttpRequest, number: str) -> HttpResponse:
    """The notice to the municipality to which an adult ward goes (成年被後見人異動通知)."""
    content = notice_to_destination(actor=cast(StaffRequest, request).staff, number=number)
    return download(content, "ward-notice.pdf", "application/pdf")


@needs("extracts.run")
@require_safe
def words(request: HttpRequest, source: str) -> HttpResponse:
    """Every item and function that an expression may name (式の手引き)."""
    if source not in sources():
        raise Http404
    found = source_of(source)
    context = {
        "source": found, "name": gettext(found.name),
        "items": [extracted.item(one) for one in found.items.values()],
        "functions": [extracted.function(name, one) for name, one in FUNCTIONS.items()],
        "comparisons": list(wizard.COMPARISONS), "orders": inspection_copies.ORDERS,
    }  # fmt: skip
    return render(request, "extracts/words.html", context)
