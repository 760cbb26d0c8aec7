"""Remarks, memos, investigations and records made anew of one person (統合記載欄・メモ・実態調査・改製原の画面)."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents import inquiry, investigations, remarks
from municipal.residents import operations as acts
from municipal.residents.acts.standing import members_of
from municipal.residents.models import ActualHead, Memo
from municipal.residents.shown import labels, written
from municipal.web.forms import notes as forms
from municipal.web.forms.refusing import show_and_log

from . import people
from .entering import names_of
from .once import new_key, pressed_once

SORTS = {
    remarks.HISTORY: _("異動履歴"), remarks.NOTE: _("留意事項"), remarks.REMARK: _("備考"),
    remarks.REMOVED: _("除票の事項"),
}  # fmt: skip
Forms = dict[str, Any]


@needs("residents.view")
@require_safe
@implements("resident-record/1.0#1.1.14/m1", "resident-record/1.0#1.1.15/m1")
@prints_addresses("notes.page", Purpose.SCREEN)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """All that stands beside the history of a person (統合記載欄・メモ)."""
    return _shown(cast(StaffRequest, request), people.found(request, number))


def _shown(
    request: StaffRequest, person: inquiry.Person, bound: Forms | None = None, status: int = 200
) -> HttpResponse:
    rows = list(inquiry.history(person.addressee).select_related("event", "addressee"))
    disclose(actor=request.staff, subjects=[person.addressee.pk], fields=["name", "remarks", "memo", "investigation"])
    context = {
        "person": people.head(person, person.record), "key": new_key(request),
        "lines": [_line(one) for one in remarks.lines(rows, permissions=request.permissions)],
        "former": [_former(one) for one in inquiry.former_records(person.addressee)],
        "memos": _memos(request, person),
        "investigations": [_looking(one) for one in investigations.history(person.addressee)],
        "actual_heads": [_actual(one) for one in ActualHead.objects.filter(household=person.record.household)],
        "forms": _forms(person, rows) | (bound or {}), "form": next(iter((bound or {}).values()), None),
    }  # fmt: skip
    return render(request, "notes/page.html", context, status=status)


def _forms(person: inquiry.Person, rows: list[Any]) -> Forms:
    today = clock.today()
    members = [(one.addressee.number, one.name) for one in members_of(person.record.household) if one != person.record]
    return {
        "remark": forms.RemarkForm(**_choices(rows)), "memo": forms.MemoForm(),
        "investigation": forms.InvestigationForm(members=members, initial={"started_on": today}),
        "end": forms.EndForm(initial={"ended_on": today}),
        "actual_head": forms.ActualHeadForm(initial={"since": today}),
    }  # fmt: skip


def _choices(rows: list[Any]) -> dict[str, Any]:
    events = [
        (str(one.serial), f"{one.serial} {written('reason', one.reason, kind=one.kind)}") for one in reversed(rows)
    ]
    items = [(name, labels()[name]) for name in remarks.ITEMS]
    groups = [(f"{name}_city", label) for name, label in remarks.GROUPS.items()]
    return {"rows": events, "items": [*groups, *items]}


def _line(one: remarks.Line) -> dict[str, Any]:
    return {
        "sort": gettext(SORTS[one.sort]), "text": one.text, "serial": one.serial or "", "remark": one.remark,
        "is_special": one.is_special,
    }  # fmt: skip


def _former(one: inquiry.FormerRecord) -> dict[str, Any]:
    day = one.revised_on.shown() if one.revised_on else ""
    return {"revision": one.revision + 1, "rows": one.rows, "revised_on": day, "serial": one.last.serial}


def _memos(request: StaffRequest, person: inquiry.Person) -> list[dict[str, Any]] | None:
    """Every memo with its changes, the newest first; None for whoever may not read them."""
    may_read = "residents.memo" in request.permissions
    if person.addressee.pk in person.secrets.covered:
        # Free text may say where somebody is: only who may open the details of support measures reads it.
        may_read = may_read and "measures.details" in request.permissions
    if not may_read:
        return None
    memos = list(Memo.objects.filter(addressee=person.addressee).order_by("-pk"))
    names = names_of({(one.written_by_kind, one.written_by_id) for one in memos})
    replaced = {one.replaces_id for one in memos}
    return [
        {
            "id": one.pk, "text": one.text, "at": people.moment(one.written_at), "staff": one.written_by_id,
            "by": names[one.written_by_kind, one.written_by_id], "is_struck": one.is_struck,
            "is_standing": one.pk not in replaced and not one.is_struck, "replaces": one.replaces_id,
        }
        for one in memos
    ]  # fmt: skip


def _looking(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "about": str(forms.ABOUTS[one.about]), "because": one.because, "is_open": one.ended_on is None,
        "started_on": written("", one.started_on, kind="1"), "ended_on": written("", one.ended_on, kind="1"),
        "outcome": str(forms.OUTCOMES.get(one.outcome, "")),
    }  # fmt: skip


def _actual(one: ActualHead) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "standing": str(forms.STANDINGS[ActualHead.Standing(one.standing)]),
        "since": written("", one.since, kind="1"), "until": written("", one.until, kind="1"),
    }  # fmt: skip


def _did(
    request: StaffRequest, person: inquiry.Person, name: str, form: Any, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """The act once, and the page anew; what is refused stands beside what was typed."""
    if form.is_valid():
        try:
            pressed_once(request, lambda: _key_of(act(form.cleaned_data)))
        except Refused as refused:
            show_and_log(request, form, refused)
        else:
            messages.success(request, gettext("記録しました。"))
            return redirect("notes:page", person.addressee.number)
    return _shown(request, person, {name: form}, status=422)


def _key_of(made: Any) -> Any:
    return made[0].pk if isinstance(made, list) else getattr(made, "pk", 0)


def _whole(said: Mapping[str, Any], name: str) -> int | None:
    text = str(said.get(name) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@needs("residents.remarks")
@require_POST
@implements("resident-record/1.0#1.1.14/m7", "resident-record/1.0#1.1.14/m8", "resident-record/1.0#1.1.5/m4")
def remark(request: HttpRequest, number: str) -> HttpResponse:
    """Write a note or a remark, or take one away (統合記載欄の記載)."""
    asked, person, said = cast(StaffRequest, request), people.found(request, number), request.POST
    own: dict[str, Any] = {"actor": asked.staff, "person": person.addressee.pk}
    form = forms.RemarkForm(said, **_choices(list(inquiry.history(person.addressee))))
    former = _whole(said, "remark")
    if said.get("do") == "strike" and former is not None:
        return _did(asked, person, "remark", form, lambda typed: acts.strike_remark(**own, remark=former))
    return _did(
        asked, person, "remark", form,
        lambda typed: acts.write_remark(
            **own, text=typed["text"], serial=_whole(typed, "serial"), item=typed["item"], replaces=former
        ),
    )  # fmt: skip


@needs("residents.memo")
@require_POST
@implements("resident-record/1.0#1.1.15/m1", "resident-record/1.0#1.1.15/m3")
def memo(request: HttpRequest, number: str) -> HttpResponse:
    """Write a memo, write it anew, or take it away (メモの記載)."""
    asked, person, said = cast(StaffRequest, request), people.found(request, number), request.POST
    own: dict[str, Any] = {"actor": asked.staff, "person": person.addressee.pk}
    former, form = _whole(said, "memo"), forms.MemoForm(said)
    if said.get("do") == "strike" and former is not None:
        return _did(asked, person, "memo", form, lambda typed: acts.strike_memo(**own, memo=former))
    return _did(asked, person, "memo", form, lambda typed: acts.write_memo(**own, text=typed["text"], replaces=former))


@needs("residents.investigate")
@require_POST
def investigation(request: HttpRequest, number: str) -> HttpResponse:
    """Begin to look into something about people of a household, or end it (実態調査)."""
    asked, person, said = cast(StaffRequest, request), people.found(request, number), request.POST
    if said.get("do") == "end":
        end = forms.EndForm(said)
        return _did(
            asked, person, "end", end, lambda typed: acts.end_investigation(actor=asked.staff, **_ending(typed))
        )
    members = [one for one in members_of(person.record.household) if one.addressee_id != person.addressee.pk]
    form = forms.InvestigationForm(said, members=[(one.addressee.number, one.name) for one in members])

    def begin(typed: dict[str, Any]) -> object:
        chosen = set(typed.get("others") or ())
        others = [one.addressee_id for one in members if one.addressee.number in chosen]
        return acts.begin_investigation(
            actor=asked.staff, people=[person.addressee.pk, *others], about=typed["about"], because=typed["because"],
            started_on=typed["started_on"] or clock.today(),
        )  # fmt: skip

    return _did(asked, person, "investigation", form, begin)


def _ending(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "investigation": typed["investigation"], "outcome": typed["outcome"],
        "ended_on": typed["ended_on"] or clock.today(),
    }  # fmt: skip


@needs("residents.remarks")
@require_POST
@implements("resident-record/1.0#4.1.4.3/m1")
def actual_head(request: HttpRequest, number: str) -> HttpResponse:
    """Record who leads the household in fact, or that nobody does any more (事実上の世帯主)."""
    asked, person, said = cast(StaffRequest, request), people.found(request, number), request.POST
    form, ended = forms.ActualHeadForm(said), _whole(said, "actual_head")
    if said.get("do") == "end" and ended is not None:
        return _did(
            asked, person, "actual_head", form,
            lambda typed: acts.end_actual_head(actor=asked.staff, actual_head=ended, until=clock.today()),
        )  # fmt: skip
    home = person.record.household.number
    return _did(
        asked, person, "actual_head", form,
        lambda typed: acts.set_actual_head(
            actor=asked.staff, household=home, name=typed["name"], standing=typed["standing"],
            since=typed["since"] or clock.today(),
        ),
    )  # fmt: skip
