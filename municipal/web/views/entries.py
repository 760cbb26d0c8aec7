"""Entering an act: the form, its confirmation, the provisional entry (異動の入力・確認・仮登録)."""

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.applications.operations.carrying_out import enter_for
from municipal.audit.operations import disclose
from municipal.batches.operations import enter_paper
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.office.answers import Answer, once
from municipal.residents.acts import unconfirmed
from municipal.residents.notices import Notice, as_json
from municipal.residents.operations import amend, enter, open_entry, preview, release_entry
from municipal.web import carrying
from municipal.web.forms.entries import EntryForm, Scene, show_beside
from municipal.web.forms.entry_fields import RELATIONSHIPS, words_of_relationships
from municipal.web.forms.entry_notices import notice_of
from municipal.web.forms.entry_shapes import SHAPES, WITHOUT_MEMBERS

from . import calling, people, quoting, scenes
from .confirmation import confirmation
from .entering import act_title

CARRIED = ("person", "lease", "draft", "paper", "version", "cancels", "corrects", "answers", "rows", "case")
"""What travels with the form from step to step; the server keeps nothing between them."""
OF_HISTORY = {"cancellation": ("cancels",), "correction_of_error": ("corrects",)}
"""Which part of a row of the history an act is opened from."""
AGAIN = frozenset({"add", "look", "propose", "back", "call", "step", "take"})
"""Buttons after which the same form is shown once more."""
NO_LEASE = UUID(int=0)
"""Stands for the lease of whoever opened a form by its address: nobody holds it, so it has run out."""
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "do", "confirmed", "key"})


@needs("residents.enter")
@require_POST
@implements("resident-record/1.0#10.3/m9")
def start(request: HttpRequest) -> HttpResponse:
    """Open an entry for a household: others only view until it ends or time runs out (入力の開始)."""
    asked, said = cast(StaffRequest, request), request.POST
    if said.get("act") not in SHAPES:
        raise Refused("この異動の種類はありません。一覧から選んでください。", field="act", code="no_such_act")
    names = ("person", "paper", "answers", "case", *OF_HISTORY.get(said["act"], ()))
    kept = {name: said[name] for name in names if said.get(name)}
    lease = open_entry(actor=asked.staff, people=scenes.subjects(kept))
    query = urlencode({**kept, "lease": lease.token})
    return HttpResponseRedirect(f"{reverse('entries:form', args=[said['act']])}?{query}")


