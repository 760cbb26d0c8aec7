"""What an applicant does after submitting: correcting what was sent back, withdrawing (訂正と取下げ)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applicants.authority import Signature
from municipal.applications.models import Case
from municipal.applications.rules.answers import Answers, People, faulty, pruned
from municipal.applications.rules.applicant import EVIDENCE
from municipal.applications.rules.steps import APPLICANT as ROLE
from municipal.applications.rules.steps import CORRECTION
from municipal.applications.standing import refuse_if_ended
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused

from .signing import case_digest, signed_anew
from .stepping import locked, moved, open_step
from .submitting import INCOMPLETE, PROCESSING_DAYS, with_files

TOO_LATE = _("訂正の期限を過ぎています。担当課に連絡してください。")
NOT_SENT_BACK = _("直せるのは、役所から訂正を求められた項目だけです。")


def to_correct(case: Case) -> frozenset[str]:
    """The questions that were sent back, and those that other answers to them lead to (訂正する項目)."""
    last = case.events.filter(action="send_back").order_by("-number").first()
    if case.state != CORRECTION or last is None:
        return frozenset()
    named = set(last.fields)
    for field in case.asked.asks:
        if field.condition and field.condition.field in named:
            named.add(field.name)
    return frozenset(named)


def answered(case: Case, answers: Mapping[str, Any]) -> Answers:
    """The answers of a case with the corrected ones in place of the old, files included (訂正後の回答)."""
    known = {field.name for field in case.asked.asks}
    files = [
        (field, ref) for field, ref in case.attachments.order_by("pk").values_list("field", "ref")
        if field.partition("__")[0] in known
    ]  # fmt: skip
    return pruned(case.asked.asks, with_files({**case.answers, **answers}, files))


def to_sign_again(case: Case, answers: Answers, people: People) -> str:
    """The digest that whoever signed an application signs of its correction; empty where nobody did (訂正の署名)."""
    if not case.signature:
        return ""
    return case_digest(case, answered(case, answers), {**case.people, **people}, clock.now())


@operation("applications.correct")
def correct(
    *, actor: Actor, case: int, seen: int, answers: Answers, people: People, signed: Signature | None = None
) -> Case:
    """Hand a correction in: of nothing but what was sent back, and complete (訂正の提出).

    ``signed``: of ``to_sign_again``, where the application was signed. Raises Refused after the day to correct by,
    for anything that was not sent back, where something lacks, and without a signature that holds.
    """
    found = locked(case, seen)
    refuse_if_ended(found)
    step = open_step(found, "resubmit", (ROLE,), "")
    if found.correct_by is not None and found.correct_by < clock.today():
        raise Refused(TOO_LATE, code="too_late")
    open_fields = to_correct(found)
    if set(answers) - open_fields:
        raise Refused(NOT_SENT_BACK, code="not_sent_back")
    whole = answered(found, answers)
    wrong = faulty(found.asked, whole) + _papers_missing(found, open_fields)
    if wrong:
        raise Refused(INCOMPLETE, field=wrong[0], code="incomplete")
    names = {*whole, *found.answers}
    before = {name: found.answers.get(name) for name in names if whole.get(name) != found.answers.get(name)}
    everybody = {**found.people, **people}
    if found.signature:
        found.signature = signed_anew(found, signed, case_digest(found, whole, everybody, clock.now()))
    found.answers, found.people = whole, everybody
    found.due_on = add_business_days(clock.today(), PROCESSING_DAYS)
    moved(actor, found, step, before=before)
    record(actor=actor, code=found.procedure)
    return found


def _papers_missing(case: Case, wanted: frozenset[str]) -> list[str]:
    """Documents that were asked for and are not there."""
    there = set(case.attachments.values_list("field", flat=True))
    return sorted(one for one in wanted if one.startswith(EVIDENCE) and one not in there)


@operation("applications.withdraw")
def withdraw(*, actor: Actor, case: int, seen: int) -> Case:
    """Take an application back while it is not decided (取下げ)."""
    found = locked(case, seen)
    refuse_if_ended(found)
    moved(actor, found, open_step(found, "withdraw", (ROLE,), ""))
    record(actor=actor, code=found.procedure)
    return found
