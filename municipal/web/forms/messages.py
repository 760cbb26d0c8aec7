"""What is typed to write about an application, and to be told by mail (やりとりとお知らせの入力欄)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.applications.models.messages import LONGEST


class MessageForm(forms.Form):
    """One message, and a file that the case has already (メッセージ)."""

    text = forms.CharField(
        label=_("メッセージ"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("メッセージを書いてください。"), "max_length": _("メッセージは2,000字までにしてください。"),
        },
    )  # fmt: skip
    attachment = forms.ChoiceField(
        label=_("関係するファイル"), required=False,
        error_messages={"invalid_choice": _("この申請にあるファイルを選んでください。")},
    )  # fmt: skip

    def __init__(self, files: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="message_%s")
        if files:
            self.fields["attachment"].choices = [("", _("なし")), *files]  # type: ignore[attr-defined]
        else:
            del self.fields["attachment"]


class HoldForm(forms.Form):
    """Why a case is kept beyond its period (争訟中の印)."""

    reason = forms.CharField(
        label=_("理由"), max_length=200, error_messages={"required": _("印を付ける理由を入れてください。")}
    )


class MailForm(forms.Form):
    """An e-mail address (メールアドレス)."""

    address = forms.CharField(
        label=_("メールアドレス"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=dict.fromkeys(("required", "max_length"), _("メールアドレスを確かめてください。")),
    )  # fmt: skip


class MailCodeForm(forms.Form):
    """The code that went to the address (確認番号)."""

    code = forms.CharField(
        label=_("確認番号"), max_length=20, help_text=_("メールで届いた8桁の数字です。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "max_length"), _("メールで届いた8桁の数字を入れてください。")),
    )  # fmt: skip
