"""Putting a refusal where the clerk looks: beside its field (断りの表示)."""

from django import forms

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest
from municipal.municipalities.sentences import sentence


@implements("resident-record/1.0#11.1/m3")
def show(form: forms.Form, refused: Refused) -> None:
    """Add the sentence to its field, or to the top of the form where the form has no such field."""
    form.add_error(refused.field if refused.field in form.fields else None, sentence(refused))


def show_and_log(request: StaffRequest, form: forms.Form, refused: Refused) -> None:
    """The same for a view behind the doorway, which logs the refusal once the door has closed."""
    request.refusals.append(refused)
    show(form, refused)
