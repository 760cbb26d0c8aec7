"""What a clerk says about provisional entries (仮登録一覧の入力欄)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .entry_shapes import SHAPES


class DraftFilterForm(forms.Form):
    """Which of the entries that wait are listed (しぼり込み)."""

    act = forms.ChoiceField(label=_("異動の種類"), required=False)
    by = forms.ChoiceField(label=_("入力した職員"), required=False)

    def __init__(self, data: Any, people: list[tuple[str, str]]) -> None:
        super().__init__(data)
        everything = ("", _("すべて"))
        self.fields["act"].choices = [everything, *((name, shape.title) for name, shape in SHAPES.items())]  # type: ignore[attr-defined]
        self.fields["by"].choices = [everything, *people]  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Why an entry goes back (差戻し)."""

    because = forms.CharField(
        label=_("差戻しの理由"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
