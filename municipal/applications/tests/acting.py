"""Drafts and cases made with one line each, and a clerk and a chief (試験用の申請)."""

from dataclasses import dataclass
from typing import Any

from municipal.applications.models import Case, Channel
from municipal.applications.operations import APPLICANT, Begun, begin, save, submit, take_step
from municipal.core.actors import STAFF


@dataclass(frozen=True)
class Clerk:
    """A member of staff, as far as an operation knows them."""

    actor_id: int
    actor_kind: str = STAFF


CLERK, CHIEF = Clerk(1), Clerk(2)
YOU = {"name": "甲野　太郎", "phone": "000-0000-0000", "born_on": "1990-01-01", "address": "架空市見本町1"}
WASTE = "bulky-waste"


def a_draft(code: str, answers: dict[str, Any] | None = None, applicant: dict[str, Any] | None = None) -> Begun:
    """As from a paper that came by post, so that nobody need sign in."""
    made = begin(actor=APPLICANT, procedure=code, language="ja", channel=Channel.PAPER)
    save(
        actor=APPLICANT, draft=made.draft.public, token=made.token, page="you", answers=answers or {}, people={},
        applicant=YOU if applicant is None else applicant,
    )  # fmt: skip
    return made


def a_case(code: str, answers: dict[str, Any]) -> Case:
    made = a_draft(code, answers)
    return submit(actor=APPLICANT, draft=made.draft.public, token=made.token)


def stepped(case: Case, *actions: str, actor: Clerk = CLERK, **said: Any) -> Case:
    for action in actions:
        take_step(actor=actor, case=case.pk, seen=case.events.count(), action=action, **said)
    case.refresh_from_db()
    return case
