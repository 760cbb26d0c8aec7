"""One slip: its codes, its forerunners and successors, issuing it anew, withdrawing it (納付書の画面)."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments.balances import of_charges
from municipal.payments.codes import codes_of, issuer
from municipal.payments.fees import fee
from municipal.payments.models import Slip
from municipal.payments.operations import reissue_slip, withdraw_slip
from municipal.payments.paper.symbols import gs1_128, qr, svg
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.slips import ReissueForm, WithdrawForm

from .once import new_key, pressed_once
from .people import moment

VIEW, ISSUE = "payments.view", "payments.slips"
PIXEL, BAR, BAR_HEIGHT = 4, 2, 80


@needs(VIEW, ISSUE)
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one slip (納付書)."""
    return _page(cast(StaffRequest, request), _slip(number), ReissueForm(), WithdrawForm())


def _slip(number: str) -> Slip:
    found: Slip = get_object_or_404(Slip.objects.select_related("charge__assessment__payer"), number=number)
    return found


def _page(request: StaffRequest, slip: Slip, reissuing: ReissueForm, withdrawing: WithdrawForm) -> HttpResponse:
    by, assessment = issuer(request.town.pk), slip.charge.assessment
    codes, standing = codes_of(slip, by), of_charges([slip.charge_id])[slip.charge_id]
    disclose(actor=request.staff, subjects=[assessment.payer_id], fields=["name"])
    wrong = next((form for form in (reissuing, withdrawing) if form.errors), None)
    item = fee(assessment.fee)
    context = {
        "slip": {
            "number": slip.number, "confirmation": slip.confirmation, "el_number": _grouped(codes.el_number),
            "yen": f"{slip.yen:,}", "barcode": codes.barcode, "payer": assessment.payer.number,
            "name": assessment.payer.name, "fee": item.name_ja, "year": wareki_fiscal_year(assessment.levy_year),
            "reference": assessment.reference, "period": slip.charge.period, "due_on": wareki(slip.charge.due_on),
            "pay_until": wareki(slip.pay_until), "issued_at": moment(slip.issued_at), "reissue": slip.reissue,
        },
        "owed": f"{standing.outstanding:,}", "is_paid": standing.outstanding == 0, "is_specimen": by.is_specimen,
        "qr": _picture(qr(codes.el_qr)) if codes.el_qr else "",
        "bars": _bars(gs1_128(codes.barcode)) if codes.barcode else "",
        "chain": _chain(slip), "withdrawal": slip.withdrawals.first(), "form": wrong,
        "is_newest": not slip.successors.exists(), "reissuing": reissuing, "withdrawing": withdrawing,
        "key": new_key(request), "may_issue": ISSUE in request.permissions,
        "run": slip.runs.values_list("run", flat=True).first(),
    }  # fmt: skip
    return render(request, "slips/slip.html", context, status=422 if wrong else 200)


def _grouped(number: str) -> str:
    """An eL number in its four parts, as it is printed."""
    return " ".join((number[:5], number[5:25], number[25:31], number[31:])).strip()


def _picture(symbol: tuple[int, bytes]) -> str:
    side, data = symbol
    return _address(svg((side, side), data, (side * PIXEL, side * PIXEL)))


def _bars(symbol: tuple[int, bytes]) -> str:
    modules, data = symbol
    return _address(svg((modules, 1), data, (modules * BAR, BAR_HEIGHT)))


def _address(picture: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"


def _chain(slip: Slip) -> list[dict[str, Any]]:
    """All slips of the charge, the first one first: each was superseded by the next."""
    found = Slip.objects.filter(charge=slip.charge_id).order_by("reissue", "pk").prefetch_related("withdrawals")
    return [
        {
            "number": one.number, "reissue": one.reissue, "yen": f"{one.yen:,}", "pay_until": wareki(one.pay_until),
            "issued_at": moment(one.issued_at), "is_this": one.pk == slip.pk,
            "is_withdrawn": bool(one.withdrawals.all()),
        }
        for one in found
    ]  # fmt: skip


@needs(ISSUE)
@require_POST
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """A new slip for what is owed today; the old number stays linked (再発行)."""
    asked, slip, form = cast(StaffRequest, request), _slip(number), ReissueForm(request.POST)

    def act() -> str:
        return reissue_slip(actor=asked.staff, slip=slip, pay_until=form.cleaned_data["pay_until"]).number

    made = _carried_out(asked, form, act)
    if made is None:
        return _page(asked, slip, form, WithdrawForm())
    messages.success(request, gettext("納付書を再発行しました。前の番号で納められても、この調定に消し込まれます。"))
    return redirect("slips:slip", made)


@needs(ISSUE)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a slip should not be paid (取消し)."""
    asked, slip, form = cast(StaffRequest, request), _slip(number), WithdrawForm(request.POST)

    def act() -> str:
        return withdraw_slip(actor=asked.staff, slip=slip, reason=form.cleaned_data["reason"]).slip.number

    if _carried_out(asked, form, act) is None:
        return _page(asked, slip, ReissueForm(), form)
    messages.success(request, gettext("納付書を取り消しました。"))
    return redirect("slips:slip", number)


def _carried_out(request: StaffRequest, form: Any, act: Callable[[], str]) -> str | None:
    """What the act returned; None where the form or the act was refused, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return str(pressed_once(request, act))
    except Refused as refused:
        show_and_log(request, form, refused)
        return None
