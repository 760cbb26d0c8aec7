"""The treasurer's first page, the fee items, the settings of public money (公金の窓口・料金項目・設定の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from municipal.batches.kinds import label
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments import dashboard
from municipal.payments.dashboard import Desk
from municipal.payments.fees import fees as all_fees
from municipal.payments.models import Account
from municipal.payments.operations import change_settings
from municipal.payments.operations import settings as now_set
from municipal.payments.queues import Waiting
from municipal.web.forms.money import SettingsForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import STATUSES, fee_name

from . import people
from .deciding import QUEUE
from .once import new_key, pressed_once

INTEREST = {
    "late_interest": _("延滞金（地方税法）"),
    "ordinance": _("条例による延滞金"),
    "civil": _("法定利率の遅延損害金"),
    "none": _("なし"),
}
ORDERS = {"principal_first": _("本税・本料から"), "costs_first": _("費用・利息から")}
ENFORCED = {"disposition": _("滞納処分"), "court": _("裁判所の手続"), "principal": _("元の債権と同じ")}


@needs("payments.view")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What needs somebody now, and the figures of the year (公金の窓口)."""
    found = dashboard.desk()
    balances = found.books.balances
    context = {
        "queues": [_queue(one) for one in found.queues], "jobs": [_job(one) for one in found.jobs],
        "files": {"count": found.files["count"], "lines": f"{found.files['lines'] or 0:,}"},
        "due": [
            {"fee": fee_name(one.fee), "due_on": wareki(one.due_on), "count": f"{one.count:,}", "yen": f"{one.yen:,}",
             "days": (one.due_on - clock.today()).days}
            for one in found.due
        ],
        "in_transit": f"{balances[Account.IN_TRANSIT]:,}", "suspense": f"{-balances[Account.SUSPENSE]:,}",
        "overpaid": f"{-balances[Account.OVERPAID]:,}", "cash": f"{balances[Account.CASH]:,}",
        "broken": found.books.broken(), "year": wareki_fiscal_year(found.year), "figures": _figures(found),
        "closed_through": wareki(found.closed_through) if found.closed_through else "",
    }  # fmt: skip
    return render(request, "money/desk.html", context)


def _queue(one: Waiting) -> dict[str, Any]:
    return {"queue": one.queue, "label": QUEUE[one.queue], "count": f"{one.count:,}", "yen": f"{one.yen:,}",
            "days": one.days}  # fmt: skip


def _job(one: Any) -> dict[str, Any]:
    return {"number": one.pk, "label": gettext(label(one.kind)), "done": one.done, "total": one.total,
            "percent": one.percent, "ordered_at": people.moment(one.created_at)}  # fmt: skip


def _figures(found: Desk) -> list[dict[str, str]]:
    year = found.of_year
    rows = (
        (gettext("調定額"), year.charged), (gettext("収納額"), found.collected),
        (gettext("収入未済額"), year.outstanding), (gettext("不納欠損額"), year.written_off),
        (gettext("過誤納金の残り"), year.overpaid), (gettext("還付した額"), year.refunded),
    )  # fmt: skip
    return [{"name": name, "yen": f"{yen:,}"} for name, yen in rows]


@needs("payments.view")
@require_safe
def fees(request: HttpRequest) -> HttpResponse:
    """Every fee with what its class of claim decides, and how sure that is (料金項目)."""
    rows = [
        {
            "code": one.code, "name": fee_name(one.code),
            "claim": one.claim.name_en if get_language() == "en" else one.claim.name_ja,
            "interest": INTEREST.get(one.claim.interest, one.claim.interest),
            "order": ORDERS.get(one.claim.allocation, one.claim.allocation),
            "enforced": ENFORCED.get(one.claim.enforced_by, one.claim.enforced_by),
            "years": one.limitation_years, "ends_by_itself": one.claim.ends_by_itself,
            "instalments": one.instalments, "unit": f"{one.unit_yen:,}",
            "el_qr": wareki(one.el_qr_from) if one.el_qr_from else "", "stores": one.is_sold_at_stores,
            "status": STATUSES.get(one.status, one.status), "is_sure": one.status not in ("provisional", "derived"),
        }
        for one in all_fees().values()
    ]  # fmt: skip
    return render(request, "money/fees.html", {"rows": rows})


@needs("payments.settings")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Read and change how the town handles its public money (公金の設定)."""
    asked, now = cast(StaffRequest, request), now_set()
    known = {name: getattr(now, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: bool(change_settings(actor=asked.staff, said=form.cleaned_data)))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("公金の設定を変更しました。"))
            return redirect("money:settings")
    width = f"{now.dots_per_module * 25.4 / now.printer_dpi:.3f}"
    context = {"form": form, "key": new_key(request), "width": width}
    return render(request, "money/settings.html", context, status=422 if form.errors else 200)
