"""What an applicant says of each thing that the municipality has of them (引用の確認の入力欄)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applications.operations.prefilling import LONGEST, SAY_WHAT, Said
from municipal.applications.prefill import HELD, Filled, is_typed, must_be_confirmed, must_be_typed

RIGHT, WRONG = "yes", "no"
CHOICES = [(RIGHT, _("このとおりです")), (WRONG, _("違うところがあります"))]
CHOOSE = _("選んでください。")
NEEDED = _("答えてください。")
WHAT_IS_WRONG = _("違うところ（台帳は、この申請では変わりません。担当課が読みます）")


class HeldForm(forms.Form):
    """For each item a choice where the law wants it said, and a text where something may be written (引用の確認).

    ``labels``: by name of the item, in the reader's language.
    """

    def __init__(self, filled: Filled, labels: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.filled = filled
        for name, one in filled.items():
            if must_be_confirmed(one):
                self.fields[f"right__{name}"] = self._choice(labels[name], one)
            if is_typed(one) or _may_be_wrong(one):
                self.fields[f"text__{name}"] = self._text(labels[name], one)

    def _choice(self, label: str, one: Mapping[str, Any]) -> forms.Field:
        initial = {True: RIGHT, False: WRONG}.get(one["is_confirmed"])
        return forms.ChoiceField(
            label=label, choices=CHOICES, widget=forms.RadioSelect, initial=initial,
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )  # fmt: skip

    def _text(self, label: str, one: Mapping[str, Any]) -> forms.Field:
        return forms.CharField(
            label=label if is_typed(one) else WHAT_IS_WRONG, max_length=LONGEST, required=must_be_typed(one),
            initial=one["typed"], widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": NEEDED},
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever says that something is wrong says what."""
        said = super().clean() or {}
        for name in self.filled:
            if said.get(f"right__{name}") == WRONG and not said.get(f"text__{name}"):
                self.add_error(f"text__{name}", _(SAY_WHAT))
        return said

    @property
    def said(self) -> dict[str, Said]:
        """What was said of each item, as far as it was typed well (引用への回答)."""
        kept = self.cleaned_data
        rights = {RIGHT: True, WRONG: False}
        return {
            name: Said(rights.get(kept.get(f"right__{name}", "")), kept.get(f"text__{name}", ""))
            for name in self.filled
        }


def _may_be_wrong(one: Mapping[str, Any]) -> bool:
    return must_be_confirmed(one) or (one["status"] == HELD and bool(one["lines"]))
