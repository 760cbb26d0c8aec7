"""A draft becomes a case (申請の提出)."""

from secrets import randbelow
from uuid import UUID

from django.utils.translation import gettext_noop as _

from municipal.applications.following import told
from municipal.applications.keys import code_digest, code_of, is_same
from municipal.applications.models import Attachment, Case, CaseEvent, Draft
from municipal.applications.rules.answers import Answers, faulty, pruned
from municipal.applications.rules.applicant import missing_of_applicant
from municipal.applications.rules.steps import SUBMITTED
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused

from .drafting import draft_of

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
    files = list(draft.attachments.order_by("pk").values_list("field", "ref"))
    mine = [(field, ref) for field, ref in files if field.partition("__")[0] in known]
    return pruned(draft.asked.asks, with_files(draft.answers, mine))


def lacking(draft: Draft) -> list[str]:
    """The questions that keep a draft from being submitted, in their order (不足の項目)."""
    return [*missing_of_applicant(draft.asked, draft.applicant), *faulty(draft.asked, answered(draft))]


@operation("applications.submit")
def submit(*, actor: Actor, draft: UUID, token: str) -> Case:
    """Hand a complete draft in; sent again, it is the same case (申請の提出). Raises Refused where something lacks."""
    found = draft_of(draft, token)
    Draft.objects.select_for_update().get(pk=found.pk)
    found.refresh_from_db()
    if found.case is not None:
        record(actor=actor, code="again")
        return found.case
    wrong = lacking(found)
    if wrong:
        raise Refused(INCOMPLETE, field=wrong[0], code="incomplete")
    case = _made(found, token)
    Attachment.objects.filter(draft=found).update(draft=None, case=case)
    event = CaseEvent.objects.create(
        case=case, number=1, action="submit", state_from="draft", state_to=SUBMITTED, at=case.submitted_at,
        actor_kind=actor.actor_kind, actor_id=actor.actor_id,
    )  # fmt: skip
    found.case, found.answers, found.people, found.applicant = case, {}, {}, {}
    found.save()
    told(actor, case, event)
    record(actor=actor, code=case.procedure)
    return case


def _made(draft: Draft, token: str) -> Case:
    now = clock.now()
    return Case.objects.create(
        number=_number(), code_digest=code_digest(code_of(token)), procedure=draft.procedure, version=draft.version,
        entry=draft.entry, workflow=draft.asked.workflow, state=SUBMITTED, language=draft.language,
        channel=draft.channel, account=draft.account, about=draft.about, bundle=draft.bundle, filled=draft.filled,
        applicant=draft.applicant, answers=answered(draft), people=draft.people, submitted_at=now,
        due_on=add_business_days(clock.today(), PROCESSING_DAYS), changed_at=now,
    )  # fmt: skip


def _number() -> str:
    """The day and a number at random, so that nobody counts how many apply."""
    while True:
        number = f"{clock.today():%y%m%d}-{randbelow(10_000):04d}-{randbelow(10_000):04d}"
        if not Case.objects.filter(number=number).exists():
            return number


def case_of(number: str, code: str) -> Case:
    """The case that this number and this code open; both wrong ways are answered alike (申請の照会)."""
    plain = "".join(one for one in number if one.isdecimal() and one.isascii())
    found = Case.objects.filter(number=f"{plain[:6]}-{plain[6:10]}-{plain[10:]}").first()
    if found is None or not is_same(found.code_digest, code_digest(code)):
        raise Refused(NO_CASE, code="no_case")
    return found
