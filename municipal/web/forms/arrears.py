"""Looking through arrears, ordering demands, giving claims up, refunding (滞納整理の入力欄)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipal.core.eras import wareki_fiscal_year
from municipal.payments.files import MOST_YEN
from municipal.payments.models import Charge
from municipal.payments.rules.limitation import Reason, reasons
from municipal.payments.rules.refund_interest import MISTAKE, causes

from .days import DayField
from .measures import line
from .money import fee_choices

_PICK = _("一覧から選んでください。")
_WHOLE = _("数字だけで入力してください。")
_ASK_DAY = _("日付を入力してください。")


def named(one: Any) -> str:
    """The name of a row of the data, in the reader's language (データの名前)."""
    return str(one.name_en if get_language() == "en" else one.name_ja)


class ArrearsForm(forms.Form):
    """Which debts are listed (滞納の絞込み)."""

    fee = forms.ChoiceField(label=_("料金項目"), required=False, error_messages={"invalid_choice": _PICK})
    before = DayField(label=_("この日より前からの滞納"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("すべての料金")), *fee_choices(with_accessories=True)]
        self.fields["fee"].choices = choices  # type: ignore[attr-defined]


class AsOfForm(forms.Form):
    """The day up to which interest is shown (延滞金の計算日)."""

    on = DayField(label=_("延滞金を計算する日"), required=False)


class DemandForm(forms.Form):
    """What a run of demands takes in (督促状の作成)."""

    due_through = DayField(label=_("納期限がこの日までのもの"), help_text=_("例: R8.10.31"))
    fee = forms.ChoiceField(label=_("料金項目"), required=False, error_messages={"invalid_choice": _PICK})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_through"].error_messages["required"] = _ASK_DAY
        self.fields["fee"].choices = [("", _("すべての料金")), *fee_choices()]  # type: ignore[attr-defined]


class WriteOffForm(forms.Form):
    """Why a claim is given up, and on which paper that rests (不納欠損の処理)."""

    reason = forms.ChoiceField(
        label=_("理由"), widget=forms.RadioSelect, error_messages=dict.fromkeys(("required", "invalid_choice"), _PICK)
    )
    basis = line(
        _("根拠となる決裁・議決"), 200, asked=_("根拠となる決裁や議決を入力してください。"),
        hint=_("例: 令和8年度不納欠損調書第12号"),
    )  # fmt: skip

    def __init__(self, claim: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting: Iterable[Reason] = (one for one in reasons().values() if claim in one.claim_classes)
        self.fields["reason"].choices = [(one.code, named(one)) for one in fitting]  # type: ignore[attr-defined]


class RefundForm(forms.Form):
    """How much is paid back, or which debt it pays (還付・充当の処理)."""

    yen = forms.IntegerField(
        label=_("金額（円）"), min_value=1, max_value=MOST_YEN,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _WHOLE),
    )  # fmt: skip
    cause = forms.ChoiceField(
        label=_("減額の理由"), required=False, error_messages={"invalid_choice": _PICK},
        help_text=_("還付加算金の始まる日が変わります。二重納付には関係ありません。"),
    )  # fmt: skip
    to = forms.ChoiceField(
        label=_("充当する先"), required=False, error_messages={"invalid_choice": _PICK},
        help_text=_("選ばなければ、納付者に還付します。"),
    )  # fmt: skip

    def __init__(self, debts: Iterable[tuple[Charge, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reduced = [(one.code, named(one)) for one in causes().values() if one.code != MISTAKE]
        self.fields["cause"].choices = reduced  # type: ignore[attr-defined]
        named_debts = [(str(charge.pk), name) for charge, name in debts]
        self.fields["to"].choices = [("", _("還付する")), *named_debts]  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """Which fiscal year the table is of (決算の年度)."""

    year = forms.ChoiceField(label=_("会計年度"), required=False)

    def __init__(self, known: Iterable[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(one), wareki_fiscal_year(one)) for one in known]  # type: ignore[attr-defined]
