"""Ordering runs, changing addresses in bulk, closing days, catching up (一括処理・日締め・後入力の入力欄)."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.batches.drawing import BLANK_ACTS
from municipal.batches.models.changes import ChangeKind
from municipal.core import clock

from .days import DayField
from .entry_shapes import TITLES

_ASK = _("入力してください。")
_NUMBER = _("0から3650までの数を入れてください。")
_FILE = dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。"))


def _whole(sentence: Any) -> dict[str, Any]:
    """The one sentence of a field that takes a whole number."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)


PARAMETERS = {"months_back": _("何か月前を対象にするか"), "days_ahead": _("何日先までを対象にするか")}
CHANGES = [(ChangeKind.ADDRESS, _("現住所（世帯番号ごと）")), (ChangeKind.DOMICILE, _("本籍（宛名番号ごと）"))]
WEEKDAYS = [
    ("0", _("月曜")),
    ("1", _("火曜")),
    ("2", _("水曜")),
    ("3", _("木曜")),
    ("4", _("金曜")),
    ("5", _("土曜")),
    ("6", _("日曜")),
]
TIMINGS = [
    ("", _("すぐに実行する")),
    ("once", _("日時を指定")),
    ("daily", _("毎日")),
    ("weekly", _("曜日を指定")),
    ("monthly", _("毎月の日を指定")),
    ("month_end", _("月末")),
]


class TimeField(forms.TimeField):
    """A time of day, 9:30 (時刻)."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = dict.fromkeys(("required", "invalid"), _("時刻は 9:30 の形で入れてください。"))
        super().__init__(input_formats=["%H:%M"], error_messages=wrong, **kwargs)
        self.widget.format = "%H:%M"


class RunForm(forms.Form):
    """The parameters of a run, with those of the last one filled in, and when it begins (実行の依頼)."""

    is_dry_run = forms.BooleanField(label=_("試しに実行する（結果は反映しません）"), required=False)
    timing = forms.ChoiceField(label=_("いつ実行するか"), choices=TIMINGS, required=False)
    on = DayField(label=_("日付（日時を指定するとき）"), required=False, help_text=_("例: R8.12.1"))
    weekday = forms.ChoiceField(label=_("曜日（曜日を指定するとき）"), choices=[("", "—"), *WEEKDAYS], required=False)
    day = forms.IntegerField(
        label=_("日（毎月の日を指定するとき）"),
        min_value=1,
        max_value=31,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("1から31までの数を入れてください。")),
    )
    at = TimeField(label=_("時刻"), initial=time(22, 0), required=False)

    def __init__(self, asks: Mapping[str, int], previous: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks, self.previous = asks, previous
        own: dict[str, forms.Field] = {}
        for name, default in asks.items():
            before = previous.get(name)
            own[name] = forms.IntegerField(
                label=PARAMETERS[name],
                min_value=0,
                max_value=3650,
                initial=default if before is None else before,
                help_text="" if before is None else _("前回: %(value)s") % {"value": before},
                error_messages=_whole(_NUMBER),
            )
        self.fields = {**own, **self.fields}

    def parameters(self) -> dict[str, int]:
        """The parameters of a valid form (条件)."""
        return {name: self.cleaned_data[name] for name in self.asks}

    def schedule(self) -> dict[str, Any]:
        """When a schedule begins, as the operation takes it (予約の時期)."""
        said = self.cleaned_data
        return {
            "timing": said["timing"],
            "at": said["at"] or time(22, 0),
            "on": said["on"],
            "weekday": int(said["weekday"]) if said["weekday"] else None,
            "day": said["day"],
        }


class ExtractForm(forms.Form):
    """Whose address or domicile is to change (対象の抽出)."""

    kind = forms.ChoiceField(
        label=_("変更の対象"),
        choices=CHANGES,
    )
    blocks = forms.CharField(
        label=_("町字、または本籍のはじめの部分"),
        max_length=500,
        error_messages={"required": _ASK},
        help_text=_("町字は台帳の書き方で。いくつかあるときは空白で区切ります。"),
    )
    lots = forms.CharField(
        label=_("番地の範囲"), required=False, max_length=20, help_text=_("例: 10-20。空欄ならすべて。")
    )


class ChangesForm(forms.Form):
    """A file of changes (変更ファイルの取込み)."""

    kind = forms.ChoiceField(
        label=_("変更の対象"),
        choices=CHANGES,
    )
    file = forms.FileField(label=_("ファイル"), error_messages=_FILE)
    effective_on = DayField(label=_("実施日"), error_messages={"required": _ASK})
    basis = forms.CharField(
        label=_("変更の根拠"), max_length=200, error_messages={"required": _ASK}, help_text=_("例: 令和8年告示第1号")
    )


class ClosingForm(forms.Form):
    """The cash that was counted, and why it differs (日締め)."""

    cash_yen = forms.IntegerField(
        label=_("数えた現金（円）"),
        min_value=0,
        max_value=10**9,
        error_messages=_whole(_("0円以上の数を入れてください。")),
    )
    explanation = forms.CharField(
        label=_("差異の理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("現金と手数料が合わないときは、必ず書きます。"),
    )


class ReopeningForm(forms.Form):
    """Why a closing no longer counts (締めの解除)."""

    because = forms.CharField(label=_("締めを解除する理由"), max_length=200, error_messages={"required": _ASK})


class PrintPapersForm(forms.Form):
    """How many blank forms of which acts (用紙の印刷)."""

    acts = forms.MultipleChoiceField(
        label=_("用紙の種類"),
        choices=[(act, TITLES[act]) for act in BLANK_ACTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("用紙の種類を選んでください。")},
    )
    copies = forms.IntegerField(
        label=_("部数"),
        min_value=1,
        max_value=200,
        initial=5,
        error_messages=_whole(_("1から200までの数を入れてください。")),
    )


class ReceivedForm(forms.Form):
    """A form that was filled in at the desk, or spoilt (受付の登録)."""

    number = forms.CharField(
        label=_("用紙番号"), max_length=20, error_messages={"required": _ASK}, help_text=_("例: 20261129-0001")
    )
    on = DayField(label=_("受付日"), required=False)
    at = TimeField(label=_("受付時刻"), required=False)
    because = forms.CharField(label=_("書き損じの理由（書き損じのときだけ）"), required=False, max_length=100)

    def received_at(self) -> datetime | None:
        """The moment at the desk; None where it is not said whole (受付日時)."""
        on, at = self.cleaned_data["on"], self.cleaned_data["at"]
        return datetime.combine(on, at, tzinfo=clock.TOKYO) if on and at else None
