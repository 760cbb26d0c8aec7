"""What a clerk asks at the counter: who applies, and each question once, people ticked and not typed (窓口の聞取り)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applications.counter.offering import Offer
from municipal.applications.counter.sources import Member
from municipal.applications.models import Agreed
from municipal.applications.rules.answers import Answers, People
from municipal.procedures.catalogue import Field
from municipal.residents.models.event import IdentityCheck

from .applying import NEEDED, PageForm, typed
from .days import DayField

OTHER, MEMBER = "other", "__member"


class OpenForm(forms.Form):
    """What a reception is opened with (受付の開始)."""

    number = forms.CharField(required=False, max_length=15)
    received = forms.CharField(required=False, max_length=400)
    event = forms.CharField(required=False, max_length=20)
    code = forms.CharField(required=False, max_length=60)
    is_card = forms.BooleanField(required=False)
    channel = forms.ChoiceField(choices=[("counter", ""), ("paper", "")], required=False)
    received_on = DayField(label=_("届いた日"), required=False)

    def clean_received(self) -> list[int]:
        """Ids of received notices (受信した通知の番号)."""
        parts = self.cleaned_data["received"].split(",")
        return [int(one) for one in parts if one.isascii() and one.isdigit() and len(one) < 18]


class CardForm(forms.Form):
    """A simulated card that lies on the reader (カードの読取り)."""

    card = forms.CharField(
        label=_("カードの番号"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PlanForm(forms.Form):
    """What happened when, and which procedures (できごとと手続)."""

    def __init__(self, events: Sequence[tuple[str, str]], offered: Sequence[Offer], data: Any = None,
                 initial: Any = None) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["event"] = forms.ChoiceField(label=_("できごと"), choices=list(events), required=False)
        self.fields["day"] = DayField(label=_("できごとの日"), required=False)
        self.fields["find"] = forms.CharField(label=_("ほかの手続をさがす"), required=False, max_length=100)
        choices = [(one.entry.id, one.entry.title.ja) for one in offered if one.entry.is_online]
        self.fields["chosen"] = forms.MultipleChoiceField(
            label=_("手続"), choices=choices, widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("手続を1つ以上選んでください。"),
                "invalid_choice": _("できごとを変えたときは、手続を出し直してください。"),
            },
        )  # fmt: skip


class WhoForm(forms.Form):
    """Who applies: somebody the sources know, chosen; or anybody else, typed (申請する人)."""

    def __init__(self, questions: Sequence[Field], members: Sequence[Member], data: Any = None,
                 initial: Any = None) -> None:  # fmt: skip
        super().__init__(data, initial=initial, prefix="who")
        self.members, self.asked = {one.key: one for one in members}, [one.name for one in questions]
        if members:
            choices = [(one.key, one.name) for one in members] + [(OTHER, _("ほかの人（代理人など）"))]
            self.fields["by"] = forms.ChoiceField(label=_("申請する人"), choices=choices, widget=forms.RadioSelect)
        for one in questions:
            label = one.label.ja
            made: forms.Field = DayField(label=label, required=False)
            if one.type != "date":
                made = forms.CharField(label=label, max_length=one.most or 300, required=False)
            self.fields[one.name] = made

    @property
    def shown(self) -> list[Any]:
        """What is always asked: of somebody known, only what no source says (いつも聞く項目)."""
        hidden = {name for name in ("name", "kana", "born_on") if self.members}
        return [self[name] for name in self.fields if name not in hidden]

    @property
    def folded(self) -> list[Any]:
        """What is typed of somebody whom no source knows (ほかの人の項目)."""
        return [self[name] for name in ("name", "kana", "born_on") if self.members and name in self.fields]

    def applicant(self, about: int | None) -> dict[str, Any]:
        """Who applies, as the case keeps it; of the person concerned the register says the rest (申請者)."""
        said = {
            name: value.isoformat() if isinstance(value, date) else value
            for name in self.asked if (value := self.cleaned_data.get(name))
        }  # fmt: skip
        own = self.members.get(self.cleaned_data.get("by", ""))
        if own is None:
            return said
        known = {} if own.addressee is not None and own.addressee == about else own.person
        kept = {name: value for name, value in said.items() if name not in ("name", "kana", "born_on")}
        return {name: value for name, value in {**known, **kept}.items() if name in self.asked or name in known}


class DeskForm(PageForm):
    """The questions of one procedure; the household stands ready to be ticked (手続の質問)."""

    def __init__(
        self, code: str, questions: Sequence[Field], rows: Mapping[str, int], members: Sequence[Member],
        data: Any = None, initial: Any = None,
    ) -> None:  # fmt: skip
        self.prefix, self.members = code, {one.key: one for one in members}
        super().__init__(questions, "ja", rows, data, initial)
        for section in self.sections if members else ():
            if section.question.type == "people":
                section.rows = section.rows[: rows.get(section.question.name, 0)]
                section.names = [self._tick(section.question, len(section.rows))]
            elif section.question.type == "person":
                section.names = [self._choose(section.question.name), *section.names]
            elif section.question.type == "group":
                for number, row in enumerate(section.rows):
                    self._choose_in_row(section.question, number, row)
        # What is missing is said on the check page: nothing that was typed is lost by going on.
        for field in self.fields.values():
            field.required = False

    def _tick(self, question: Field, typed_rows: int) -> str:
        """Somebody of the household is ticked; only others are typed, in as many rows as were asked for."""
        for name in [name for name in self.fields if name.startswith(f"{question.name}__")]:
            if int(name.split("__")[1]) >= typed_rows:
                del self.fields[name]
        made = forms.MultipleChoiceField(
            label=_("引用元の人"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(one.key, one.name) for one in self.members.values()],
        )  # fmt: skip
        self.fields = {f"{question.name}{MEMBER}": made} | self.fields
        return f"{question.name}{MEMBER}"

    def _choose(self, prefix: str) -> str:
        name = f"{prefix}{MEMBER}"
        choices = [("", _("（選ばない・ほかの人）")), *((one.key, one.name) for one in self.members.values())]
        self.fields[name] = forms.ChoiceField(label=_("世帯の人から選ぶ"), choices=choices, required=False)
        return name

    def _choose_in_row(self, question: Field, number: int, row: list[str]) -> None:
        for inner in question.fields:
            if inner.type in ("people", "person"):
                prefix = f"{question.name}__{number}__{inner.name}"
                at = next((at for at, name in enumerate(row) if name.startswith(f"{prefix}__")), 0)
                row.insert(at, self._choose(prefix))

    def _value(self, question: Field, name: str) -> Any:
        if question.type == "people" and f"{question.name}{MEMBER}" in self.fields and name == question.name:
            ticked = [self.members[key].person for key in self.cleaned_data.get(f"{name}{MEMBER}") or []]
            return self._refs(name, [*ticked, *self._typed_people(question, name)])
        if question.type == "group" and self.members:
            return self._rows_of(question, name)
        if question.type == "person" and (own := self._own(name)):
            return own
        return super()._value(question, name)

    def _rows_of(self, question: Field, name: str) -> list[Answers]:
        """Everybody of the household stands in a row; a row in which nothing else is answered is nobody's."""
        of_people = {one.name for one in question.fields if one.type in ("people", "person")}
        kept = list[Answers]()
        for number in range(self._count(question)):
            row = self._group_row(question, f"{name}__{number}")
            if row and (not set(row) <= of_people or len(question.fields) == len(of_people)):
                kept.append(self._renumbered(row, f"{name}-{number}-", f"{name}-{len(kept)}-"))
            else:
                self.people = {ref: one for ref, one in self.people.items() if not ref.startswith(f"{name}-{number}-")}
        return kept

    def _renumbered(self, row: Answers, old: str, new: str) -> Answers:
        """A row without those that were left out before it, so that it is the row one would have written."""
        moved = {ref: ref.replace(old, new, 1) if ref.startswith(old) else ref for ref in self.people}
        self.people = {moved[ref]: one for ref, one in self.people.items()}
        return {
            name: [moved.get(one, one) for one in value] if isinstance(value, list) else value
            for name, value in row.items()
        }  # fmt: skip

    def _typed_people(self, question: Field, name: str) -> list[dict[str, str]]:
        rows = range(self._count(question))
        return [one for at in rows if (one := self._parts(f"{name}__{at}", ("name", "kana", "born_on"), "name"))]

    def _refs(self, name: str, people: Sequence[Mapping[str, str]]) -> list[str]:
        """The same references as online, so that the same answers are the same case (人の参照)."""
        for at, one in enumerate(people):
            self.people[f"{name}-{at}"] = dict(one)
        return [f"{name}-{at}" for at in range(len(people))]

    def _referred(self, prefix: str) -> str:
        own = self._own(prefix)
        if own is None:
            return super()._referred(prefix)
        ref = prefix.replace("__", "-")
        self.people[ref] = own
        return ref

    def _own(self, prefix: str) -> dict[str, str] | None:
        found = self.members.get(str(self.cleaned_data.get(f"{prefix}{MEMBER}", "")))
        return found.person if found else None


