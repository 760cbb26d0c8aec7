"""The office's desk of the linkage: what is open, what others ask of us, the simulated other side (情報連携の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applications.models import Case
from municipal.audit.operations import disclose, record
from municipal.core.refusals import Refused
from municipal.evidence.answering import answer_of, is_protected
from municipal.evidence.kinds import LINKAGE, items_of, kinds
from municipal.evidence.models import (
    BEHAVIOUR_NAMES,
    INCOMING_NAMES,
    STATE_NAMES,
    Behaviour,
    EvidenceRequest,
    IncomingQuestion,
    SimulatedQuestion,
)
from municipal.evidence.operations import change_settings, decide_question, needs_simulator, play, settings
from municipal.evidence.rules.states import OPEN, Incoming, State
from municipal.evidence.server import server
from municipal.evidence.simulator import chosen
from municipal.evidence.tasks import attend_everywhere
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities import wall
from municipal.office.tasks import wake
from municipal.procedures.catalogue import by_id
from municipal.procedures.offered import offered
from municipal.residents.inquiry import rows as listed
from municipal.web.forms.evidence import DecideForm, PlayForm, SettingsForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .case_evidence import said_of
from .casework import language
from .once import new_key, pressed_once

WORK, ANSWER, SETTINGS = "applications.work", "evidence.answer", "evidence.settings"
SHOWN = 50


@needs(WORK, ANSWER, SETTINGS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Questions of others that wait for somebody, and ours that are open (情報連携の一覧)."""
    staff, who = cast(StaffRequest, request), server(wall.current())
    ours = list(EvidenceRequest.objects.filter(state__in=OPEN).order_by("answer_by", "pk")[:SHOWN])
    others = list(IncomingQuestion.objects.order_by("-received_at", "-pk")[:SHOWN])
    held = list(IncomingQuestion.objects.filter(state=Incoming.HELD.value).order_by("received_at", "pk"))
    cases = dict(Case.objects.filter(number__in=[one.reference for one in ours]).values_list("number", "pk"))
    record(actor=staff.staff, act="evidence.list", fields=["kind", "state"])
    now = settings()
    context = {
        "has_server": who is not None, "is_simulated": who is not None and who.is_simulated,
        "held": [_incoming(one) for one in held], "others": [_incoming(one) for one in others],
        "rows": [_ours(one, cases) for one in ours], "may_answer": ANSWER in staff.permissions,
        "may_set": SETTINGS in staff.permissions, "now": now, "form": _settings_form(), "key": new_key(request),
    }  # fmt: skip
    return render(request, "linkage/desk.html", context)


def _settings_form(data: Any = None) -> SettingsForm:
    now = settings()
    return SettingsForm(
        data, initial={"asks_automatically": now.asks_automatically, "patience_days": now.patience_days}
    )


def _incoming(one: IncomingQuestion) -> dict[str, Any]:
    return {
        "id": one.pk, "asker": one.asker, "what": one.asks.title.said(language()), "law": f"{one.law}{one.article}",
        "state": INCOMING_NAMES[Incoming(one.state)], "at": people.moment(one.received_at),
        "is_withheld": one.is_withheld,
    }  # fmt: skip


def _ours(one: EvidenceRequest, cases: dict[str, int]) -> dict[str, Any]:
    return {
        "number": one.reference, "case": cases.get(one.reference), "what": one.asks.title.said(language()),
        "office": one.asks.office.said(language()), "state": STATE_NAMES[State(one.state)],
        "by": people.moment(one.answer_by), "attempts": one.attempts,
    }  # fmt: skip


