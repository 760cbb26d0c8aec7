"""The fields of the screens on a person's numbers and on the stock of codes (番号の入力欄)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.numbers.models import RequestKind, RequestState
from municipal.numbers.purposes import PURPOSES
from municipal.numbers.sealing import Digits, as_token, from_token, is_token
from municipal.residents.notices import Notice, Said

from .entry_fields import line, notice_fields

NUMBER_ACTS = {
    "individual_number_entry": _("個人番号の指定"),
    "individual_number_change": _("個人番号の変更（請求）"),
    "individual_number_change_ex_officio": _("個人番号の変更（職権）"),
    "individual_number_correction": _("個人番号の修正"),
}
CODE_ACTS = {
    "resident_code_change": _("住民票コードの変更"),
    "resident_code_correction": _("住民票コードの修正"),
}
ACTS = {**NUMBER_ACTS, **CODE_ACTS}
"""The acts of these screens by name, in the order of the law."""
_BASES = {"individual_number_change": "application", "resident_code_change": "application"}


class Typed(forms.TextInput):
    """A line that is never filled again with what was typed: a number appears in no answer (番号の入力欄)."""

    def format_value(self, value: Any) -> None:
        return None


class SealedField(forms.CharField):
    """Twelve digits, sealed as soon as they are read; or what was sealed a step before (個人番号の入力欄)."""

    def __init__(self, **said: Any) -> None:
        attrs = {"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(widget=Typed(attrs=attrs), max_length=100, **said)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            if is_token(text):
                from_token(text)
                return str(text)
            return as_token(Digits(text)) if text else ""
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused


def purposes(*, shows: bool) -> list[tuple[str, Any]]:
    """The closed list as a form offers it, each purpose with the article that allows it (利用目的の選択肢)."""
    named = [(one.code, f"{one.name}（{one.law}）") for one in PURPOSES.values() if one.shows == shows]
    return [("", _("選んでください")), *named]


class PurposeForm(forms.Form):
    """What the number is looked at for; nothing is chosen beforehand (利用目的)."""

    purpose = forms.ChoiceField(label=_("個人番号を見る目的"), help_text=_("目的と見た人は記録されます。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = purposes(shows=True)


class FindForm(forms.Form):
    """A number and what somebody is looked for by it; sent in the body, never in an address (個人番号による検索)."""

    individual_number = SealedField(label=_("個人番号（12桁）"))
    purpose = forms.ChoiceField(label=_("個人番号でさがす目的"), help_text=_("目的とさがした人は記録されます。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = purposes(shows=False)


class NumberForm(forms.Form):
    """One act on one person's number or code (番号の異動)."""

    def __init__(self, act: str, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"basis": _BASES.get(act, "ex_officio"), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.act = act
        self.fields.update(notice_fields(is_planned=False))
        if act in NUMBER_ACTS:
            self.fields["individual_number"] = SealedField(
                label=_("個人番号（12桁）"), required=True, help_text=_("確認の画面からあとは表示されません。")
            )
        else:
            hint = _("空欄なら、在庫から無作為に付番されます。") if act == "resident_code_change" else ""
            self.fields["resident_code"] = line(_("新しい住民票コード（11桁）"), digits=True, hint=hint)
            self.fields["resident_code"].required = act == "resident_code_correction"

    def notice(self, number: str, confirmed: frozenset[str]) -> Notice:
        """What a valid form says of the person with addressee number ``number`` (届書の組立て)."""
        said = self.cleaned_data
        code = said.get("resident_code", "")
        one = Said(number, {"resident_code": code} if code else {}, said.get("individual_number", ""))
        return Notice(
            act=self.act, event_on=said["event_on"], notified_on=said["notified_on"], basis=said["basis"],
            notifier_name=said["notifier_name"], notifier_capacity=said["notifier_capacity"],
            identity_check=said["identity_check"], people=(one,), confirmed=confirmed,
        )  # fmt: skip


class RequestForm(forms.Form):
    """What the network is asked about a person (住基ネットへの要求)."""

    kind = forms.ChoiceField(
        label=_("住基ネットへの要求"), choices=[(kind.value, _(str(kind.label))) for kind in RequestKind]
    )


class DestinationForm(forms.Form):
    """A place of stay; empty, everything goes home again (送付先とする居所)."""

    postal_code = forms.CharField(label=_("郵便番号（7桁）"), required=False, max_length=7)
    address = forms.CharField(
        label=_("送付先とする居所"), required=False, max_length=300, help_text=_("空欄なら、住所に送ります。")
    )


class RequestFilterForm(forms.Form):
    """Which requests are listed; all may stay empty (要求の絞込み)."""

    kind = forms.ChoiceField(label=_("要求の種類"), required=False)
    state = forms.ChoiceField(label=_("状態"), required=False)
    number = forms.CharField(label=_("宛名番号"), required=False, max_length=15)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", RequestKind), ("state", RequestState)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("すべて")), *((one.value, _(str(one.label))) for one in choices)]


class StockForm(forms.Form):
    """Codes as the network's file holds them, one a line (住民票コードの取込み)."""

    codes = forms.CharField(
        label=_("住民票コード（1行に1件）"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        max_length=200_000,
    )

    def clean_codes(self) -> list[str]:
        return str(self.cleaned_data["codes"]).split()


class StockSettingsForm(forms.Form):
    """Below how many codes a clerk is alerted (在庫の警告)."""

    least_codes = forms.IntegerField(
        label=_("警告する在庫数"), min_value=0, max_value=10_000_000, help_text=_("0なら警告しません。")
    )
