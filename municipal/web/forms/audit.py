"""Narrowing the audit trail (操作の記録のしぼり込み)."""

from django import forms

from municipal.audit.operations import operations

from .residents import DayField


class AuditFilterForm(forms.Form):
    """A day, a member of staff, an act; all may stay empty (しぼり込み)."""

    on = DayField(label="日", required=False, help_text="例: R8.11.23")
    staff = forms.CharField(label="職員のサインイン名", required=False, max_length=64)
    act = forms.ChoiceField(label="操作", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = self.fields["act"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", "—"), *((name, name) for name in sorted(operations))]
