"""What became of an application: its state in plain words, withdrawal, notice (申請状況の画面)."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applications.linked import papers_of
from municipal.applications.models import Case
from municipal.applications.operations import case_of, own_case, withdraw
from municipal.applications.paper import has_notice, write_notice
from municipal.applications.rules.steps import APPLICANT as ROLE
from municipal.applications.rules.steps import from_here, outward
from municipal.applications.standing import refuse_if_ended
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.web.forms.cases import NumberForm
from municipal.web.forms.refusing import show
from municipal.web.languages import day_said, moment_said
from municipal.web.panels import applicant_panels

from .applicant_doors import account_of, holder, say_who, visitor
from .apply import framed, shown, to, told
from .downloads import download
from .pay import town_of

COOKIE, SECONDS = "kijun_case", 2 * 3600
NEXT_WORDS = {
    "received": _("担当課が受け付けるのを待っています。"),
    "processing": _("担当課が内容を確かめています。"),
    "correction": _("直していただきたいところがあります。期限までに直して出してください。"),
    "visit": _("窓口へお越しください。受付番号をお持ちください。"),
    "done": _("手続は終わりました。"),
    "rejected": _("認められませんでした。理由を確かめてください。"),
    "error": _("受け付けられませんでした。理由を確かめてください。"),
    "withdrawn": _("取り下げました。もう一度申請できます。"),
    "expired": _("期限が過ぎたため終わりました。もう一度申請できます。"),
}  # fmt: skip
"""What happens next, by the outward word of a state."""
TO_BE_PAID = _("認められました。手数料を納めると、手続が次に進みます。")


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, town: str) -> HttpResponse:
    """The number and the code of an application (申請状況の照会)."""
    place = town_of(town)
    with wall.within(place.pk):
        visitor(request)
    context = framed(request, place)
    form = NumberForm(request.POST if request.method == "POST" else None)
    with override(context["language"]):
        is_good = form.is_bound and form.is_valid()
        if is_good:
            try:
                with wall.within(place.pk):
                    found = case_of(form.cleaned_data["number"], form.cleaned_data["code"])
            except Refused as refused:
                show(form, refused)
            else:
                return _remembered(to("case", context["language"], place.code, found.number), place, found)
    return shown(request, "status", context | {"form": form}, 422 if form.errors else 200)


def _remembered(response: HttpResponse, place: Municipality, case: Case) -> HttpResponse:
    """For two hours, and for this case's pages only."""
    response.set_cookie(
        COOKIE, signing.dumps(case.pk, salt=f"case of {place.pk}"), max_age=SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=f"/apply/{place.code}/cases/{case.number}",
    )  # fmt: skip
    return response


def opened_case(request: HttpRequest, place: Municipality, number: str) -> Case | None:
    """The case of who is signed in, or the one that this browser opened with its code; else None (申請の確認).

    Raises Refused where a delegation ended: then neither opens it any more.
    """
    account = account_of(request)
    found = own_case(number, account) if account else None
    if found is None:
        try:
            kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=f"case of {place.pk}", max_age=SECONDS)
        except signing.BadSignature:
            return None
        found = Case.objects.filter(pk=kept, number=number).first()
    if found is not None:
        refuse_if_ended(found)
        say_who(request, found)
    return found


@open_to_all
@never_cache
@require_safe
def case_page(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """How it stands, what happens next and by when, and what the applicant can do (申請の状況)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None:
                return to("status", framed(request, place)["language"], place.code)
            context = framed(request, place, case.language)
            context |= told_of(case, context["language"]) | {"panels": applicant_panels(request, case)}
    except Refused as refused:
        return told(request, place, refused)
    return shown(request, "case", context)


def told_of(case: Case, language: str) -> dict[str, Any]:
    """How a case stands, in the words of an applicant (申請の状況の表示)."""
    word, text = outward()[case.workflow, case.state]
    events = list(case.events.order_by("number"))
    can = {one.action for one in from_here(case.workflow, case.state, [ROLE])}
    last = events[-1]
    labels = {field.name: field.label.said(language) for field in (*case.asked.asks, *papers_of(case))}
    return {
        "case": case, "title": case.asked.title.said(language), "desk": case.asked.desk.said(language),
        "word": word, "state": text.said(language), "next": TO_BE_PAID if case.state == "payable" else NEXT_WORDS[word],
        "reason": last.reason if word in ("correction", "rejected", "error") else "",
        "fields": [labels.get(name, name) for name in last.fields], "seen": len(events),
        "due_on": day_said(case.due_on) if word in ("received", "processing") else "",
        "correct_by": day_said(case.correct_by) if case.correct_by else "",
        "submitted_at": moment_said(case.submitted_at), "can_correct": "resubmit" in can,
        "can_withdraw": "withdraw" in can, "has_notice": has_notice(case), "history": _history(case, language),
    }  # fmt: skip


def _history(case: Case, language: str) -> list[dict[str, str]]:
    """Changes that an applicant can see: one line for each new outward word."""
    lines: list[dict[str, str]] = []
    for event in case.events.order_by("number"):
        said = outward()[case.workflow, event.state_to][1].said(language)
        if not lines or lines[-1]["state"] != said:
            lines.append({"at": moment_said(event.at), "state": said})
    return lines


@open_to_all
@require_POST
def withdraw_case(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """Take an application back; asked twice, the second time nothing is left to take back (取下げ)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None:
                raise Http404
            seen = request.POST.get("seen", "")
            withdraw(actor=holder(request), case=case.pk, seen=int(seen) if seen.isdecimal() and len(seen) < 6 else 0)
    except Refused as refused:
        return told(request, place, refused, 422)
    return to("case", framed(request, place, case.language)["language"], place.code, case.number)


@open_to_all
@never_cache
@require_safe
def notice(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """The notice of a decision or a correction, on paper (通知書)."""
    place, file = town_of(town), BytesIO()
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None or not has_notice(case):
                raise Http404
            write_notice(file, case)
    except Refused as refused:
        return told(request, place, refused)
    return download(file.getvalue(), f"notice-{case.number}.pdf", "application/pdf")
