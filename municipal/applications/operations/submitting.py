"""A draft becomes a case (申請の提出)."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbelow
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from municipal.applicants.authority import Signature
from municipal.applicants.models import Applicant
from municipal.applications.following import told_all
from municipal.applications.keys import code_digest, code_of, is_same
from municipal.applications.models import Attachment, Case, CaseEvent, Channel, Draft
from municipal.applications.prefill import open_items
from municipal.applications.rules.answers import Answers, faulty, pruned
from municipal.applications.rules.applicant import missing_of_applicant
from municipal.applications.rules.steps import SUBMITTED
from municipal.applications.standing import (
    CARD_NEEDED,
    account_of,
    known_of,
    person_of,
    refuse_if_ended,
)  # fmt: skip
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused

from .drafting import draft_of, refuse_unless_theirs
from .signing import checked, draft_digest, filled_digest

PROCESSING_DAYS = 10
"""Business days within which the office means to decide; provisional until a town sets its standard periods."""
INCOMPLETE = _("まだ答えていない質問があります。印のあるところを確かめてください。")
NO_CASE = _("受付番号か確認コードが違います。申請したときの控えを確かめてください。")


def with_files(answers: Answers, attached: list[tuple[str, UUID]]) -> Answers:
    """Answers in which every question for a file holds the references of what was attached to it (添付を含む回答)."""
    refs: dict[str, list[str]] = {}
    for field, ref in attached:
        refs.setdefault(field, []).append(str(ref))
    whole: Answers = {**answers}
    for field, found in refs.items():
        group, _row, rest = field.partition("__")
        if not rest:
            whole[field] = found
            continue
        number, _dash, inner = rest.partition("__")
        rows = list(whole.get(group) or [])
        if number.isdigit() and int(number) < len(rows):
            rows[int(number)] = {**rows[int(number)], inner: found}
            whole[group] = rows
    return whole


def answered(draft: Draft) -> Answers:
    """All answers of a draft as they would be submitted (提出する回答)."""
    known = {field.name for field in draft.asked.asks}
    mine = [(field, ref) for field, ref, _digest in draft.files() if field.partition("__")[0] in known]
    return pruned(draft.asked.asks, with_files(draft.answers, mine))


def applicant_of(draft: Draft) -> dict[str, Any]:
    """Who applies as the case will say it: what the register vouches for, and what they said (提出する申請者).

    Online the register has the last word; at the counter whoever stands there may be somebody else.
    """
    known = known_of(draft)
    if known is None:
        return dict(draft.applicant)
    is_online = draft.channel == Channel.ONLINE
    return {**draft.applicant, **known.said()} if is_online else {**known.said(), **draft.applicant}


def lacking(draft: Draft) -> list[str]:
    """The questions that keep a draft from being submitted, in their order (不足の項目)."""
    missing = missing_of_applicant(draft.asked, draft.applicant, is_known=person_of(draft) is not None)
    return [*missing, *faulty(draft.asked, answered(draft)), *open_items(draft.filled)]


def to_sign(draft: Draft) -> str:
    """The digest that whoever applies signs before this draft is submitted (署名する照合値)."""
    return draft_digest(draft, applicant_of(draft), answered(draft))


@operation("applications.submit")
def submit(
    *, actor: Actor, draft: UUID, token: str, account: Applicant | None = None, signed: Signature | None = None
) -> Case:
    """Hand a complete draft in; sent again, it is the same case (申請の提出).

    ``account``: who is signed in, by default the actor where that is an applicant. ``signed``: of ``to_sign``, where
    the procedure asks for a signature. Raises Refused where something lacks, for anybody else, and after a delegation
    ended.
    """
    found = draft_of(draft, token)
    Draft.objects.select_for_update().get(pk=found.pk)
    found.refresh_from_db()
    whose = account_of(actor, account)
    refuse_unless_theirs(found, whose)
    if found.case is not None:
        record(actor=actor, code="again")
        return found.case
    return submit_all(actor, [Ready(found, token, signed)], whose)[0]


@dataclass(frozen=True)
class Ready:
    """A draft that is locked and opened by its secret, and the signature of what it says (提出する下書き)."""

    draft: Draft
    token: str
    signed: Signature | None = None


def submit_all(actor: Actor, ready: Sequence[Ready], account: Applicant | None) -> list[Case]:
    """Make cases of drafts that the caller has locked and found to be theirs: all or none, each recorded (一括の提出).

    However many they are, each table is written once. Raises Refused as ``submit``.
    """
    for one in ready:
        wrong = lacking(one.draft)
        if wrong:
            raise Refused(INCOMPLETE, field=wrong[0], code="incomplete")
    cases = Case.objects.bulk_create(
        _made(one, number, _signature(one.draft, account, one.signed))
        for one, number in zip(ready, _numbers(len(ready)), strict=True)
    )  # fmt: skip
    drafts = [one.draft for one in ready]
    for draft, case in zip(drafts, cases, strict=True):
        if draft.files():
            Attachment.objects.filter(draft=draft).update(draft=None, case=case)
        draft.case, draft.answers, draft.people, draft.applicant, draft.filled = case, {}, {}, {}, {}
    Draft.objects.bulk_update(drafts, ["case", "answers", "people", "applicant", "filled"])
    events = CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case, number=1, action="submit", state_from="draft", state_to=SUBMITTED, at=case.submitted_at,
            actor_kind=actor.actor_kind, actor_id=actor.actor_id,
        )
        for case in cases
    )  # fmt: skip
    told_all(actor, events, {case.pk: case for case in cases})
    for case in cases:
        subjects = [case.about_id] if case.about_id else []
        record(actor=actor, act="applications.submit", subjects=subjects, code=case.procedure)
    return cases


def _signature(draft: Draft, account: Applicant | None, signed: Signature | None) -> dict[str, Any]:
    """What the level of the procedure asks for online; at the counter staff has seen who applies."""
    level = draft.asked.assurance
    if draft.channel != Channel.ONLINE or level == "none":
        return {}
    if account is None:
        raise Refused(CARD_NEEDED, code="card_needed")
    if level != "signature":
        return {}
    return checked(account, signed, to_sign(draft)) | {"about": draft.about_id, "filled": filled_digest(draft)}


def _made(one: Ready, number: str, signature: dict[str, Any]) -> Case:
    now, draft = clock.now(), one.draft
    return Case(
        number=number, code_digest=code_digest(code_of(one.token)), procedure=draft.procedure, version=draft.version,
        entry=draft.entry, workflow=draft.asked.workflow, state=SUBMITTED, language=draft.language,
        channel=draft.channel, account=draft.account, about=draft.about, bundle_id=draft.bundle_id,
        filled=draft.filled, signature=signature, applicant=applicant_of(draft), answers=answered(draft),
        people=draft.people, submitted_at=now, due_on=add_business_days(clock.today(), PROCESSING_DAYS),
        changed_at=now,
    )  # fmt: skip


def _numbers(count: int) -> list[str]:
    """The day and a number at random each, so that nobody counts how many apply."""
    found: set[str] = set()
    while len(found) < count:
        found.add(f"{clock.today():%y%m%d}-{randbelow(10_000):04d}-{randbelow(10_000):04d}")
        if len(found) == count:
            found -= set(Case.objects.filter(number__in=found).values_list("number", flat=True))
    return sorted(found)


def case_of(number: str, code: str) -> Case:
    """The case that this number and this code open; both wrong ways are answered alike (申請の照会).

    Raises Refused too where a delegation ended: the number opens nothing that the session would not.
    """
    plain = "".join(one for one in number if one.isdecimal() and one.isascii())
    found = Case.objects.filter(number=f"{plain[:6]}-{plain[6:10]}-{plain[10:]}").first()
    if found is None or not is_same(found.code_digest, code_digest(code)):
        raise Refused(NO_CASE, code="no_case")
    refuse_if_ended(found)
    return found


def own_case(number: str, account: Applicant) -> Case | None:
    """The case that this account handed in; None for anybody else's. Raises Refused as above (自分の申請の照会)."""
    rows = Case.objects.select_related("account__person", "about")
    found = rows.filter(number=number, account=account, channel=Channel.ONLINE).first()
    if found is not None:
        refuse_if_ended(found)
    return found
