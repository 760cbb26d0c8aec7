"""Which list of the audit is wanted, of which days (記録の分析の入力欄)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.audit.analysis import ANALYSES, LOGS, MOST_DAYS
from municipal.core import clock

from .days import DayField

LISTS = {
    **{f"log-{code}": name for code, (name, _cut) in LOGS.items()},
    **{code: n for code, (n, _do) in ANALYSES.items()},
}


class AnalysisForm(forms.Form):
    """A list, its first and last day, and for one list the person (記録の分析)."""

    kind = forms.ChoiceField(label=_("一覧"))
    first = DayField(label=_("はじめの日"), help_text=_("例: R8.11.1"))
    last = DayField(label=_("終わりの日"), help_text=_("例: R8.11.30"))
    number = forms.CharField(
        label=_("宛名番号"), required=False, max_length=15, help_text=_("該当者の検索実行一覧のときに入れてください。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(code, _(name)) for code, name in LISTS.items()]
        self.initial.setdefault("last", clock.today())
        self.initial.setdefault("first", clock.today() - timedelta(days=30))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            self.add_error("last", _("終わりの日は、はじめの日から1年以内にしてください。"))
        if said.get("kind") == "person" and not said.get("number"):
            self.add_error("number", _("宛名番号を入れてください。"))
        return said
