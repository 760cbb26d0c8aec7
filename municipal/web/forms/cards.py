"""What staff type at the counter about cards and legal representatives (カードの入力欄)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applicants.rules import Use


class LegalForm(forms.Form):
    """A legal representative whose papers were seen (法定代理人)."""

    until = forms.DateField(
        label=_("いつまで"), help_text=_("5年以内の日です。審判書などの書類で確かめてください。"),
        error_messages=dict.fromkeys(("required", "invalid"), _("期限の日を入れてください。")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    is_seen = forms.BooleanField(
        label=_("法定代理人であることを、書類で確かめました"),
        error_messages={"required": _("書類を確かめてから登録してください。")},
    )  # fmt: skip

    def day(self) -> date:
        """Until when (期限)."""
        chosen: date = self.cleaned_data["until"]
        return chosen


class PinForm(forms.Form):
    """A PIN that the holder sets anew at the counter (暗証番号の再設定)."""

    use = forms.ChoiceField(
        label=_("設定し直す暗証番号"), widget=forms.RadioSelect,
        choices=[
            (Use.SIGN_IN.value, _("利用者証明用（数字4桁）")),
            (Use.SIGNATURE.value, _("署名用（英大文字と数字6から16桁）")),
        ],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("暗証番号の種類を選んでください。")),
    )  # fmt: skip
    pin = forms.CharField(
        label=_("新しい暗証番号"), max_length=30, help_text=_("本人が入れます。職員は見ません。"),
        error_messages=dict.fromkeys(("required", "max_length"), _("新しい暗証番号を入れてください。")),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def said(self) -> tuple[Use, str]:
        """Which PIN, and what it is to be (入力の内容)."""
        values: dict[str, Any] = self.cleaned_data
        return Use(values["use"]), str(values["pin"])
