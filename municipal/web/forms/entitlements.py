"""What is typed about entitlements: filter, ending, amount, file (受給資格の入力欄)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.entitlements.kinds import kinds
from municipal.entitlements.models import MOST_YEN, Per, State

from .days import DayField

_WHOLE = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("0円から99,999,999円までの数字を入れてください。")
)
_WHY = {"required": _("理由を入れてください。")}
_FILE = dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。"))


class FindForm(forms.Form):
    """What the list is narrowed by (一覧の絞込み)."""

    kind = forms.ChoiceField(label=_("種類"), required=False)
    state = forms.ChoiceField(
        label=_("状態"), required=False,
        choices=[("", _("すべて")), (State.GRANTED, _("認定")), (State.ENDED, _("終了")), (State.REFUSED, _("不認定"))],
    )  # fmt: skip
    person = forms.RegexField(
        label=_("宛名番号"), required=False, regex=r"^[0-9]{1,15}$",
        error_messages={"invalid": _("15桁以内の数字を入れてください。")},
    )  # fmt: skip

    def __init__(self, names: dict[str, str], data: Any = None) -> None:
        super().__init__(data)
        known = dict.fromkeys(one.kind for one in kinds().values())
        choices = [("", _("すべて")), *((one, names.get(one, one)) for one in known)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day and why (終了)."""

    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    last = DayField(label=_("最後の日"), error_messages={"required": _("最後の日を入れてください。")})
    reason = forms.CharField(label=_("理由"), max_length=300, error_messages=_WHY)


class ReopenForm(forms.Form):
    """Why an ending is taken back (終了の取消し)."""

    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), max_length=300, error_messages=_WHY)


class AmountForm(forms.Form):
    """How much, for what, by which assessment (額)."""

    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    yen = forms.IntegerField(label=_("額（円）"), min_value=0, max_value=MOST_YEN, error_messages=_WHOLE)
    per = forms.ChoiceField(label=_("単位"), choices=[(Per.MONTH, _("月額")), (Per.ONCE, _("一時金"))])
    reason = forms.CharField(
        label=_("根拠"), max_length=300, required=False, help_text=_("算定した記録の名前や番号を書いてください。")
    )


class AmountFileForm(forms.Form):
    """A file of the town's own assessment (認定・支給額のファイル)."""

    file = forms.FileField(
        label=_("認定・支給額のファイル（CSV）"), error_messages=_FILE,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8、1行目は項目名です。渡しただけでは何も変わりません。別の職員が確かめて取り込みます。"),
    )  # fmt: skip
