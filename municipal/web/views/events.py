"""One event in somebody's life: a few questions, then everything that belongs to it (ライフイベントの画面).

Guests see no word of any register. Whoever is signed in is not asked what the register says of their own household;
that they are shown it is a disclosure.
"""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from municipal.applicants.operations import held_by
from municipal.applicants.rules import covers
from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.paper import write_plan
from municipal.applications.bundling.planning import Item, Plan, highest, plan
from municipal.applications.operations.bundles import Opened, begin_bundle, look_ahead
from municipal.applications.operations.drafting import KEPT_FOR
from municipal.applications.rules.applicant import YOU, papers
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.offered import entries
from municipal.web.forms.events import EventForm
from municipal.web.languages import day_said, language_of

from .applicant_doors import account_of, holder, visitor, way_in, who
from .apply import framed, told
from .downloads import download
from .event_answers import Asked, asked, batch, event_named, so_far
from .pay import town_of
from .procedures import ASSURANCES, STATUSES

COOKIE = "kijun_bundle"
SECTIONS = {
    "online": _("オンラインで出せるもの"), "counter": _("窓口でするもの"),
    "elsewhere": _("ほかの所でするもの（役所では受け付けません）"), "ex_officio": _("何もしなくてよいもの"),
}  # fmt: skip
NOTES = {
    "online": _("選んだものを、1回の入力でまとめて出せます。"),
    "counter": _("窓口へお越しください。期限のあるものから先にしてください。"),
    "elsewhere": _("下の所へ、直接お願いします。"),
    "ex_officio": _("役所が自分で処理します。届出はいりません。"),
}
SOURCES = {"answer": _("あなたの答え"), "register": _("役所の台帳"), "follows": _("続けて行うもの")}


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of an event or a bundle, in the language that belongs to its texts (画面の表示)."""
    with override(context["language"]):
        return render(request, f"bundles/{template}.html", context | who(request), status=status)


@open_to_all
@require_safe
def everything(request: HttpRequest, town: str) -> HttpResponse:
    """The events for which there are questions (できごとの一覧)."""
    place, language = town_of(town), language_of(request)
    rows = [
        {"id": one.id, "title": one.title.said(language), "summary": one.summary.said(language)}
        for one in life_events().values()
    ]
    return shown(request, "list", framed(request, place, rows=rows))


@open_to_all
@never_cache
@require_safe
def questions(request: HttpRequest, town: str, event: str) -> HttpResponse:
    """A few questions at a time; what is known is not asked, and shown with where it is from (できごとの質問)."""
    place, language = town_of(town), language_of(request)
    with wall.within(place.pk):
        found = asked(request, event_named(event), request.GET)
        if not found.given.open:
            return redirect(f"{reverse('bundles:plan', args=[place.code, event])}?{found.query(language)}")
        _note_look(found)
        here = batch(found)
        with override(language):
            is_sent = "next" in request.GET
            form = EventForm(here, language, found.given, found.household, _sent(found, request) if is_sent else None)
            if is_sent and not any(one.id in found.typed or one.id in found.given.wrong for one in here):
                # The page before was answered; these questions are new and nobody has seen them yet.
                form = EventForm(here, language, found.given, found.household)
            context = framed(request, place, form=form, **_around(request, found, language))
        return shown(request, "questions", context, 422 if form.errors else 200)


def _sent(found: Asked, request: HttpRequest) -> Any:
    return request.GET


def _note_look(found: Asked) -> None:
    if found.account is not None and found.household is not None:
        look_ahead(actor=found.account, event=found.event.id, household=found.household)


def _around(request: HttpRequest, found: Asked, language: str) -> dict[str, Any]:
    principals = [
        {"number": one.pk, "name": one.principal.name, "is_here": found.delegation == one}
        for one in (held_by(found.account) if found.account else [])
    ]
    kept = [(name, text) for name, said in found.typed.items() for text in said]
    here = {one.id for one in batch(found)}
    return {
        "event": found.event.id, "title": found.event.title.said(language), "session": visitor(request),
        "summary": found.event.summary.said(language), "so_far": so_far(found, language),
        "given_answers": [pair for pair in kept if pair[0] not in here], "principals": principals,
        "delegation": found.delegation.pk if found.delegation else "", "principal": found.about.name
        if found.delegation and found.about else "", "way_in": way_in(request, request.path.split("/")[2]),
        "has_register": found.household is not None, "query": found.query(language),
    }  # fmt: skip


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_page(request: HttpRequest, town: str, event: str) -> HttpResponse:
    """Everything that belongs to the event: why, by when, with what; and the way to hand it in (手続の計画)."""
    place, language = town_of(town), language_of(request)
    refused: Refused | None = None
    with wall.within(place.pk):
        found = asked(request, event_named(event), request.GET)
        if found.given.open:
            return redirect(f"{reverse('bundles:questions', args=[place.code, event])}?{found.query(language)}")
        if request.method == "POST":
            try:
                return _begun(request, place, found, language)
            except Refused as said:
                refused = said
    if refused is not None and refused.code not in ("nothing_chosen", "too_many_parts", "card_needed"):
        return told(request, place, refused, 403)
    with wall.within(place.pk):
        found = asked(request, event_named(event), request.GET)
        _note_look(found)
        made = plan(found.event, found.given, entries(), found.household)
        context = framed(request, place, **_around(request, found, language), **_planned(found, made, language))
        with override(language):
            context["refusal"] = sentence(refused) if refused else ""
    return shown(request, "plan", context, 422 if refused else 200)


def _begun(request: HttpRequest, place: Municipality, found: Asked, language: str) -> HttpResponse:
    opened = begin_bundle(
        actor=holder(request), event=found.event.id, given=found.given, chosen=request.POST.getlist("chosen"),
        language=language, account=account_of(request), about=found.about if found.delegation else None,
        household=found.household,
    )  # fmt: skip
    return with_cookie(place, opened, redirect(
        f"{reverse('bundles:page', args=[place.code, opened.bundle.public, YOU])}?lang={language}"
    ))  # fmt: skip


def with_cookie(place: Municipality, opened: Opened, response: HttpResponse) -> HttpResponse:
    """The secret of a bundle goes into this browser, for the pages of this bundle only (鍵の受渡し)."""
    response.set_cookie(
        COOKIE, opened.token, max_age=int(KEPT_FOR.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=f"/events/{place.code}/bundles/{opened.bundle.public}",
    )  # fmt: skip
    return response


def _planned(found: Asked, made: Plan, language: str) -> dict[str, Any]:
    titles = {item.entry.id: item.entry.title.said(language) for item in made.items}
    sections = [
        {"kind": kind, "name": name, "note": NOTES[kind],
         "rows": [item_row(found, item, titles, language) for item in made.of_kind(kind)]}
        for kind, name in SECTIONS.items() if made.of_kind(kind)
    ]  # fmt: skip
    level = highest([item.entry for item in made.of_kind("online")])
    return {
        "sections": sections, "has_online": bool(made.of_kind("online")), "level": ASSURANCES[level],
        "is_for_guests": level == "none", "count": len(made.items),
    }  # fmt: skip


def item_row(found: Asked, item: Item, titles: dict[str, str], language: str) -> dict[str, Any]:
    """One procedure of the plan as it is shown (計画の行)."""
    entry, delegation = item.entry, found.delegation
    may = delegation is None or covers(delegation.procedures, entry.id)
    status = entry.deadline.status if entry.deadline else "seen"
    return {
        "id": entry.id, "title": entry.title.said(language), "summary": entry.summary.said(language),
        "reasons": [
            {"source": one.source, "source_name": SOURCES.get(one.source, ""), "about": one.about.said(language),
             "answer": one.answer.said(language) if one.answer else ""}
            for one in item.reasons
        ],
        "is_certain": item.is_certain, "due": day_said(item.due) if item.due else "",
        "due_iso": item.due.isoformat() if item.due else "", "is_past": bool(item.due and item.due < clock.today()),
        "due_text": entry.deadline.text.said(language) if entry.deadline else "", "due_status": STATUSES[status],
        "is_due_sure": status == "seen", "fee": entry.fee_text.said(language), "desk": entry.desk.said(language),
        "papers": [one.label.said(language) for one in papers(entry)] if entry.is_online else _bring(item, language),
        "steps": [one.said(language) for one, _why in entry.paper_steps], "people": "、".join(item.people),
        "copies": item.copies, "after": [titles[one] for one in item.after],
        "where": entry.elsewhere[0].said(language) if entry.elsewhere else "", "may": may,
        "is_chosen": may and item.is_certain,
    }  # fmt: skip


def _bring(item: Item, language: str) -> list[str]:
    return [one.title.said(language) for one in item.entry.evidence if not one.is_dropped]


@open_to_all
@never_cache
@require_safe
def plan_file(request: HttpRequest, town: str, event: str) -> HttpResponse:
    """The same on paper, to take along (手続の案内書)."""
    place, language, file = town_of(town), language_of(request), BytesIO()
    with wall.within(place.pk):
        found = asked(request, event_named(event), request.GET)
        if found.given.open:
            return redirect(f"{reverse('bundles:questions', args=[place.code, event])}?{found.query(language)}")
        _note_look(found)
        write_plan(file, plan(found.event, found.given, entries(), found.household), language)
    return download(file.getvalue(), f"plan-{event}.pdf", "application/pdf")
