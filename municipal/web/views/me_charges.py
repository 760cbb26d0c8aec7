"""What I owe and what I paid (私の納付の画面)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.models import Addressee
from municipal.applicants.models import ApplicantSession
from municipal.audit.operations import disclose
from municipal.checkout.provider import provider
from municipal.checkout.standing import Word, seen
from municipal.core import clock
from municipal.municipalities.models import Municipality
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Charge, Slip
from municipal.web.languages import day_said
from municipal.web.money_words import fee_name

from .me import framed
from .me_door import for_oneself, person_of
from .pay import keep, opened

MOST = 200
LATE, OPEN, CHECKING, PAID, BACK, NOTHING = "late", "open", "checking", "paid", "back", "nothing"
WORDS = {
    LATE: _("納期限が過ぎています"), OPEN: _("未納です"), CHECKING: _("受付済み（確認中）"), PAID: _("納付済みです"),
    BACK: _("納めすぎです"), NOTHING: _("納める額はありません"),
}  # fmt: skip


def _state(charge: Charge, now: Standing, slip: Slip | None) -> str:
    if now.outstanding:
        if slip is not None and seen(slip).word == Word.PROCESSING:
            return CHECKING
        return LATE if charge.due_on < clock.today() else OPEN
    if now.overpaid:
        return BACK
    return PAID if now.applied else NOTHING


def rows_of(payer: Addressee) -> list[dict[str, Any]]:
    """Charges of one payer, what is still owed first; nobody else's of their household (私の納付の一覧)."""
    charges = list(
        Charge.objects.filter(assessment__payer=payer).select_related("assessment").order_by("-due_on", "-pk")[:MOST]
    )
    standings, slips = of_charges([one.pk for one in charges]), _slips([one.pk for one in charges])
    found = []
    for one in charges:
        now, slip = standings[one.pk], slips.get(one.pk)
        state = _state(one, now, slip)
        found.append({
            "fee": fee_name(one.assessment.fee), "levy_year": one.assessment.levy_year, "period": one.period,
            "due_on": day_said(one.due_on), "state": state, "words": gettext(WORDS[state]),
            "charged": f"{now.charged:,}", "outstanding": f"{now.outstanding:,}" if now.outstanding else "",
            "yen": now.outstanding, "overpaid": f"{now.overpaid:,}" if now.overpaid else "",
            "slip": slip.pk if slip is not None and state != NOTHING else None,
        })  # fmt: skip
    return sorted(found, key=lambda one: one["yen"] == 0)


def _slips(charges: list[int]) -> dict[int, Slip]:
    """The slip of each charge that is valid now."""
    rows = Slip.objects.filter(charge__in=charges, successors__isnull=True, withdrawals__isnull=True)
    return {one.charge_id: one for one in rows.select_related("charge__assessment").order_by("pk")}


@for_oneself()
@never_cache
@require_safe
def page(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """What is owed, by when, what was paid, and the way to pay (私の納付)."""
    person = person_of(session)
    disclose(actor=session.applicant, act="applications.my_charges", subjects=[person.pk], fields=["charges"])
    rows = rows_of(person)
    total = sum(one["yen"] for one in rows)
    context = framed(
        town, session, rows=rows, total=f"{total:,}" if total else "", has_provider=provider(town.pk) is not None
    )
    return render(request, "me/charges.html", context)


@for_oneself()
@require_POST
def pay(request: HttpRequest, town: Municipality, session: ApplicantSession, slip: int) -> HttpResponse:
    """On to the page of one slip of mine, opened for this browser: paying, or the record of a payment (納付へ)."""
    rows = Slip.objects.filter(pk=slip, charge__assessment__payer=session.applicant.person)
    if not rows.exists():
        raise Http404
    mine = [one for one in opened(request, town) if one != slip]
    return keep(redirect("pay:slip", town.code, slip), town, [*mine, slip])
