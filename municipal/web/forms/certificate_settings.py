"""How forms, seals and printers are set up (帳票・公印・プリンタの入力欄)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.certificates.models import Colour, Output, Printer, SealKind, SealUse, Signer
from municipal.certificates.operations.settings import LARGEST_FEE, LARGEST_PNG
from municipal.certificates.rules.items import OMITTABLE

from .days import DayField

FEE = _("手数料は0円から100,000円までです。")
SIZE = _("公印の一辺は5mmから25mmまでです。")
PICTURE = _("正方形のPNG画像（2,000画素以内、1MB以内）を選んでください。")


def _named(choices: Any) -> list[tuple[str, Any]]:
    return [(one.value, _(str(one.label))) for one in choices]


class FormSettingsForm(forms.Form):
    """One form: fee, what is left out, who signs, seal, phrases, overflow, output (帳票の設定)."""

    fee_yen = forms.IntegerField(
        label=_("手数料（円）"), min_value=0, max_value=LARGEST_FEE,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), FEE),
    )  # fmt: skip
    omits = forms.MultipleChoiceField(
        label=_("特別の請求がなければ省略する項目"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(key, _(label)) for key, label in OMITTABLE.items()],
    )  # fmt: skip
    has_reading = forms.BooleanField(label=_("氏名・旧氏・通称にフリガナを付ける"), required=False)
    signer = forms.ChoiceField(label=_("認証者"), choices=_named(Signer))
    seal = forms.ChoiceField(label=_("公印の印字"), choices=_named(SealUse))
    phrases = forms.CharField(
        label=_("固定文言"), required=False, max_length=130, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("「公印省略」「この印は黒色です」など。一行に一つ、3つまで。"),
    )  # fmt: skip
    keeps_cut = forms.BooleanField(
        label=_("収まらない文字は、入るところまで印字する"), required=False,
        help_text=_("印を付けなければ、その欄を空白にします。どちらでも発行の前に知らせます。"),
    )  # fmt: skip
    output = forms.ChoiceField(label=_("出力の方法"), choices=_named(Output))
    printer = forms.ModelChoiceField(
        label=_("プリンタ"), required=False, queryset=Printer.objects.none(), empty_label=_("指定しない")
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["printer"].queryset = Printer.objects.order_by("number")  # type: ignore[attr-defined]

    def clean_phrases(self) -> list[str]:
        """The phrases, one a line (固定文言)."""
        return [line.strip() for line in self.cleaned_data["phrases"].splitlines() if line.strip()]


class SealForm(forms.Form):
    """A new seal (公印の登録)."""

    kind = forms.ChoiceField(label=_("公印の種類"), choices=_named(SealKind))
    colour = forms.ChoiceField(
        label=_("色"), choices=_named(Colour), help_text=_("赤色にできるのは、カード券面用の印だけです。")
    )
    size_mm = forms.IntegerField(
        label=_("一辺（mm）"), min_value=5, max_value=25, initial=21,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), SIZE),
    )  # fmt: skip
    valid_from = DayField(
        label=_("使用開始日"),
        help_text=_("例: R8.11.23"),
        error_messages={"required": _("使用開始日を入力してください。")},
    )
    png = forms.FileField(
        label=_("印影の画像"),
        help_text=PICTURE,
        error_messages=dict.fromkeys(("required", "invalid", "empty"), PICTURE),
    )

    def picture(self) -> bytes:
        """The uploaded picture, at most one byte more than may be (画像)."""
        return bytes(self.cleaned_data["png"].read(LARGEST_PNG + 1))


class PrinterForm(forms.Form):
    """A printer and its trays (プリンタの登録)."""

    number = forms.CharField(
        label=_("プリンタ番号"), max_length=20, help_text=_("発行番号に入ります。例: プリンタ001"),
        error_messages={"required": _("プリンタの番号と名称を一行で入力してください。")},
    )  # fmt: skip
    name = forms.CharField(
        label=_("名称"), max_length=40, error_messages={"required": _("プリンタの番号と名称を一行で入力してください。")}
    )
    queue = forms.RegexField(
        label=_("印刷キュー名"), regex=r"\A[A-Za-z0-9_.][A-Za-z0-9_.-]*\Z", max_length=60,
        error_messages=dict.fromkeys(("required", "invalid"), _("印刷キュー名は英数字で入力してください。")),
    )  # fmt: skip
    trays = forms.CharField(
        label=_("給紙トレー"), required=False, max_length=200, help_text=_("コンマで区切ります。例: tray-1, tray-2")
    )

    def clean_trays(self) -> list[str]:
        """The trays (給紙トレー)."""
        return [one.strip()[:30] for one in self.cleaned_data["trays"].split(",") if one.strip()][:10]
