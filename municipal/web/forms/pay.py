"""What a payer types: the numbers of a slip, the way of paying (オンライン納付の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.checkout.rules.typed import MOST

_NUMBER = dict.fromkeys(("required", "max_length"), _("納付書の番号を入れてください。"))
_WAY = dict.fromkeys(("required", "invalid_choice"), _("納付の方法を選んでください。"))


class NumbersForm(forms.Form):
    """The numbers that open a slip (納付書の番号)."""

    code = forms.CharField(
        label=_("納付番号"),
        max_length=MOST,
        help_text=_("20桁の数字です。eL番号（34桁）や、eL-QRを読み取った数字でもかまいません。"),
        error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    confirmation = forms.CharField(
        label=_("確認番号"),
        required=False,
        max_length=20,
        help_text=_("6桁の数字です。eL番号やeL-QRを入れたときは、いりません。"),
        error_messages={"max_length": _("確認番号は6桁の数字です。納付書を見て入れ直してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class MethodForm(forms.Form):
    """By which way to pay (納付の方法)."""

    method = forms.ChoiceField(label=_("納付の方法"), widget=forms.RadioSelect, error_messages=_WAY)

    def __init__(self, choices: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
