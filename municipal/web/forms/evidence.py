"""What is typed to ask other offices, to ask the applicant instead, and to answer (情報連携の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.evidence.models import BEHAVIOURS
from municipal.evidence.simulator import MOST_POLLS

from .days import DayField

CHOOSE = dict.fromkeys(("required", "invalid_choice", "invalid"), _("一覧から選んでください。"))
POLLS = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("0から20までの数を入れてください。"))
DAYS = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("待つ日数は1日から60日までです。"))


class AskForm(forms.Form):
    """What is to be asked (照会)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    kinds = forms.MultipleChoiceField(
        label=_("照会するもの"), widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice", "invalid_list"), _("照会するものを選んでください。")
        ),
    )  # fmt: skip
    is_confirmed = forms.BooleanField(label=_("責任者に確かめました"), required=False)

    def __init__(
        self, kinds: Sequence[tuple[str, str]], data: Any = None, *, is_held: bool = False, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="ask-%s")
        self.fields["kinds"].choices = list(kinds)  # type: ignore[attr-defined]
        if not is_held:
            del self.fields["is_confirmed"]


class PapersForm(forms.Form):
    """Which papers, why, by when; filled in beforehand for a clerk to confirm (証明書の提出依頼)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    documents = forms.MultipleChoiceField(
        label=_("出してもらう書類"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("情報連携で確かめられなかった書類を選んでください。")},
    )  # fmt: skip
    correct_by = DayField(label=_("提出の期限"), error_messages={"required": _("訂正の期限を入れてください。")})
    reason = forms.CharField(
        label=_("理由（申請者に見えます）"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("理由を入れてください。申請者に見える文です。")},
    )  # fmt: skip

    def __init__(self, documents: Sequence[tuple[str, str]], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["documents"].choices = list(documents)  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    """Whether it is asked by itself, and for how long an answer is waited for (情報連携の設定)."""

    asks_automatically = forms.BooleanField(
        label=_("形式審査のあと、自動で照会する"), required=False,
        help_text=_("支援措置などの対象者は、自動では照会しません。"),
    )  # fmt: skip
    patience_days = forms.IntegerField(
        label=_("回答を待つ日数"), min_value=1, max_value=60, error_messages=DAYS,
        help_text=_("過ぎると期限切れになり、申請者に書類を依頼できます。7日は暫定の目安です。"),
    )  # fmt: skip


class PlayForm(forms.Form):
    """How the simulated offices behave (模擬の設定)."""

    kind = forms.ChoiceField(label=_("照会の種類"), error_messages=CHOOSE)
    behaviour = forms.ChoiceField(
        label=_("相手の振る舞い"), choices=[(value, _(name)) for value, name in BEHAVIOURS], error_messages=CHOOSE
    )
    polls = forms.IntegerField(
        label=_("「まだ」と答える回数"), min_value=0, max_value=MOST_POLLS, initial=0, error_messages=POLLS
    )

    def __init__(self, kinds: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Why a question of another office is not answered (回答しない理由)."""

    reason = forms.CharField(
        label=_("回答しない理由"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("役所の中の記録です。相手には「回答できない」とだけ伝わります。"),
    )  # fmt: skip
