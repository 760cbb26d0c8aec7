"""Finding a procedure and reading what it needs, for everybody and without signing in (手続をさがす画面).

Texts of entries and the frame come in four languages; ``?lang=`` chooses, so that a link can be passed on.
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from municipal.applications.bundling.events import life_events
from municipal.core import clock
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Entry, Text
from municipal.procedures.deadlines import due_on
from municipal.procedures.guide import QUESTIONS, events, step
from municipal.procedures.offered import offered
from municipal.procedures.search import LONGEST, Index
from municipal.web.languages import LANGUAGES, day_said, language_of

from .pay import town_of

KINDS = {
    "online": _("オンラインでできます"), "counter": _("窓口でします"), "elsewhere": _("ほかの所でします"),
    "ex_officio": _("届出はいりません"),
}  # fmt: skip
SOURCES = {
    "register": _("役所の台帳"), "card": _("マイナンバーカード"), "payments": _("納付の記録"),
    "linkage": _("ほかの役所との情報連携"), "case": _("前の申請"),
}  # fmt: skip
ASSURANCES = {
    "none": _("本人確認はいりません"), "card": _("マイナンバーカードと4桁の暗証番号"),
    "signature": _("マイナンバーカードと署名用の暗証番号"), "counter": _("窓口での本人確認"),
}  # fmt: skip
STATUSES = {"seen": _("確認済み"), "unverified": _("未確認（暫定）")}


def framed(request: HttpRequest, town: Municipality | None, **more: Any) -> dict[str, Any]:
    """What every page of the catalogue shows: the town, the language, links to the other languages (画面の枠)."""
    language = language_of(request)
    others = []
    for code, name in LANGUAGES.items():
        query = request.GET.copy()
        query["lang"] = code
        others.append({"code": code, "name": name, "tag": code[:2], "url": f"?{query.urlencode()}"})
    return {"town": town, "language": language, "tag": language[:2], "languages": others, **more}


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page with its frame in the language that belongs to the texts (画面の表示)."""
    with override(context["language"]):
        return render(request, f"procedures/{template}.html", context, status=status)


def row_of(entry: Entry, language: str) -> dict[str, str]:
    """An entry in a list (一覧の行)."""
    return {
        "id": entry.id, "title": entry.title.said(language), "summary": entry.summary.said(language),
        "kind": entry.kind, "kind_name": KINDS[entry.kind],
    }  # fmt: skip


@open_to_all
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Which municipality; asked only where there are several (自治体の選択)."""
    found = list(Municipality.objects.all())
    if len(found) == 1:
        return redirect("procedures:find", found[0].code)
    return shown(request, "towns", framed(request, None, towns=found))


def _catalogue(town: Municipality) -> Index:
    with wall.within(town.pk):
        return offered()


@open_to_all
@require_safe
def find(request: HttpRequest, town: str) -> HttpResponse:
    """One box, the guide's first question, and everything by what happened (手続をさがす)."""
    place = town_of(town)
    index, language = _catalogue(place), language_of(request)
    question = request.GET.get("q", "").strip()[:LONGEST]
    hits = [row_of(hit.entry, language) for hit in index.find(question)] if question else []
    context = framed(
        request, place, question=question, rows=hits, count=len(index.entries),
        events=_by_event(index, language) if not hits else [],
    )  # fmt: skip
    return shown(request, "find", context)


def _by_event(index: Index, language: str) -> list[dict[str, Any]]:
    return [
        {"event": event, "label": label.said(language), "rows": rows, "has_questions": event in life_events()}
        for event, label in events().items()
        if (rows := [row_of(entry, language) for entry in index.entries if event in entry.events])
    ]


@open_to_all
@require_safe
def guide_page(request: HttpRequest, town: str) -> HttpResponse:
    """At most three questions, then a short list (手続の案内)."""
    place = town_of(town)
    index, language = _catalogue(place), language_of(request)
    found = step(index.entries, request.GET.dict())
    kept = {**found.answers, "lang": language}
    context = framed(
        request, place, number=len(found.answers) + 1,
        question=QUESTIONS[found.question].said(language) if found.question else "",
        choices=[
            {"label": one.label.said(language), "count": one.count,
             "url": f"?{urlencode(kept | {found.question: one.value})}"}
            for one in found.choices
        ],
        rows=[row_of(entry, language) for entry in found.entries] if found.answers else [],
        event=found.answers.get("event", "") if found.answers.get("event") in life_events() else "",
    )  # fmt: skip
    return shown(request, "guide", context)


@open_to_all
@require_safe
def entry_page(request: HttpRequest, town: str, code: str) -> HttpResponse:
    """What a procedure needs: who, by when, how much, what is asked and what is not (手続の説明)."""
    place = town_of(town)
    index, language = _catalogue(place), language_of(request)
    known = {entry.id: entry for entry in index.entries}
    if code not in known:
        raise Http404
    context = framed(request, place, **described(known[code], known, language), **_due(request, known[code]))
    return shown(request, "entry", context)


def described(entry: Entry, known: dict[str, Entry], language: str) -> dict[str, Any]:
    """An entry in words, for residents and for who checks it before publication (手続の表示)."""

    def said(text: Text | None) -> str:
        return text.said(language) if text else ""

    evidence = [
        {"title": said(one.title), "how": said(one.how), "is_dropped": one.is_dropped} for one in entry.evidence
    ]  # fmt: skip
    return {
        "entry": row_of(entry, language), "who": said(entry.who), "desk": said(entry.desk), "fee": said(entry.fee_text),
        "fee_status": STATUSES[entry.content["fee"]["status"]],
        "is_taken": entry.kind in ("online", "counter"),
        "elsewhere": [said(one) for one in entry.elsewhere] if entry.elsewhere else None,
        "deadline": {"text": said(entry.deadline.text), "status": STATUSES[entry.deadline.status]}
        if entry.deadline else None,
        "assurance": ASSURANCES[entry.assurance],
        "steps": [{"step": said(one), "why": said(why)} for one, why in entry.paper_steps],
        "asks": [{"label": said(one.label), "is_required": one.is_required} for one in entry.asks],
        "holds": [
            {"label": said(one.label), "source": SOURCES[one.source], "law": f"{one.basis.law}{one.basis.article}",
             "status": STATUSES[one.basis.status], "is_sure": one.basis.status == "seen"}
            for one in entry.holds
        ],
        "dropped": [one for one in evidence if one["is_dropped"]],
        "bring": [one for one in evidence if not one["is_dropped"]],
        "basis": [{"law": one.law, "article": one.article, "status": STATUSES[one.status],
                   "is_sure": one.status == "seen"} for one in entry.basis],
        "follows": [row_of(known[one], language) for one in entry.follows if one in known],
    }  # fmt: skip


def _due(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """The last day for a day that somebody typed; what stands in the box, and the sentence where it is no day."""
    typed = request.GET.get("on", "").strip()[:40]
    if entry.deadline is None:
        return {}
    if not typed:
        return {"typed": "", "may_count": True}
    try:
        day = parse_day(typed)
        last = due_on(entry.deadline, day)
    except Refused as refused:
        return {"typed": typed, "may_count": True, "wrong": sentence(refused)}
    except (OverflowError, ValueError):
        return {"typed": typed, "may_count": True, "wrong": gettext("この日付では計算できません。")}
    return {"typed": typed, "may_count": True, "due": _day(last), "is_past": last < clock.today()}


def _day(day: date) -> dict[str, str]:
    return {"words": day_said(day), "iso": day.isoformat()}
