"""What an applicant types: a card's number and PIN, a delegation and its code (申請者の入力欄)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applicants.rules import Kind

_NUMBER = dict.fromkeys(("required", "max_length"), _("カード番号12桁を入れてください。"))
_PIN = dict.fromkeys(("required", "max_length"), _("4桁の暗証番号を入れてください。"))
_UNTIL = dict.fromkeys(("required", "invalid"), _("期限の日を入れてください。"))
_CODE = dict.fromkeys(("required", "max_length"), _("委任番号12文字を入れてください。"))


class CardForm(forms.Form):
    """A simulated card and its PIN (模擬カード)."""

    number = forms.CharField(
        label=_("カード番号"), max_length=20, help_text=_("訓練用に配られた12桁の番号です。"), error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    pin = forms.CharField(
        label=_("利用者証明用の暗証番号"), max_length=16, error_messages=_PIN,
        help_text=_("数字4桁です。3回続けて間違えると使えなくなります。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip


class DelegationForm(forms.Form):
    """Whom to let act for oneself, until when (委任)."""

    kind = forms.ChoiceField(
        label=_("だれに任せますか"), widget=forms.RadioSelect,
        choices=[(Kind.FAMILY.value, _("家族")), (Kind.CARE_MANAGER.value, _("ケアマネジャー"))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("任せる相手を選んでください。")),
    )  # fmt: skip
    procedures = forms.MultipleChoiceField(
        label=_("任せる手続"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("何も選ばないと、すべての手続を任せます。"),
        error_messages={"invalid_choice": _("手続を一覧から選んでください。")},
    )  # fmt: skip
    until = forms.DateField(
        label=_("いつまで"), help_text=_("1年以内の日を選んでください。"), error_messages=_UNTIL,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, procedures: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedures"].choices = procedures  # type: ignore[attr-defined]

    def said(self) -> tuple[Kind, list[str], date]:
        """The answers of a valid form (入力の内容)."""
        chosen: date = self.cleaned_data["until"]
        return Kind(self.cleaned_data["kind"]), list(self.cleaned_data["procedures"]), chosen


class CodeForm(forms.Form):
    """The code with which a delegation is taken over (委任番号)."""

    code = forms.CharField(
        label=_("委任番号"), max_length=30, error_messages=_CODE,
        help_text=_("任せてくれる方から受け取った12文字です。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
