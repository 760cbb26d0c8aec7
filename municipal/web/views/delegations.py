"""Letting somebody act for me, taking a delegation over, ending one (委任の画面)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from municipal.applicants.models import ApplicantSession, Delegation
from municipal.applicants.operations import accept_delegation, delegate, end_delegation, given_by, held_by
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.offered import offered
from municipal.web.forms.me import CodeForm, DelegationForm
from municipal.web.forms.refusing import show
from municipal.web.languages import day_said

from .me import framed, pressed_once, session_of
from .me_cases import tongue
from .once import new_key
from .pay import town_of


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, town: str) -> HttpResponse:
    """What others may do for me, and a form for one more; its code is shown once (委任する)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = session_of(request)
        if session is None:
            return redirect("me:home", place.code)
        if request.method != "POST":
            return _page(request, place, session)
        form = DelegationForm(_procedures(), request.POST)
        if form.is_valid():
            try:
                return _given(request, place, session, form)
            except Refused as refused:
                show(form, refused)
        return _page(request, place, session, form=form)


def _given(request: HttpRequest, town: Municipality, session: ApplicantSession, form: DelegationForm) -> HttpResponse:
    person, (kind, procedures, until) = session.applicant.person, form.said()
    if person is None or not session.applicant.is_resident:
        raise Refused(
            "カードと住民の記録が結び付いていないため、委任はできません。窓口でご相談ください。", code="not_linked"
        )
    codes = []

    def act() -> int:
        made = delegate(actor=session.applicant, principal=person, kind=kind, until=until, procedures=procedures)
        codes.append(made.code)
        return int(made.delegation.pk)

    pressed_once(request, session.applicant, act)
    # The code is kept nowhere: whoever sends the form again is told so, and makes another one.
    return _page(request, town, session, code=codes[0] if codes else "", is_given=True)


@open_to_all
@require_POST
def accept(request: HttpRequest, town: str) -> HttpResponse:
    """Take a delegation over with its code (委任を受け取る)."""
    place, form = town_of(town), CodeForm(request.POST)
    with wall.within(place.pk):
        session = session_of(request)
        if session is None:
            return redirect("me:home", place.code)
        if form.is_valid():
            try:
                pressed_once(request, session.applicant, lambda: _accepted(session, form.cleaned_data["code"]))
            except Refused as refused:
                show(form, refused)
            else:
                return redirect("me:home", place.code)
        return _page(request, place, session, code_form=form)


def _accepted(session: ApplicantSession, code: str) -> int:
    return int(accept_delegation(actor=session.applicant, code=code, name=session.name).pk)


@open_to_all
@require_POST
def end(request: HttpRequest, town: str, number: int) -> HttpResponse:
    """End a delegation of mine or to me (委任をやめる)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = session_of(request)
        if session is None:
            return redirect("me:home", place.code)
        try:
            pressed_once(request, session.applicant, lambda: _ended(session, number))
        except Refused as refused:
            return _page(request, place, session, refusal=sentence(refused))
        return redirect("me:delegations", place.code)


def _ended(session: ApplicantSession, number: int) -> bool:
    end_delegation(actor=session.applicant, delegation=number)
    return True


def _procedures() -> list[tuple[str, str]]:
    found = [entry for entry in offered().entries if entry.kind == "online"]
    return [(entry.id, entry.title.said(tongue())) for entry in found]


def _page(request: HttpRequest, town: Municipality, session: ApplicantSession, **more: Any) -> HttpResponse:
    person, names = session.applicant.person_id, dict(_procedures())
    year = clock.today() + timedelta(days=180)
    usual: dict[str, Any] = {
        "form": DelegationForm(list(names.items()), initial={"until": year}), "code_form": CodeForm(),
        "key": new_key(request),
        "is_resident": session.applicant.is_resident,
        "given": [_row(one, names) for one in given_by(person)] if person else [],
        "held": [_row(one, names) for one in held_by(session.applicant)],
    }  # fmt: skip
    context = framed(town, session, **usual | more)
    wrong = any(getattr(context[name], "errors", None) for name in ("form", "code_form")) or "refusal" in more
    return render(request, "me/delegations.html", context, status=422 if wrong else 200)


def _row(one: Delegation, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": one.pk, "kind": gettext(one.get_kind_display()), "until": day_said(one.until),
        "delegate": one.delegate_name,
        "principal": one.principal.name, "state": _state(one, clock.today()), "is_open": one.ended_at is None,
        "procedures": [names.get(code, code) for code in one.procedures],
    }  # fmt: skip


def _state(one: Delegation, today: date) -> str:
    if one.ended_at is not None:
        return gettext("終わりました")
    if today > one.until:
        return gettext("期限が過ぎました")
    if one.delegate_id is not None:
        return gettext("任せています")
    return gettext("受け取り待ち") if clock.now() < one.accept_until else gettext("受け取りの期限が過ぎました")
