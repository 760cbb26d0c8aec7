"""On the pages of a case: what other offices are asked, and what they said (情報連携の部品)."""

from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_POST

from municipal.applications.linked import askable, latest_of, replaced
from municipal.applications.models import Case
from municipal.applications.operations.evidence import ask_evidence, request_papers
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.evidence.answering import is_held, is_protected
from municipal.evidence.kinds import Item, items_of, wanted_of
from municipal.evidence.models import STATE_NAMES, EvidenceRequest
from municipal.evidence.operations import use
from municipal.evidence.rules.states import FAILED, OPEN, OUTCOMES, State
from municipal.evidence.server import server
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities import wall
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Basis, Text
from municipal.web.forms.evidence import AskForm, PapersForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.languages import LANGUAGES
from municipal.web.panels import Panel, for_applicants, for_clerks

from . import people
from .casework import language
from .once import new_key, pressed_once

WORK, DECIDE = "applications.work", "applications.decide"
REVIEW = "substance_check"
TOO_EARLY = ("submitted", "form_check", "correction")
DAYS_TO_BRING = 14
CODES = {
    "unreadable": _("届いた回答が読めませんでした"), "misdelivered": _("別の照会への回答が届きました"),
    "given_up": _("回答を待たずに進めました"),
}  # fmt: skip
STANDS = {
    "open": Text("確認しています", "役所が きいています", "Being checked", "확인 중입니다"),
    "answered": Text("確認できました", "わかりました", "Checked", "확인되었습니다"),
    "failed": Text("確認できませんでした", "わかりませんでした", "Could not be checked", "확인되지 않았습니다"),
}
WHY = Text(
    "役所どうしの情報連携で確かめられませんでした。お手数ですが、次の書類の写真か写しを付けてください。",
    "役所が 調べましたが、わかりませんでした。つぎの 紙の 写真を つけてください。",
    "We could not check this through the information linkage. Please attach a picture or copy of the document.",
    "정보 연계로 확인되지 않았습니다. 번거로우시겠지만 다음 서류의 사진이나 사본을 첨부해 주십시오.",
)
"""Neither who was asked nor what they said: an applicant may be somebody else than the person."""


@for_clerks(25)
def clerk_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What may be asked on which basis, what was asked and what came back (情報連携)."""
    wanted, known = wanted_of(case.asked), latest_of(case)
    if not wanted and not known:
        return None
    staff = cast(StaffRequest, request)
    may_see = bool(staff.permissions & {WORK, DECIDE})
    shown = [_shown(one, language(), may_see=may_see) for one in known.values()]
    if may_see:
        _disclose(staff, case, list(known.values()))
    who = server(wall.current())
    is_open = case.state == REVIEW and WORK in staff.permissions
    context = {
        "case": case, "rows": shown, "has_server": who is not None,
        "is_simulated": who is not None and who.is_simulated,
        "is_known": case.about_id is not None, "is_early": case.state in TOO_EARLY, "may_work": is_open,
        "waits": case.state == "waiting_evidence", "form": _ask_form(case) if is_open else None,
        "papers": [one.title.said(language()) for one in replaced(case)] if is_open else [],
        "is_held": case.about_id is not None and is_held(case.about_id), "key": new_key(request),
    }  # fmt: skip
    return Panel("cases/evidence.html", context)


def _disclose(request: StaffRequest, case: Case, requests: list[EvidenceRequest]) -> None:
    fields = sorted({f"{one.kind}.{name}" for one in requests for name in one.answer or {}})
    if fields and case.about_id is not None:
        disclose(
            actor=request.staff, act="applications.evidence", subjects=[case.about_id], fields=fields,
            purpose=case.procedure,
        )  # fmt: skip


def _ask_form(case: Case, data: Any = None) -> AskForm | None:
    tongue = language()
    choices = [
        (one.kind.name, f"{one.kind.title.said(tongue)} — {one.kind.office.said(tongue)} — {_law(one.basis)}")
        for one in askable(case)
    ]
    if not choices:
        return None
    held = case.about_id is not None and is_held(case.about_id)
    return AskForm(
        choices, data, is_held=held,
        initial={"seen": case.events.count(), "kinds": [one for one, _label in choices]},
    )  # fmt: skip


def _law(basis: Basis) -> str:
    sure = "" if basis.status == "seen" else gettext("（未確認・暫定）")
    return f"{basis.law}{basis.article}{sure}"


def _shown(one: EvidenceRequest, tongue: str, *, may_see: bool) -> dict[str, Any]:
    outcome = State(one.outcome or one.state)
    items = items_of(one.kind)
    answer = [(items[name], value) for name, value in (one.answer or {}).items() if name in items] if may_see else []
    return {
        "id": one.pk, "what": one.asks.title.said(tongue), "office": one.office or one.asks.office.said(tongue),
        "law": _law(Basis(one.law, one.article, one.basis_status)), "state": STATE_NAMES[outcome],
        "is_used": one.outcome != "" and one.state != one.outcome, "may_use": one.state in OUTCOMES,
        "is_failed": outcome in FAILED, "why": CODES.get(one.code, ""), "asked_at": people.moment(one.created_at),
        "by": people.moment(one.answer_by) if one.state in OPEN else "",
        "as_of": wareki(one.as_of) if one.as_of else "",
        "items": [{"label": item.label.said(tongue), "value": said_of(item, value)} for item, value in answer],
        "is_withheld": one.is_withheld, "is_specimen": one.is_specimen,
    }  # fmt: skip


def said_of(item: Item, value: Any) -> str:
    """A value of an answer as it is read (回答の表示)."""
    if item.type == "date":
        return wareki(date.fromisoformat(value))
    if item.type == "yes_no":
        return gettext("はい") if value else gettext("いいえ")
    if item.type == "yen":
        return f"{value:,}円"
    # A year is no amount: it has no comma.
    return str(value)


@for_applicants(40)
def applicant_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What the office checks with others, in plain words; nothing of anybody protected (確認の状況)."""
    known = [one for one in latest_of(case).values() if not one.is_withheld]
    if not known or case.about_id is None or is_protected(case.about_id):
        return None
    asked = request.GET.get("lang", "")
    tongue = asked if asked in LANGUAGES else case.language
    rows = [{"what": one.asks.title.said(tongue), "stands": _stands(one).said(tongue)} for one in known]
    return Panel("apply/evidence.html", {"rows": rows, "tag": tongue[:2]})


