"""When changes are told, and files that other services or people handed in (連携と取込みの入力欄)."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.transfer.models import LinkageSettings
from municipal.transfer.models.linkage import MOST_MINUTES
from municipal.transfer.slips import KINDS

RANGE = _("1から10までの数を入れてください。")
NO_FILE = _("CSVファイルを選んでください。")
_TIMINGS = {
    "off": _("行わない"),
    "at_once": _("異動のつど（リアルタイム）"),
    "interval": _("一定の間隔（準リアルタイム）"),
}
_KINDS = {
    "notices": _("住民異動届"), "move_out_certificates": _("転出証明書"), "applications": _("証明書の交付申請書"),
    "cards": _("個人番号カードの券面"),
}  # fmt: skip


class LinkageForm(forms.Form):
    """At once, every few minutes, or not (連携のタイミング)."""

    timing = forms.ChoiceField(
        label=_("連携のタイミング"), widget=forms.RadioSelect,
        choices=[(value, _TIMINGS[value]) for value in LinkageSettings.Timing.values],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("連携のタイミングを選んでください。")),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("間隔（分）"), min_value=1, max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RANGE),
    )  # fmt: skip


class UploadForm(forms.Form):
    """One CSV (ファイルの取込み)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    upload = forms.FileField(
        label=_("ファイル"), error_messages=dict.fromkeys(("required", "empty", "missing", "invalid"), NO_FILE)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class SlipsForm(UploadForm):
    """One CSV, and what its lines are of (届書などの取込み)."""

    kind = forms.ChoiceField(
        label=_("データの種類"), choices=[(kind, _KINDS[kind]) for kind in KINDS],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("データの種類を選んでください。")),
    )  # fmt: skip
    field_order = ["token", "kind", "upload"]
