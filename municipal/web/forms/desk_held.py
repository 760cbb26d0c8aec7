"""Held items that no source can give at the counter: they are asked nevertheless (引用できない項目の入力欄)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from municipal.applications.models import Draft
from municipal.applications.operations.prefilling import LONGEST


class WrittenForm(forms.Form):
    """One box for each such item, asked once however many forms need it (引用できない項目)."""

    def __init__(self, items: Sequence[tuple[Draft, Mapping[str, str]]], data: Any = None) -> None:
        super().__init__(data, prefix="written")
        self.labels: dict[str, str] = {}
        for draft, mine in items:
            for name, label in mine.items():
                self.labels[f"{draft.procedure}-{name}"] = label
                self.fields[f"{draft.procedure}-{name}"] = forms.CharField(
                    label=label, max_length=LONGEST, required=False, initial=draft.filled[name]["typed"]
                )

    def said(self) -> dict[str, str]:
        """By label, what was typed (入力した内容)."""
        return {self.labels[name]: value for name, value in self.cleaned_data.items() if value}
