"""What a clerk may say of the person who is meant, all at once (条件を指定する検索の入力欄)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.core.codes import table
from municipal.residents.inquiry import COUNTER, PURPOSES
from municipal.residents.search import BLANKS, Conditions
from municipal.residents.shown import labels

from .days import DayField

_ANY = ("", _("条件にしない"))
_LINE = {"autocomplete": "off"}


def _line(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=hint, max_length=100, widget=forms.TextInput(attrs=_LINE)
    )


def _choice(label: Any, choices: list[tuple[str, Any]], hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=hint)


def _removals() -> list[tuple[str, Any]]:
    found = [
        (code.code, code.name_ja) for code in table("event_reason").values() if code.extra.get("group") == "deletion"
    ]
    return [_ANY, *found]


class ConditionsForm(forms.Form):
    """Several conditions, all of which must hold (条件を指定する検索)."""

    name = _line(_("氏名・旧氏・通称"), _("漢字かローマ字。「*」は何文字でも、「?」は1文字の代わりです。"))
    kana = _line(_("フリガナ"), _("ひらがなでもかまいません。"))
    part = _choice(
        _("氏名のどの部分か"),
        [("any", _("全体")), ("given", _("名だけ")), ("former", _("旧氏")), ("alias", _("通称"))],
    )
    match = _choice(_("一致のしかた"), [("part", _("含む")), ("start", _("で始まる")), ("exact", _("完全に一致"))])
    born = _line(_("生年月日"), _("年や年月だけでもさがせます。例: S60.4.1、昭和60年、1985"))
    sex = _choice(_("性別"), [_ANY, ("1", _("男")), ("2", _("女")), ("0", _("不明"))])
    relationship = _line(_("続柄"))
    status = _choice(_("住民状態"), [_ANY, ("1", _("現在の住民")), ("removed", _("消除された方"))])
    address = _line(_("住所"), _("例: 青葉一丁目2-3。支援措置の対象者は住所ではさがせません。"))
    address_code = _line(_("住所コード（11桁）"))
    lot = _line(_("番地"))
    building = _line(_("方書"))
    ward_code = forms.ChoiceField(label=_("区"), required=False)
    number = _line(_("宛名番号"))
    household = _line(_("世帯番号"))
    removal_reason = forms.ChoiceField(label=_("消除の事由"), required=False)
    resident_code = _line(_("住民票コード"))
    card_number = _line(_("在留カード・特別永住者証明書の番号"))
    blank = forms.MultipleChoiceField(
        label=_("何も入っていない項目"), required=False, widget=forms.CheckboxSelectMultiple
    )
    times = _choice(_("過去の氏名・住所"), [("any", _("過去も含めてさがす")), ("now", _("今の氏名・住所だけ"))])
    on = DayField(label=_("この日の時点でさがす"), required=False, help_text=_("例: R8.4.1"))
    purpose = forms.ChoiceField(label=_("目的"), required=False, choices=list(PURPOSES.items()), initial=COUNTER)

    def __init__(self, *args: Any, wards: list[tuple[str, str]], permissions: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["removal_reason"].choices = _removals()  # type: ignore[attr-defined]
        self.fields["blank"].choices = [(name, labels()[name]) for name in BLANKS]  # type: ignore[attr-defined]
        if wards:
            self.fields["ward_code"].choices = [("", _("すべての区")), *wards]  # type: ignore[attr-defined]
        else:
            del self.fields["ward_code"]
        for name, permission in (("resident_code", "item.resident_code"), ("card_number", "item.residence_status")):
            if permission not in permissions:
                del self.fields[name]

    def conditions(self) -> Conditions:
        """What a valid form asks for (検索条件)."""
        said = {name: value for name, value in self.cleaned_data.items() if value and name != "purpose"}
        if "on" in said:
            said["on"] = said["on"].isoformat()
        if "blank" in said:
            said["blank"] = tuple(said["blank"])
        return Conditions(**said)
