"""Narrowing payments down, and paying back (オンライン納付の管理の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FilterForm(forms.Form):
    """Which payments to list (絞り込み)."""

    state = forms.ChoiceField(label=_("状態"), required=False)
    number = forms.CharField(label=_("納付番号（末尾でも）"), required=False, max_length=20)

    def __init__(self, states: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = states  # type: ignore[attr-defined]


_YEN = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("還付する額を1円以上で入れてください。"))


class RefundForm(forms.Form):
    """How much to pay back; the amount that could be when the page was made is sent along (還付)."""

    yen = forms.IntegerField(label=_("還付する額（円）"), min_value=1, max_value=99_999_999_999, error_messages=_YEN)
    refund_amount_available = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=99_999_999_999, error_messages=_YEN
    )
