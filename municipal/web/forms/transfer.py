"""What a hand-over holds and where an intake comes from (引渡しと受入れの入力欄)."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.core import clock

from .days import DayField


class HandoverForm(forms.Form):
    """To whom, what for, and which part of the register (引渡しの依頼)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    recipient = forms.CharField(
        label=_("渡す相手"), max_length=100, error_messages={"required": _("渡す相手を入力してください。")}
    )
    purpose = forms.CharField(
        label=_("目的"), max_length=100, error_messages={"required": _("目的を入力してください。")}
    )
    since = DayField(
        label=_("この日からの差分"),
        required=False,
        help_text=_("空にすると全件です。差分には、変わった人の履歴がすべて入ります。例: R8.11.23。"),
    )
    is_whole = forms.BooleanField(
        label=_("支援対象者の住所を含める"),
        required=False,
        help_text=_("印を付けると、別の職員が承認するまで出力されません。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def order(self) -> dict[str, Any]:
        """The cleaned fields as the operation takes them; a day begins at midnight in Japan."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        if said["since"] is not None:
            said["since"] = datetime.combine(said["since"], time(), clock.TOKYO)
        return said


class IntakeForm(forms.Form):
    """Which folder of the hand-over place is taken in, and whether it is a trial (受入れの依頼)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    folder = forms.ChoiceField(
        label=_("受渡しフォルダー"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("受渡しフォルダーを選んでください。")),
        help_text=_("フォルダーに mapping.toml があれば、対応表として使います。"),
    )
    is_dry_run = forms.BooleanField(
        label=_("試行にする"), required=False, help_text=_("検査だけを行い、台帳には何も登録しません。")
    )

    def __init__(self, *args: Any, folders: Iterable[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4(), "is_dry_run": True} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field = self.fields["folder"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in folders]
