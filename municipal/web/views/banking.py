"""The bank's desk: what is to be asked for, answered, paid back; and the town's own account (口座振替・還付の画面)."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.mailing import withheld_among
from municipal.addressees.models import Addressee
from municipal.banking import refunds
from municipal.banking.debits import Ready, in_force, open_items, ready
from municipal.banking.models import BankSettings, DebitItem
from municipal.banking.operations import change_bank_settings
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents.inquiry import is_number
from municipal.web.forms.banking import BankSettingsForm, names
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from . import people
from .once import new_key, pressed_once

VIEW, COLLECT, REFUND, SETTINGS = "payments.view", "payments.collect", "payments.refund", "payments.settings"
BEHIND, AHEAD = timedelta(days=90), timedelta(days=60)
"""How far back and ahead the due days lie that are offered."""


@needs(VIEW, COLLECT, REFUND)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What waits for somebody at the bank's desk (口座振替・還付)."""
    asked = cast(StaffRequest, request)
    due = refunds.overpaid()
    context = {
        "mandates": in_force(clock.today()).count(), "waiting": open_items().count(),
        "ready": ready_rows(), "refunds": len(due), "refund_yen": f"{sum(one.yen for one in due):,}",
        "without_account": sum(one.account is None for one in due), "settings": BankSettings.objects.first(),
        "may_set": SETTINGS in asked.permissions,
    }  # fmt: skip
    return render(request, "banking/overview.html", context)


def ready_rows() -> list[dict[str, Any]]:
    """What can be asked for, a line for each due day and fee (請求できる口座振替)."""
    today = clock.today()
    return [_ready(one) for one in ready(today - BEHIND, today + AHEAD)]


def _ready(one: Ready) -> dict[str, Any]:
    return {
        "fee": fee_name(one.fee), "due_on": wareki(one.due_on), "count": one.count, "yen": f"{one.yen:,}",
        "query": f"fee={one.fee}&due_on={one.due_on:%Y-%m-%d}", "is_past": one.due_on < clock.today(),
    }  # fmt: skip


def payer_of(number: str) -> Addressee:
    """The payer of that number (納付義務者). Raises Http404 for nobody of this town."""
    found = Addressee.objects.filter(number=number).first() if is_number(number) else None
    if found is None:
        raise Http404
    return found


def heads(payers: list[Addressee]) -> dict[int, dict[str, Any]]:
    """Each payer as a line shows it, by id: number, name and the states nobody may miss (納付義務者の表示)."""
    hidden = withheld_among([one.pk for one in payers])
    return {
        one.pk: {
            "number": one.number, "name": one.name,
            "badges": [
                *filter(None, [people.BADGES.get(one.life_state)]),  # type: ignore[call-overload]
                *(["protected"] if one.pk in hidden else []),
            ],
        }
        for one in payers
    }  # fmt: skip


def account_of(row: Any, kinds: str) -> dict[str, str]:
    """An account as a page shows it: its number with the last three digits only (口座の表示)."""
    return {
        "bank": f"{row.bank_name}（{row.bank_code}）", "branch": f"{row.branch_name}（{row.branch_code}）",
        "kind": names(kinds).get(row.kind, row.kind), "masked": row.masked, "holder": getattr(row, "holder", ""),
    }  # fmt: skip


def result_of(item: DebitItem) -> str:
    """What came of a line in words; empty where the bank has not answered (結果の表示)."""
    found = next(iter(item.results.all()), None)
    return names("result").get(found.code, found.code) if found else ""


@needs(SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The codes the bank gave the town, and the town's own account (銀行への依頼人の設定)."""
    asked, row = cast(StaffRequest, request), BankSettings.objects.first()
    known = {} if row is None else {name: getattr(row, name, "") for name in BankSettingsForm.base_fields}
    form = BankSettingsForm(request.POST or None, initial=known | {"holder": row.client_name if row else ""})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("debit_client", "transfer_client")}
        try:
            pressed_once(
                asked, lambda: change_bank_settings(actor=asked.staff, account=form.account(), **said).pk
            )  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("設定を登録しました。"))
            return redirect("banking:overview")
    context = {"form": form, "key": new_key(request)}
    return render(request, "banking/settings.html", context, status=422 if form.errors else 200)
