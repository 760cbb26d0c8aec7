"""Support measures: the list, the application, the case with its steps (支援措置の画面)."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees import operations as acts
from municipal.addressees.measures import case, listed
from municipal.addressees.models import Addressee, MeasureStatus
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.residents import inquiry
from municipal.web.forms import measures as forms
from municipal.web.forms.refusing import show_and_log

from . import cases, measure_letters
from .once import new_key, pressed_once
from .paging import pager

PAGE = 50
FORMS: dict[str, Any] = {
    "start": forms.StartForm, "end": forms.EndForm, "not_needed": forms.NotNeededForm,
    "forward": forms.ForwardForm, "join": forms.JoinForm, "perpetrator": forms.PerpetratorForm,
    "details": forms.DetailsForm, "correct": forms.MeasureForm,
}  # fmt: skip


@needs("measures.view")
@require_safe
@implements("resident-record/1.0#9.2/m1")
def everything(request: HttpRequest) -> HttpResponse:
    """Cases that are not ended, by the end of their period (支援措置一覧)."""
    asked, form = cast(StaffRequest, request), forms.MeasureFilterForm(request.GET)
    which = form.cleaned_data["which"] if form.is_valid() else ""
    page = Paginator(listed(which), PAGE).get_page(request.GET.get("page"))
    rows, seen = cases.rows(page.object_list)
    if seen:
        disclose(actor=asked.staff, subjects=seen, fields=["name", "measure"])
    context = {"form": form, "rows": rows, "count": page.paginator.count, "pager": pager(page, request)}
    return render(request, "measures/list.html", context, status=422 if form.errors else 200)


@needs("measures.keep")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#1.1.16/m2", "resident-record/1.0#3.4/m10")
def apply(request: HttpRequest, number: str) -> HttpResponse:
    """An application for a person: from then on a provisional measure protects (申出の受付)."""
    asked, person = cast(StaffRequest, request), inquiry.person(number)
    if person is None:
        raise Http404
    form = forms.MeasureForm(request.POST or None, initial=forms.first_initial())
    if request.method == "POST" and form.is_valid():
        said = form.said()
        act = acts.receive_measure if said["first_municipality"] or said["received_on"] else acts.apply_for_measure
        try:
            made = pressed_once(
                asked, lambda: act(actor=asked.staff, applicant=person.addressee, said=said).number
            )  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("申出を受け付けました。仮支援措置で保護しています。"))
            return redirect("measures:case", made)
    disclose(actor=asked.staff, subjects=[person.addressee.pk], fields=["name"])
    context = {
        "form": form, "key": new_key(request),
        "person": {"number": number, "name": person.record.name, "kana": person.record.name_kana},
    }  # fmt: skip
    return render(request, "measures/apply.html", context, status=422 if form.errors else 200)


@needs("measures.view")
@require_safe
@implements("resident-record/1.0#1.1.16/m1", "resident-record/1.0#2.2.4/m1")
def one(request: HttpRequest, number: str) -> HttpResponse:
    """A case as it stands, its steps and what may be done; no address (支援措置の内容)."""
    return _shown(cast(StaffRequest, request), number)


def _case(number: str) -> Any:
    try:
        return case(number)
    except Refused as refused:
        raise Http404 from refused


NEVER_SHOWN = frozenset({"contact_phone", "contact_mobile", "contact_mail", "note"})


def _shown(request: StaffRequest, number: str, bound: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = _case(number)
    disclose(actor=request.staff, subjects=cases.subjects(found), fields=["name", "measure"])
    is_open = found.status != MeasureStatus.ENDED and "measures.keep" in request.permissions
    shown = {name: form(initial=cases.initial(name, found)) for name, form in FORMS.items()} | (bound or {})
    context = {
        **cases.whole(found), "forms": shown, "is_open": is_open, "key": new_key(request),
        "may_see_details": "measures.details" in request.permissions,
        "form": next(iter((bound or {}).values()), None),
    }  # fmt: skip
    return render(request, "measures/case.html", context, status=status)


def _person(number: str) -> Addressee:
    found = Addressee.objects.filter(number=number).first()
    if found is None:
        raise Refused(
            "この自治体の台帳に、その番号はありません。番号を確かめてください。", field="person", code="no_such_person"
        )
    return found


def _step_of(request: StaffRequest, number: str, step: str, said: dict[str, Any]) -> Callable[[], object]:
    """What the pressed button does with what was typed."""
    by: dict[str, Any] = {"actor": request.staff, "number": number}
    if step in ("join", "perpetrator"):
        said = dict(said)
        named = said.pop("person")
        person = _person(named) if named else None
        if step == "join":
            return lambda: acts.join_measure(**by, addressee=cast(Addressee, person), relation=said["relation"])
        return lambda: acts.name_perpetrator(**by, addressee=person, **said)
    if step == "correct":
        # How to reach the person is never shown in the form; sent empty, it stays as it was.
        kept = {name: value for name, value in said.items() if value != "" or name not in NEVER_SHOWN}
        return lambda: acts.correct_measure(**by, said=kept)
    act = {
        "start": acts.start_measure, "end": acts.end_measure, "not_needed": acts.measure_not_needed,
        "forward": acts.forward_measure,
    }[step]  # fmt: skip
    return lambda: act(**by, **said)  # type: ignore[operator]


@needs("measures.keep")
@require_POST
@implements("resident-record/1.0#3.4/m4", "resident-record/1.0#3.4/m9")
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One step of a case, once however often the button is pressed (支援措置の処理)."""
    asked = cast(StaffRequest, request)
    if name not in FORMS or name == "details":
        raise Http404
    form = FORMS[name](request.POST)
    if not form.is_valid():
        return _shown(asked, number, {name: form}, 422)
    try:
        act = _step_of(asked, number, name, form.cleaned_data)
        pressed_once(asked, lambda: bool(act()))
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _shown(asked, number, {name: form}, status_of(refused))
    messages.success(request, gettext("記録しました。"))
    return redirect("measures:case", number)


