"""Which month a list is about (年月の入力欄)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.core import clock
from municipal.core.eras import wareki_month
from municipal.residents.lateness import ACTS

from .entry_shapes import TITLES

MONTHS = 120


def past_months() -> Iterator[date]:
    """The first days of this month and of the ten years before it, the newest first."""
    first = clock.today().replace(day=1)
    for _number in range(MONTHS):
        yield first
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


class MonthForm(forms.Form):
    """One month, this one if none is said (年月)."""

    month = forms.ChoiceField(label=_("年月"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        said = [(f"{first:%Y-%m}", wareki_month(first)) for first in past_months()]
        self.fields["month"].choices = said  # type: ignore[attr-defined]

    def first(self) -> date:
        """The first day of the month that was chosen; of this month for one that is none."""
        chosen = self.cleaned_data.get("month") if self.is_valid() else ""
        return date.fromisoformat(f"{chosen}-01") if chosen else clock.today().replace(day=1)


class LateForm(MonthForm):
    """A month and a kind of act (しぼり込み)."""

    act = forms.ChoiceField(label=_("異動の種類"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        acts = [(name, title) for name, title in TITLES.items() if name in ACTS]
        self.fields["act"].choices = [("", _("すべて")), *acts]  # type: ignore[attr-defined]
