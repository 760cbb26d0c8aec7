"""What a clerk types of a case that nobody asked the applicant (認定した事実の入力欄)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.applications.rules.findings import BAD_CHOICE, BAD_TEXT, MOST, Wanted

from .days import DayField

HAPPENED = _("そのことがあった日（退職なら最後に勤めた日）。資格の日は規則で計算します。")
NO_DAY = _("日付を入れてください。")


class FindingForm(forms.Form):
    """A field for each fact that is wanted (認定した事実)."""

    seen = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(
        self, wanted: Sequence[Wanted], data: Any = None, *, seen: int = 0, said: Mapping[str, str] | None = None
    ) -> None:
        initial = {"seen": seen, **(said or {})}
        super().__init__(data, initial=initial, auto_id="finding-%s")
        for one in wanted:
            self.fields[one.name] = _field(one)
            if one.type == "date" and initial.get(one.name):
                self.initial[one.name] = date.fromisoformat(str(initial[one.name]))

    def values(self) -> dict[str, str]:
        """What was typed, days in ISO 8601 (入力された事実)."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in said.items()}


def _field(one: Wanted) -> forms.Field:
    label = f"{one.whom}: {gettext(one.label)}" if one.whom else gettext(one.label)
    if one.type == "choice":
        choices = [("", ""), *((code, gettext(name)) for code, name in (one.options or {}).items())]
        wrong = dict.fromkeys(("required", "invalid_choice"), gettext(BAD_CHOICE))
        return forms.ChoiceField(label=label, choices=choices, error_messages=wrong)
    if one.type == "text":
        wrong = dict.fromkeys(("required", "max_length"), gettext(BAD_TEXT))
        return forms.CharField(label=label, max_length=MOST, error_messages=wrong)
    return DayField(label=label, help_text=HAPPENED if one.whom else "", error_messages={"required": NO_DAY})
