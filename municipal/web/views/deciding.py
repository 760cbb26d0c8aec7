"""What a clerk sees before deciding: words for queues and acts, the debt, its slips, likely numbers (判断の材料)."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.payments import queues
from municipal.payments.balances import of_charges
from municipal.payments.models import Act, Charge, Slip
from municipal.payments.rules.near_numbers import near_numbers
from municipal.web.forms.collections import ApplyForm, IdentifyForm, ReasonForm, RefundForm
from municipal.web.money_words import fee_name

MOST_OTHER_DEBTS = 50
QUEUE = {
    queues.TWICE: _("二重納付"), queues.DIFFERS: _("金額相違"), queues.UNKNOWN: _("該当なし"),
    queues.CONTESTED: _("取消不能"), queues.UNCONFIRMED: _("確報の来ない速報"),
}  # fmt: skip
EXPLAINED = {
    queues.TWICE: _("同じ調定に二度納められました。多い分は過誤納として記帳してあります。充当するか、還付します。"),
    queues.DIFFERS: _(
        "納付書と違う額が納められました。入った額は記帳してあります。足りない分は未納のまま、多い分は過誤納です。"
    ),
    queues.UNKNOWN: _(
        "納付番号が台帳にありません。お金は仮受金に記帳してあります。納付者を特定するか、収納機関へ返します。"
    ),
    queues.CONTESTED: _("収納機関が取り消した納付は、すでに還付または充当されています。何も記帳していません。"),
    queues.UNCONFIRMED: _(
        "速報から14日たっても、確報も取消しも届きません。収納機関に確かめてください。記帳はしていません。"
    ),
}
WORDS = {
    Act.APPLIED: (_("ほかの調定に充当する"), _("過誤納の額で、同じ納付義務者のほかの調定を納めたことにします。")),
    Act.REFUNDED: (_("還付する"), _("過誤納の額を納付義務者に返します。振込データは「口座振替・還付」で作ります。")),
    Act.IDENTIFIED: (_("納付者を特定する"), _("仮受金を正しい納付書の調定に充てます。余りは過誤納になります。")),
    Act.RETURNED: (_("収納機関へ返した・照会した"), _("該当なしのお金は返したと記帳します。ほかは記録だけです。")),
    Act.LEFT: (_("このままとする"), _("記帳は変えず、照合待ちから外します。過誤納や未納の残高はそのまま残ります。")),
}  # fmt: skip
BUTTONS = {
    Act.APPLIED: _("充当する"), Act.REFUNDED: _("還付を記帳する"), Act.IDENTIFIED: _("この納付書の入金とする"),
    Act.RETURNED: _("返した・照会したと記録する"), Act.LEFT: _("このままとする"),
}  # fmt: skip
GIVES_BACK = (Act.REFUNDED, Act.RETURNED)


def debt(charge: Charge) -> dict[str, Any]:
    """The debt and how it stands now (調定と残高)."""
    now, of = of_charges([charge.pk])[charge.pk], charge.assessment
    return {
        "fee": fee_name(of.fee), "year": wareki_fiscal_year(of.levy_year), "reference": of.reference,
        "period": charge.period, "due_on": wareki(charge.due_on), "assessment": of.pk, "charged": f"{now.charged:,}",
        "applied": f"{now.applied:,}", "outstanding": f"{now.outstanding:,}", "over": f"{now.overpaid:,}",
        "refunded": f"{now.refunded:,}", "written_off": f"{now.written_off:,}",
    }  # fmt: skip


def slips(charge: Charge) -> list[dict[str, Any]]:
    """Every slip of the charge, the first one first (納付書の経過)."""
    found = Slip.objects.filter(charge=charge).order_by("reissue", "pk").prefetch_related("withdrawals")
    return [
        {"number": one.number, "yen": f"{one.yen:,}", "reissue": one.reissue, "pay_until": wareki(one.pay_until),
         "is_withdrawn": bool(one.withdrawals.all())}
        for one in found
    ]  # fmt: skip


def near(report: Any) -> list[dict[str, Any]]:
    """Slips whose number differs by one digit from that of money for nobody (似た番号の納付書)."""
    if queues.queue_of(report) != queues.UNKNOWN:
        return []
    found = Slip.objects.filter(number__in=near_numbers(report.number)).select_related("charge__assessment")[:5]
    owed = of_charges([one.charge_id for one in found])
    return [
        {"number": one.number, "yen": f"{one.yen:,}", "is_same_yen": one.yen == report.yen,
         "fee": fee_name(one.charge.assessment.fee), "outstanding": f"{owed[one.charge_id].outstanding:,}"}
        for one in found
    ]  # fmt: skip


def acts(report: Any, wrong: Mapping[Act, forms.Form], permissions: Collection[str]) -> list[dict[str, Any]]:
    """What this person may decide about an open case, each with its form and its consequence (選べる判断)."""
    found = []
    for act in queues.acts_for(report):
        needed = "payments.refund" if act in GIVES_BACK else "payments.collect"
        if needed in permissions:
            form = wrong.get(act) or form_of(report, act, None)
            # Nothing to be paid with the over-payment: the act is not offered.
            if act != Act.APPLIED or form.fields["charge"].choices:  # type: ignore[attr-defined]
                name, consequence = WORDS[act]
                found.append(
                    {"act": act.value, "name": name, "consequence": consequence, "button": BUTTONS[act], "form": form,
                     "gives_back": act in GIVES_BACK}
                )  # fmt: skip
    return found


def form_of(report: Any, act: Act, data: Any) -> forms.Form:
    """The form of one act, its ids apart from those of the others on the page (判断の入力欄)."""
    first: dict[str, Any] = {"auto_id": f"{act}_%s", "initial": {"yen": report.rest}}
    if act == Act.APPLIED:
        # What is sent may be sent again after it was paid: then it is answered, not refused.
        return ApplyForm(_other_debts(report, is_owed_only=data is None), data, **first)
    kinds: dict[Act, type[forms.Form]] = {Act.REFUNDED: RefundForm, Act.IDENTIFIED: IdentifyForm}
    return kinds.get(act, ReasonForm)(data, **first)


def _other_debts(report: Any, *, is_owed_only: bool) -> list[tuple[str, str]]:
    """What the same payer owes besides, the oldest first."""
    payer = report.slip.charge.assessment.payer_id
    charges = list(
        Charge.objects.filter(assessment__payer=payer).exclude(pk=report.slip.charge_id).select_related("assessment")
        .order_by("due_on", "pk")
    )  # fmt: skip
    owed = of_charges([one.pk for one in charges])
    if is_owed_only:
        charges = [one for one in charges if owed[one.pk].outstanding > 0][:MOST_OTHER_DEBTS]
    return [(str(one.pk), _said(one, owed[one.pk].outstanding)) for one in charges]


def _said(charge: Charge, yen: int) -> str:
    of = charge.assessment
    return str(
        _("%(fee)s %(year)s 第%(period)d期 未納%(yen)s円")
        % {
            "fee": fee_name(of.fee),
            "year": wareki_fiscal_year(of.levy_year),
            "period": charge.period,
            "yen": f"{yen:,}",
        }
    )
