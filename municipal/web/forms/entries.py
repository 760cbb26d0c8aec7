"""The one form in which every act is entered (異動の入力画面の入力欄)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.core.numbers import refuse_unless_resident_record_code
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.residents.models import Kind, ResidentRecord
from municipal.residents.notices import ITEMS, MOST_PEOPLE, Notice, item_value

from . import corrected_items
from .entry_fields import (
    FOREIGN_ITEMS,
    Fields,
    asked_fields,
    choice,
    foreign_fields,
    line,
    notice_fields,
    person_fields,
    place_fields,
    relationship,
)
from .entry_shapes import ASKED, ELSEWHERE, FIXES, HEAD, HERE, MEMBERS, NEWCOMERS, SEATED, SHAPES, Shape
from .refusing import show_and_log

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ALWAYS_FILLED = frozenset({"kind", "sex", "relationship", "resident_code"})
"""Fields that are proposed: a row in which nothing else is filled is no person."""


@dataclass(frozen=True)
class Scene:
    """What an entry is about: the act, the household it was opened for, the row to correct (入力の場面).

    ``former``: the notice that is amended.
    """

    act: str
    town: Municipality
    members: Sequence[ResidentRecord] = ()
    record: ResidentRecord | None = None
    choices: Sequence[tuple[str, str]] = ()
    rows: int = 1
    former: Notice | None = None

    @property
    def shape(self) -> Shape:
        """How the act's screen looks."""
        return SHAPES[self.act]


@dataclass
class Section:
    """Fields under one heading; ``more`` stand folded away until they are needed (入力欄のまとまり)."""

    title: str
    names: list[str]
    more: list[str] = field(default_factory=list)
    hint: str = ""
    button: str = ""


