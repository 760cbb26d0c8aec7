"""Charges, collections and money on the account, side by side (三者照合の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.exports import sheet
from municipal.payments.balances import by_fee
from municipal.payments.credits import COLUMNS
from municipal.payments.models import Channel
from municipal.payments.operations import Settled, settle, settle_file, try_settlements
from municipal.payments.reconciliation import LATE, Reconciled, by_channel, unexplained
from municipal.web.forms.collections import SettlementForm, SettlementsForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from .downloads import download
from .once import new_key, pressed_once

MOST_PAIRS = 20
HEADINGS = (
    _("チャネル"),
    _("収納日"),
    _("件数"),
    _("通知の額（円）"),
    _("入金日"),
    _("入金の番号"),
    _("入金額（円）"),
    _("状態"),
)


@needs("payments.view", "payments.collect")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """By fee: charged and collected; by channel: collected and on the account (三者照合)."""
    found = list(by_channel())
    context = {
        "fees": [_fee(*one) for one in by_fee()], "channels": [_channel(one) for one in found],
        "unexplained": f"{unexplained(found):,}", "is_explained": unexplained(found) == 0, "late_after": LATE.days,
        "may_collect": "payments.collect" in cast(StaffRequest, request).permissions,
    }  # fmt: skip
    return render(request, "reconciliation/overview.html", context)


def _fee(code: str, year: int, one: Any) -> dict[str, Any]:
    collected = one.applied + one.overpaid + one.refunded
    return {
        "fee": fee_name(code), "year": wareki_fiscal_year(year), "charged": f"{one.charged:,}",
        "collected": f"{collected:,}", "applied": f"{one.applied:,}", "outstanding": f"{one.outstanding:,}",
        "over": f"{one.overpaid:,}",
    }  # fmt: skip


def _channel(one: Reconciled) -> dict[str, Any]:
    late = {day.on for day in one.late}
    return {
        "channel": one.channel.value, "name": gettext(one.channel.label), "reported": f"{one.reported:,}",
        "settled": f"{one.settled:,}", "in_transit": f"{one.in_transit:,}", "late": f"{sum(d.yen for d in one.late):,}",
        "is_late": bool(late), "rest": f"{one.pairing.rest:,}",
        "pairs": [
            {"reference": pair.credit.reference, "on": wareki(pair.credit.on), "yen": f"{pair.credit.yen:,}",
             "count": f"{sum(day.count for day in pair.days):,}", "first": wareki(pair.days[0].on),
             "last": wareki(pair.days[-1].on), "is_one_day": len(pair.days) == 1}
            for pair in reversed(one.pairing.pairs[-MOST_PAIRS:])
        ],
        "days": [
            {"on": wareki(day.on), "count": f"{day.count:,}", "yen": f"{day.yen:,}", "is_late": day.on in late,
             "age": (clock.today() - day.on).days}
            for day in one.pairing.days
        ],
        "credits": [
            {"reference": credit.reference, "on": wareki(credit.on), "yen": f"{credit.yen:,}",
             "hint": _hint(one, credit.reference)}
            for credit in one.pairing.credits
        ],
    }  # fmt: skip


def _hint(one: Reconciled, reference: str) -> dict[str, str] | None:
    found = one.hints.get(reference)
    return {"yen": f"{found[0]:,}", "on": wareki(found[1])} if found else None


@needs("payments.view", "payments.collect")
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """Every day and every transfer of every channel, paired or not, as a sheet (三者照合の表)."""
    rows = [[gettext(heading) for heading in HEADINGS]]
    for one in by_channel():
        name = gettext(one.channel.label)
        for pair in one.pairing.pairs:
            paid = [pair.credit.on.isoformat(), pair.credit.reference, str(pair.credit.yen), gettext("一致")]
            rows += [[name, day.on.isoformat(), str(day.count), str(day.yen), *paid] for day in pair.days]
        late = set(one.late)
        for day in one.pairing.days:
            state = gettext("入金の遅れ") if day in late else gettext("入金待ち")
            rows.append([name, day.on.isoformat(), str(day.count), str(day.yen), "", "", "", state])
        for credit in one.pairing.credits:
            paid = [credit.on.isoformat(), credit.reference, str(credit.yen)]
            rows.append([name, "", "", "", *paid, gettext("通知と合わない入金")])
    return download(sheet(rows), "reconciliation.csv")


@needs("payments.collect")
@require_http_methods(["GET", "HEAD", "POST"])
def settlements(request: HttpRequest) -> HttpResponse:
    """A file of what reached the account: tried first, booked with the other button (入金データの取込み)."""
    asked = cast(StaffRequest, request)
    form = SettlementsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found, is_tried = None, request.POST.get("do") != "book"
    if form.is_bound and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            found = try_settlements(data) if is_tried else settle_file(actor=asked.staff, data=data)
        except Refused as refused:
            show_and_log(asked, form, refused)
    context = {
        "form": form, "columns": ",".join(COLUMNS), "is_tried": is_tried, "result": _result(found) if found else None,
    }  # fmt: skip
    return render(request, "reconciliation/settlements.html", context, status=422 if form.errors else 200)


def _result(found: Settled) -> dict[str, Any]:
    return {
        "rows": found.rows, "settled": found.count("settled"), "repeated": found.count("repeated"),
        "bad": found.count("bad"), "yen": f"{sum(row.yen for row in found.rows if row.result == 'settled'):,}",
    }  # fmt: skip


@needs("payments.collect")
@require_http_methods(["GET", "HEAD", "POST"])
def settlement(request: HttpRequest) -> HttpResponse:
    """One transfer by hand (入金の登録)."""
    asked, form = cast(StaffRequest, request), SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(
                asked,
                lambda: settle(
                    actor=asked.staff, channel=Channel(said["channel"]), reference=said["reference"], yen=said["yen"],
                    credited_on=said["credited_on"],
                ).pk,
            )  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("入金を記帳しました。"))
            return redirect("reconciliation:overview")
    context = {"form": form, "key": new_key(request)}
    return render(request, "reconciliation/settlement.html", context, status=422 if form.errors else 200)
