"""What an application costs: the clerk's part with prices, the applicant's with the way to pay (申請の手数料)."""

from base64 import b64encode
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from municipal.applications.models import Case, CaseFee
from municipal.applications.operations.fees import quote
from municipal.applications.outcomes.standing_fees import newest, quoted, slip_of, standing_of
from municipal.applications.rules.fees import Line, is_paid_at_the_desk, is_paid_back, read, total
from municipal.applications.rules.steps import is_over
from municipal.audit.operations import disclose
from municipal.checkout.provider import provider
from municipal.checkout.standing import Word, seen
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, open_to_all
from municipal.municipalities import wall
from municipal.payments.balances import Standing
from municipal.payments.codes import codes_of, issuer
from municipal.payments.models import Slip
from municipal.payments.paper.symbols import qr, svg
from municipal.web.languages import day_said, text_said
from municipal.web.panels import Panel, for_applicants, for_clerks

from .applied import opened_case
from .apply import told
from .once import new_key, pressed_once
from .pay import keep, opened, town_of

PIXEL = 4
WORK = "applications.work"
UNPAID, PAID, CHECKING, BACK, REFUNDED, KEPT = "unpaid", "paid", "checking", "back", "refunded", "kept"
WORDS = {
    UNPAID: _("納付を待っています"), PAID: _("納付済みです"), CHECKING: _("納付を受け付け、確認しています"),
    BACK: _("お返しする額があります"), REFUNDED: _("お返ししました"), KEPT: _("お返しする額はありません"),
}  # fmt: skip
"""What is said of a fee to whoever it concerns."""


def state_of(case: Case, fee: CaseFee, now: Standing, slip: Slip | None) -> str:
    """How a fee stands, in one word, by the books alone; empty where nothing is owed or was paid (手数料の状況)."""
    if now.overpaid:
        return BACK
    if now.refunded and not now.applied:
        return REFUNDED
    if now.outstanding:
        return CHECKING if slip is not None and seen(slip).word == Word.PROCESSING else UNPAID
    if not now.applied:
        return ""
    is_kept = is_over(case.workflow, case.state) and case.state != "done" and not is_paid_back(case.state, is_made=True)
    return KEPT if is_kept else PAID


def _lines(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [
        {
            "item": one.item, "count": one.count, "yen": "" if one.yen is None else f"{one.yen:,}",
            "price": "" if one.yen is None else one.yen,
            "sum": "" if one.yen is None else f"{one.count * one.yen:,}",
        }
        for one in lines
    ]  # fmt: skip


@for_applicants(12)
def applicant_panel(request: HttpRequest, case: Case) -> Panel | None:
    """The amount, by when, how to pay, and what the books say of it; nobody's name (手数料)."""
    fee = newest(case)
    if fee is None:
        return _at_the_desk(case)
    slip, now = slip_of(fee), standing_of(fee)
    state = state_of(case, fee, now, slip)
    if not state:
        return None
    context: dict[str, Any] = {
        "case": case, "town": f"{case.municipality_id:06d}", "state": state, "words": WORDS[state],
        "lines": _lines(read(fee.lines)), "yen": f"{fee.yen:,}",
        "back": f"{now.overpaid or now.refunded:,}", "has_slip": slip is not None,
        "has_provider": provider(int(case.municipality_id or 0)) is not None,
    }  # fmt: skip
    if slip is not None:
        context |= _of_slip(slip)
    return Panel("apply/fee.html", context)


def _at_the_desk(case: Case) -> Panel | None:
    """Nothing is charged online for what is paid at the visit; said as long as the visit may be ahead."""
    if not is_paid_at_the_desk(case.asked) or is_over(case.workflow, case.state):
        return None
    return Panel("apply/fee_at_the_desk.html", {"text": text_said(case.asked.fee_text)})


def _of_slip(slip: Slip) -> dict[str, Any]:
    by = issuer(int(slip.municipality_id or 0))
    codes, now = codes_of(slip, by), seen(slip)
    return {
        "due_on": day_said(slip.charge.due_on), "pay_until": day_said(slip.pay_until), "number": slip.number,
        "confirmation": slip.confirmation, "is_specimen": by.is_specimen, "is_payable": now.is_payable,
        "qr": _picture(codes.el_qr) if codes.el_qr else "", "paid_on": day_said(now.paid_on) if now.paid_on else "",
    }  # fmt: skip


def _picture(text: str) -> str:
    side, data = qr(text)
    drawn = svg((side, side), data, (side * PIXEL, side * PIXEL))
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"


@open_to_all
@require_POST
def pay_fee(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """On to the page where its slip is paid or its receipt taken, opened for this browser (手数料の納付へ)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            fee = newest(case) if case is not None else None
            slip = slip_of(fee) if fee is not None else None
            if slip is None:
                raise Http404
    except Refused as refused:
        return told(request, place, refused, 422)
    mine = [one for one in opened(request, place) if one != slip.pk]
    return keep(redirect("pay:slip", place.code, slip.pk), place, [*mine, slip.pk])


@for_clerks(40)
def clerk_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What it costs, what was charged, how it stands; before the decision the prices can be set (手数料)."""
    asked, fee = cast(StaffRequest, request), newest(case)
    lines = read(fee.lines) if fee is not None else quoted(case)
    if not lines:
        return None
    sum_of = total(lines)
    context: dict[str, Any] = {
        "case": case, "lines": _lines(lines), "total": "" if sum_of is None else f"{sum_of:,}",
        "may_quote": fee is None and case.state == "substance_check" and WORK in asked.permissions,
        "is_by_item": case.asked.fee_yen is None, "key": new_key(request),
    }  # fmt: skip
    if fee is not None:
        context |= _charged(asked, case, fee)
    return Panel("cases/fee.html", context)


def _charged(request: StaffRequest, case: Case, fee: CaseFee) -> dict[str, Any]:
    now, slip = standing_of(fee), slip_of(fee)
    payer, state = fee.assessment.payer, state_of(case, fee, now, slip)
    disclose(actor=request.staff, subjects=[payer.pk], fields=["name"])
    return {
        "assessment": fee.assessment_id, "payer": payer.number, "state": state,
        "words": gettext(WORDS[state]) if state else gettext("納める額はありません"),
        "slip": slip.number if slip else "", "due_on": wareki(slip.charge.due_on) if slip else "",
        "yen": {name: f"{getattr(now, name):,}" for name in ("outstanding", "applied", "overpaid", "refunded")},
        "may_see_money": "payments.view" in request.permissions,
    }  # fmt: skip


@needs(WORK)
@require_POST
def set_prices(request: HttpRequest, number: int) -> HttpResponse:
    """The price of each item, before the decision (金額の入力)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    said = [_yen(text) for text in request.POST.getlist("yen")]
    pressed_once(asked, lambda: quote(actor=asked.staff, case=case.pk, yen=said).pk)
    messages.success(request, gettext("金額を記録しました。"))
    return redirect("cases:case", case.pk)


def _yen(text: str) -> int:
    plain = text.strip().replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else -1
