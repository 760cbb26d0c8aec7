"""Settings, assessments and the ledger of public money (公金の入力欄)."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipal.core import clock
from municipal.payments.fees import fees
from municipal.payments.files import MOST_YEN
from municipal.payments.models import ACCESSORIES, Account, FloorPer, PostingKind, YearBy
from municipal.payments.rules.instalments import fiscal_year
from municipal.web.money_words import called, fee_name

from .days import DayField

MOST_DAYS = 12
_ASK = _("入力してください。")
_WHOLE = _("数字だけで入力してください。")
_PICK = _("一覧から選んでください。")
_FILE = dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。"))


def _whole(label: Any, most: int, **said: Any) -> forms.IntegerField:
    """A whole number from 0 to ``most`` with one sentence for everything that is none."""
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _WHOLE)
    return forms.IntegerField(label=label, min_value=0, max_value=most, error_messages=wrong, **said)


def named(codes: Iterable[str]) -> Callable[[], list[tuple[str, str]]]:
    """Choices by code and word, in the language of the request in which they are shown (選択肢)."""
    return lambda: [(code, called(code)) for code in codes]


def fee_choices(*, with_accessories: bool = False) -> list[tuple[str, str]]:
    """The fees by code and name in the reader's language (料金項目の選択肢)."""
    return [(code, f"{code} {fee_name(code)}") for code in fees() if with_accessories or code not in ACCESSORIES]


class SettingsForm(forms.Form):
    """How the town handles its public money (公金の設定)."""

    office = forms.CharField(
        label=_("担当課"),
        max_length=60,
        error_messages={"required": _("担当課を入力してください。")},
        help_text=_("納付書の発行者です。住所を出せない方の納付書は、ここの窓口で渡します。"),
    )
    floor_per = forms.ChoiceField(
        label=_("延滞金の端数処理"),
        choices=named(FloorPer.values),
        error_messages={"invalid_choice": _PICK},
        help_text=_("1円未満を切り捨てる単位です。条例または事務の取扱いに合わせてください。"),
    )
    year_by = forms.ChoiceField(
        label=_("会計年度の決め方"),
        choices=named(YearBy.values),
        error_messages={"invalid_choice": _PICK},
        help_text=_("出納整理期間（4月・5月）に入った収納の会計年度を、どの日で決めるかです。"),
    )
    demand_days = _whole(
        _("督促までの日数"),
        365,
        help_text=_("納期限からこの日数がたつと、督促の対象になります。地方税は20日以内です。"),
    )
    dots_per_module = _whole(_("バーコードの細線のドット数"), 12)
    printer_dpi = _whole(
        _("プリンタの解像度（dpi）"),
        2400,
        help_text=_("300dpiなら2ドット、600dpiなら4ドットで、細線が0.169mmになります。"),
    )


class MonthOfMoneyForm(forms.Form):
    """Which month is shown (集計の月)."""

    month = forms.CharField(label=_("月"), required=False, max_length=7, help_text=_("例: 2026-11"))

    def first(self) -> date:
        """The first day of the month asked for, else of this month (月の初日)."""
        said = self.data.get("month", "").strip()
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", said, re.ASCII)
        if found and 1990 <= int(found[1]) <= 2200:
            return date(int(found[1]), int(found[2]), 1)
        return clock.today().replace(day=1)

    def clean_month(self) -> str:
        """A month as YYYY-MM, or nothing. Raises ValidationError for anything else."""
        said: str = self.cleaned_data["month"]
        if said and not re.fullmatch(r"(199\d|20\d\d|2[12]\d\d)-(0[1-9]|1[0-2])", said, re.ASCII):
            raise ValidationError(_("月は 2026-11 の形で入れてください。"))
        return said


