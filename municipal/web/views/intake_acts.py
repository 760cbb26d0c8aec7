"""What may be decided about one application of the intake, and what the clerk sees for it (申請管理での判断の部品)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from municipal.applications.rules.steps import CORRECTION
from municipal.audit.operations import disclose
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.intake.conversion import DOUBTS, Candidate, candidates
from municipal.intake.models import Received, ReceivedState
from municipal.intake.operations import accept_change, choose, dismiss, give_back, release, retry
from municipal.intake.operations.deciding import payload_of
from municipal.intake.payload import Payload
from municipal.web.forms.intake import ChooseForm, ReasonForm

NOBODY = Refused(_("対象者を選ぶか、宛名番号を入れてください。"), field="number", code="invalid")
CANDIDATES = ("name", "born_on")


@dataclass(frozen=True)
class Act:
    """A button: its form, and what it does (処理)."""

    form: Callable[[Received, Any], forms.Form]
    done: Callable[[Staff, Received, Any], Any]


def _day(said: str) -> str:
    """A birth date as it is read; one of which parts are unknown stays as it is written."""
    try:
        return wareki(date.fromisoformat(said))
    except ValueError:
        return said


def _choices(found: list[Candidate]) -> list[tuple[str, str]]:
    marks = ((gettext("氏名が同じ"), "is_same_name"), (gettext("生年月日が同じ"), "is_same_birth"))
    return [
        (
            one.person.number,
            "　".join([
                one.name, _day(one.born_on), f"{gettext('宛名番号')} {one.person.number}",
                *(mark for mark, name in marks if getattr(one, name)),
            ]),
        )
        for one in found
    ]  # fmt: skip


def _choose_form(row: Received, data: Any = None) -> ChooseForm:
    if row.state == ReceivedState.TO_CONVERT:
        return ChooseForm(_choices(candidates(payload_of(row))), data)
    # Pressed twice: the first answer is given again, whatever the page would offer now.
    return ChooseForm([(data.get("number", ""), "")], data)


def _chosen(staff: Staff, row: Received, form: ChooseForm) -> int:
    number = form.chosen()
    if number is None:
        raise NOBODY
    return choose(actor=staff, received=row.pk, number=number).pk


def _plain(_row: Received, data: Any = None) -> forms.Form:
    return forms.Form(data)


def _reason(_row: Received, data: Any = None) -> forms.Form:
    return ReasonForm(data)


ACTS = {
    "choose": Act(_choose_form, _chosen),
    "retry": Act(_plain, lambda staff, row, _form: retry(actor=staff, received=row.pk).pk),
    "accept_change": Act(_plain, lambda staff, row, _form: accept_change(actor=staff, received=row.pk).pk),
    "dismiss": Act(
        _reason,
        lambda staff, row, form: dismiss(actor=staff, received=row.pk, reason=form.cleaned_data["reason"]).pk,
    ),
    "give_back": Act(
        _reason,
        lambda staff, row, form: give_back(actor=staff, received=row.pk, reason=form.cleaned_data["reason"]).pk,
    ),
    "release": Act(_plain, lambda staff, row, _form: release(actor=staff, received=row.pk)),
}


def shown(staff: Staff, row: Received, wrong: dict[str, forms.Form]) -> dict[str, Any]:
    """What the page shows of an application that is open; candidates by name and day only, and that is noted (表示)."""
    said: dict[str, Any] = {"doubt": gettext(DOUBTS[row.doubt]) if row.doubt else "", "errors": _errors(wrong)}
    if not row.content:
        return said
    payload = payload_of(row)
    said |= {
        "who": {name: payload.applicant.get(name, "") for name in ("name", "kana")},
        "born_on": _day(payload.applicant.get("born_on", "")),
        "reason_forms": [
            (name, wrong.get(name) or ReasonForm(auto_id=f"id_{name}_%s")) for name in _reasons(row)
        ],
        "may_retry": row.state in (ReceivedState.TO_CONVERT, ReceivedState.FAULTY),
    }  # fmt: skip
    if row.state == ReceivedState.TO_CONVERT:
        found = candidates(payload)
        if found:
            disclose(actor=staff, act="intake.candidates", subjects=[one.person.pk for one in found], fields=CANDIDATES)
        said["choose"] = wrong.get("choose") or ChooseForm(_choices(found))
    if row.state == ReceivedState.CHANGED:
        said |= _changes(row, payload)
    return said


def _reasons(row: Received) -> tuple[str, ...]:
    return ("dismiss",) if row.state == ReceivedState.CHANGED else ("give_back", "dismiss")


def _errors(wrong: dict[str, forms.Form]) -> list[str]:
    return [str(error) for form in wrong.values() for error in form.non_field_errors()]


def _changes(row: Received, payload: Payload) -> dict[str, Any]:
    """Which questions are answered otherwise than in the case; files are not compared."""
    first = Received.objects.filter(receipt=row.receipt, case__isnull=False).order_by("pk").first()
    if first is None or first.case is None:
        return {}
    case = first.case
    differing = [
        one.label.ja for one in case.asked.asks
        if one.type != "file" and payload.answers.get(one.name) != case.answers.get(one.name)
    ]  # fmt: skip
    return {"first_case": case, "differing": differing, "may_accept": case.state == CORRECTION}
