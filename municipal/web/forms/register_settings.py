"""What a municipality decides about its register (台帳の設定の入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_MINUTES = 240
RANGE = _("1から240までの数を入れてください。")


class RegisterSettingsForm(forms.Form):
    """Whether the same clerk may decide, and how long an entry may stay open (台帳の設定)."""

    may_decide_own = forms.BooleanField(
        label=_("入力した職員が、自分で決定できる"),
        required=False,
        help_text=_("印を付けなければ、別の職員が決定します。"),
    )
    lease_minutes = forms.IntegerField(
        label=_("入力の制限時間（分）"),
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("この時間がたつと、ほかの職員が同じ人の異動を入力できます。"),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RANGE),
    )
