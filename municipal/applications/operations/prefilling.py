"""What the municipality has is put into a draft, and the applicant says whether it is right (役所が持つ情報の引用)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Draft
from municipal.applications.prefill import HELD, Reader, is_typed, must_be_confirmed, read
from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

from .drafting import draft_of

LONGEST = 500
SAY_WHAT = _("どこが違うかを書いてください。台帳は、この申請では変わりません。")
TOO_LONG = _("500文字以内で書いてください。")


@dataclass(frozen=True)
class Said:
    """What an applicant says of one item: right, wrong or nothing, and in their own words (引用への回答)."""

    is_right: bool | None = None
    text: str = ""


@operation("applications.prefill")
def prefill(*, actor: Actor, draft: Draft, reader: Reader = Reader.OWN) -> Draft:
    """Put into a draft what the municipality has of the person whom it concerns, once for each draft (引用).

    Whether the actor may open the draft, and act for that person, the caller has checked. That they are shown it is
    one disclosure, however often the page is opened.
    """
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if found.filled or found.case_id is not None:
        record(actor=actor, code="again")
        return found
    reading = read(found.asked, found.about, reader)
    found.filled = reading.items
    found.save(update_fields=["filled"])
    if reading.paths:
        disclose(actor=actor, subjects=sorted(reading.people), fields=sorted(reading.paths), purpose=found.procedure)
    else:
        record(actor=actor, subjects=[found.about_id] if found.about_id else [], code=found.procedure)
    return found


@operation("applications.answer_held")
def answer_held(*, actor: Actor, draft: UUID, token: str, said: Mapping[str, Said]) -> Draft:
    """Keep what the applicant says of each item; the register is changed by nothing of it (引用の確認).

    Raises Refused for an item that is called wrong without a word of what is wrong, and for a text that is too long.
    """
    found = draft_of(draft, token, is_for_change=True)
    for name, one in found.filled.items():
        if name in said:
            _keep(name, one, said[name])
    found.changed_at = clock.now()
    found.save(update_fields=["filled", "changed_at"])
    record(actor=actor, code=found.procedure)
    return found


def _keep(name: str, one: dict[str, Any], said: Said) -> None:
    text = said.text.strip()
    if len(text) > LONGEST:
        raise Refused(TOO_LONG, field=name, code="too_long")
    if is_typed(one):
        one["typed"] = text
        return
    is_wrong = said.is_right is False or (bool(text) and not must_be_confirmed(one) and one["status"] == HELD)
    if is_wrong and not text:
        raise Refused(SAY_WHAT, field=name, code="say_what")
    one["is_confirmed"] = False if is_wrong else said.is_right
    one["typed"] = text if is_wrong else ""
