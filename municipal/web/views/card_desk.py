"""Cards and legal representatives of a resident, at the counter (カードと法定代理人の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from municipal.applicants.models import Card
from municipal.applicants.operations import delegate, given_by, report_loss, set_pin
from municipal.applicants.operations.cards import in_force_of
from municipal.applicants.rules import Kind, Use, is_locked
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents.inquiry import Person
from municipal.web.forms.cards import LegalForm, PinForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .once import new_key, pressed_once

USES = {Use.SIGN_IN: _("利用者証明用"), Use.SIGNATURE: _("署名用")}


@needs("applicants.manage")
@require_safe
def cards(request: HttpRequest, number: str) -> HttpResponse:
    """A resident's cards, and those who may act for them (カードと代理人)."""
    return _page(cast(StaffRequest, request), people.found(request, number))


def _page(request: StaffRequest, found: Person, **more: Any) -> HttpResponse:
    who = found.addressee.pk
    disclose(actor=request.staff, act="applicants.view", subjects=[who], fields=["name", "card", "delegation"])
    good = in_force_of([who])
    context = {
        "person": people.head(found, found.record), "key": new_key(request), "legal": LegalForm(), "pin": PinForm(),
        "cards": [_card(one, [made.use for made in good if made.card_id == one.pk]) for one in _cards(who)],
        "delegations": [
            {"kind": gettext(one.get_kind_display()), "name": one.delegate_name, "until": wareki(one.until)}
            for one in given_by(who).filter(ended_at=None, until__gte=clock.today())
        ],
    } | more  # fmt: skip
    is_wrong = any(getattr(context[name], "errors", None) for name in ("legal", "pin"))
    return render(request, "residents/cards.html", context, status=422 if is_wrong else 200)


def _cards(person: int) -> list[Card]:
    return list(Card.objects.filter(holder=person).order_by("-issued_at", "-pk"))


def _card(one: Card, good: list[str]) -> dict[str, Any]:
    issued_on = wareki(one.issued_at.astimezone(clock.TOKYO).date())
    return {
        "id": one.pk, "number": f"…{one.number[-4:]}", "issued_on": issued_on, "is_in_use": bool(good),
        "uses": [
            {"name": gettext(name), "is_good": use.value in good,
             "is_locked": is_locked(use, getattr(one, f"failures_{use.value}"))}
            for use, name in USES.items()
        ],
    }  # fmt: skip


def _own(found: Person, card: int) -> Card:
    """A card of this resident, and of nobody else. Raises Http404."""
    held = Card.objects.filter(pk=card, holder=found.addressee).first()
    if held is None:
        raise Http404
    return held


@needs("applicants.manage")
@require_POST
def lost(request: HttpRequest, number: str, card: int) -> HttpResponse:
    """A card was lost: its certificates end at once (紛失の届出)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    held = _own(found, card)

    def act() -> bool:
        report_loss(actor=asked.staff, card=held)
        return True

    pressed_once(asked, act)
    messages.success(request, gettext("カードの電子証明書を失効させました。"))
    return redirect("residents:cards", number)


@needs("applicants.manage")
@require_POST
def pin(request: HttpRequest, number: str, card: int) -> HttpResponse:
    """The holder sets a PIN anew, which opens a locked card (暗証番号の再設定)."""
    asked, found = cast(StaffRequest, request), people.found(request, number)
    held, form = _own(found, card), PinForm(request.POST)
    if form.is_valid():
        use, chosen = form.said()
        try:
            set_pin(actor=asked.staff, card=held, use=use, pin=chosen)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("暗証番号を設定し直しました。"))
            return redirect("residents:cards", number)
    return _page(asked, found, pin=form, form=form, pin_card=held.pk)


@needs("applicants.manage")
@require_POST
def legal(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a legal representative; the code is shown once and handed to them (法定代理人の登録)."""
    asked, found, form = cast(StaffRequest, request), people.found(request, number), LegalForm(request.POST)
    if not form.is_valid():
        return _page(asked, found, legal=form, form=form)
    codes: list[str] = []

    def act() -> int:
        made = delegate(actor=asked.staff, principal=found.addressee, kind=Kind.LEGAL, until=form.day())
        codes.append(made.code)
        return int(made.delegation.pk)

    try:
        pressed_once(asked, act)
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _page(asked, found, legal=form, form=form)
    return _page(asked, found, code="".join(codes), is_given=True)
