"""The fields of which the screens of the acts are made (異動の入力欄)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.residents.models import Basis, Capacity, IdentityCheck, Kind

from .days import DayField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Fields = dict[str, forms.Field]
RELATIONSHIPS = "relationships"
"""The id of the list of words that the relationship fields offer."""

_CHOOSE = [("", _("選んでください"))]
_ABROAD = {"country": _("国名等（国外のとき）"), "abroad": _("国外住所")}
_PLACE = {
    "postal_code": _("郵便番号（7桁）"), "prefecture": _("都道府県"), "city": _("市区町村"), "block": _("町字"),
    "lot": _("番地・号"), "building": _("方書（建物名・部屋番号）"),
}  # fmt: skip
_FOREIGN = {
    "roman_name": _("氏名（ローマ字）"), "kanji_name": _("氏名（漢字）"), "name_kana": _("氏名のフリガナ"),
    "alias": _("通称"), "alias_kana": _("通称のフリガナ"), "nationality": _("国籍・地域"),
}  # fmt: skip
_CARD = {
    "residence_card_number": _("在留カード等の番号"),
    "stay_years": _("在留期間（年）"),
    "stay_months": _("在留期間（月）"),
}
_OTHER_STAYS = {"landing_period": _("上陸期間"), "provisional_stay_period": _("仮滞在期間")}
_NAMED = {
    "former_family_name": _("旧氏"), "former_family_kana": _("旧氏のフリガナ"),
    "last_registered_address": _("最終登録住所地"),
}  # fmt: skip

_BASES = {
    Basis.NOTICE: _("届出"), Basis.FAMILY_REGISTER: _("戸籍の届出・通知"), Basis.APPLICATION: _("申出"),
    Basis.REQUEST: _("請求"), Basis.IMMIGRATION: _("出入国在留管理庁長官の通知"),
    Basis.MUNICIPALITY: _("他市区町村からの通知"), Basis.EX_OFFICIO: _("職権"),
}  # fmt: skip
_CAPACITIES = {
    Capacity.NONE: _("届出人なし"), Capacity.SELF: _("本人"), Capacity.HEAD: _("世帯主"),
    Capacity.MEMBER: _("同一世帯員"),
    Capacity.LEGAL: _("法定代理人"), Capacity.PROXY: _("任意代理人"),
}  # fmt: skip
_CHECKS = {
    IdentityCheck.NONE: _("届出人なし"), IdentityCheck.NUMBER_CARD: _("個人番号カード"),
    IdentityCheck.PHOTO: _("顔写真付きの書類（1点）"), IdentityCheck.TWO: _("顔写真のない書類（2点）"),
    IdentityCheck.QUESTIONS: _("口頭での質問"), IdentityCheck.NOT_CHECKED: _("確認できず（受理通知を送付）"),
}  # fmt: skip
_KINDS = {Kind.JAPANESE: _("日本人"), Kind.FOREIGN: _("外国人")}

NAMES = ("family_name", "given_name", "family_kana", "given_kana")
FOREIGN_ITEMS = (
    *_FOREIGN, "article30_45_class", "residence_status", *_CARD, "stay_expires_on", *_OTHER_STAYS,
    "became_foreign_resident_on", "is_place_notified",
)  # fmt: skip
"""Items of foreign residents that a row of a newcomer asks for, in the order of the screen."""


class RegisterDayField(forms.CharField):
    """A day that may be unknown in part, in any form the register reads; its value is a RegisterDate (台帳の年月日)."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, RegisterDate):
            return value.notation or value.shown()
        return value

    def clean(self, value: Any) -> Any:
        """The date, or None for nothing. Raises ValidationError with the sentence of the refusal."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return RegisterDate.entered(text)
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused


def line(label: "StrOrPromise", *, hint: "StrOrPromise" = "", words: str = "", digits: bool = False) -> forms.CharField:
    """A line of text; ``words`` is the id of a list of suggestions, ``digits`` asks for a keypad."""
    attrs = {"autocomplete": "off"} | ({"list": words} if words else {}) | ({"inputmode": "numeric"} if digits else {})
    return forms.CharField(label=label, required=False, help_text=hint, widget=forms.TextInput(attrs=attrs))


def choice(label: "StrOrPromise", choices: Iterable[tuple[str, Any]], *, asks: bool = True) -> forms.ChoiceField:
    """One of ``choices``; an empty one on top where nothing need be chosen."""
    return forms.ChoiceField(label=label, required=False, choices=[*(_CHOOSE if asks else []), *choices])


def register_day(label: "StrOrPromise", hint: "StrOrPromise" = "") -> RegisterDayField:
    """A day that may be unknown in part."""
    return RegisterDayField(
        label=label, required=False, help_text=hint, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _chosen(named: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in named.items()]


def _codes(name: str) -> list[tuple[str, str]]:
    return [(code.code, code.name_ja) for code in table(name).values()]


def notice_fields(*, is_planned: bool) -> Fields:
    """When it happened, who told it, and on which ground (届出)."""
    planned = {"planned_on": DayField(label=_("転出予定日"), required=False, help_text=_("転出証明書情報にある日"))}
    return {
        "event_on": register_day(_("異動日"), _("例: R8.11.23、令和8年11月23日、2026-11-23")),
        "notified_on": DayField(label=_("届出日"), required=False, help_text=_("例: R8.11.23")),
        **(planned if is_planned else {}),
        "basis": choice(_("異動の根拠"), _chosen(_BASES), asks=False),
        "notifier_name": line(_("届出人の氏名")),
        "notifier_capacity": choice(_("届出人の資格"), _chosen(_CAPACITIES), asks=False),
        "identity_check": choice(_("本人確認の方法"), _chosen(_CHECKS), asks=False),
    }


def place_fields(prefix: str, *, abroad: bool) -> Fields:
    """An address by its parts; with ``abroad`` also one outside Japan (住所)."""
    parts = {**_PLACE, **(_ABROAD if abroad else {})}
    return {f"{prefix}-{part}": line(label, digits=part == "postal_code") for part, label in parts.items()}


def person_fields(row: str, *, is_birth: bool) -> Fields:
    """Whoever is entered for the first time, or again by number (新たに記載する人)."""
    returning = (
        {} if is_birth else {"number": line(_("再転入者の宛名番号"), hint=_("以前の住民のときだけ"), digits=True)}
    )
    born_on = {} if is_birth else {"born_on": register_day(_("生年月日"), _("例: S58.4.1、昭和25年 月日不詳"))}
    return {
        f"{row}-{name}": found
        for name, found in {
            **returning,
            "kind": choice(_("住民種別"), _chosen(_KINDS), asks=False),
            "family_name": line(_("氏")), "given_name": line(_("名")),
            "family_kana": line(_("氏のフリガナ")), "given_kana": line(_("名のフリガナ")),
            **born_on,
            "sex": choice(_("性別"), [("1", _("男")), ("2", _("女")), ("0", _("不明"))]),
            "relationship": relationship(_("続柄")),
            "resident_code": line(_("住民票コード"), digits=True),
            "domicile": line(_("本籍"), hint=_("空欄なら世帯主と同じ") if is_birth else "", words="domiciles"),
            "register_head": line(_("戸籍の筆頭者"), hint=_("空欄なら世帯主と同じ") if is_birth else "", words="names"),
        }.items()
    }  # fmt: skip


def foreign_fields(row: str) -> Fields:
    """What a foreign resident's row has besides (外国人住民の項目)."""
    return {
        f"{row}-{name}": found
        for name, found in {
            **{name: line(label) for name, label in _FOREIGN.items()},
            "article30_45_class": choice(_("第30条の45の区分"), _codes("article30_45")),
            "residence_status": choice(_("在留資格"), _codes("status_of_residence")),
            **{name: line(label, digits=name.startswith("stay")) for name, label in _CARD.items()},
            "stay_expires_on": DayField(label=_("在留期間の満了の日"), required=False),
            **{name: line(label) for name, label in _OTHER_STAYS.items()},
            "became_foreign_resident_on": register_day(_("外国人住民となった年月日")),
            "is_place_notified": forms.BooleanField(label=_("在留カード等に住居地を記載した"), required=False),
        }.items()
    }


def asked_fields(prefix: str, names: Iterable[str]) -> Fields:
    """The fields of single items, by name (項目ごとの入力欄)."""
    known = {
        **person_fields("x", is_birth=False), **foreign_fields("x"),
        **{f"x-{name}": line(label) for name, label in _NAMED.items()},
        "x-address_set_on": register_day(_("住所を定めた年月日"), _("空欄なら異動日と同じ")),
    }  # fmt: skip
    return {f"{prefix}-{name}": known[f"x-{name}"] for name in names}


def relationship(label: "StrOrPromise") -> forms.CharField:
    """A relationship, with the allowed words to choose from (続柄)."""
    return line(label, words=RELATIONSHIPS)


def words_of_relationships() -> list[str]:
    """What the relationship fields suggest: the words of the table, and the chains that occur most (続柄の候補)."""
    return [name for _code, name in _codes("relationship")] + [
        "子の子",
        "子の妻",
        "子の夫",
        "妻の子",
        "夫の子",
        "妻の父",
        "妻の母",
    ]
