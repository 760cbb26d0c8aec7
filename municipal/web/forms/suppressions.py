"""Forms of suppressions (抑止の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.addressees.models import Level, Process

from .measures import choice, day, line

_PROCESSES = {Process.EVENT: _("異動入力"), Process.ISSUE: _("証明書発行"), Process.INQUIRY: _("照会")}
_LEVELS = {Level.ERROR: _("エラー（止める）"), Level.ALERT: _("アラート（確認して進める）")}
_WHOSE = {"person": _("この人だけ"), "household": _("世帯全員")}
_MINUTES = _("1から480までの数を入れてください。")


class SuppressionForm(forms.Form):
    """What is to be held back (抑止の設定)."""

    whose = choice(_("対象"), _WHOSE, _("対象を選んでください。"))
    process = choice(_("処理"), _PROCESSES, _("処理を選んでください。"))
    level = choice(_("段階"), _LEVELS, _("段階を選んでください。"))
    reason = line(_("理由"), 100, asked=_("理由を入力してください。"))
    starts_on = day(_("開始日"))
    ends_on = day(_("終了日"), is_required=False, hint=_("過ぎても自動では終わりません。"))


class ReleaseForm(forms.Form):
    """What is let through for some minutes (一時解除)."""

    process = choice(_("処理"), _PROCESSES, _("処理を選んでください。"))
    reason = line(_("理由"), 100, asked=_("理由を入力してください。"))


class ReleaseMinutesForm(forms.Form):
    """How long a temporary release lasts (一時解除の時間)."""

    minutes = forms.IntegerField(
        label=_("抑止に戻るまでの時間（分）"), min_value=1, max_value=480,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _MINUTES),
    )  # fmt: skip


class WardForm(forms.Form):
    """The ward of a designated city (行政区)."""

    ward = line(_("行政区等コード"), 12, hint=_("指定都市で区ごとに分けるときだけ入れます。"))
