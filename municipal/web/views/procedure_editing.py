"""Writing the catalogue anew: drafts, changes, publication by a second person, one file (手続カタログの編集画面)."""

from difflib import unified_diff
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.procedures import operations
from municipal.procedures.catalogue import Content, entry_of, written
from municipal.procedures.exports import catalogue_file
from municipal.procedures.models import ProcedureVersion
from municipal.procedures.offered import current, entries
from municipal.procedures.rules import faults_of, parsed
from municipal.web.forms.procedures import CatalogueForm, ReturnForm, WordingForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .downloads import download
from .once import new_key, pressed_once
from .procedures import described, row_of

EDIT, PUBLISH = "procedures.edit", "procedures.publish"


def _language() -> str:
    return "en" if get_language() == "en" else "ja"


@needs(EDIT, PUBLISH)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every procedure, and which of them have a wording that is not yet published (手続カタログの一覧)."""
    return _list(cast(StaffRequest, request), CatalogueForm())


def _list(request: StaffRequest, form: CatalogueForm) -> HttpResponse:
    waiting = ProcedureVersion.objects.exclude(state=ProcedureVersion.State.PUBLISHED).select_related("procedure")
    open_ = {one.procedure.code: one for one in waiting}
    known = {code: entry_of(one.content) for code, one in open_.items()} | {entry.id: entry for entry in entries()}
    shown = {entry.id: entry.version for entry in entries()}
    # What somebody has to decide stands on top, drafts come next.
    order = {"proposed": 0, "draft": 1}
    codes = sorted(known, key=lambda code: (order[open_[code].state] if code in open_ else 2, code))
    context = {
        "rows": [
            {**row_of(known[code], _language()), "version": shown.get(code, ""), "open": open_.get(code)}
            for code in codes
        ],
        "form": form, "key": new_key(request), "town_code": request.town.code,
        "may_edit": EDIT in request.permissions,
    }  # fmt: skip
    return render(request, "procedures/list.html", context, status=422 if form.errors else 200)


@needs(EDIT, PUBLISH)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """The catalogue as one file, for another town (カタログの出力)."""
    return download(catalogue_file(cast(StaffRequest, request).town).encode(), "procedures.json")


@needs(EDIT)
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Another town's file becomes drafts; nothing of it is published by that (カタログの受入れ)."""
    asked, form = cast(StaffRequest, request), CatalogueForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            count = pressed_once(asked, lambda: len(operations.take_in_catalogue(actor=asked.staff, data=data)))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("下書きにした手続: %(count)s件") % {"count": count})
            return redirect("procedures:list")
    return _list(asked, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The wording as text; every fault of what was typed, and nothing typed is lost (手続の編集)."""
    asked, now = cast(StaffRequest, request), current(code)
    draft = ProcedureVersion.objects.filter(procedure__code=code).exclude(state="published").first()
    if now is None and draft is None:
        raise Http404
    if draft is not None and draft.state == ProcedureVersion.State.PROPOSED:
        return redirect("procedures:version", draft.pk)
    content = draft.content if draft else now
    initial = {"text": written(cast(Content, content)), "seen": draft.digest if draft else ""}
    form = WordingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = pressed_once(
                asked,
                lambda: operations.write_draft(actor=asked.staff, code=code, text=said["text"], seen=said["seen"]).pk,
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("下書きを保存しました。公開はまだされていません。"))
            return redirect("procedures:version", made)
    context = {"form": form, "code": code, "key": new_key(request), "draft": draft, "faults": _faults(form)}
    return render(request, "procedures/edit.html", context, status=422 if form.errors else 200)


def _faults(form: WordingForm) -> list[dict[str, str]]:
    """All that is wrong with what was typed; the refusal itself names only the first."""
    if not form.errors:
        return []
    content, faults = parsed(form.data.get("text", "").encode("utf-8", "replace"))
    return [{"key": one.key, "said": one.said} for one in faults or faults_of(content)][:50]


@needs(EDIT, PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A wording as residents would read it, what changes, and what can be done with it (版の確認)."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(ProcedureVersion.objects.select_related("procedure"), pk=number)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _acted(asked, found, form.cleaned_data)
        except Refused as refused:
            show_and_log(asked, form, refused)
    known = {entry.id: entry for entry in entries()}
    before = found.procedure.versions.filter(number__lt=found.number, state="published").order_by("number").last()
    old = before.content if before else current(found.procedure.code)
    context = {
        "version": found, "form": form, "key": new_key(request), "changes": _changes(old, found.content),
        "is_new": old is None, "may": _may(asked, found), "writer": _name(found.written_by),
        "written_at": people.moment(found.written_at), "language": _language(), "tag": _language(),
        **described(entry_of(found.content), known, _language()),
    }  # fmt: skip
    return render(request, "procedures/version.html", context, status=422 if form.errors else 200)


def _name(staff: int) -> str:
    found = Staff.objects.filter(pk=staff).first()
    return found.name if found else gettext("システム")


def _may(request: StaffRequest, version: ProcedureVersion) -> dict[str, bool]:
    """Which buttons stand there; the operations decide by themselves."""
    is_mine = request.staff.pk in (version.written_by, version.proposed_by)
    is_draft, is_proposed = version.state == "draft", version.state == "proposed"
    return {
        "edit": is_draft and EDIT in request.permissions, "wait": is_proposed and is_mine,
        "publish": is_proposed and PUBLISH in request.permissions and not is_mine,
        "return": is_proposed and bool({EDIT, PUBLISH} & request.permissions),
    }  # fmt: skip


def _acted(request: StaffRequest, version: ProcedureVersion, said: dict[str, Any]) -> HttpResponse:
    act, staff, pk = said["act"], request.staff, version.pk
    needed = PUBLISH if act == "publish" else EDIT
    if act != "return" and needed not in request.permissions:
        raise Refused(gettext("この操作の権限がありません。"), code="forbidden")
    acts = {
        "propose": lambda: operations.propose_version(actor=staff, version=pk).pk,
        "publish": lambda: operations.publish_version(actor=staff, version=pk).pk,
        "return": lambda: operations.return_version(actor=staff, version=pk, reason=said["reason"]).pk,
        "discard": lambda: operations.discard_draft(actor=staff, version=pk),
    }
    words = {
        "propose": gettext("公開を申し出ました。別の職員が確かめて公開します。"),
        "publish": gettext("公開しました。いまから住民の画面に出ます。"),
        "return": gettext("差し戻しました。"), "discard": gettext("下書きを破棄しました。"),
    }  # fmt: skip
    pressed_once(request, acts[act])
    messages.success(request, words[act])
    return redirect("procedures:list") if act in ("publish", "discard") else redirect("procedures:version", pk)


def _changes(old: Content | None, new: Content) -> list[dict[str, str]]:
    """The lines that go and come, each with a little of what stands around it."""
    if old is None:
        return []
    before = written(old | {"version": new["version"]})
    lines = list(unified_diff(before.splitlines(), written(new).splitlines(), n=1, lineterm=""))[2:]
    return [
        {"kind": {"+": "come", "-": "go"}.get(line[0], "stay"), "text": "…" if line[0] == "@" else line[1:]}
        for line in lines
    ]
