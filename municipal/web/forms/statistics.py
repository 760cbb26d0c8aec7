"""Which year, day or month a table is about (統計の入力欄)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.statistics.operations import refuse_before_the_beginning
from municipal.statistics.years import CALENDAR, FISCAL

from .days import DayField
from .months import MonthForm

YEARS = 10


class CountedMonthForm(MonthForm):
    """A month that this system counts (集計できる年月)."""

    def clean_month(self) -> str:
        """The month; the former system's months are refused beside the field."""
        chosen = str(self.cleaned_data["month"] or "")
        if chosen:
            _refuse(date.fromisoformat(f"{chosen}-01"))
        return chosen


class YearForm(forms.Form):
    """A year, this one if none is said, from January or from April (年)."""

    year = forms.ChoiceField(label=_("年"), required=False)
    begins = forms.ChoiceField(
        label=_("期間"), required=False, choices=[("1", _("1月から12月")), ("4", _("年度（4月から3月）"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        today = clock.today()
        said = [(str(year), wareki(date(year, 12, 31)).partition("年")[0] + "年") for year in _past(today.year)]
        self.fields["year"].choices = said  # type: ignore[attr-defined]

    def chosen(self) -> tuple[int, int]:
        """The year and the month it begins with; the running one for a form with errors."""
        said = self.cleaned_data if self.is_valid() else {}
        begins = FISCAL if said.get("begins") == "4" else CALENDAR
        today = clock.today()
        running = today.year - (1 if begins == FISCAL and today.month < FISCAL else 0)
        return int(said.get("year") or running), begins


def _past(year: int) -> Iterable[int]:
    return range(year, year - YEARS, -1)


class PeopleForm(forms.Form):
    """A day, today if none is said, and a town area, all of them if none (基準日と町字)."""

    day = DayField(label=_("基準日"), required=False, help_text=_("空にすると今日です。"))
    area = forms.ChoiceField(label=_("町字"), required=False)

    def __init__(self, data: Any, *, areas: Iterable[str]) -> None:
        super().__init__(data)
        said = [("", _("町全体")), *((area, area) for area in areas)]
        self.fields["area"].choices = said  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        """The day; one that lies ahead and those of the former system are refused beside the field."""
        chosen: date = self.cleaned_data["day"] or clock.today()
        if chosen > clock.today():
            raise ValidationError(_("今日までの日を入れてください。"))
        _refuse(chosen.replace(day=1))
        return chosen

    def chosen(self) -> tuple[date, str]:
        """The day and the area; today and everywhere for a form with errors."""
        said = self.cleaned_data if self.is_valid() else {}
        return said.get("day") or clock.today(), said.get("area") or ""


def _refuse(month: date) -> None:
    try:
        refuse_before_the_beginning(month)
    except Refused as refused:
        raise ValidationError(sentence(refused)) from refused
