"""The fields of the screens on received notices (受信した通知の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.residents.models import ReceivedKind

KINDS = {
    ReceivedKind.MOVE_OUT: _("転出証明書情報"), ReceivedKind.ARRIVAL: _("転入通知"),
    ReceivedKind.IMMIGRATION: _("出入国在留管理庁長官通知"),
}  # fmt: skip


class ReceivedFilterForm(forms.Form):
    """Which kind of notice the list shows (通知のしぼり込み)."""

    kind = forms.ChoiceField(
        label=_("通知の種類"), required=False,
        choices=[("", _("すべて")), *((str(kind), label) for kind, label in KINDS.items())],
    )  # fmt: skip


class ReceivedFileForm(forms.Form):
    """A file that came from a network or on a medium (通知の取込)."""

    kind = forms.ChoiceField(label=_("通知の種類"), choices=[(str(kind), label) for kind, label in KINDS.items()])
    file = forms.FileField(
        label=_("ファイル"),
        error_messages=dict.fromkeys(("required", "empty", "missing", "invalid"), _("CSVファイルを選んでください。")),
    )


class CloseForm(forms.Form):
    """Why a notice needs no act (処理を要しない理由)."""

    because = forms.CharField(
        label=_("処理を要しない理由"), max_length=200,
        error_messages={"required": _("処理を要しない理由を入力してください。")},
    )  # fmt: skip
