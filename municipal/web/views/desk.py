"""The counter: who came, by which source, and what is open (窓口受付の画面)."""

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.applicants.models import Card
from municipal.applicants.relying import is_simulated
from municipal.applications.counter.offering import offers
from municipal.applications.counter.sources import Member, families, members
from municipal.applications.models import Reception
from municipal.applications.operations.at_the_counter import receive
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.guide import events
from municipal.procedures.offered import entries
from municipal.residents import inquiry
from municipal.residents.search import find
from municipal.residents.stored import within_reach
from municipal.web.forms.desk import CardForm, OpenForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.residents import SearchForm

from . import people
from .casework import language
from .once import new_key, pressed_once

SHOWN = 20
READ = ("name", "name_kana", "born_on", "sex", "relationship", "address_lot")
NO_CARD = _("このカードは見つかりません。番号を確かめてください。")


@needs("applications.counter")
@require_safe
@prints_addresses("desk.home", Purpose.SCREEN)
def home(request: HttpRequest) -> HttpResponse:
    """One box, the families that are expected, and what is not finished (窓口受付)."""
    asked = cast(StaffRequest, request)
    form = SearchForm(request.GET if "q" in request.GET else None)
    found: dict[str, Any] = {"form": form, "people": None, "is_more": False}
    if form.is_bound and form.is_valid() and "residents.search" in asked.permissions:
        found |= _found(asked, form)
    context = found | _waiting(asked) | {
        "card": CardForm() if is_simulated(asked.town) else None, "key": new_key(request),
        "events": [(code, text.said(language())) for code, text in events().items()],
        "open": [_open_row(one) for one in _unfinished()],
    }  # fmt: skip
    return render(request, "desk/home.html", context, status=422 if form.errors else 200)


def _found(request: StaffRequest, form: SearchForm) -> dict[str, Any]:
    """The same search as everywhere; whoever stands in the list counts as seen."""
    may = "item.resident_code" in request.permissions
    try:
        hits, _stored = within_reach(find(form.cleaned_data["q"], may_use_resident_code=may), request.permissions)
    except Refused as refused:
        show_and_log(request, form, refused)
        return {}
    rows = inquiry.rows(hits.addressees)
    if rows:
        seen = [row["addressee_id"] for row in rows]
        disclose(actor=request.staff, act="applications.desk", subjects=seen, fields=inquiry.LIST_FIELDS,
                 purpose=form.cleaned_data["purpose"])  # fmt: skip
    return {"people": [people.row(row) for row in rows], "is_more": hits.is_cut}


def _waiting(request: StaffRequest) -> dict[str, Any]:
    """Families of whom move-out data came: names and from where, never an address."""
    found = families()[:SHOWN]
    known = [row.addressee_id for family in found for row in family if row.addressee_id]
    if known:
        disclose(actor=request.staff, act="applications.desk", subjects=known, fields=["name"])
    rows = [
        {
            "names": [row.said.get("name", "") for row in family], "sender": family[0].sender, "count": len(family),
            "ids": ",".join(str(row.pk) for row in family), "noticed_on": wareki(family[0].noticed_on),
        }
        for family in found
    ]  # fmt: skip
    return {"families": rows}


def _unfinished() -> Sequence[Reception]:
    rows = Reception.objects.filter(handed_in_at=None).select_related("bundle").order_by("-created_at")
    return list(rows[:SHOWN])


def _open_row(one: Reception) -> dict[str, Any]:
    titles = {entry.id: entry.title.said(language()) for entry in entries() if entry.id in one.bundle.chosen}
    return {
        "public": one.public, "channel": one.get_channel_display(), "at": people.moment(one.created_at),
        "name": one.bundle.applicant.get("name", ""), "titles": [titles.get(code, code) for code in one.bundle.chosen],
    }  # fmt: skip


@needs("applications.counter")
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Begin a reception for somebody found, for a family that is expected, or for a letter (受付の開始)."""
    asked, form = cast(StaffRequest, request), OpenForm(request.POST)
    if not form.is_valid():
        raise Refused("受付をはじめられません。窓口受付からやり直してください。", code="not_opened")
    made = pressed_once(asked, lambda: str(_received(asked, form).public))
    return redirect("desk:ask" if form.cleaned_data["code"] else "desk:plan", made)


def _received(request: StaffRequest, form: OpenForm) -> Reception:
    said, today = form.cleaned_data, clock.today()
    about, numbers = None, list[str]()
    if said["number"]:
        person = people.found(request, said["number"])
        about, numbers = person.addressee, _household(person)
    who = {"people": numbers, "received": said["received"], "card": said["is_card"]}
    found = members(who, today)
    read(request, found)
    event = said["event"] or ("moving" if said["received"] else "")
    chosen = [said["code"]] if said["code"] else _likely(event, found)
    return receive(
        actor=request.staff, channel=said["channel"] or "counter", event=event, chosen=chosen, people=numbers,
        received=said["received"], is_card=said["is_card"], about=about, received_on=said["received_on"] or today,
    )  # fmt: skip


def _household(person: inquiry.Person) -> list[str]:
    """Who came first, then whoever lives with them now."""
    rows = [row for row in inquiry.members(person.record.household) if row["status"] == "1"]
    numbers = [row["addressee__number"] for row in rows]
    return [person.addressee.number, *(one for one in numbers if one != person.addressee.number)]


def _likely(event: str, found: Sequence[Member]) -> list[str]:
    day = next((one.planned_on for one in found if one.planned_on), clock.today())
    return offers(entries(), event, found, day).likely


def read(request: StaffRequest, found: Sequence[Member]) -> None:
    """Note whom the clerk is shown here (閲覧の記録)."""
    seen = [one.addressee for one in found if one.addressee is not None]
    if seen:
        disclose(actor=request.staff, act="applications.desk", subjects=seen, fields=READ, purpose=inquiry.COUNTER)


@needs("applications.counter")
@require_POST
def card(request: HttpRequest) -> HttpResponse:
    """A simulated card lies on the reader: its holder is whoever came (カードの読取り)."""
    asked, form = cast(StaffRequest, request), CardForm(request.POST)
    number = form.cleaned_data["card"].replace(" ", "") if form.is_valid() else ""
    found = Card.objects.filter(number=number).select_related("holder").first() if is_simulated(asked.town) else None
    if found is None:
        raise Refused(NO_CARD, field="card", code="no_card")
    request.POST = request.POST.copy()  # type: ignore[assignment]
    request.POST.update({"number": found.holder.number, "is_card": "on"})
    return opened(request)
