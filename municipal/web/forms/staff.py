"""Forms of accounts and permissions (職員と権限の入力欄)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.identity.models import Grant, Staff
from municipal.identity.operations.accounts import Account
from municipal.identity.operations.permissions import last_day
from municipal.identity.permissions import PERMISSIONS

from .days import DayField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_TOO_LONG = _("%(limit_value)d文字以内で入れてください。")


def _line(
    label: "StrOrPromise", longest: int, *, asked: "StrOrPromise" = "", help_text: "StrOrPromise" = ""
) -> forms.CharField:
    """A line of text; ``asked`` is the sentence for an empty one, where it may not be empty."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(asked),
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": asked, "max_length": _TOO_LONG},
    )


class StaffForm(forms.Form):
    """What an administrator says about an account (アカウント)."""

    login_name = _line(
        _("サインイン名"),
        64,
        asked=_("サインイン名を入れてください。"),
        help_text=_("半角の英小文字・数字・点・下線・ハイフン。2文字以上。"),
    )
    name = _line(_("氏名"), 100, asked=_("氏名を入れてください。"))
    kana = _line(_("氏名のカナ"), 100)
    department = _line(_("所属"), 100)
    valid_from = DayField(
        label=_("利用開始日"), required=False, help_text=_("空にすると今日からです。先の日も入れられます。")
    )
    valid_until = DayField(
        label=_("利用期限"), required=False, help_text=_("最後に使える日。空にすると期限はありません。")
    )
    is_active = forms.BooleanField(label=_("使えるようにする"), required=False, initial=True)

    def account(self) -> Account:
        """The cleaned fields as the operations take them."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "is_active"}
        return Account(**said)

    @staticmethod
    def initial_of(staff: Staff) -> dict[str, Any]:
        """What the form shows of an account that exists."""
        names = ("login_name", "name", "kana", "department", "valid_from", "valid_until", "is_active")
        return {name: getattr(staff, name) for name in names}


class GrantForm(forms.Form):
    """One permission: held or not, and until when (権限)."""

    is_granted = forms.BooleanField(label=_("与える"), required=False)
    expires_on = DayField(label=_("期限"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permission = PERMISSIONS[self.initial["code"]]
        self.code, self.label = permission.code, gettext(permission.name)
        self.explanation = gettext(permission.explanation) if permission.explanation else ""


class BaseGrantFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Every permission there is, in the order of the registry; none can be added by the browser (権限の一覧)."""

    def total_form_count(self) -> int:
        return len(PERMISSIONS)

    def wanted(self) -> Mapping[str, date | None]:
        """The last day by code of what is ticked; None is the end of the fiscal year."""
        ticked = (form for form in self.forms if form.cleaned_data.get("is_granted"))
        return {form.code: form.cleaned_data["expires_on"] for form in ticked}


_GrantFormSet = forms.formset_factory(GrantForm, formset=BaseGrantFormSet, extra=0)


def grant_forms(data: Any, held: Iterable[Grant]) -> BaseGrantFormSet:
    """The formset for somebody who holds these grants today (権限の一覧の組み立て)."""
    until = {grant.permission: last_day(grant) for grant in held}
    initial = [
        {"code": code, "is_granted": code in until, "expires_on": until.get(code)} for code in PERMISSIONS
    ]  # fmt: skip
    return cast(BaseGrantFormSet, _GrantFormSet(data, initial=initial, prefix="grants"))
