"""Forms of support measures (支援措置の入力欄)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.addressees.models import EndReason, MeasureKind
from municipal.addressees.operations import SEEN_FOR
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence

from .days import DayField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_TOO_LONG = _("%(limit_value)d文字以内で入れてください。")
_CHOOSE = ("", _("選んでください"))
_KINDS = {
    MeasureKind.VIOLENCE: _("配偶者からの暴力"), MeasureKind.STALKING: _("ストーカー行為等"),
    MeasureKind.CHILD_ABUSE: _("児童虐待"), MeasureKind.SIMILAR: _("その他これらに準ずるもの"),
}  # fmt: skip
_REASONS = {
    EndReason.ASKED: _("支援対象者の申出"), EndReason.EXPIRED: _("期間の経過"),
    EndReason.NOT_NEEDED: _("支援の必要性がない"),
}  # fmt: skip
_SEEN_FOR = {
    "measure_review": _("支援措置の審査"), "measure_contact": _("申出者への連絡"),
    "measure_office": _("関係機関との連絡調整"),
}  # fmt: skip
assert _SEEN_FOR.keys() == SEEN_FOR.keys()
_NUMBER = _("宛名番号は15桁以内の数字です。")


def line(
    label: "StrOrPromise", longest: int, *, asked: "StrOrPromise" = "", hint: "StrOrPromise" = ""
) -> forms.CharField:
    """A line of text; ``asked``: the sentence for an empty one, where it may not be empty (一行の入力欄)."""
    return forms.CharField(
        label=label, max_length=longest, required=bool(asked), help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": asked, "max_length": _TOO_LONG},
    )  # fmt: skip


def number(label: "StrOrPromise", *, is_required: bool, hint: "StrOrPromise" = "") -> forms.RegexField:
    """An addressee number (宛名番号の入力欄)."""
    return forms.RegexField(
        r"\A[0-9]{1,15}\Z", label=label, required=is_required, help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _NUMBER, "invalid": _NUMBER},
    )  # fmt: skip


def choice(label: "StrOrPromise", choices: Any, asked: "StrOrPromise") -> forms.ChoiceField:
    """One of a list; ``asked``: the sentence for none or a wrong one (選択欄)."""
    return forms.ChoiceField(
        label=label, choices=[_CHOOSE, *choices.items()], error_messages={"required": asked, "invalid_choice": asked}
    )


def day(label: "StrOrPromise", *, is_required: bool = True, hint: "StrOrPromise" = "") -> DayField:
    """A day that is known (年月日の入力欄)."""
    return DayField(
        label=label, required=is_required, help_text=hint, error_messages={"required": _("日付を入れてください。")}
    )


class MeasureForm(forms.Form):
    """What an application says (申出の内容)."""

    kind = choice(_("種類"), _KINDS, _("種類を選んでください。"))
    applied_on = day(_("申出年月日"))
    consulting_body = line(_("相談機関"), 100, hint=_("警察署、配偶者暴力相談支援センター、児童相談所など"))
    consulted_on = day(_("相談機関の意見の年月日"), is_required=False)
    hides_inspection = forms.BooleanField(label=_("閲覧（現住所）"), required=False, initial=True)
    hides_copies = forms.BooleanField(label=_("住民票の写し等の交付（現住所）"), required=False, initial=True)
    hides_copies_before = forms.BooleanField(label=_("住民票の写し等の交付（前住所）"), required=False, initial=True)
    hides_supplement = forms.BooleanField(label=_("戸籍の附票の写し等の交付（本籍）"), required=False)
    hides_supplement_before = forms.BooleanField(label=_("戸籍の附票の写し等の交付（前本籍等）"), required=False)
    contact_phone = line(_("電話番号"), 20)
    contact_mobile = line(_("携帯電話番号"), 20)
    contact_mail = line(_("メールアドレス等"), 100)
    first_municipality = line(_("当初受付市区町村"), 40, hint=_("ほかの市区町村から転送された申出のときだけ入れます。"))
    received_on = day(_("転送された申出書の受付年月日"), is_required=False)
    note = line(_("備考"), 300)

    def said(self) -> dict[str, Any]:
        """The cleaned fields as the operations take them."""
        return dict(self.cleaned_data)


class StartForm(forms.Form):
    """When the measure starts (開始)."""

    starts_on = day(_("支援措置の開始年月日"))
    ends_on = day(_("支援措置の終了年月日"), is_required=False, hint=_("空にすると、開始日から1年になります。"))


class EndForm(forms.Form):
    """Why the measure ends (終了)."""

    ended_on = day(_("支援を終える年月日"))
    reason = choice(_("終了の理由"), _REASONS, _("終了の理由を選んでください。"))


class NotNeededForm(forms.Form):
    """That a forwarded measure is not needed here (必要性なし)."""

    told_on = day(_("申出者に連絡した年月日"))


class ForwardForm(forms.Form):
    """Where the application was sent on to (転送)."""

    to = line(_("転送先市区町村"), 40, asked=_("転送先の市区町村を入れてください。"))
    forwarded_on = day(_("転送年月日"))


class JoinForm(forms.Form):
    """Who else is to be protected (併せて支援を求める者)."""

    person = number(_("宛名番号"), is_required=True)
    relation = line(_("申出者との関係"), 30)


class PerpetratorForm(forms.Form):
    """From whom the measure protects (加害者)."""

    name = line(_("氏名"), 100)
    person = number(_("宛名番号"), is_required=False, hint=_("この市区町村の住民のときだけ入れます。"))
    born_on = line(_("生年月日"), 40)
    sex = forms.ChoiceField(
        label=_("性別"), required=False, choices=[("", _("不明")), ("1", _("男")), ("2", _("女"))],
        error_messages={"invalid_choice": _("性別を選んでください。")},
    )  # fmt: skip
    address = line(_("住所"), 300)
    other = line(_("その他"), 300)

    def clean_born_on(self) -> RegisterDate | str:
        """A day that may be unknown, as the register writes it."""
        text = str(self.cleaned_data["born_on"])
        if not text:
            return ""
        try:
            return RegisterDate.entered(text)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused


class DetailsForm(forms.Form):
    """For what the details are opened (詳細を見る目的)."""

    purpose = choice(_("詳細を見る目的"), _SEEN_FOR, _("詳細を見る目的を選んでください。"))


class MeasureFilterForm(forms.Form):
    """Which cases a list shows (しぼり込み)."""

    which = forms.ChoiceField(
        label=_("期間"), required=False,
        choices=[
            ("", _("すべて")), ("ending", _("1か月以内に終わるもの")),
            ("passed", _("期間が過ぎて終了していないもの")),
        ],
    )  # fmt: skip


def first_initial() -> dict[str, Any]:
    """What a new application shows: today (初期値)."""
    return {"applied_on": clock.today()}