class EntryForm(forms.Form):
    """Only the fields that the act needs, section by section (異動の入力)."""

    def __init__(self, scene: Scene, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.scene, self.sections = scene, list[Section]()
        shape = scene.shape
        self._add(_("届出"), notice_fields(is_planned=shape.planned))
        {NEWCOMERS: self._newcomers, MEMBERS: self._members, SEATED: self._seated, HEAD: self._head,
         FIXES: self._fixes, ASKED: self._asked}.get(shape.people, self._nobody)()  # fmt: skip
        if shape.joins:
            hint = _("空欄にすると、新しい世帯になります。") if scene.act != "birth" else ""
            joins = line(_("入る世帯の世帯番号"), hint=hint, digits=True)
            self._add(_("世帯"), {"joins": joins}, button="look")
        if shape.place:
            is_here = shape.place == HERE
            hint = _("すでにある世帯に入るときは、その世帯の住所になります。") if shape.joins else ""
            may_be_abroad = shape.place == ELSEWHERE and scene.act != "arrival_notice"
            title = _("新しい住所") if is_here else _("転出先")
            self._add(title, place_fields("place", abroad=may_be_abroad), hint=hint)
        if shape.came_from:
            self._add(_("転入前の住所"), place_fields("came_from", abroad=True))
        self._describe_errors()

    def _add(
        self,
        title: "StrOrPromise",
        fields: Fields,
        more: Fields | None = None,
        hint: "StrOrPromise" = "",
        button: str = "",
    ) -> None:
        folded = more or {}
        self.fields.update({**fields, **folded})
        self.sections.append(Section(str(title), list(fields), list(folded), str(hint), button))

    def _nobody(self) -> None:
        """An act that names nobody."""

    def _newcomers(self) -> None:
        for index in range(self.scene.rows):
            row, is_birth = f"people-{index}", self.scene.act == "birth"
            title = gettext("%(number)d人目") % {"number": index + 1}
            own = person_fields(row, is_birth=is_birth) | asked_fields(row, self.scene.shape.asks)
            own[f"{row}-kind"].initial = self.scene.shape.kind
            self._add(title, own, foreign_fields(row))
        self.sections[-1].button = "add"

    def _asked(self) -> None:
        if names := self.scene.shape.asks:
            self._add(_("記載する内容"), asked_fields("item", names))

    def _movers(self) -> forms.MultipleChoiceField:
        found = [(one.addressee.number, f"{one.name}（{one.relationship or '—'}）") for one in self.scene.members]
        box = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=_("異動する人"), choices=found, required=False, widget=box)

    def _members(self) -> None:
        self._add(_("異動者"), {"movers": self._movers()})

    def _seats(self) -> Fields:
        label = gettext("%(name)sの新しい続柄")
        return {
            f"member-{one.addressee.number}-relationship": relationship(label % {"name": one.name})
            for one in self.scene.members
        }

    def _seated(self) -> None:
        hint = _("新しい世帯での続柄を入れます。世帯全員の転居で世帯が変わらないときは、空欄のままにします。")
        self._add(_("異動者"), {"movers": self._movers(), **self._seats()}, hint=hint, button="propose")

    def _head(self) -> None:
        found = [(one.addressee.number, f"{one.name}（{one.relationship or '—'}）") for one in self.scene.members]
        head = forms.ChoiceField(label=_("新しい世帯主"), choices=found, required=False, widget=forms.RadioSelect)
        hint = _("新しい世帯主を選んで「続柄の案を入れる」を押すと、分かるものが入ります。")
        self._add(_("世帯主と続柄"), {"head": head, **self._seats()}, hint=hint, button="propose")

    def _fixes(self) -> None:
        found: Fields = {}
        for index in range(self.scene.rows):
            number = {"number": index + 1}
            found[f"fix-{index}-item"] = choice(gettext("直す項目 %(number)d") % number, self.scene.choices)
            words = "domiciles" if self.scene.shape.with_others else ""
            found[f"fix-{index}-value"] = line(gettext("正しい値 %(number)d") % number, words=words)
        self._add(_("直す項目と正しい値"), found, hint=_("空欄のままにした値は、記載なしになります。"), button="add")
        own = self.scene.record.addressee_id if self.scene.record else 0
        others = [(one.addressee.number, one.name) for one in self.scene.members if one.addressee_id != own]
        if self.scene.shape.with_others and others:
            box = forms.MultipleChoiceField(
                label=_("同じ本籍・筆頭者にする人"), choices=others, required=False, widget=forms.CheckboxSelectMultiple
            )
            self._add(_("ほかの世帯員"), {"movers": box}, hint=_("上で直した本籍と筆頭者を、選んだ人にも入れます。"))

    def _describe_errors(self) -> None:
        """Every field that can be wrong names the element that says so."""
        for name in ("event_on",):
            self.fields[name].widget.attrs["autofocus"] = not self.is_bound

    def shown_sections(self, buildings: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The sections with their bound fields; folded fields open where one of them says something.

        ``buildings``: what the field of a building offers.
        """
        if buildings and "place-building" in self.fields:
            self.fields["place-building"].widget.attrs["list"] = "buildings"
        return [
            {
                "title": one.title, "hint": one.hint, "button": one.button,
                "fields": [self[name] for name in one.names], "more": [self[name] for name in one.more],
                "call": call_group(one.names), "is_paired": one.names[0].startswith("fix-"),
                "is_open": any(self[name].value() or self[name].errors for name in one.more),
            }
            for one in self.sections
        ]  # fmt: skip

    def is_filled(self, index: int) -> bool:
        """Whether a row of newcomers names anybody."""
        prefix = f"people-{index}-"
        own = {name.removeprefix(prefix) for name in self.fields if name.startswith(prefix)}
        return any(self.cleaned_data.get(prefix + name) for name in own - ALWAYS_FILLED)

    def clean(self) -> dict[str, Any]:
        """Letters that cannot be stored and values that are none are refused beside their field."""
        for name, value in list(self.cleaned_data.items()):
            prefix, row, item = [*name.split("-", 2), "", ""][:3]
            try:
                said = item if prefix == "people" else row if prefix == "item" else ""
                if said in ITEMS and value not in (None, ""):
                    self.cleaned_data[name] = item_value(said, value)
                elif prefix == "fix" and item == "value" and self.cleaned_data.get(f"fix-{row}-item"):
                    self.cleaned_data[name] = corrected_items.typed(self.cleaned_data[f"fix-{row}-item"], value)
            except Refused as refused:
                self.add_error(name, sentence(refused))
        if "event_on" in self.cleaned_data and self.cleaned_data["event_on"] is None:
            self.add_error("event_on", gettext("異動日を入力してください。"))
        if self.scene.shape.people == NEWCOMERS:
            for index in range(self.scene.rows):
                self._ask_for_whole_row(index)
        return self.cleaned_data

    def _ask_for_whole_row(self, index: int) -> None:
        """Everything that a row lacks, said at once; the act itself would name one thing after the other."""
        row = f"people-{index}-"
        if not self.is_filled(index) or self.cleaned_data.get(f"{row}number"):
            return
        names = [f"{row}{item}" for item in ("born_on", "sex", "relationship", "resident_code")]
        if self.cleaned_data.get(f"{row}kind") == Kind.JAPANESE:
            names.append(f"{row}family_name")
        for name in names:
            if name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
                label = self.fields[name].label
                self.add_error(name, gettext("%(label)sを入力してください。") % {"label": label})
        self._check_code(f"{row}resident_code")

    def _check_code(self, name: str) -> None:
        try:
            if code := self.cleaned_data.get(name):
                refuse_unless_resident_record_code(code, field=name)
        except Refused as refused:
            self.add_error(name, sentence(refused))

    def field_of(self, refused: Refused) -> str:
        """The field of this form that a refusal of the act is about; empty where none is (断りの場所)."""
        name = refused.field
        if name in self.fields:
            return name
        first = {"place": "place-block", "came_from": "came_from-city", "name": "people-0-family_name"}
        if name == "people":
            names = ("movers", "head", "fix-0-value", "people-0-family_name")
            return next((one for one in names if one in self.fields), "")
        if first.get(name, "") in self.fields and name != "name":
            return first[name]
        return self._row_of("family_name" if name == "name" else name)

    def _row_of(self, item: str) -> str:
        """The field of ``item`` of the first person where it is empty, else of the first person."""
        found = [name for name in self.fields if name.endswith(f"-{item}")]
        chosen = self.cleaned_data.get("movers") or []
        moving = [name for name in found if not name.startswith("member-") or name.split("-")[1] in chosen] or found
        empty = [name for name in moving if not self.cleaned_data.get(name)]
        return next(iter(empty or moving), "")


def call_group(names: Sequence[str]) -> str:
    """The group of fields that an address can be called up for; empty where there is none (住所の呼出し)."""
    for name in names:
        if name.endswith(("-postal_code", "-domicile")):
            return name.removesuffix("-postal_code")
    return ""


def show_beside(request: StaffRequest, form: EntryForm, refused: Refused) -> None:
    """Put a refusal of the act beside the field it is about, and log it."""
    refused.field = form.field_of(refused)
    show_and_log(request, form, refused)


def rows_of(data: Mapping[str, Any], *, least: int, more: bool) -> int:
    """How many rows a form has that was sent with ``data``; one more where that was asked."""
    said = str(data.get("rows", ""))
    known = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else least
    return max(1, min(known + more, MOST_PEOPLE))


__all__ = ["FOREIGN_ITEMS", "EntryForm", "Scene", "Section", "rows_of", "show_beside"]