@needs("measures.keep")
@require_POST
@implements("resident-record/1.0#3.4/m5")
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Another year from the day after the last (延長)."""
    asked = cast(StaffRequest, request)
    pressed_once(asked, lambda: acts.extend_measure(actor=asked.staff, number=number).serial)
    messages.success(request, gettext("支援措置を延長しました。"))
    return redirect("measures:case", number)


@needs("measures.keep")
@require_safe
@implements("resident-record/1.0#3.4/m6", "resident-record/1.0#3.4/o1")
def notice(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """The letter to the applicant that the period ends, or that the measure starts; no address on it (通知書)."""
    asked, found = cast(StaffRequest, request), _case(number)
    if what not in measure_letters.LETTERS:
        raise Http404
    own = found.measure.protections.filter(is_own=True).select_related("addressee").first()
    disclose(actor=asked.staff, subjects=[own.addressee_id], fields=["name", "measure"], purpose=f"notice_{what}")
    pdf = measure_letters.letter(what, found, own.addressee.name, asked.town.name)
    return HttpResponse(pdf, content_type="application/pdf")


@needs("measures.keep")
@require_POST
def withdraw_perpetrator(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Close what was noted about a perpetrator (加害者の訂正)."""
    asked = cast(StaffRequest, request)
    pressed_once(
        asked, lambda: acts.withdraw_perpetrator(actor=asked.staff, number=number, perpetrator=row)
    )  # fmt: skip
    messages.success(request, gettext("記録しました。"))
    return redirect("measures:case", number)


@needs("measures.details")
@require_POST
@implements("resident-record/1.0#3.4/m2", "resident-record/1.0#1.1.16/m2")
@prints_addresses("measures.details", Purpose.CASE)
def details(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a case, addresses and perpetrators too, in this one answer and nowhere else (支援措置の詳細)."""
    asked, form = cast(StaffRequest, request), forms.DetailsForm(request.POST)
    if not form.is_valid():
        return _shown(asked, number, {"details": form}, 422)
    _case(number)
    found = acts.see_measure(actor=asked.staff, number=number, purpose=form.cleaned_data["purpose"])
    context = {
        **cases.whole(found), **cases.details(found), "key": new_key(request),
        "may_keep": "measures.keep" in asked.permissions and found.status != MeasureStatus.ENDED,
    }  # fmt: skip
    return render(request, "measures/details.html", context)