def kept(
    questions: Sequence[Field], answers: Mapping[str, Any], people: People, members: Sequence[Member]
) -> tuple[dict[str, Any], dict[str, int]]:
    """What stands in the fields for answers that were kept, and how many rows are typed (入力欄の初期値)."""
    keys = {tuple(sorted(one.person.items())): one.key for one in members}
    initial, rows = typed(questions, answers, people), dict[str, int]()
    for question in questions:
        if question.type == "people" and members:
            named = [people.get(ref, {}) for ref in answers.get(question.name) or []]
            ticked = [key for one in named if (key := keys.get(tuple(sorted(one.items()))))]
            others = [one for one in named if tuple(sorted(one.items())) not in keys]
            initial[f"{question.name}{MEMBER}"] = ticked
            rows[question.name] = len(others)
            refs = {f"other-{at}": one for at, one in enumerate(others)}
            initial |= typed([question], {question.name: list(refs)}, refs)
    for prefix in [prefix for prefix in _of_people(questions, answers) if members]:
        parts = {part: _text(initial.get(f"{prefix}__{part}")) for part in ("name", "kana", "born_on")}
        key = keys.get(tuple(sorted((part, said) for part, said in parts.items() if said)))
        if key is not None:
            initial[f"{prefix}{MEMBER}"] = key
            for part in parts:
                initial.pop(f"{prefix}__{part}", None)
    return initial, rows


