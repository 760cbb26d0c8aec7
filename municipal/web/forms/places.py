"""Entries of the dictionaries as staff type them (マスタの入力欄)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.places.models import (
    Block,
    Building,
    CertifyingOfficer,
    Country,
    DictionaryUpdate,
    District,
    InputPlace,
    Lot,
    LotKind,
    Master,
    PlaceKind,
    Seat,
    Terminal,
)
from municipal.places.operations import (
    put_block,
    put_building,
    put_country,
    put_district,
    put_lot,
    put_officer,
    put_place,
    put_terminal,
)

from .days import DayField

_CHOICES: dict[str, list[tuple[str, Any]]] = {
    "seat": [(Seat.HEAD, _("市区町村長")), (Seat.ACTING, _("職務代理者"))],
    "InputPlace.kind": [
        (PlaceKind.MAIN, _("本庁")), (PlaceKind.BRANCH, _("支所")), (PlaceKind.SUB_BRANCH, _("出張所")),
        (PlaceKind.SECTION, _("利用課")), (PlaceKind.WARD, _("区役所")),
    ],
    "Lot.kind": [
        (LotKind.HOUSE, _("住居表示")), (LotKind.LOT, _("地番")), (LotKind.SPECIAL, _("特殊地番")),
        (LotKind.READJUSTMENT, _("区画整理")),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A dictionary on screen: its table, its title, the operation that keeps it, its fields (マスタの画面)."""

    model: type[Master]
    title: Any
    put: Callable[..., Master]
    fields: Mapping[str, Any]
    required: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "blocks": Kind(
        Block, _("住所辞書"), put_block,
        {
            "code": _("住所コード（11桁）"), "municipality_code": _("市区町村コード（6桁）"),
            "block_code": _("町字コード"), "prefecture": _("都道府県"), "prefecture_kana": _("都道府県のカナ"),
            "city": _("市区町村"), "city_kana": _("市区町村のカナ"), "large": _("大字・町"),
            "large_kana": _("大字・町のカナ"), "small": _("小字・丁目"), "small_kana": _("小字・丁目のカナ"),
            "postal_code": _("郵便番号（7桁）"), "is_numbered": _("住居表示の実施区域"),
        },
        ("code", "municipality_code", "prefecture", "city"),
    ),
    "buildings": Kind(
        Building, _("方書"), put_building,
        {
            "code": _("方書コード"), "name": _("方書"), "kana": _("方書のカナ"), "block": _("住所コード（11桁）"),
            "lot": _("番地・号"),
        },
        ("code", "name", "block"),
    ),
    "lots": Kind(
        Lot, _("住居表示・地番"), put_lot,
        {"block": _("住所コード（11桁）"), "lot": _("番地・号"), "kind": _("種類")}, ("block", "lot", "kind"),
    ),
    "districts": Kind(
        District, _("地区"), put_district,
        {"code": _("地区コード"), "name": _("地区"), "block_codes": _("住所コード（空白で区切る）")}, ("code", "name"),
    ),
    "offices": Kind(
        InputPlace, _("入力場所"), put_place,
        {"code": _("入力場所コード"), "name": _("入力場所"), "kind": _("種類"), "ward_code": _("行政区コード")},
        ("code", "name", "kind"),
    ),
    "terminals": Kind(
        Terminal, _("入力端末"), put_terminal,
        {
            "code": _("端末コード"), "name": _("入力端末"), "place_code": _("入力場所コード"),
            "address": _("ネットワークアドレス"),
        },
        ("code", "name", "place_code"),
    ),
    "officers": Kind(
        CertifyingOfficer, _("認証者"), put_officer,
        {"seat": _("区分"), "title": _("職名"), "name": _("氏名"), "ward_code": _("行政区コード")},
        ("seat", "title", "name"),
    ),
    "countries": Kind(
        Country, _("国名"), put_country,
        {"code": _("国名コード"), "name": _("国名"), "kana": _("国名のカナ")}, ("code", "name"),
    ),
}  # fmt: skip
"""Every dictionary that staff keep, in the order of the page."""


class EntryOfKindForm(forms.Form):
    """One entry and the days for which it holds (マスタの登録)."""

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, label in kind.fields.items():
            self.fields[name] = self._field(name, label)
        self.fields["valid_from"] = DayField(label=_("いつから"), help_text=_("例: R8.4.1"))
        self.fields["valid_until"] = DayField(
            label=_("いつまで"), required=False, help_text=_("この日から無くなります。続くときは空欄にします。")
        )
        missing = {"required": _("入力してください。")}
        for field in self.fields.values():
            field.error_messages |= missing

    def _field(self, name: str, label: Any) -> forms.Field:
        is_required = name in self.kind.required
        choices = _CHOICES.get(f"{self.kind.model.__name__}.{name}") or _CHOICES.get(name)
        if choices:
            return forms.ChoiceField(label=label, required=is_required, choices=choices)
        if name.startswith("is_"):
            return forms.BooleanField(label=label, required=False)
        if name == "address":
            wrong = {"invalid": _("ネットワークアドレスとして読めません。例: 192.168.1.10")}
            return forms.GenericIPAddressField(label=label, required=False, error_messages=wrong)
        box = forms.TextInput(attrs={"autocomplete": "off"})
        most = self.kind.model._meta.get_field(name).max_length if name != "block_codes" else 2000  # type: ignore[union-attr]
        return forms.CharField(label=label, required=is_required, max_length=most, widget=box)

    def entry(self) -> Master:
        """The entry that a valid form says (マスタの内容)."""
        said = {name: self.cleaned_data[name] for name in self.kind.fields}
        if "block_codes" in said:
            said["block_codes"] = said["block_codes"].split()
        if "address" in said:
            said["address"] = said["address"] or None
        return self.kind.model(**said)


class DictionaryFileForm(forms.Form):
    """A dictionary that comes as a file (辞書の取込み)."""

    dictionary = forms.ChoiceField(
        label=_("辞書"),
        choices=[(DictionaryUpdate.Dictionary.BLOCKS, _("住所")), (DictionaryUpdate.Dictionary.COUNTRIES, _("国名"))],
    )
    file = forms.FileField(
        label=_("ファイル"),
        error_messages=dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。")),
    )
    as_of = DayField(label=_("いつの内容か"), error_messages={"required": _("入力してください。")})
    source = forms.CharField(label=_("出所"), max_length=100, error_messages={"required": _("入力してください。")})
