"""What is typed to look at an application, and to work on one (申請の照会と処理の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applications.rules.steps import Step

from .days import DayField

NEEDED = _("入れてください。")


class NumberForm(forms.Form):
    """The number and the code of an application (受付番号と確認コード)."""

    number = forms.CharField(
        label=_("受付番号"), max_length=40, error_messages={"required": NEEDED},
        help_text=_("例: 261129-1234-5678"), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("確認コード"), max_length=40, error_messages={"required": NEEDED},
        help_text=_("例: ABCD-EFGH-JKMN"), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class StepForm(forms.Form):
    """What a step with an application needs: a reason, what to correct, by when (申請の処理)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, step: Step, fields: Sequence[tuple[str, str]], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        if step.action == "send_back":
            self.fields["fields"] = forms.MultipleChoiceField(
                label=_("訂正してもらう項目"), choices=list(fields), widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("訂正してもらう項目を選んでください。")},
            )  # fmt: skip
            self.fields["correct_by"] = DayField(
                label=_("訂正の期限"), error_messages={"required": _("訂正の期限を入れてください。")}
            )
        if step.needs_reason:
            self.fields["reason"] = forms.CharField(
                label=_("理由（申請者に見えます）"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": _("理由を入れてください。申請者に見える文です。")},
            )  # fmt: skip


class QueueForm(forms.Form):
    """What the queue is narrowed by (一覧の絞込み)."""

    show = forms.ChoiceField(
        label=_("表示する申請"), required=False,
        choices=[("open", _("処理中のもの")), ("decide", _("決定を待つもの")), ("over", _("終わったもの"))],
    )  # fmt: skip
    procedure = forms.ChoiceField(label=_("手続"), required=False)

    def __init__(self, procedures: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["procedure"].choices = [("", _("すべて")), *procedures]  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """Cases that were ticked in the list, each with how many steps it had then (一括処理)."""

    action = forms.CharField(max_length=20)
    cases = forms.TypedMultipleChoiceField(coerce=str)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        sent = data.getlist("cases") if data is not None else []
        known = [one for one in sent[:100] if self._is_pair(one)]
        self.fields["cases"].choices = [(one, one) for one in known]  # type: ignore[attr-defined]

    @staticmethod
    def _is_pair(text: str) -> bool:
        number, _colon, seen = text.partition(":")
        return all(one.isascii() and one.isdigit() and len(one) < 18 for one in (number, seen))

    def seen(self) -> dict[int, int]:
        """By case, how many steps whoever ticked it had before them (選んだ申請)."""
        pairs = (one.partition(":") for one in self.cleaned_data["cases"])
        return {int(number): int(seen) for number, _colon, seen in pairs}


class PeriodForm(forms.Form):
    """From which day to which, both included (期間)."""

    since = DayField(label=_("受付の日（から）"), required=False)
    until = DayField(label=_("受付の日（まで）"), required=False)
