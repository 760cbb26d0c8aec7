"""Forms of payers: who they are, where they are written to, who owes with them (納付義務者の入力欄)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.addressees.finding import LONGEST_QUERY
from municipal.addressees.models import AddresseeKind, RecipientKind
from municipal.addressees.operations import DirectoryEntry, Redirection
from municipal.payments.fees import fees

from .measures import choice, day, line, number

KINDS = {AddresseeKind.NON_RESIDENT: _("住登外者"), AddresseeKind.CORPORATION: _("法人")}
RECIPIENTS = {
    RecipientKind.HEIRS: _("相続人代表者"), RecipientKind.TAX_AGENT: _("納税管理人"),
    RecipientKind.GUARDIAN: _("法定代理人"), RecipientKind.OTHER_ADDRESS: _("送付先変更"),
}  # fmt: skip
NAMES = ("name", "kana", "corporate_number")
_NO_NUMBER = _("法人番号は13桁の数字で入力してください。")


class PayerSearchForm(forms.Form):
    """The one box: a number, a name or kana (納付義務者の検索)."""

    q = forms.CharField(label=_("納付義務者をさがす"), max_length=LONGEST_QUERY, required=False)


class AddressForm(forms.Form):
    """The parts of an address in Japan or abroad (住所の入力欄)."""

    postal_code = line(_("郵便番号（7桁）"), 10)
    prefecture = line(_("都道府県"), 4)
    city = line(_("市区町村"), 12)
    block = line(_("町字"), 120)
    lot = line(_("番地・号"), 50)
    building = line(_("方書（建物名・部屋番号）"), 300)
    country = line(_("国名等（国外のとき）"), 100)
    abroad = line(_("国外住所"), 300)

    def address(self) -> dict[str, str]:
        """Its parts, the postal code without its hyphen (住所)."""
        said = {name: str(self.cleaned_data[name]) for name in AddressForm.base_fields}
        return said | {"postal_code": said["postal_code"].replace("-", "").replace("〒", "")}

    def fill(self, values: Mapping[str, Any], group: str) -> None:
        """Put the parts of ``group`` that are known into the fields (初期値)."""
        for name in AddressForm.base_fields:
            self.initial[name] = values.get(f"{group}_{name}", "")


class DirectoryForm(AddressForm):
    """Who a non-resident or a corporation is, and where (住登外者・法人の内容)."""

    name = line(_("氏名又は名称"), 100, asked=_("氏名又は名称を入力してください。"))
    kana = line(_("フリガナ"), 100)
    corporate_number = forms.RegexField(
        r"\A[0-9]{13}\Z", label=_("法人番号（13桁）"), required=False, help_text=_("法人だけが持ちます。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"invalid": _NO_NUMBER},
    )  # fmt: skip
    field_order: tuple[str, ...] = NAMES

    def entry(self, kind: str) -> DirectoryEntry:
        """What the operation takes (登録の内容)."""
        return DirectoryEntry(kind=kind, **{name: self.cleaned_data[name] for name in NAMES}, address=self.address())


class PayerForm(DirectoryForm):
    """A new one: which of the two it is, too (住登外者・法人の登録)."""

    kind = choice(_("宛名種別"), KINDS, _("住登外者か法人かを選んでください。"))
    field_order = ("kind", *NAMES)


class CorrectionForm(DirectoryForm):
    """One that is known, said anew, and why (住登外者・法人の訂正)."""

    reason = line(_("訂正の理由"), 200, asked=_("訂正の理由を入力してください。"))


class RecipientForm(AddressForm):
    """To whom or where the mail goes instead (送付先の登録)."""

    kind = choice(_("送付先の種類"), RECIPIENTS, _("送付先の種類を一覧から選んでください。"))
    subject = forms.ChoiceField(
        label=_("対象の料金"), required=False, error_messages={"invalid_choice": _("料金を一覧から選んでください。")}
    )
    name = line(
        _("送付先の氏名又は名称"), 100, hint=_("住所だけを変えるときは、空欄のままにしてください。")
    )  # fmt: skip
    kana = line(_("送付先のフリガナ"), 100)
    first_day = day(_("開始日"))
    last_day = day(_("終了日"), is_required=False, hint=_("決まっていなければ空欄にしてください。"))
    is_safe_for_protected = forms.BooleanField(
        label=_("支援措置の対象者が自分で指定した、安全な送付先である"), required=False,
        help_text=_("印を付けると、支援措置の対象者あての書類もここへ送られます。本人に確かめたときだけ付けてください。"),
    )  # fmt: skip
    field_order = ("kind", "subject", "name", "kana")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name_ja) for one in fees().values()]
        self.fields["subject"] = _chosen(self.fields["subject"], [("", _("すべての料金")), *choices])
        self.order_fields((*self.field_order, *AddressForm.base_fields))

    def said(self) -> Redirection:
        """What the operation takes (送付先の届出)."""
        names = ("kind", "subject", "name", "kana", "first_day", "last_day", "is_safe_for_protected")
        return Redirection(**{name: self.cleaned_data[name] for name in names}, address=self.address())


def _chosen(field: forms.Field, choices: list[Any]) -> forms.Field:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
    return field


class EndForm(forms.Form):
    """Until when a recipient holds (送付先の終了)."""

    last_day = day(_("終了日"))


class JointForm(forms.Form):
    """Somebody who owes together with the payer, and what part is theirs (連帯納税義務者)."""

    person = number(_("連帯納税義務者の宛名番号"), is_required=True)
    share = line(_("持分"), 40, hint=_("1/2 のように入れてください。分からなければ空欄にしてください。"))
