"""What was paid too much: paying it back, or another debt with it (過誤納の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from municipal.addressees.mailing import withheld_among
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments.arrears import Debt, charges_of, debts, over_payments_of, refund_interest_of
from municipal.payments.models import Charge
from municipal.payments.operations import apply, refund
from municipal.payments.rules.accrual import schemes
from municipal.payments.rules.refund_interest import MISTAKE, Piece, causes
from municipal.web.forms.arrears import RefundForm, named
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import STATUSES, fee_name

from .arrears import charge_found
from .once import new_key, pressed_once
from .payer_facts import head


@needs("payments.refund")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, charge: int) -> HttpResponse:
    """Why too much was paid, with interest up to today; pay it back or use it (還付・充当の処理)."""
    asked, found = cast(StaffRequest, request), charge_found(charge)
    payer = found.assessment.payer
    pieces = over_payments_of(found)
    over = sum(one.yen for one in pieces)
    others = [debt.charge for debt in debts(charges_of(payer.pk), clock.today()) if _is_offered(debt, found, request)]
    form = RefundForm(
        [(one, name_of(one)) for one in others], request.POST if request.method == "POST" else None,
        initial={"yen": over},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            made = pressed_once(asked, lambda: _booked(asked, found, form.cleaned_data))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("処理しました。通知書は下の一覧から印刷できます。"))
            return redirect(f"/money/arrears/payers/{payer.number}#posting-{made}")
    disclose(actor=asked.staff, subjects=[payer.pk], fields=["name"])
    context = {
        "form": form, "key": new_key(request), "name": name_of(found), "over": f"{over:,}",
        "payer": head(payer, is_protected=bool(withheld_among([payer.pk]))), "rows": [_piece(one) for one in pieces],
        "interest": _interest(found, over), "today": wareki(clock.today()),
        "status": STATUSES.get(schemes()["refund"].status, ""),
    }  # fmt: skip
    return render(request, "arrears/refund.html", context, status=422 if form.errors else 200)


def _is_offered(debt: Debt, over: Charge, request: HttpRequest) -> bool:
    """What is owed; and what was chosen, which may be paid by now by this very form, sent before."""
    return debt.charge != over and (debt.owed > 0 or str(debt.charge.pk) == request.POST.get("to"))


def _booked(request: StaffRequest, charge: Charge, said: dict[str, Any]) -> int:
    if not said["to"]:
        return refund(actor=request.staff, charge=charge, yen=said["yen"], cause=said["cause"]).pk
    to = charge_found(int(said["to"]))
    return apply(actor=request.staff, of=charge, to=to, yen=said["yen"], cause=said["cause"]).pk


def _interest(charge: Charge, over: int) -> list[dict[str, str]]:
    """What the interest would be today for each cause that a reduction can have; "" where no rate is known."""
    reductions = (cause for cause in causes().values() if cause.code != MISTAKE)
    return [{"cause": named(cause), "yen": _interest_yen(charge, over, cause.code)} for cause in reductions]


def _interest_yen(charge: Charge, over: int, cause: str) -> str:
    try:
        return f"{refund_interest_of(charge, over, cause=cause).yen:,}"
    except Refused:
        return ""


def _piece(one: Piece) -> dict[str, str]:
    return {
        "yen": f"{one.yen:,}", "paid_on": wareki(one.paid_on), "over_on": wareki(one.over_on),
        "cause": named(causes()[one.cause]),
    }  # fmt: skip


def name_of(charge: Charge) -> str:
    """Which instalment of what, in the reader's language (調定の呼び名)."""
    year = wareki_fiscal_year(charge.assessment.levy_year)
    return f"{year} {fee_name(charge.assessment.fee)} {charge.assessment.reference}-{charge.period}"
