"""What happened, and which procedures belong to it: ticked at the desk (手続の判定の画面)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from municipal.applications.bundling.planning import WORDS
from municipal.applications.counter.offering import OF_AN_EVENT, Offer, Offers, Typed, offers
from municipal.applications.counter.sources import Member, members
from municipal.applications.models import Reception
from municipal.applications.operations.at_the_counter import choose, reception_of
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.catalogue import Entry
from municipal.procedures.guide import events
from municipal.procedures.offered import entries, offered
from municipal.web.forms.desk import PlanForm
from municipal.web.forms.refusing import show, show_and_log

from .casework import language
from .desk import read
from .once import new_key, pressed_once

KINDS = {"counter": _("窓口で行う手続"), "elsewhere": _("ほかの窓口で行う手続"), "ex_officio": _("届出のいらないこと")}
ASKED = "q-"


def day_of(found: Sequence[Member]) -> date:
    """The day of the event as far as a source names it, else today (できごとの日)."""
    return next((one.planned_on for one in found if one.planned_on), clock.today())


def offered_to(
    reception: Reception, people: Sequence[Member], *, event: str = "", day: date | None = None,
    typed: Typed | None = None, search: str = "",
) -> Offers:  # fmt: skip
    """What is offered: for the event, what was chosen beside it, and what a search finds (提案する手続)."""
    event, known = event or reception.bundle.event, entries()
    kept = reception.who.get("said", {})
    said = typed if typed is not None else kept.get("answers", {})
    when = day or (date.fromisoformat(kept["day"]) if kept.get("day") else day_of(people))
    found = offers(known, event, people, when, about=reception.bundle.about, typed=said)
    there = {one.entry.id for one in found.rows}
    hits = [one.entry.id for one in offered().find(search)] if search else []
    chosen = [entry for entry in known if entry.id in {*reception.bundle.chosen, *hits} and entry.id not in there]
    more = tuple(Offer(entry, is_likely=False, due_on=None) for entry in chosen)
    return Offers((*more, *found.rows), found.given, found.questions)


@needs("applications.counter")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, reception: UUID) -> HttpResponse:
    """The procedures of an event with reason, deadline and documents; those that apply are ticked (手続の判定)."""
    asked, found = cast(StaffRequest, request), reception_of(reception)
    if found.handed_in_at is not None:
        return redirect("desk:done", found.public)
    people = members(found.who, clock.today())
    read(asked, people)
    event, day, typed, form, listed = _read(request, found, people)
    if form.is_bound and form.is_valid():
        said = {"answers": typed, "day": day.isoformat()}
        chosen = form.cleaned_data["chosen"]
        try:
            pressed_once(asked, lambda: choose(
                actor=asked.staff, reception=found.public, event=event, chosen=chosen, said=said).pk)  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return redirect("desk:ask", found.public)
    context = _shown(found, event, people, form, listed) | {"key": new_key(request)}
    return render(request, "desk/plan.html", context, status=422 if form.errors else 200)


def _read(
    request: HttpRequest, found: Reception, people: Sequence[Member]
) -> tuple[str, date, Typed, PlanForm, Offers]:
    """What the page says and what is offered for it."""
    is_sent = request.method == "POST"
    said = request.POST if is_sent else QueryDict("")
    event = said["event"] if said.get("event") in events() else found.bundle.event
    kept = found.who.get("said", {})
    typed = _typed(said) if is_sent else dict(kept.get("answers", {}))
    probe = PlanForm([], [], {"day": said.get("day", "")})
    probe.is_valid()
    day = probe.cleaned_data.get("day") or (date.fromisoformat(kept["day"]) if kept.get("day") else day_of(people))
    listed = offered_to(found, people, event=event, day=day, typed=typed, search=said.get("find", "")[:100])
    is_looked = not is_sent or "look" in said
    planned = {one.entry.id for one in listed.rows if one.item}
    beside = [code for code in said.getlist("chosen") if code not in planned]
    ticked = [*listed.likely, *beside] if is_sent else found.bundle.chosen or listed.likely
    choices = [(code, text.said(language())) for code, text in events().items()]
    initial = {"event": event, "day": day, "chosen": ticked, "find": said.get("find", "")}
    form = PlanForm(choices, listed.rows, None if is_looked else said, initial=initial)
    if "day" in probe.errors or listed.wrong is not None:
        form = PlanForm(choices, listed.rows, said, initial=initial)
        form.is_valid()
        if listed.wrong is not None:
            show(form, listed.wrong)
    return event, day, typed, form, listed


def _typed(said: QueryDict) -> Typed:
    return {name.removeprefix(ASKED): said.getlist(name) for name in said if name.startswith(ASKED)}


def _shown(found: Reception, event: str, people: Sequence[Member], form: PlanForm, listed: Offers) -> dict[str, Any]:
    ticked = set(form["chosen"].value() or [])
    online = [_row(one, ticked) for one in listed.rows if one.entry.is_online]
    # What the answers lead to and what is ticked stands open; the rest of the event is folded away.
    is_open = [row["is_planned"] or row["is_ticked"] for row in online] if any(one.item for one in listed.rows) else []
    return {
        "reception": found, "form": form, "people": people, "event": event,
        "questions": [_question(one, listed) for one in listed.questions],
        "rows": [row for at, row in enumerate(online) if not is_open or is_open[at]],
        "rest": [row for at, row in enumerate(online) if is_open and not is_open[at]],
        "others": [
            {"title": gettext(title), "rows": rows} for kind, title in KINDS.items()
            if (rows := [_row(one, ticked) for one in listed.rows if one.entry.kind == kind and one.item])
        ],
    }  # fmt: skip


def _question(one: Any, listed: Offers) -> dict[str, Any]:
    tongue = language()
    options = [(option.value, option.label.said(tongue)) for option in one.options]
    options = options or [(value, text.said(tongue)) for value, text in WORDS.items()]
    return {
        "name": f"{ASKED}{one.id}", "label": one.label.said(tongue), "value": listed.given.values.get(one.id, ""),
        "options": options,
    }  # fmt: skip


def _row(one: Offer, ticked: set[str]) -> dict[str, Any]:
    entry, tongue = one.entry, language()
    return {
        "code": entry.id, "title": entry.title.said(tongue), "is_likely": one.is_likely,
        "reason": one.reason(tongue) or gettext(OF_AN_EVENT), "is_planned": one.item is not None,
        "is_ticked": entry.id in ticked, "due_on": wareki(one.due_on) if one.due_on else "",
        "papers": papers_of(entry, tongue), "where": entry.elsewhere[0].said(tongue) if entry.elsewhere else "",
    }  # fmt: skip


def papers_of(entry: Entry, tongue: str) -> list[str]:
    """Documents that only the applicant has (持ち物)."""
    return [one.title.said(tongue) for one in entry.evidence if one.obtained == "applicant"]
