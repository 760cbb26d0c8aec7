"""What somebody signed in has begun and handed in, for themselves and for those they act for (私の申請の画面)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.applicants.models import Applicant, ApplicantSession, Delegation
from municipal.applicants.operations import held_by
from municipal.applicants.rules import Kind, covers
from municipal.applications.models import Case, Channel, Draft
from municipal.applications.operations import resume
from municipal.applications.rules.applicant import YOU
from municipal.applications.rules.steps import is_over, outward
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.procedures.offered import offered
from municipal.web.languages import LANGUAGES, day_said

from .applied import NEXT_WORDS
from .apply import order_of, told
from .beginning import sent_on
from .bundle_standing import mine as bundles_of
from .me import framed, session_of
from .pay import town_of

MOST, SHORT_LIST = 50, 8
"""Cases that a list shows; clients from whom on they can be searched for."""
OF_CARE = "care"


def tongue() -> str:
    """The language in which texts of entries are read here (手続名の言語)."""
    found = get_language() or "ja"
    return found if found in LANGUAGES else "ja"


def _is_for(one: Draft | Case, people: Collection[int | None]) -> bool:
    return one.about_id in people


def drafts_of(account: Applicant, people: Collection[int | None]) -> list[dict[str, Any]]:
    """What was begun and not handed in, the newest first, for these people (書きかけの申請)."""
    rows = Draft.objects.filter(
        account=account, case=None, bundle=None, channel=Channel.ONLINE, expires_at__gte=clock.now()
    ).defer("answers", "people").order_by("-changed_at")[:MOST]  # fmt: skip
    return [
        {
            "draft": one.public, "title": one.asked.title.said(tongue()),
            "until": day_said(one.expires_at.astimezone(clock.TOKYO).date()),
        }
        for one in rows if _is_for(one, people)
    ]  # fmt: skip


def cases_of(account: Applicant, people: Collection[int | None]) -> list[dict[str, Any]]:
    """What was handed in for these people: its state in plain words and what comes next by when (申請の一覧)."""
    rows = Case.objects.filter(account=account, channel=Channel.ONLINE).defer("answers", "people")
    return [_row(one) for one in rows.order_by("-submitted_at", "-pk")[:MOST] if _is_for(one, people)]


def _row(case: Case) -> dict[str, Any]:
    word, text = outward()[case.workflow, case.state]
    by = case.correct_by or (case.due_on if word in ("received", "processing") else None)
    return {
        "number": case.number, "title": case.asked.title.said(tongue()), "state": text.said(tongue()), "word": word,
        "next": gettext(NEXT_WORDS[word]), "by": day_said(by) if by else "",
        "submitted_on": day_said(case.submitted_at.astimezone(clock.TOKYO).date()),
    }  # fmt: skip


def clients_of(account: Applicant, wanted: str = "") -> list[dict[str, Any]]:
    """Those for whom somebody may act today, by name, with how many cases are open (代理している方)."""
    held = [one for one in held_by(account) if wanted in _plain(one.principal.name)]
    open_cases = [
        one for one in Case.objects.filter(account=account, about__in=[one.principal_id for one in held])
        .only("about_id", "workflow", "state") if not is_over(one.workflow, one.state)
    ]  # fmt: skip
    found = [
        {
            "number": one.pk, "name": one.principal.name, "kind": gettext(one.get_kind_display()),
            "until": day_said(one.until), "open": sum(case.about_id == one.principal_id for case in open_cases),
        }
        for one in held
    ]  # fmt: skip
    return sorted(found, key=lambda one: str(one["name"]))


def _plain(text: str) -> str:
    return "".join(text.split())


@open_to_all
@never_cache
@require_safe
def home(request: HttpRequest, town: str) -> HttpResponse:
    """Who I am, what I have applied for, and those for whom I act; or the way in (私のページ)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = session_of(request)
        if session is None:
            return render(request, "me/door.html", framed(place, None))
        context = framed(place, session, is_resident=session.applicant.is_resident, **_mine(request, session))
        return render(request, "me/home.html", context)


def _mine(request: HttpRequest, session: ApplicantSession) -> dict[str, Any]:
    account, wanted = session.applicant, _plain(request.GET.get("q", ""))[:100]
    mine = {account.person_id, None}
    clients = clients_of(account, wanted)
    return {
        "drafts": drafts_of(account, mine), "cases": cases_of(account, mine), "clients": clients, "q": wanted,
        "has_search": bool(wanted) or len(clients) > SHORT_LIST, "bundles": bundles_of(account, mine),
    }  # fmt: skip


@open_to_all
@never_cache
@require_safe
def client(request: HttpRequest, town: str, number: int) -> HttpResponse:
    """One person for whom somebody acts: what was applied for, and what can be applied for now (代理している方)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = session_of(request)
        if session is None:
            return redirect("me:home", place.code)
        held = next((one for one in held_by(session.applicant) if one.pk == number), None)
        if held is None:
            raise Http404
        context = framed(
            place, session, client={"number": held.pk, "name": held.principal.name, "until": day_said(held.until)},
            kind=gettext(held.get_kind_display()), drafts=drafts_of(session.applicant, {held.principal_id}),
            cases=cases_of(session.applicant, {held.principal_id}), procedures=_procedures(held),
            bundles=bundles_of(session.applicant, {held.principal_id}),
        )  # fmt: skip
        return render(request, "me/client.html", context)


def _procedures(held: Delegation) -> list[dict[str, str]]:
    """What the delegation covers; for a care manager care comes first."""
    found = [one for one in offered().entries if one.is_online and covers(held.procedures, one.id)]
    if held.kind == Kind.CARE_MANAGER:
        found.sort(key=lambda one: OF_CARE not in one.events)
    return [{"code": one.id, "title": one.title.said(tongue())} for one in found]


@open_to_all
@require_POST
def go_on(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """Go on with a draft of mine, in whatever browser I am (続きを書く)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            session = session_of(request)
            if session is None:
                return redirect("me:home", place.code)
            made = resume(actor=session.applicant, draft=draft)
            last = made.draft.page
            is_there = last in order_of(made.draft)[:-1]
            return sent_on(place, made, made.draft.language, last if is_there else YOU)
    except Refused as refused:
        return told(request, place, refused)
