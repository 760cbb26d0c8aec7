"""Everything with its source, the large page for the resident, identity and signature (確認・署名の画面)."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applications.counter.counting import OF_THE_MOVE, Counts, counted, planned
from municipal.applications.counter.questions import once, without_law
from municipal.applications.counter.sources import HEARD, RECEIVED, Member, members
from municipal.applications.models import Draft, Reception
from municipal.applications.operations.at_the_counter import drafts_of, hand_in, let_go, reception_of
from municipal.applications.operations.submitting import lacking
from municipal.applications.prefill import HELD, must_be_confirmed
from municipal.applications.rules.applicant import asked_of_applicant, papers
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.web.forms.desk import AgreeForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.languages import LANGUAGES

from .apply import answered, files_of
from .casework import STATES, language
from .desk import read
from .once import new_key, pressed_once


def counts_of(found: Reception, drafts: Sequence[Draft], people: Sequence[Member]) -> Counts:
    """How many values were typed, ticked and taken (入力と引用の数)."""
    asked = [(one, draft.answers.get(one.name), draft.people) for draft, fields in once(drafts) for one in fields]
    written = sum(bool(draft.filled[name]["typed"]) for draft, items in without_law(drafts) for name in items)
    return counted(found.bundle.applicant, asked, people, written)


def _source(name: str, value: Any, found: Reception, people: Sequence[Member]) -> str:
    """From where a value comes that stands in an answer: a source of somebody, or the clerk asked."""
    own = next((one for one in people if one.name == found.bundle.applicant.get("name")), None)
    if own is not None and own.person.get(name) == value:
        return own.source
    is_planned = name in OF_THE_MOVE and value in planned(people)
    return RECEIVED if is_planned else HEARD


def written(found: Reception, drafts: Sequence[Draft], people: Sequence[Member], tongue: str) -> dict[str, Any]:
    """Who applies, and by procedure what was answered and what is taken over, as it is read (内容)."""
    said = found.bundle.applicant
    everything = {one.name: one for draft in drafts for one in asked_of_applicant(draft.asked)}.values()
    parts = []
    for draft, questions in once(drafts):
        files = files_of(draft)
        rows = answered(questions, draft.answers, draft.people, tongue, files)
        rows += [row for row in answered(papers(draft.asked), {}, {}, tongue, files) if row["lines"]]
        rows += [
            {"name": one.name, "label": one.label.said(tongue), "lines": [draft.filled[one.name]["typed"]], "page": ""}
            for one in draft.asked.holds if draft.filled.get(one.name, {}).get("typed")
        ]  # fmt: skip
        held = [
            {"name": one.name, "label": one.label.said(tongue), **draft.filled[one.name]}
            for one in draft.asked.holds if draft.filled.get(one.name, {}).get("status") == HELD
        ]  # fmt: skip
        for row in rows:
            row["source"] = _source(row["name"], draft.answers.get(row["name"]), found, people)
        parts.append({
            "title": draft.asked.title.said(tongue), "rows": [row for row in rows if row["lines"]],
            "held": [one for one in held if one["lines"]],
        })  # fmt: skip
    applicant = [row for row in answered(list(everything), said, {}, tongue, {}) if row["lines"]]
    for row in applicant:
        row["source"] = _source(row["name"], said.get(row["name"]), found, people)
    return {"applicant": applicant, "parts": parts}


def _missing(drafts: Sequence[Draft]) -> list[dict[str, str]]:
    """What keeps each procedure from being handed in, in words."""
    found = []
    for draft in drafts:
        fields = (*asked_of_applicant(draft.asked), *draft.asked.asks)
        labels = {one.name: one.label.said(language()) for one in fields}
        labels |= {one.name: one.label.said(language()) for one in draft.asked.holds}
        # What is held is confirmed with the signature, all of it at once.
        to_confirm = {name for name, one in draft.filled.items() if must_be_confirmed(one)}
        found += [
            {"title": draft.asked.title.said(language()), "label": labels.get(name, name)}
            for name in lacking(draft) if name not in to_confirm
        ]  # fmt: skip
    return found


@needs("applications.counter")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reception: UUID) -> HttpResponse:
    """All values with their sources; then identity and signature, and everything is handed in at once (確認と提出)."""
    asked, found = cast(StaffRequest, request), reception_of(reception)
    if found.handed_in_at is not None:
        return redirect("desk:done", found.public)
    drafts, people = drafts_of(found), members(found.who, clock.today())
    if not drafts:
        return redirect("desk:plan", found.public)
    read(asked, people)
    form = AgreeForm(found.channel, request.POST if request.method == "POST" else None)
    counts = counts_of(found, drafts, people)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: _handed_in(asked, found, form, counts))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return redirect("desk:done", found.public)
    context = {
        "reception": found, "people": people, "form": form, "missing": _missing(drafts), "counts": counts,
        "key": new_key(request), **written(found, drafts, people, language()),
    }  # fmt: skip
    return render(request, "desk/check.html", context, status=422 if form.errors else 200)


def _handed_in(request: StaffRequest, found: Reception, form: AgreeForm, counts: Counts) -> int:
    said = form.cleaned_data
    return len(hand_in(
        actor=request.staff, reception=found.public, identity_check=said["identity_check"],
        identity_document=said["identity_document"], agreed=said["agreed"], remark=said["remark"], counts=counts,
    ))  # fmt: skip


@needs("applications.counter")
@require_safe
def shown(request: HttpRequest, reception: UUID) -> HttpResponse:
    """The turned screen: large letters, one column, this application alone, in four languages (本人に見せる画面)."""
    asked, found = cast(StaffRequest, request), reception_of(reception)
    if found.handed_in_at is not None:
        return redirect("desk:done", found.public)
    drafts, people = drafts_of(found), members(found.who, clock.today())
    read(asked, people)
    tongue = request.GET.get("lang", "ja")
    tongue = tongue if tongue in LANGUAGES else "ja"
    context = {
        "reception": found, "people": people, "town": asked.town, "tag": tongue[:2],
        "languages": [{"code": code, "name": name, "tag": code[:2]} for code, name in LANGUAGES.items()],
        **written(found, drafts, people, tongue),
    }  # fmt: skip
    with override(tongue):
        return render(request, "desk/large.html", context)


@needs("applications.counter")
@require_safe
def done(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Numbers, what was typed and what was not, and the paper to hand over (受付の完了)."""
    found = reception_of(reception)
    if found.handed_in_at is None:
        return redirect("desk:check", found.public)
    rows = [
        {
            "id": case.pk, "number": case.number, "title": case.asked.title.said(language()),
            "due_on": wareki(case.due_on), "state": gettext(STATES[case.state]),
        }
        for case in found.bundle.cases.order_by("pk")
    ]  # fmt: skip
    context = {"reception": found, "rows": rows, "counts": found.counts, "name": found.bundle.applicant.get("name", "")}
    return render(request, "desk/done.html", context)


@needs("applications.counter")
@require_POST
def drop(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Give a reception up (受付の取消し)."""
    asked = cast(StaffRequest, request)
    let_go(actor=asked.staff, reception=reception_of(reception).public)
    messages.success(request, gettext("受付を取り消しました。"))
    return redirect("desk:home")
