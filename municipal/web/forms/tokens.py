"""The form of a new token of the API (APIの鍵の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .days import DayField


class TokenForm(forms.Form):
    """What the token is for, and its last day (APIの鍵)."""

    label = forms.CharField(
        label=_("鍵の名前"),
        max_length=60,
        help_text=_("どのシステムで使うかが分かる名前。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("鍵の名前を60文字以内で入れてください。"),
            "max_length": _("鍵の名前を60文字以内で入れてください。"),
        },
    )
    expires_on = DayField(label=_("期限"), required=False, help_text=_("空にすると年度末(3月31日)になります。"))
