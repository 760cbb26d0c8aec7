"""The dictionaries: which there are, their entries, an entry said anew, a file taken in (マスタの画面)."""

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import eras, wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.answers import Answer, once
from municipal.places.finding import dictionaries
from municipal.places.models import Master
from municipal.places.operations import load_blocks, load_countries
from municipal.web.forms.places import KINDS, DictionaryFileForm, EntryOfKindForm, Kind
from municipal.web.forms.refusing import show_and_log

from .paging import pager

PAGE = 50
MOST_BYTES = 64 * 1024 * 1024


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@needs("places.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m2", "resident-record/1.0#1.3.6/m1")
def overview(request: HttpRequest) -> HttpResponse:
    """Every dictionary; the last update of those that come as files, and a file to take in (住所辞書などの管理)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    sent: Any = (request.POST, request.FILES) if is_sent else (None, None)
    form = DictionaryFileForm(sent[0], sent[1], initial={"as_of": clock.today()})
    if is_sent and form.is_valid():
        try:
            return _taken(asked, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
    names = dict(form.fields["dictionary"].choices)  # type: ignore[attr-defined]
    updates = [
        {"name": names[name], "as_of": wareki(last.as_of) if last else "", "source": last.source if last else "",
         "is_due": is_due}
        for name, last, is_due in dictionaries()
    ]  # fmt: skip
    kinds = [
        {"name": name, "title": kind.title, "count": kind.model.objects.on(clock.today()).count()}
        for name, kind in KINDS.items()
    ]
    years = [{"name": era.name_ja, "letter": era.letter, "code": era.code, "first": era.starts_on} for era in eras()]
    context = {"form": form, "updates": updates, "kinds": kinds, "eras": years, "key": uuid4().hex}
    return render(request, "places/overview.html", context, status=422 if form.errors else 200)


def _taken(request: StaffRequest, form: DictionaryFileForm) -> HttpResponse:
    said = form.cleaned_data
    if said["file"].size > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。分けて取り込んでください。", field="file", code="too_large")
    content = said["file"].read()
    load = load_blocks if said["dictionary"] == "blocks" else load_countries

    def act() -> Answer:
        made = load(actor=request.staff, content=content, as_of=said["as_of"], source=said["source"])
        return Answer(201, {"added": made.added, "changed": made.changed, "ended": made.ended})

    body = content + repr((said["dictionary"], said["as_of"], said["source"])).encode()
    answer = once(actor=request.staff, key=request.POST.get("key", "") or request.id, body=body, act=act)
    messages.success(
        request, gettext("取り込みました。追加%(added)d件、変更%(changed)d件、廃止%(ended)d件です。") % answer.body
    )
    return redirect("places:overview")


@needs("places.manage")
@require_safe
def entries(request: HttpRequest, kind: str) -> HttpResponse:
    """The entries of one dictionary that are believed now, former ones too (マスタの一覧)."""
    found, typed = _kind(kind), request.GET.get("q", "").strip()[:40]
    rows = found.model.objects.known()
    if typed:
        texts = [name for name in found.fields if name not in ("block_codes", "address") and not name.startswith("is_")]
        wanted = Q()
        for name in texts:
            wanted |= Q(**{f"{name}__contains": typed})
        rows = rows.filter(wanted)
    page = Paginator(rows.order_by(*found.model.KEY, "valid"), PAGE).get_page(request.GET.get("page"))
    shown = list(found.fields.items())[:6]
    context = {
        "kind": kind, "title": found.title, "typed": typed, "headings": [label for _name, label in shown],
        "rows": [_row(one, [name for name, _label in shown]) for one in page.object_list],
        "pager": pager(page, request), "count": page.paginator.count,
    }  # fmt: skip
    return render(request, "places/entries.html", context)


def _row(one: Master, names: list[str]) -> dict[str, Any]:
    valid: Any = one.valid
    labelled = [getattr(one, f"get_{name}_display", lambda n=name: getattr(one, n))() for name in names]
    cells = [" ".join(cell) if isinstance(cell, list) else cell for cell in labelled]
    return {
        "number": one.pk, "first": cells[0], "cells": cells[1:], "from": wareki(valid.lower),
        "until": wareki(valid.upper) if valid.upper else "",
    }  # fmt: skip


@needs("places.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#1.3.3/m4")
def entry(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    """An entry to be said for the first time or anew; saving it keeps what was said before (マスタの登録・修正)."""
    asked, found = cast(StaffRequest, request), _kind(kind)
    initial: dict[str, Any] = {"valid_from": clock.today()}
    if number is not None:
        # Pressed twice, the entry is no longer what is believed: the first answer is given again.
        of = found.model.objects.all() if request.method == "POST" else found.model.objects.known()
        initial |= _said(get_object_or_404(of, pk=number), found)
    form = EntryOfKindForm(found, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            _put(asked, found, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("登録しました。前の内容も残っています。"))
            return redirect("places:entries", kind)
    context = {"form": form, "kind": kind, "title": found.title, "is_new": number is None, "key": uuid4().hex}
    return render(request, "places/entry.html", context, status=422 if form.errors else 200)


def _said(one: Master, kind: Kind) -> dict[str, Any]:
    valid: Any = one.valid
    said = {name: getattr(one, name) for name in kind.fields} | {"valid_until": valid.upper}
    if "block_codes" in said:
        said["block_codes"] = " ".join(said["block_codes"])
    return said


def _put(request: StaffRequest, kind: Kind, form: EntryOfKindForm) -> None:
    days = {name: form.cleaned_data[name] for name in ("valid_from", "valid_until")}

    def act() -> Answer:
        return Answer(201, {"number": kind.put(actor=request.staff, entry=form.entry(), **days).pk})

    body = repr((kind.model.__name__, sorted(form.cleaned_data.items(), key=lambda one: one[0]))).encode()
    once(actor=request.staff, key=request.POST.get("key", "") or request.id, body=body, act=act)
