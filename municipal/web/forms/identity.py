"""Forms of signing in and of one's own account (サインインの入力欄)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.identity.operations.signing_in import LONGEST_NAME, LONGEST_PASSWORD
from municipal.municipalities.models import Municipality

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_TOO_LONG = _("%(limit_value)d文字以内で入れてください。")


def _password(
    label: "StrOrPromise", autocomplete: str, help_text: "StrOrPromise" = "", **attributes: Any
) -> forms.CharField:
    """A password as it is typed: not trimmed, and never sent back to the browser."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, **attributes}),
        error_messages={"required": _("パスワードを入れてください。"), "max_length": _TOO_LONG},
    )


class SignInForm(forms.Form):
    """Name and password, and the town where there is a choice (サインイン)."""

    town = forms.ChoiceField(
        label=_("自治体"),
        error_messages={
            "required": _("自治体を選んでください。"),
            "invalid_choice": _("この自治体は選べません。一覧から選び直してください。"),
        },
    )
    login_name = forms.CharField(
        label=_("サインイン名"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": _("サインイン名を入れてください。"), "max_length": _TOO_LONG},
    )
    password = _password(_("パスワード"), "current-password")

    def __init__(self, *args: Any, towns: list[Municipality], preset: Municipality | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if preset is not None:
            del self.fields["town"]
        else:
            choice = self.fields["town"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(town.code, town.name) for town in towns]


class CodeForm(forms.Form):
    """Six digits from the authenticator app (ワンタイムコード)."""

    code = forms.CharField(
        label=_("6桁の数字"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": _("6桁の数字を入れてください。"), "max_length": _TOO_LONG},
    )


class PasswordChangeForm(forms.Form):
    """The password of today and, twice, the new one (パスワードの変更)."""

    old_password = _password(_("今のパスワード"), "current-password", autofocus=True)
    new_password1 = _password(
        _("新しいパスワード"),
        "new-password",
        _("12文字以上。よくある言葉や、自分の名前に似たもの、数字だけのものは使えません。"),
    )
    new_password2 = _password(_("新しいパスワード(確認)"), "new-password")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("new_password1"), cleaned.get("new_password2")
        if first is not None and second is not None and first != second:
            self.add_error("new_password2", _("二つの新しいパスワードが違います。同じものを入れてください。"))
        return cleaned
