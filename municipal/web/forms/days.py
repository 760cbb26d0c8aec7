"""A day as clerks write it (日付の入力欄)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.core.eras import parse_day, wareki_short
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence

_NO_DAY = _("日付として読めません。R8.4.1、5080401、2026-04-01 のどれかの形で入れてください。")


class DayField(forms.CharField):
    """In an era or Gregorian; its value is a date or None (日付)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)
        self.error_messages["max_length"] = _NO_DAY

    def prepare_value(self, value: Any) -> Any:
        return wareki_short(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """The day, or None for nothing. Raises ValidationError with the sentence of the refusal."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_day(text)
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused
