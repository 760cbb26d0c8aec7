"""What a clerk types to have an approved application carried out (決定の実施の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ByHandForm(forms.Form):
    """Where it was done that the program could not do (手による実施の記録)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("処理した番号や場所"), max_length=200, help_text=_("例: 仮登録の番号、発行番号、台帳の名前と番号"),
        error_messages={"required": _("手で処理したものの番号や場所を入れてください。")},
    )  # fmt: skip


class IdentifyForm(forms.Form):
    """The number of the resident who applied (対象者の宛名番号)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("申請した人の宛名番号"), max_length=15, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("宛名番号を入れてください。")},
    )  # fmt: skip
