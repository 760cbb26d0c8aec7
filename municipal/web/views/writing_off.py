"""Claims that end soon or have ended, and giving one up (時効・不納欠損の画面)."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.mailing import withheld_among
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments.arrears import Debt, debts
from municipal.payments.operations import write_off
from municipal.payments.overdue import ending as ending_by
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.rules.limitation import reasons
from municipal.web.forms.arrears import WriteOffForm, named
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import STATUSES, fee_name

from .arrears import ACT, CAUSES, VIEW, charge_found
from .once import new_key, pressed_once
from .payer_facts import head

MOST = 500


@needs(VIEW, ACT)
@require_safe
def ending(request: HttpRequest) -> HttpResponse:
    """What ends by the end of the fiscal year, the first to end first (時効の一覧)."""
    asked, today = cast(StaffRequest, request), clock.today()
    through = date(fiscal_year(today) + 1, 3, 31)
    found = ending_by(today, through)
    shown = found[:MOST]
    payers = {debt.charge.assessment.payer for debt in shown}
    hidden = withheld_among([one.pk for one in payers])
    if payers:
        disclose(actor=asked.staff, subjects=sorted(one.pk for one in payers), fields=["name"])
    context = {
        "rows": [_row(debt, today, is_protected=debt.charge.assessment.payer_id in hidden) for debt in shown],
        "through": wareki(through), "count": f"{len(found):,}", "yen": f"{sum(debt.owed for debt in found):,}",
        "is_cut": len(found) > MOST, "most": MOST,
    }  # fmt: skip
    return render(request, "arrears/limitation.html", context)


def _row(debt: Debt, today: date, *, is_protected: bool) -> dict[str, Any]:
    assessment = debt.charge.assessment
    return {
        "pk": debt.charge.pk, "payer": head(assessment.payer, is_protected=is_protected),
        "fee": fee_name(assessment.fee), "year": wareki_fiscal_year(assessment.levy_year),
        "reference": assessment.reference, "due_on": wareki(debt.charge.due_on), "owed": f"{debt.owed:,}",
        "ends_on": wareki(debt.term.last_day), "cause": gettext(CAUSES[debt.term.cause]),
        "has_ended": debt.term.has_ended(today), "ends_by_itself": debt.claim.claim.ends_by_itself,
    }  # fmt: skip


@needs("payments.write_off")
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, charge: int) -> HttpResponse:
    """Give up what is owed of a charge, for a reason that its class of claim has (不納欠損の処理)."""
    asked, found = cast(StaffRequest, request), charge_found(charge)
    (debt,) = debts([found], clock.today())
    claim = debt.claim.claim
    form = WriteOffForm(claim.code, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: write_off(actor=asked.staff, charge=found, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("不納欠損を処理しました。"))
            return redirect("arrears:payer", found.assessment.payer.number)
    payer = found.assessment.payer
    disclose(actor=asked.staff, subjects=[payer.pk], fields=["name"])
    is_protected = bool(withheld_among([payer.pk]))
    context = {
        "form": form, "key": new_key(request), "debt": _row(debt, clock.today(), is_protected=is_protected),
        "claim": named(claim),
        "statuses": [
            (named(one), STATUSES.get(one.status, one.status))
            for one in reasons().values()
            if claim.code in one.claim_classes and one.status != "cited"
        ],
    }  # fmt: skip
    return render(request, "arrears/write_off.html", context, status=422 if form.errors else 200)