@needs("residents.enter")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Give an entry up; the people are free for others at once (入力の中止)."""
    asked, token = cast(StaffRequest, request), _lease(request.POST)
    if token is not None:
        release_entry(actor=asked.staff, token=token)
    number = request.POST.get("person", "")
    return redirect("residents:person", number) if number.isascii() and number.isdigit() else redirect("home")


@needs("residents.enter")
@require_http_methods(["GET", "HEAD", "POST"])
@implements(
    "resident-record/1.0#4.0.3/m2", "resident-record/1.0#4.1.0.2/m2", "resident-record/1.0#4.0.9/m1",
    "resident-record/1.0#4.5.6/m3", "resident-record/1.0#2.3.1/m1", "resident-record/1.0#2.3.2/m1")  # fmt: skip
@prints_addresses("entries.form", Purpose.SCREEN)
def form(request: HttpRequest, act: str) -> HttpResponse:
    """The form of an act, and each step from it; the pressed button says which (異動の入力)."""
    asked = cast(StaffRequest, request)
    if act not in SHAPES:
        raise Http404
    if request.method == "POST":
        request.POST = carrying.opened(asked)  # type: ignore[assignment]
    said = request.POST if request.method == "POST" else request.GET
    scene, do = scenes.of(asked, act, said), request.POST.get("do", "")
    if request.method != "POST":
        return _shown(asked, scene, EntryForm(scene, initial=scenes.initial(asked, scene, said)), said)
    if do.partition(":")[0] in AGAIN:
        return _again(asked, scene, said, do)
    filled = EntryForm(scene, request.POST)
    if not filled.is_valid():
        return _shown(asked, scene, filled, said, status=422)
    return _entered(asked, scene, filled) if do == "enter" else _confirm(asked, scene, filled)


def _again(request: StaffRequest, scene: Scene, said: Mapping[str, Any], do: str) -> HttpResponse:
    """The form once more with what was typed, and one more row, a look into a household, or a proposal."""
    typed = {name: request.POST.getlist(name) if name == "movers" else said[name] for name in said}
    if do == "propose":
        typed |= scenes.proposed(scene, said)
    if do == "add":
        codes = scenes.codes_for(request, scene)
        typed |= {f"people-{scene.rows - 1}-resident_code": codes[-1]} if codes else {}
    typed |= quoting.quoted(scene, said, do, scenes.head_name(said.get("joins", "")) if do == "look" else "")
    found = calling.called(do, said, request.town.code)
    typed |= found.fields
    return _shown(request, scene, EntryForm(scene, initial=typed), said, do=do, called=found)


def _shown(
    request: StaffRequest,
    scene: Scene,
    shown: EntryForm,
    said: Mapping[str, Any],
    *,
    status: int = 200,
    do: str = "",
    called: calling.Called = calling.NOTHING,
) -> HttpResponse:
    if called.group:
        # The first element that wants the focus gets it: here the choices do.
        shown.fields["event_on"].widget.attrs["autofocus"] = False
    carried = {name: said[name] for name in CARRIED if said.get(name)} | {"rows": str(scene.rows)}
    joined = scenes.household(said.get("joins", "")) if do == "look" else None
    event = scenes.event(said.get("cancels", ""))
    seen = [one.addressee_id for one in scene.members] + [row["addressee_id"] for row in joined or []]
    seen += event["subjects"] if event else []
    if seen:
        disclose(actor=request.staff, subjects=seen, fields=["name", "relationship"])
    context = {
        "form": shown, "act": scene.act, "title": act_title(scene.act), "carried": carried,
        "subject": scenes.head(scene),
        "until": scenes.until(request, _lease(said)), "words": words_of_relationships(), "words_id": RELATIONSHIPS,
        "joined": None if joined is None else [people.row(row) for row in joined], "looked": do == "look",
        "sections": shown.shown_sections(called.buildings), "event": event, "do": do, "called": called,
        "suggestions": quoting.suggestions(request, scene, said),
    }  # fmt: skip
    return render(request, "entries/form.html", context, status=status)


def _notice(request: StaffRequest, filled: EntryForm) -> Notice:
    said = request.POST
    confirmed = frozenset(code[:40] for code in said.getlist("confirmed"))
    numbers = {name: scenes.whole(said.get(name, "")) for name in ("cancels", "corrects", "answers")}
    return notice_of(filled, **numbers, confirmed=confirmed)


def _confirm(request: StaffRequest, scene: Scene, filled: EntryForm, refused: Refused | None = None) -> HttpResponse:
    """Before and after of everybody; with ``refused``, why it could not be entered as it stood."""
    notice = _notice(request, filled)
    try:
        plan = preview(notice)
    except Refused as why:
        return _refused(request, scene, filled, why)
    if plan.people():
        disclose(actor=request.staff, subjects=plan.people(), fields=people.DISCLOSED)
    said = request.POST
    open_alerts = [alert.code for alert in unconfirmed(plan, notice)]
    shown = confirmation(plan, notice, request.permissions)
    carried = [(name, value) for name in said if name not in NOT_CARRIED for value in said.getlist(name)]
    if any("protected" in one["badges"] for one in shown["people"]):
        carried = [carrying.sealed(request, carried)]
    context = {
        "act": scene.act, "title": act_title(scene.act), "key": uuid4().hex, "carried": carried,
        "until": scenes.until(request, _lease(said)), "missing": open_alerts if refused else [], **shown,
    }  # fmt: skip
    return render(request, "entries/confirm.html", context, status=422 if refused else 200)


def _entered(request: StaffRequest, scene: Scene, filled: EntryForm) -> HttpResponse:
    """The provisional entry, once however often the button is pressed; then its page."""
    notice, said = _notice(request, filled), request.POST
    body = json.dumps([scene.act, as_json(notice), said.get("draft", "")], ensure_ascii=False, sort_keys=True)
    try:
        answer = once(
            actor=request.staff, key=said.get("key", ""), body=body.encode(), act=lambda: _enter(request, notice)
        )
    except Refused as refused:
        if refused.code.startswith("unconfirmed:"):
            request.refusals.append(refused)
            return _confirm(request, scene, filled, refused)
        return _refused(request, scene, filled, refused)
    messages.success(request, gettext("仮登録しました。決定されるまで、台帳は変わりません。"))
    return redirect("drafts:detail", answer.body["draft"])


def _enter(request: StaffRequest, notice: Notice) -> Answer:
    said = request.POST
    number = scenes.whole(said.get("draft", ""))
    if number is None:
        is_leased = notice.act not in WITHOUT_MEMBERS
        lease, case = _lease(said) or (NO_LEASE if is_leased else None), scenes.whole(said.get("case", ""))
        if case is None:
            made = enter(actor=request.staff, notice=notice, lease=lease)
        else:
            made = enter_for(actor=request.staff, case=case, notice=notice, lease=lease)
        if said.get("paper") and "caught_up.enter" in request.permissions:
            enter_paper(actor=request.staff, number=said["paper"][:20], draft=made)
    else:
        version = scenes.whole(said.get("version", "")) or 0
        made = amend(actor=request.staff, draft=number, notice=notice, version=version)
    return Answer(201, {"draft": made.pk})


def _refused(request: StaffRequest, scene: Scene, filled: EntryForm, refused: Refused) -> HttpResponse:
    """The form with what was typed, and the sentence beside its field or on top."""
    status = status_of(refused)
    show_beside(request, filled, refused)
    return _shown(request, scene, filled, request.POST, status=status)


def _lease(said: Mapping[str, Any]) -> UUID | None:
    """The token of the lease; None where the form carries none, or nothing that is one."""
    try:
        return UUID(str(said.get("lease", "")))
    except ValueError:
        return None