class LedgerForm(forms.Form):
    """Which postings are shown (元帳の絞り込み)."""

    first = DayField(label=_("この日から"), required=False, help_text=_("例: R8.11.1"))
    last = DayField(label=_("この日まで"), required=False)
    kind = forms.ChoiceField(label=_("種類"), required=False, error_messages={"invalid_choice": _PICK})
    account = forms.ChoiceField(label=_("勘定科目"), required=False, error_messages={"invalid_choice": _PICK})
    payer = forms.CharField(label=_("宛名番号"), required=False, max_length=15)
    charge = _whole(_("調定の番号"), 2**63 - 1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", PostingKind.values), ("account", Account.values)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("すべて")), *named(choices)()]


class AsOfForm(forms.Form):
    """The day at whose end the balances are shown (残高の日)."""

    day = DayField(label=_("この日の終わりの残高"), required=False, help_text=_("例: R8.11.30。空欄なら今日。"))


class JournalForm(forms.Form):
    """The period of a journal (仕訳帳の期間)."""

    first = DayField(label=_("この日から"), error_messages={"required": _ASK})
    last = DayField(label=_("この日まで"), error_messages={"required": _ASK})


class ReversalForm(forms.Form):
    """Why a posting is undone (仕訳の取消し)."""

    reason = forms.CharField(
        label=_("取消しの理由"), max_length=200, error_messages={"required": _("取消しの理由を入力してください。")}
    )


class FindAssessmentForm(forms.Form):
    """Which assessments are looked for (賦課の検索)."""

    payer = forms.CharField(label=_("宛名番号"), required=False, max_length=15)
    fee = forms.ChoiceField(label=_("料金項目"), required=False, error_messages={"invalid_choice": _PICK})
    levy_year = _whole(_("賦課年度"), 2200, required=False, help_text=_("西暦4桁"))
    reference = forms.CharField(label=_("通知書番号"), required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("すべて")), *fee_choices(with_accessories=True)]


class AssessmentForm(forms.Form):
    """One assessment entered by hand (賦課の入力)."""

    payer = forms.CharField(
        label=_("宛名番号"), max_length=15, error_messages={"required": _("納付義務者の宛名番号を入力してください。")}
    )
    fee = forms.ChoiceField(label=_("料金項目"), error_messages=dict.fromkeys(("required", "invalid_choice"), _PICK))
    levy_year = _whole(_("賦課年度"), 2200, help_text=_("西暦4桁"))
    fiscal_year = _whole(_("会計年度"), 2200, help_text=_("西暦4桁"))
    reference = forms.CharField(
        label=_("通知書番号"), max_length=20, error_messages={"required": _("通知書番号を入力してください。")}
    )
    total_yen = _whole(_("年額（円）"), MOST_YEN)
    due_on = forms.CharField(
        label=_("納期限"),
        max_length=300,
        error_messages={"required": _("納期限を1つ以上入力してください。")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("条例の納期限を1行に1日ずつ。例: R8.6.30。休みの日は、次の開庁日に移します。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        year = fiscal_year(clock.today())
        kwargs["initial"] = {"levy_year": year, "fiscal_year": year} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field = self.fields["fee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = fee_choices()

    def clean_due_on(self) -> list[date]:
        """The days, one a line, at most MOST_DAYS. Raises ValidationError for a line that is no day."""
        said = self.cleaned_data["due_on"].replace(",", " ").replace("、", " ").split()
        if len(said) > MOST_DAYS:
            raise ValidationError(_("納期限は12回までです。"))
        reader = DayField(required=True)
        return [reader.clean(one) for one in said]


class AssessmentFileForm(forms.Form):
    """A file of assessments (賦課データ)."""

    file = forms.FileField(
        label=_("賦課データ（CSV）"),
        error_messages=_FILE,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8、1行目は項目名です。はじめに試行し、誤りがないことを確かめてから取り込みます。"),
    )


class RevisionForm(forms.Form):
    """The new total of an assessment, and why (更正)."""

    total_yen = _whole(_("更正後の年額（円）"), MOST_YEN)
    reason = forms.CharField(
        label=_("更正の理由"), max_length=200, error_messages={"required": _("更正の理由を入力してください。")}
    )