def _of_people(questions: Sequence[Field], answers: Mapping[str, Any]) -> list[str]:
    """Where one person stands, by the beginning of the names of their fields."""
    found = [one.name for one in questions if one.type == "person"]
    for one in questions:
        if one.type == "group":
            inner = [field.name for field in one.fields if field.type in ("people", "person")]
            found += [f"{one.name}__{at}__{name}" for at in range(len(answers.get(one.name) or [])) for name in inner]
    return found


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


class AgreeForm(forms.Form):
    """How identity was checked, and how the applicant agreed (本人確認と署名)."""

    identity_check = forms.ChoiceField(
        label=_("本人確認の方法"), widget=forms.RadioSelect, error_messages={"required": NEEDED},
        choices=[(str(one), one.label) for one in IdentityCheck if one != IdentityCheck.NONE],
    )  # fmt: skip
    identity_document = forms.CharField(
        label=_("確認した書類"),
        required=False,
        max_length=100,
        help_text=_("例: 運転免許証。2点のときは両方。番号は書かない。"),
    )
    agreed = forms.ChoiceField(label=_("内容の確認"), widget=forms.RadioSelect, error_messages={"required": NEEDED})
    remark = forms.CharField(
        label=_("引用した値についての本人の申出"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("台帳と違うと言われたこと。台帳は変わりません。担当課に伝わります。"),
    )  # fmt: skip

    def __init__(self, channel: str, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        mine = [Agreed.POSTED] if channel == "paper" else [Agreed.SCREEN, Agreed.SHEET]
        self.fields["agreed"].choices = [(str(one), one.label) for one in mine]  # type: ignore[attr-defined]