def _stands(one: EvidenceRequest) -> Text:
    if one.state in OPEN:
        return STANDS["open"]
    return STANDS["answered" if one.outcome == State.ANSWERED else "failed"]


@needs(WORK)
@require_POST
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask other offices what was ticked (照会)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    form = _ask_form(case, request.POST)
    if form is None or not form.is_valid():
        messages.error(request, gettext("照会するものを選んでください。"))
        return redirect("cases:case", case.pk)
    said = form.cleaned_data
    try:
        pressed_once(asked, lambda: ask_evidence(
            actor=asked.staff, case=case.pk, seen=said["seen"], kinds=said["kinds"],
            is_confirmed=said.get("is_confirmed", False),
        ).pk)  # fmt: skip
    except Refused as refused:
        asked.refusals.append(refused)
        messages.error(request, sentence(refused))
    else:
        messages.success(request, gettext("照会しました。回答が届くと、実質審査に戻ります。"))
    return redirect("cases:case", case.pk)


@needs(WORK)
@require_POST
def used(request: HttpRequest, number: int, row: int) -> HttpResponse:
    """Note that an outcome was taken into account; of this case only (回答の確認)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    found = get_object_or_404(EvidenceRequest, pk=row, reference=case.number)
    try:
        pressed_once(asked, lambda: use(actor=asked.staff, request=found.pk).pk)
    except Refused as refused:
        asked.refusals.append(refused)
        messages.error(request, sentence(refused))
    else:
        messages.success(request, gettext("回答を確かめたことを記録しました。"))
    return redirect("cases:case", case.pk)


@needs(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the applicant for what no office could say; reason and day are filled in beforehand (提出依頼)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    found = replaced(case)
    if case.state != REVIEW or not found:
        return redirect("cases:case", case.pk)
    initial = {
        "seen": case.events.count(), "documents": [one.id for one in found], "reason": _reason(case),
        "correct_by": clock.today() + timedelta(days=DAYS_TO_BRING),
    }  # fmt: skip
    choices = [(one.id, one.title.said(language())) for one in found]
    form = PapersForm(choices, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(asked, lambda: request_papers(actor=asked.staff, case=case.pk, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("申請者に書類を依頼しました。"))
            return redirect("cases:case", case.pk)
    context = {"case": case, "title": case.asked.title.said(language()), "form": form, "key": new_key(request)}
    return render(request, "cases/evidence_papers.html", context, status=422 if form.errors else 200)


def _reason(case: Case) -> str:
    """In Japanese, and in the applicant's own language where it is another one."""
    return "\n".join(dict.fromkeys((WHY.ja, WHY.said(case.language))))
