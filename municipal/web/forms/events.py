"""The questions of a life event as input fields (できごとの質問の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from municipal.applications.bundling.events import NOBODY, Question
from municipal.applications.bundling.household import Household
from municipal.applications.bundling.planning import WORDS
from municipal.applications.bundling.questions import Given
from municipal.municipalities.sentences import sentence

from .applying import DAY_HINT

CHOOSE, NEEDED = _("選んでください。"), _("答えてください。")
IS_ME = gettext_noop("（あなた）")
NOBODY_HERE = gettext_noop("この中にいない")


class EventForm(forms.Form):
    """Some questions of an event; what was typed is judged by the rules, not here (できごとの質問)."""

    def __init__(
        self, questions: Sequence[Question], language: str, given: Given, household: Household | None, data: Any = None
    ) -> None:
        super().__init__(data, initial=_initial(given))
        self.language, self.given = language, given
        for one in questions:
            self.fields[one.id] = self._field(one, household)

    def _field(self, one: Question, household: Household | None) -> forms.Field:
        said: dict[str, Any] = {
            "label": one.label.said(self.language), "required": False,
            "help_text": one.help.said(self.language) if one.help else "",
        }  # fmt: skip
        if one.type == "date":
            said["help_text"] = said["help_text"] or DAY_HINT
            return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **said)
        if one.type == "members":
            return forms.MultipleChoiceField(choices=_people(household), widget=forms.CheckboxSelectMultiple, **said)
        options = [(option.value, option.label.said(self.language)) for option in one.options]
        if one.type == "member":
            options = [*_people(household), (NOBODY, gettext(NOBODY_HERE))]
        elif one.type == "yes_no":
            options = [(value, text.said(self.language)) for value, text in WORDS.items()]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **said)

    def clean(self) -> dict[str, Any]:
        """Say of each question that is open why it is (誤りの表示)."""
        cleaned = super().clean() or {}
        still_open = {one.id: one for one in self.given.open}
        for name in self.fields:
            if name in self.given.wrong:
                self.errors.pop(name, None)
                self.add_error(name, sentence(self.given.wrong[name]))
            elif name in still_open and name not in self.errors:
                self.add_error(name, NEEDED if still_open[name].type == "date" else CHOOSE)
        return cleaned


def _initial(given: Given) -> dict[str, Any]:
    return dict(given.values)


def _people(household: Household | None) -> list[tuple[str, str]]:
    return [
        (member.ref, f"{member.record.name}{gettext(IS_ME) if member.is_self else ''}")
        for member in (household.members if household else ())
    ]