@needs(SETTINGS)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Whether it is asked by itself, and for how long an answer is waited for (情報連携の設定)."""
    staff, form = cast(StaffRequest, request), _settings_form(request.POST)
    if form.is_valid():
        change_settings(actor=staff.staff, **form.cleaned_data)
        messages.success(request, gettext("設定を変更しました。"))
    else:
        messages.error(request, gettext("待つ日数は1日から60日までです。"))
    return redirect("linkage:desk")


@needs(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def incoming(request: HttpRequest, row: int) -> HttpResponse:
    """A question that is not answered automatically: what would be said, and the two ways to decide (照会への回答)."""
    staff, found = cast(StaffRequest, request), get_object_or_404(IncomingQuestion, pk=row)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(staff, lambda: decide_question(
                actor=staff.staff, question=found.pk, is_answered=request.POST.get("act") == "answer",
                reason=form.cleaned_data["reason"],
            ).pk)  # fmt: skip
        except Refused as refused:
            show_and_log(staff, form, refused)
        else:
            messages.success(request, gettext("決めました。相手に送ります。"))
            return redirect("linkage:desk")
    is_held = found.state == Incoming.HELD
    context = _incoming(found) | {
        "form": form, "key": new_key(request), "is_held": is_held, "procedure": _procedure(found.procedure),
        "person": _person(found), "items": _would_say(staff, found) if is_held else [], "reason": found.reason,
        "is_protected": found.subject_id is not None and is_protected(found.subject_id),
    }  # fmt: skip
    return render(request, "linkage/incoming.html", context, status=422 if form.errors else 200)


def _procedure(name: str) -> str:
    """The title of a procedure that this town offers too; else as the other office wrote it."""
    known = by_id(offered().entries).get(name)
    return known.title.said(language()) if known else name


def _person(found: IncomingQuestion) -> dict[str, Any] | None:
    """Name, number and badges; where the person lives is nowhere on the page."""
    rows = listed([found.subject_id]) if found.subject_id else []
    if not rows:
        return None
    shown = people.row(rows[0])
    return {"number": shown["number"], "name": shown["name"], "badges": shown["badges"]}


def _would_say(staff: StaffRequest, found: IncomingQuestion) -> list[dict[str, str]]:
    if found.subject is None:
        return []
    said, _day = answer_of(found.subject, found.kind)
    known = items_of(found.kind)
    disclose(
        actor=staff.staff, act="evidence.look", subjects=[found.subject.pk], fields=["name", *sorted(said)],
        purpose=f"{found.procedure} {found.law}{found.article}"[:200],
    )  # fmt: skip
    return [{"label": known[name].label.said(language()), "value": said_of(known[name], value)}
            for name, value in said.items()]  # fmt: skip


@needs(SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest) -> HttpResponse:
    """A trainer chooses how the other offices behave, kind by kind (模擬の中間サーバー)."""
    staff = cast(StaffRequest, request)
    needs_simulator()
    known = [kind for kind in kinds().values() if kind.via == LINKAGE]
    choices = [(one.name, one.title.said(language())) for one in known]
    form = PlayForm(choices, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(staff, lambda: play(actor=staff.staff, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(staff, form, refused)
        else:
            messages.success(request, gettext("振る舞いを変えました。"))
            return redirect("linkage:simulator")
    context = {
        "form": form, "key": new_key(request), "rows": [_behaviour(one.name, label) for one, label in
                                                       zip(known, dict(choices).values(), strict=True)],
        "asked": [
            {"receipt": one.receipt[:8], "at": people.moment(one.received_at), "polls": one.polls}
            for one in SimulatedQuestion.objects.order_by("-pk")[:SHOWN]
        ],
    }  # fmt: skip
    return render(request, "linkage/simulator.html", context, status=422 if form.errors else 200)


def _behaviour(kind: str, label: str) -> dict[str, Any]:
    found = chosen(kind)
    return {"what": label, "behaviour": BEHAVIOUR_NAMES[Behaviour(found.behaviour)], "polls": found.polls}


@needs(SETTINGS)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Let every town of the installation look after its questions now, once this request is over (照会を進める)."""
    needs_simulator()
    transaction.on_commit(lambda: wake(attend_everywhere))
    record(actor=cast(StaffRequest, request).staff, act="evidence.send")
    messages.success(request, gettext("照会を進めています。少し待ってから、画面を開き直してください。"))
    return redirect("linkage:simulator")
