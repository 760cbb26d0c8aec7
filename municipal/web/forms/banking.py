"""Forms of the bank: accounts, mandates, requests, results, refunds (銀行とのデータの入力欄)."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipal.banking.rules import DEBIT_KINDS, TRANSFER_KINDS, Account
from municipal.banking.zengin.layouts import codes, codes_in_english
from municipal.payments.fees import fees
from municipal.web.money_words import fee_name

from .measures import choice, day, line, number

_FILE = dict.fromkeys(("required", "empty", "missing", "invalid"), _("銀行から受け取った結果データを選んでください。"))
_KANA = _("カナで入力してください。半角カナに直して登録します。")
_CHOOSE = ("", _("選んでください"))


def names(listed: str) -> dict[str, str]:
    """The codes of a list and their names in the reader's language (コードの名前)."""
    return dict(codes_in_english(listed) if get_language() == "en" else codes(listed))


def fee_choices() -> list[tuple[str, Any]]:
    """Every fee by its name in the reader's language (料金の選択肢)."""
    return [_CHOOSE, *((code, fee_name(code)) for code in fees())]


def digits(label: Any, longest: int, asked: Any, hint: Any = "") -> forms.CharField:
    """A code or a number of an account; the rules of the room say what is wrong with it (数字の入力欄)."""
    field = line(label, longest, asked=asked, hint=hint)
    field.widget.attrs["inputmode"] = "numeric"
    return field


class AccountForm(forms.Form):
    """An account as a bank book shows it (口座の入力)."""

    KINDS = TRANSFER_KINDS

    bank_code = digits(_("金融機関番号（4桁）"), 4, _("金融機関番号を入力してください。"))
    bank_name = line(_("金融機関名（カナ）"), 30, asked=_("金融機関名を入力してください。"), hint=_KANA)
    branch_code = digits(
        _("支店番号（3桁）"), 3, _("支店番号を入力してください。"),
        _("ゆうちょ銀行は、通帳の「記号・番号」ではなく、振込用の店番と口座番号を入れます。"),
    )  # fmt: skip
    branch_name = line(_("支店名（カナ）"), 30, asked=_("支店名を入力してください。"))
    kind = forms.ChoiceField(
        label=_("預金種目"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("預金種目を一覧から選んでください。")),
    )
    number = digits(_("口座番号"), 7, _("口座番号を入力してください。"))
    holder = line(_("口座名義（カナ）"), 60, asked=_("口座名義を入力してください。"), hint=_KANA)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [_CHOOSE, *names(self.KINDS).items()]  # type: ignore[attr-defined]

    def account(self) -> Account:
        """What the operations take (口座)."""
        return Account(**{name: self.cleaned_data[name] for name in AccountForm.base_fields})


class RefundAccountForm(AccountForm):
    """Where a payer's refunds are paid to (還付先口座)."""

    starts_on = day(_("開始日"))


class MandateForm(AccountForm):
    """Who has which fee debited from where (口座振替依頼)."""

    KINDS = DEBIT_KINDS

    payer = number(_("宛名番号"), is_required=True)
    fee = forms.ChoiceField(
        label=_("料金"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("料金を一覧から選んでください。")),
    )
    starts_on = day(_("開始日"), hint=_("この日より後の引落しから使います。"))
    field_order = ("payer", "fee", *AccountForm.base_fields, "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].choices = fee_choices()  # type: ignore[attr-defined]


class BankSettingsForm(AccountForm):
    """How the town names itself to its bank (銀行への依頼人の設定)."""

    debit_client = digits(_("委託者コード（口座振替）"), 10, _("銀行から付けられた10桁以内の数字を入力してください。"))
    transfer_client = digits(
        _("依頼人コード（総合振込）"), 10, _("銀行から付けられた10桁以内の数字を入力してください。")
    )
    field_order = ("debit_client", "transfer_client", "holder", *AccountForm.base_fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].label = _("依頼人名（カナ）")


class EndForm(forms.Form):
    """From which day a mandate holds no more, and why (口座振替依頼の終了)."""

    ends_on = day(_("終了日"), hint=_("この日から使いません。"))
    reason = line(_("終了の理由"), 200, asked=_("終了の理由を入力してください。"))


class RequestForm(forms.Form):
    """Which charges the bank is asked to debit, and on which day (口座振替の請求)."""

    fee = forms.ChoiceField(
        label=_("料金"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("料金を一覧から選んでください。")),
    )
    due_on = day(_("納期限"), hint=_("この日が納期限の調定を請求します。"))
    debit_on = day(_("引落日"), hint=_("銀行の営業日です。いつまでに渡すかは、銀行との取決めによります。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].choices = fee_choices()  # type: ignore[attr-defined]


class ResultsForm(forms.Form):
    """A file of results (口座振替の結果)."""

    file = forms.FileField(
        label=_("結果データ"), error_messages=_FILE,
        help_text=_("全銀協規定形式（120バイト、JISコード）です。はじめに「試す」で内容を確かめてください。"),
    )  # fmt: skip


class WithdrawRequestForm(forms.Form):
    """Why a request is taken back (請求の取下げ)."""

    reason = line(_("取下げの理由"), 200, asked=_("取下げの理由を入力してください。"))


class SlipsAfterDebitForm(forms.Form):
    """Until when the slips may be paid (振替不能分の納付書)."""

    pay_until = day(_("支払期限"))


class OrderForm(forms.Form):
    """On which day refunds are paid (還付の振込依頼)."""

    pay_on = day(_("振込指定日"), hint=_("銀行の営業日です。"))


class ReturnForm(forms.Form):
    """Why a transfer came back, and when (振込不能)."""

    item = forms.IntegerField(
        label=_("行"), error_messages={"required": _("行を選んでください。"), "invalid": _("行を選んでください。")}
    )
    reason = choice(_("理由"), {}, _("理由を一覧から選んでください。"))
    returned_on = day(_("返却日"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [_CHOOSE, *names("return_reason").items()]  # type: ignore[attr-defined]
