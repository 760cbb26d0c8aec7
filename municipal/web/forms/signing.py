"""What an applicant types to sign (署名の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

_NUMBER = dict.fromkeys(("required", "max_length"), _("カード番号12桁を入れてください。"))
_PIN = dict.fromkeys(("required", "max_length"), _("署名用の暗証番号を入れてください。"))


class SignForm(forms.Form):
    """A simulated card and the PIN of its signature certificate (署名用の暗証番号)."""

    number = forms.CharField(
        label=_("カード番号"), max_length=20, help_text=_("訓練用に配られた12桁の番号です。"), error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    pin = forms.CharField(
        label=_("署名用の暗証番号"), max_length=30, error_messages=_PIN,
        help_text=_("英大文字と数字で6桁から16桁です。5回続けて間違えると使えなくなります。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
