"""Ordering slips, issuing one anew, withdrawing one (納付書の入力欄)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.payments.fees import fees
from municipal.payments.models import PrintOrder

from .days import DayField

_ASK = _("入力してください。")
_YEAR = _("年度を西暦4桁で入力してください。")
_PERIODS = _("期別は1から99までの数で入力してください。")
ORDERS = [
    (PrintOrder.NUMBER, _("宛名番号順")),
    (PrintOrder.KANA, _("フリガナ順")),
    (PrintOrder.POSTAL, _("郵便番号順")),
    (PrintOrder.REFERENCE, _("通知書番号順")),
]


def pay_until() -> DayField:
    """The last day of payment; without it each slip has its own (支払期限)."""
    return DayField(
        label=_("支払期限"),
        required=False,
        help_text=_("例: R9.1.31。空欄なら、納期限（過ぎていれば今日）の40日後です。"),
    )


class SlipRunForm(forms.Form):
    """For which fee and year slips are issued, and how they are printed (納付書の一括発行の依頼)."""

    fee = forms.ChoiceField(label=_("料金"))
    levy_year = forms.IntegerField(
        label=_("賦課年度"),
        min_value=1950,
        max_value=2200,
        help_text=_("西暦4桁。例: 2026"),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _YEAR),
    )
    periods = forms.CharField(
        label=_("期別"), required=False, max_length=100, help_text=_("例: 1 2 3。空欄ならすべての期です。")
    )
    order = forms.ChoiceField(label=_("印刷順"), choices=ORDERS)
    pay_until = pay_until()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fee"]
        field.choices = [(one.code, f"{one.code} {one.name_ja}") for one in fees().values()]  # type: ignore[attr-defined]
        field.error_messages = dict.fromkeys(("required", "invalid_choice"), _("料金を一覧から選んでください。"))

    def clean_periods(self) -> list[int]:
        """The numbers that were typed (期別)."""
        parts = re.split(r"[\s,、，]+", self.cleaned_data["periods"].strip())
        wanted = [part for part in parts if part]
        if any(not re.fullmatch(r"[0-9]{1,2}", part) or not int(part) for part in wanted):
            raise ValidationError(_PERIODS)
        return sorted({int(part) for part in wanted})


class ReissueForm(forms.Form):
    """Until when the new slip is taken (納付書の再発行)."""

    pay_until = pay_until()


class WithdrawForm(forms.Form):
    """Why a slip should not be paid (納付書の取消し)."""

    reason = forms.CharField(
        label=_("取消しの理由"), max_length=200, error_messages={"required": _("取消しの理由を入力してください。")}
    )
