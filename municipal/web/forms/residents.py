"""What a clerk types to find a person and a point in time (検索と時点の入力欄)."""

from datetime import date, datetime

from django import forms

from municipal.residents import times
from municipal.residents.inquiry import COUNTER, PURPOSES

from .days import DayField


class SearchForm(forms.Form):
    """The one box, and what the search is for (検索)."""

    q = forms.CharField(label="検索", required=False, strip=False)
    purpose = forms.ChoiceField(label="目的", required=False, choices=list(PURPOSES.items()), initial=COUNTER)

    def clean_purpose(self) -> str:
        """The chosen purpose, the counter where none is."""
        return self.cleaned_data["purpose"] or COUNTER


class AsOfForm(forms.Form):
    """A point on both clocks: the day it was true, and the day by which it was known (時点)."""

    valid_on = DayField(label="有効日", required=False, help_text="例: R8.11.23")
    recorded_on = DayField(label="記録日", required=False, help_text="例: R8.11.23")

    def asks(self) -> bool:
        """Whether another time than now is asked for."""
        return bool(self.cleaned_data.get("valid_on") or self.cleaned_data.get("recorded_on"))

    def valid_day(self) -> date:
        """The day asked about, today if none is named."""
        return times.valid_day(self.cleaned_data.get("valid_on"))

    def known_at(self) -> datetime:
        """The end of the day of knowledge, now if none is named."""
        return times.end_of(self.cleaned_data.get("recorded_on"))
