"""One page of an application as input fields, made of the questions of its procedure (申請フォームの入力欄).

A question may take several fields: a person, an account, the rows of a group. Their names are put together with two
underscores (``heirs__0__name``). What is asked of whom the entry says; here is only how it is typed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applications.rules.answers import ACCOUNT_KINDS, YES_NO, Answers, is_asked
from municipal.procedures.catalogue import Field
from municipal.procedures.forms import LONGEST_TEXT

from .days import DayField

MOST_ROWS = 30
DAY_HINT = _("例: 令和8年11月23日、R8.11.23、2026-11-23")
NEEDED = _("答えてください。")
CHOOSE = _("選んでください。")
YES_NO_WORDS = {"ja": ("はい", "いいえ"), "ja-easy": ("はい", "いいえ"), "en": ("Yes", "No"), "ko": ("예", "아니요")}
PERSON = (("name", _("氏名"), 100), ("kana", _("氏名のフリガナ"), 100), ("born_on", _("生年月日"), 0))
BANK = (
    ("bank", _("金融機関コード（4桁）"), "[0-9]{4}", _("4桁の数字で入れてください。")),
    ("branch", _("支店コード（3桁）"), "[0-9]{3}", _("3桁の数字で入れてください。")),
    ("number", _("口座番号（7桁）"), "[0-9]{7}", _("7桁の数字で入れてください。")),
)


ACCOUNT = ("bank", "branch", "kind", "number", "holder")
WHICH_ACCOUNT = [("yes", _("公金受取口座（番号の入力はいりません）")), ("no", _("次に入れる口座"))]


@dataclass
class Section:
    """One question on the page: its fields, and its rows where it may be repeated (質問の表示)."""

    question: Field
    names: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    most: int = 0


class PageForm(forms.Form):
    """The questions of one page (申請の一頁).

    ``rows``: how many rows each repeated question has. ``sections`` says for the template what belongs together;
    ``answers`` and ``people`` hold what was typed, once the form was found valid.
    """

    def __init__(
        self, questions: Sequence[Field], language: str, rows: Mapping[str, int], data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.language, self.questions = language, questions
        self.sections: list[Section] = []
        self.answers: Answers = {}
        self.people: dict[str, dict[str, str]] = {}
        for one in questions:
            section = Section(one, most=min(one.most or MOST_ROWS, MOST_ROWS))
            if one.type == "group" or one.type == "people":
                section.rows = [self._row(one, number) for number in range(max(rows.get(one.name, 1), 1))]
                section.files = self._files(one, len(section.rows))
            elif one.type == "file":
                section.files = [(one.name, one.label.said(language))]
            else:
                section.names = self._add(one, one.name, is_required=one.is_required)
            self.sections.append(section)

    def _row(self, question: Field, number: int) -> list[str]:
        prefix = f"{question.name}__{number}"
        if question.type == "people":
            return self._person(prefix, is_required=question.is_required)
        names: list[str] = []
        for inner in question.fields:
            if inner.type == "file":
                continue
            # What is asked only after another answer of the row is looked at when the row has been read.
            names += self._add(inner, f"{prefix}__{inner.name}", is_required=inner.is_required and not inner.condition)
        return names

    def _files(self, question: Field, rows: int) -> list[tuple[str, str]]:
        """Files belong to a row by their name: which row, and which of its questions."""
        return [
            (f"{question.name}__{number}__{inner.name}", f"{number + 1}. {inner.label.said(self.language)}")
            for number in range(rows) for inner in question.fields if inner.type == "file"
        ]  # fmt: skip

    def _add(self, question: Field, name: str, *, is_required: bool) -> list[str]:
        if question.type in ("person", "people"):
            return self._person(name, is_required=is_required)
        if question.type == "account":
            return self._account(question, name, is_required=is_required)
        self.fields[name] = self._field(question, is_required)
        return [name]

    def _person(self, prefix: str, *, is_required: bool) -> list[str]:
        for part, label, most in PERSON:
            made = DayField(label=label, required=False) if part == "born_on" else _text(label, most, is_required=False)
            made.required = is_required and part == "name"
            made.error_messages["required"] = NEEDED
            self.fields[f"{prefix}__{part}"] = made
        return [f"{prefix}__{part}" for part, _label, _most in PERSON]

    def _account(self, question: Field, prefix: str, *, is_required: bool) -> list[str]:
        """Where money is only paid out, the account registered with the state comes first and needs nothing typed."""
        if question.is_for_benefits:
            self.fields[f"{prefix}__registered"] = forms.ChoiceField(
                label=_("どの口座に振り込みますか"), choices=WHICH_ACCOUNT, widget=forms.RadioSelect,
                required=is_required, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
            )  # fmt: skip
            # Which of the other fields are needed is known when the choice has been read.
            is_required = False
        for part, label, pattern, wrong in BANK:
            self.fields[f"{prefix}__{part}"] = forms.RegexField(
                f"^{pattern}$", label=label, required=is_required,
                error_messages={"required": NEEDED, "invalid": wrong},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
        self.fields[f"{prefix}__kind"] = forms.ChoiceField(
            label=_("口座の種類"), choices=list(ACCOUNT_KINDS.items()), widget=forms.RadioSelect, required=is_required,
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields[f"{prefix}__holder"] = _text(_("口座名義（カタカナ）"), 60, is_required=is_required)
        names = [f"{prefix}__{part}" for part in ACCOUNT]
        return [f"{prefix}__registered", *names] if question.is_for_benefits else names

    def _field(self, question: Field, is_required: bool) -> forms.Field:
        said: dict[str, Any] = {
            "label": question.label.said(self.language), "required": is_required,
            "help_text": question.help.said(self.language) if question.help else "",
            "error_messages": dict.fromkeys(("required", "invalid_choice", "invalid"), CHOOSE),
        }  # fmt: skip
        options = [(one.value, one.label.said(self.language)) for one in question.options]
        words = YES_NO_WORDS.get(self.language, YES_NO_WORDS["ja"])
        makers: dict[str, Callable[[], forms.Field]] = {
            "choice": lambda: forms.ChoiceField(choices=options, widget=forms.RadioSelect, **said),
            "choices": lambda: forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **said),
            "yes_no": lambda: forms.ChoiceField(
                choices=list(zip(YES_NO, words, strict=True)), widget=forms.RadioSelect, **said
            ),
        }
        if question.type in makers:
            return makers[question.type]()
        said["error_messages"] = {"required": NEEDED}
        if question.type == "number":
            most = question.most or 1_000_000_000
            said["error_messages"] |= {"invalid": _("数字で入れてください。")}
            return forms.IntegerField(
                min_value=0, max_value=most, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **said
            )
        if question.type == "date":
            return DayField(**said | {"help_text": said["help_text"] or DAY_HINT})
        most = question.most or {"address": 300}.get(question.type, LONGEST_TEXT)
        widget = forms.TextInput() if most <= 200 or question.type == "address" else forms.Textarea(attrs={"rows": 4})
        return forms.CharField(max_length=most, widget=widget, **said)

    def clean(self) -> dict[str, Any]:
        """Put what was typed together again as answers (回答への組立て)."""
        cleaned = super().clean() or self.cleaned_data
        for question in self.questions:
            if question.type == "file":
                continue
            value = self._value(question, question.name)
            if value not in (None, "", [], {}):
                self.answers[question.name] = value
        return cleaned

    def _value(self, question: Field, name: str) -> Any:
        if question.type == "group":
            read = [self._group_row(question, f"{name}__{number}") for number in range(self._count(question))]
            return [row for row in read if row]
        if question.type == "people":
            rows = range(self._count(question))
            return [ref for number in rows if (ref := self._referred(f"{name}__{number}"))]
        if question.type == "person":
            return self._parts(name, ("name", "kana", "born_on"), "name")
        if question.type == "account":
            return self._account_value(question, name)
        value = self.cleaned_data.get(name)
        if question.type == "yes_no":
            return YES_NO.get(str(value))
        return value.isoformat() if isinstance(value, date) else value

    def _account_value(self, question: Field, name: str) -> Answers:
        which = self.cleaned_data.get(f"{name}__registered")
        if question.is_for_benefits and which == "yes":
            return {"registered": True}
        if question.is_for_benefits and which == "no":
            for part in ACCOUNT:
                if not self.cleaned_data.get(f"{name}__{part}") and f"{name}__{part}" not in self.errors:
                    self.add_error(f"{name}__{part}", CHOOSE if part == "kind" else NEEDED)
        return dict(self._parts(name, ACCOUNT, "number"))

    def _count(self, question: Field) -> int:
        return next(len(one.rows) for one in self.sections if one.question.name == question.name)

    def _group_row(self, question: Field, prefix: str) -> Answers:
        row: Answers = {}
        for inner in question.fields:
            name = f"{prefix}__{inner.name}"
            if not is_asked(inner, row):
                continue
            value = self._inner(inner, name)
            if value not in (None, "", [], {}):
                row[inner.name] = value
            elif inner.is_required and inner.condition and name in self.fields and name not in self.errors:
                self.add_error(name, NEEDED)
        return row

    def _inner(self, inner: Field, name: str) -> Any:
        """People in a row are one person: the row is theirs."""
        if inner.type == "people":
            return [ref] if (ref := self._referred(name)) else []
        return self._value(inner, name)

    def _referred(self, prefix: str) -> str:
        person = self._parts(prefix, ("name", "kana", "born_on"), "name")
        if not person:
            return ""
        ref = prefix.replace("__", "-")
        self.people[ref] = person
        return ref

    def _parts(self, prefix: str, parts: Sequence[str], key: str) -> dict[str, str]:
        found = {}
        for part in parts:
            value = self.cleaned_data.get(f"{prefix}__{part}")
            if value:
                found[part] = value.isoformat() if isinstance(value, date) else str(value)
        return found if found.get(key) else {}


def _text(label: Any, most: int, *, is_required: bool) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=is_required, error_messages={"required": NEEDED})


def typed(questions: Sequence[Field], answers: Mapping[str, Any], people: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields of a page for answers that were kept (入力欄の初期値)."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.name in answers:
            found |= _spread(question, question.name, answers[question.name], people)
    return found


def _spread(question: Field, name: str, value: Any, people: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if question.type == "group":
        return _spread_rows(question, name, value, people)
    if question.type == "people":
        for number, ref in enumerate(value):
            # Alone in a row of a group, the person has the name of the question.
            prefix = name if "__" in name else f"{name}__{number}"
            found |= _parts_of(prefix, people.get(ref, {}))
    elif question.type in ("person", "account"):
        is_registered = bool(value.get("registered"))
        found |= {} if is_registered else _parts_of(name, value)
        if question.is_for_benefits:
            found[f"{name}__registered"] = "yes" if is_registered else "no"
    elif question.type == "yes_no":
        found[name] = "yes" if value else "no"
    else:
        found[name] = date.fromisoformat(value) if question.type == "date" else value
    return found


def _spread_rows(
    question: Field, name: str, rows: Sequence[Mapping[str, Any]], people: Mapping[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, row in enumerate(rows):
        for inner in question.fields:
            if inner.name in row and inner.type != "file":
                found |= _spread(inner, f"{name}__{number}__{inner.name}", row[inner.name], people)
    return found


def _parts_of(prefix: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{prefix}__{part}": date.fromisoformat(value) if part == "born_on" else value for part, value in parts.items()
    }


def row_counts(questions: Sequence[Field], answers: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, int]:
    """How many rows each repeated question has: as the page says that was sent, else as was kept (行数)."""
    counts = {}
    for one in questions:
        if one.type in ("group", "people"):
            said = posted.get(f"{one.name}__rows", "")
            kept = len(answers.get(one.name) or [])
            wanted = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else kept
            counts[one.name] = max(1, min(wanted, one.most or MOST_ROWS, MOST_ROWS))
    return counts
