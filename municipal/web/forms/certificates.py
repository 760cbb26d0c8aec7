"""What is asked for at the counter, and how issued certificates are found (証明書の入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.certificates.kinds import HOUSEHOLD, KINDS, Kind
from municipal.certificates.models import FormSettings, Output, Printer, Requester
from municipal.certificates.rules.items import CHOOSABLE, OF_FOREIGNERS, OMITTABLE
from municipal.certificates.rules.requests import MOST_COPIES, Asked
from municipal.residents.models import IdentityCheck

from .days import DayField

COPIES = _("部数は1から20までです。")
CHECKS = (IdentityCheck.NUMBER_CARD, IdentityCheck.PHOTO, IdentityCheck.TWO)


class IssueForm(forms.Form):
    """Who is certified, what stands on it, for whom (交付請求)."""

    people = forms.MultipleChoiceField(
        label=_("証明する人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("証明する人を選んでください。")},
    )
    includes = forms.MultipleChoiceField(
        label=_("載せる項目"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("印を付けない項目は【省略】と印字します。"),
    )  # fmt: skip
    leaves_out = forms.MultipleChoiceField(
        label=_("省く項目"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("請求者が求めたものだけを省きます。"),
    )  # fmt: skip
    has_history = forms.BooleanField(label=_("異動の履歴を載せる"), required=False)
    has_special_history = forms.BooleanField(
        label=_("特別な事由の履歴も載せる"), required=False,
        help_text=_("特別養子縁組と性別の変更です。特に求められたときだけ選びます。"),
    )  # fmt: skip
    requester = forms.ChoiceField(
        label=_("請求者"), choices=[(one.value, _(str(one.label))) for one in Requester if one != Requester.OFFICE]
    )
    requester_name = forms.CharField(
        label=_("請求者の氏名"), max_length=100, error_messages={"required": _("請求者の氏名を入力してください。")}
    )
    identity_check = forms.ChoiceField(
        label=_("本人確認の方法"), required=False,
        choices=[("", _("選んでください")), *((one.value, _(str(one.label))) for one in CHECKS)],
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("利用の目的"), max_length=200, required=False,
        help_text=_("本人、同一世帯員、法定代理人のほかは、必ず入力します。"),
    )  # fmt: skip
    is_official = forms.BooleanField(label=_("「公用」と印字する（手数料なし）"), required=False)
    exemption = forms.CharField(label=_("手数料を免除する理由"), max_length=100, required=False)
    copies = forms.IntegerField(
        label=_("部数"), min_value=1, max_value=MOST_COPIES, initial=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), COPIES),
    )  # fmt: skip
    output = forms.ChoiceField(label=_("出力の方法"), choices=[(one.value, _(str(one.label))) for one in Output])
    printer = forms.ChoiceField(label=_("プリンタと給紙トレー"), required=False)

    def __init__(
        self, data: Any, *, kind: Kind, members: Sequence[tuple[str, str]], settings: FormSettings, chosen: str,
        has_foreigners: bool,
    ) -> None:  # fmt: skip
        is_household = kind.family == HOUSEHOLD
        first = {
            "people": [number for number, _name in members] if is_household else [chosen],
            "includes": [key for key in OMITTABLE if key not in settings.omits],
            "output": settings.output,
            "printer": f"{settings.printer.number}|" if settings.printer else "",
        }
        super().__init__(data, initial=first)
        self.kind = kind
        self._choose("people", list(members))
        keys = [key for key in OMITTABLE if has_foreigners or key not in OF_FOREIGNERS]
        self._choose("includes", [(key, _(OMITTABLE[key])) for key in keys])
        self._choose("leaves_out", [(key, _(label)) for key, label in CHOOSABLE.items()])
        self._choose("printer", [("", _("指定しない")), *_trays()])
        if not kind.may_choose_items:
            del self.fields["leaves_out"]
        if is_household:
            del self.fields["has_history"], self.fields["has_special_history"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self, *, terminal: str, place: str, confirmed: frozenset[str]) -> Asked:
        """The request as the operation takes it (請求)."""
        said = self.cleaned_data
        printer, _bar, tray = said["printer"].partition("|")
        return Asked(
            kind=self.kind.code, people=tuple(said["people"]), requester=said["requester"],
            requester_name=said["requester_name"], purpose=said["purpose"], identity_check=said["identity_check"],
            omits=frozenset(OMITTABLE) - set(said["includes"]) | set(said.get("leaves_out", ())),
            is_official=said["is_official"], exemption=said["exemption"], copies=said["copies"],
            has_history=said.get("has_history", False),
            has_special_history=said.get("has_special_history", False), output=said["output"], printer=printer,
            tray=tray, terminal=terminal, place=place, confirmed=confirmed,
        )  # fmt: skip


def _trays() -> list[tuple[str, str]]:
    """Every printer, and each of its trays."""
    found = []
    for printer in Printer.objects.order_by("number"):
        found.append((f"{printer.number}|", f"{printer.number} {printer.name}"))
        found += [(f"{printer.number}|{tray}", f"{printer.number} {printer.name} / {tray}") for tray in printer.trays]
    return found


class DisposalForm(forms.Form):
    """Why a copy was destroyed (処分の理由)."""

    reason = forms.CharField(
        label=_("処分の理由"), max_length=200, error_messages={"required": _("処分の理由を入力してください。")}
    )


class ReissueForm(forms.Form):
    """Who asks for a lost certificate again (再交付の申出)."""

    requester = forms.ChoiceField(
        label=_("請求者"), choices=[(one.value, _(str(one.label))) for one in Requester if one != Requester.OFFICE]
    )
    requester_name = forms.CharField(
        label=_("請求者の氏名"), max_length=100, error_messages={"required": _("請求者の氏名を入力してください。")}
    )
    identity_check = forms.ChoiceField(
        label=_("本人確認の方法"), choices=[(one.value, _(str(one.label))) for one in CHECKS]
    )


class IssuesForm(forms.Form):
    """Finding issues by what the history keeps of them (交付履歴のしぼり込み; #2.2.2)."""

    since = DayField(label=_("交付年月日（から）"), required=False, help_text=_("例: R8.11.23"))
    until = DayField(label=_("交付年月日（まで）"), required=False)
    kind = forms.ChoiceField(label=_("証明書の種別"), required=False)
    place = forms.CharField(label=_("交付場所"), max_length=30, required=False)
    terminal = forms.CharField(label=_("端末名"), max_length=30, required=False)
    staff = forms.CharField(label=_("ユーザID"), max_length=64, required=False)
    number = forms.CharField(label=_("発行番号"), max_length=60, required=False)
    item = forms.CharField(label=_("記載事項"), max_length=40, required=False)
    copies = forms.IntegerField(label=_("枚数"), required=False, min_value=1, max_value=MOST_COPIES)
    disposed = forms.ChoiceField(
        label=_("処分情報"), required=False, choices=[("", _("すべて")), ("yes", _("処分あり")), ("no", _("処分なし"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = [("", _("すべて")), *((code, _(kind.name)) for code, kind in KINDS.items())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
