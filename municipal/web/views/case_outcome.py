"""What came of an approved application: the part of the clerk's page, and its buttons (決定の実施の画面)."""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from municipal.applications.models import Case, CaseOutcome
from municipal.applications.operations.carrying_out import (
    APPROVED,
    entry_of_case,
    may_be_entered,
    may_be_tried,
    note_by_hand,
    standing,
    try_again,
)
from municipal.applications.operations.identifying import identify
from municipal.applications.outcomes.entering import ACTS, notice_for
from municipal.applications.rules.steps import is_over
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.residents.models import DraftState
from municipal.web.forms.case_outcome import ByHandForm, IdentifyForm
from municipal.web.forms.entry_shapes import WITHOUT_MEMBERS
from municipal.web.forms.refusing import show_and_log
from municipal.web.panels import Panel, for_clerks

from .entering import ENTER, act_title
from .once import new_key, pressed_once
from .people import moment

LINKS = {
    "entry": "drafts:detail", "certificate": "certificates:issue", "mandate": "banking:mandate",
    "damage_certificate": "cases:damage",
}  # fmt: skip
"""Where staff sees what was made, by its kind; a topic that makes another thing adds it here."""
WORDS = {
    "obstacle": _("実施できませんでした"), "entry": _("仮登録しました"), "prepared": _("職員の処理を待っています"),
    "certificate": _("証明書を発行しました"), "damage_certificate": _("罹災証明書を作りました"),
    "mandate": _("口座振替依頼を登録しました"),
    "by_hand": _("手で処理しました"), "entitlement": _("受給資格を記録しました"), "charge": _("請求を作りました"),
}  # fmt: skip
OF_AN_ENTRY = {
    DraftState.WAITING: _("別の職員の決定を待っています。決定されると、この申請は完了します。"),
    DraftState.RETURNED: _("仮登録が差し戻されています。修正するか、取り下げてください。"),
    DraftState.WITHDRAWN: _("仮登録は取り下げられました。もう一度実施するか、手で処理してください。"),
    DraftState.DECIDED: _("本登録されました。"),
}  # fmt: skip
CANCELLED = _("本登録のあと、台帳でこの異動が取り消されました。申請者への連絡が必要か確かめてください。")
WORK, DECIDE = "applications.work", "applications.decide"


