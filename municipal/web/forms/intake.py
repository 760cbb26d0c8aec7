"""What is typed where applications come in from the national portal (申請管理の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from municipal.intake.operations.playing import MOST_TIMES, WHO
from municipal.intake.simulator import FAULTS

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("一覧から選んでください。"))
_TIMES = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("回数は1から20までです。"))
_PACE = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("間隔は5分から1440分までです。"))


class IntakeSettingsForm(forms.Form):
    """Whether and how often the portal is asked, and told (申請管理の設定)."""

    is_on = forms.BooleanField(label=_("自動で受け取る"), required=False)
    every_minutes = forms.IntegerField(label=_("間隔（分）"), min_value=5, max_value=1440, error_messages=_PACE)
    is_feedback_on = forms.BooleanField(
        label=_("処理状況を自動で登録する"), required=False,
        help_text=_("今の標準仕様では、業務システムからの自動の登録は今後の検討事項です。ふだんは切っておきます。"),
    )  # fmt: skip


class ChooseForm(forms.Form):
    """Whose application it is (対象者の選択)."""

    number = forms.ChoiceField(label=_("対象者"), widget=forms.RadioSelect, required=False, error_messages=_CHOOSE)
    other = forms.CharField(
        label=_("ほかの宛名番号"), required=False, max_length=15,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"max_length": _("宛名番号は15桁以内の数字です。")},
    )  # fmt: skip

    def __init__(self, candidates: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        # Nobody is chosen beforehand: the clerk looks first.
        self.fields["number"].choices = [*candidates, ("none", _("この自治体の住民ではない（宛名番号を付けない）"))]  # type: ignore[attr-defined]

    def chosen(self) -> str | None:
        """The number that was typed or chosen; empty for nobody, None where nothing was said (選択の結果)."""
        said = self.cleaned_data
        typed = "".join(said["other"].split())
        if typed:
            return typed
        return {"none": "", "": None}.get(said["number"], said["number"])


class ReasonForm(forms.Form):
    """Why it is not taken in (取り込まない理由)."""

    reason = forms.CharField(
        label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("理由を入れてください。")},
    )  # fmt: skip


def _fault() -> forms.ChoiceField:
    choices = [(code, gettext_lazy(name)) for code, name in FAULTS.items()]
    return forms.ChoiceField(label=_("不具合"), choices=choices, error_messages=_CHOOSE)


def _times() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("回数"), min_value=1, max_value=MOST_TIMES, initial=1, error_messages=_TIMES
    )  # fmt: skip


class PlayForm(forms.Form):
    """An application of somebody made up (模擬の申請)."""

    procedure = forms.ChoiceField(label=_("手続"), error_messages=_CHOOSE)
    who = forms.ChoiceField(
        label=_("申請する人"),
        choices=[(code, gettext_lazy(name)) for code, name in WHO.items()],
        error_messages=_CHOOSE,
    )
    fault = _fault()
    times = _times()

    def __init__(self, procedures: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["procedure"].choices = list(procedures)  # type: ignore[attr-defined]


class FaultForm(forms.Form):
    """How the portal misbehaves with one of them from now on (不具合の設定)."""

    fault = _fault()
    times = _times()
