"""Files of money, decisions about it, closing (収納・照合待ち・照合・締めの入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.payments.models import Channel

from .days import DayField

MOST_BYTES = 50 * 1024 * 1024
_ASK = _("入力してください。")
_PICK = _("一覧から選んでください。")
_FILE = dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。"))
_YEN = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("金額は1円以上の整数で入力してください。"))


CHANNELS = [(one.value, _(one.label)) for one in Channel]


def _yen(label: Any, **said: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=99_999_999_999, error_messages=_YEN, **said)


class _File(forms.Form):
    """A file of the profile (データの取込み)."""

    file = forms.FileField(label=_("ファイル"), error_messages=_FILE)

    def clean_file(self) -> Any:
        """The file, unless it is more than a page takes; the command takes larger ones."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("50MBを超えるファイルは、import_collections コマンドで取り込んでください。"))
        return given


class CollectionsForm(_File):
    """A file of reports (収納データの取込み)."""


class SettlementsForm(_File):
    """A file of what reached the account (入金データの取込み)."""


class NumberForm(forms.Form):
    """Reports of one slip (納付番号での照会)."""

    number = forms.CharField(label=_("納付番号"), max_length=20, required=False)


class SettlementForm(forms.Form):
    """One transfer to the account (入金の登録)."""

    channel = forms.ChoiceField(
        label=_("収納チャネル"), choices=CHANNELS, error_messages={"invalid_choice": _PICK, "required": _PICK}
    )
    reference = forms.CharField(
        label=_("入金の番号"), max_length=40, error_messages={"required": _ASK}, help_text=_("通帳や入金案内の番号")
    )
    yen = _yen(_("入金額（円）"))
    credited_on = DayField(label=_("入金日"), error_messages={"required": _ASK})


class ReasonForm(forms.Form):
    """Why it is decided so (判断の理由)."""

    reason = forms.CharField(label=_("理由"), max_length=200, error_messages={"required": _ASK})


class RefundForm(ReasonForm):
    """How much of an over-payment is paid back (還付の判断)."""

    yen = _yen(_("還付する額（円）"))
    field_order = ("yen", "reason")


class ApplyForm(ReasonForm):
    """Which other debt of the payer is paid with an over-payment (充当の判断)."""

    yen = _yen(_("充当する額（円）"))
    charge = forms.ChoiceField(
        label=_("充当先の調定"), widget=forms.RadioSelect, error_messages={"invalid_choice": _PICK, "required": _PICK}
    )
    field_order = ("charge", "yen", "reason")

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["charge"].choices = choices  # type: ignore[attr-defined]


class IdentifyForm(ReasonForm):
    """The slip that was meant (納付者の特定)."""

    number = forms.RegexField(
        r"^[0-9]{20}$", label=_("正しい納付番号"), max_length=20,
        error_messages=dict.fromkeys(("required", "invalid", "max_length"), _("納付番号は20桁の数字です。")),
    )  # fmt: skip
    field_order = ("number", "reason")


class ClosingForm(forms.Form):
    """Up to which day books are closed, knowing what stands open (締め)."""

    day = DayField(label=_("締める日"), error_messages={"required": _ASK})
    is_known = forms.BooleanField(
        label=_("未了の事項を確かめました"),
        error_messages={"required": _("未了の事項を確かめて、印を付けてください。")},
    )


class YearForm(forms.Form):
    """Closing the year's money, which cannot be taken back (出納閉鎖)."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=1950, max_value=2200)
    is_known = forms.BooleanField(
        label=_("取り消せないことと、未了の事項を確かめました"),
        error_messages={"required": _("未了の事項を確かめて、印を付けてください。")},
    )