@for_clerks(20)
def outcome_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What was made of a decision, or why not, and what can be done then (決定の実施)."""
    asked, outcome = cast(StaffRequest, request), standing(case)
    if outcome is None and case.state != APPROVED:
        return _unknown_person(asked, case)
    context = {
        "case": case, "outcome": _shown(outcome) if outcome else None, "attempts": case.outcomes.count(),
        **_choices(asked, case, outcome), **_forms(case), "key": new_key(request),
    }  # fmt: skip
    return Panel("cases/outcome.html", context)


def _unknown_person(request: StaffRequest, case: Case) -> Panel | None:
    """Before the decision: whom a paper is about, where the procedure concerns somebody of the register."""
    if not _may_identify(request, case) or not case.asked.does.startswith(("register:", "certificate:", "entitlement")):
        return None
    return Panel("cases/identify.html", {"case": case, **_forms(case), "key": new_key(request)})


def _may_identify(request: StaffRequest, case: Case) -> bool:
    is_open = not is_over(case.workflow, case.state) and case.account_id is None and case.about_id is None
    return is_open and WORK in request.permissions and case.asked.does != "register:move_in"


def _forms(case: Case) -> dict[str, Any]:
    seen = {"seen": case.events.count()}
    return {
        "seen": seen["seen"], "by_hand": ByHandForm(initial=seen, auto_id="hand-%s"),
        "identify": IdentifyForm(initial=seen, auto_id="person-%s"),
    }  # fmt: skip


def _shown(outcome: CaseOutcome) -> dict[str, Any]:
    entry = entry_of_case(outcome)
    is_cancelled = entry is not None and entry.event is not None and entry.event.cancellations.exists()
    why = sentence(Refused(outcome.sentence, **outcome.values)) if outcome.sentence else ""
    said = gettext(CANCELLED if is_cancelled else OF_AN_ENTRY[DraftState(entry.state)]) if entry else ""
    link = reverse(LINKS[outcome.kind], args=[outcome.reference]) if outcome.kind in LINKS else ""
    return {
        "kind": outcome.kind, "word": gettext(WORDS.get(outcome.kind, outcome.kind)), "at": moment(outcome.made_at),
        "sentence": why or said, "note": outcome.note, "link": link, "is_warning": bool(why) or is_cancelled,
        "returned_because": entry.returned_because if entry else "", "act": act_title(entry.act) if entry else "",
    }  # fmt: skip


def _choices(request: StaffRequest, case: Case, outcome: CaseOutcome | None) -> dict[str, Any]:
    """The buttons: try again, open the form that was filled, do it by hand."""
    may_work = bool(request.permissions & {WORK, DECIDE})
    entry = entry_of_case(outcome)
    is_waiting = entry is not None and entry.state != DraftState.WITHDRAWN
    has_form = case.asked.does in ACTS and may_be_entered(case) and ENTER in request.permissions
    return {
        "may_try": may_work and may_be_tried(case, outcome),
        "may_note": may_work and case.state == APPROVED and not is_waiting and outcome is not None,
        "form": _form_of(case) if has_form else None, "is_office_work": outcome is None,
        "may_identify": _may_identify(request, case), "issues": outcome is not None and outcome.kind == "prepared",
    }  # fmt: skip


def _form_of(case: Case) -> dict[str, str]:
    """How the form of the act is opened: by its address for who has no page yet, else with a lease on the household."""
    try:
        act = notice_for(case).act
    except Refused:
        act = ACTS[case.asked.does][0]
    query = urlencode({"case": case.pk})
    return {
        "act": act, "title": act_title(act), "person": case.about.number if case.about else "",
        "url": f"{reverse('entries:form', args=[act])}?{query}" if act in WITHOUT_MEMBERS else "",
    }  # fmt: skip


@needs(WORK, DECIDE)
@require_POST
def try_outcome(request: HttpRequest, number: int) -> HttpResponse:
    """Carry the decision out once more (再実施)."""
    asked, case, seen = cast(StaffRequest, request), get_object_or_404(Case, pk=number), request.POST.get("seen", "")
    said = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0
    pressed_once(asked, lambda: try_again(actor=asked.staff, case=case.pk, seen=said).pk)
    found = standing(case)
    if found is not None and found.sentence:
        messages.warning(request, gettext("まだ実施できません。理由を確かめてください。"))
    else:
        messages.success(request, gettext("実施しました。"))
    return redirect("cases:case", case.pk)


@needs(WORK, DECIDE)
@require_POST
def by_hand(request: HttpRequest, number: int) -> HttpResponse:
    """Note that it was done on the screens of another room, and where (手による実施の記録)."""
    asked, case, form = cast(StaffRequest, request), get_object_or_404(Case, pk=number), ByHandForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(
                asked, lambda: note_by_hand(actor=asked.staff, case=case.pk, seen=said["seen"], note=said["note"]).pk
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("記録しました。この申請は完了です。"))
            return redirect("cases:case", case.pk)
    return _again(asked, case, form, gettext("手で処理したことを記録する"))


@needs(WORK)
@require_POST
def identify_person(request: HttpRequest, number: int) -> HttpResponse:
    """Note who of the register applied (対象者の特定)."""
    asked, case, form = cast(StaffRequest, request), get_object_or_404(Case, pk=number), IdentifyForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(
                asked, lambda: identify(actor=asked.staff, case=case.pk, seen=said["seen"], number=said["number"]).pk
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("対象の方を記録しました。"))
            return redirect("cases:case", case.pk)
    return _again(asked, case, form, gettext("申請した人を台帳で確かめる"))


def _again(request: StaffRequest, case: Case, form: forms.Form, title: str) -> HttpResponse:
    context = {"case": case, "form": form, "title": title, "key": new_key(request)}
    return render(request, "cases/outcome_form.html", context, status=422)
