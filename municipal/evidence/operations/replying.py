"""Answering what another office asks of us, by ourselves or by a member of staff (他機関への回答)."""

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.answering import answer_of, is_held, is_protected, person_of
from municipal.evidence.models import IncomingQuestion
from municipal.evidence.rules.payloads import Items, Question
from municipal.evidence.rules.states import Incoming
from municipal.municipalities.models import Municipality

from .asking import basis_said

NO_QUESTION = _("この照会は見つかりません。画面を開き直してください。")
DECIDED = _("この照会にはすでに回答しています。")
NO_REASON = _("回答しない理由を入れてください。")


@operation("evidence.take_question")
def take_question(*, actor: Actor, question: Question) -> IncomingQuestion:
    """Note what another office asks, answer it from the register; heard twice, it is the same (照会の自動応答).

    Of whoever is protected or suppressed nothing is answered: a member of staff decides (自動応答不可).
    """
    person = person_of(question.code)
    found, is_new = IncomingQuestion.objects.select_for_update().get_or_create(
        public=question.public,
        defaults={
            "asker": _name_of(question.town), "asker_town": question.town, "subject": person, "kind": question.kind,
            "procedure": question.procedure, "law": question.law, "article": question.article,
            "received_at": clock.now(), "is_withheld": bool(person and is_protected(person.pk)),
        },
    )  # fmt: skip
    if not is_new:
        record(actor=actor, code="again")
    elif person is None:
        _decided(actor, found, Incoming.NOT_FOUND)
    elif is_held(person.pk):
        found.state = Incoming.HELD.value
        found.save()
        record(actor=actor, subjects=[person.pk], fields=[found.kind], code="held")
    else:
        _answered(actor, found)
    return found


def _name_of(town: int) -> str:
    known = Municipality.objects.filter(pk=town).first()
    return known.name if known else f"{town:06d}"


def _answered(actor: Actor, question: IncomingQuestion) -> None:
    assert question.subject is not None
    items, day = answer_of(question.subject, question.kind)
    if items:
        question.as_of = day
        _decided(actor, question, Incoming.ANSWERED, items)
    else:
        _decided(actor, question, Incoming.NOT_FOUND)


def _decided(actor: Actor, question: IncomingQuestion, state: Incoming, items: Items | None = None) -> None:
    question.state, question.answer, question.decided_at = state.value, items, clock.now()
    question.decided_by_kind, question.decided_by_id = actor.actor_kind, actor.actor_id
    question.save()
    subjects = [question.subject_id] if question.subject_id else []
    purpose = basis_said(question.law, question.article, question.procedure)
    if items:
        disclose(actor=actor, subjects=subjects, fields=sorted(items), purpose=purpose)
    record(actor=actor, subjects=subjects, fields=[question.kind], purpose=purpose, code=state.value)


@operation("evidence.decide_question")
def decide_question(*, actor: Actor, question: int, is_answered: bool, reason: str = "") -> IncomingQuestion:
    """Answer a held question, or say that it is not answered and why; once (職員による回答).

    What is answered about somebody protected goes out with the mark that nobody else may see it (不開示).
    """
    found = IncomingQuestion.objects.select_for_update().filter(pk=question).first()
    if found is None:
        raise Refused(NO_QUESTION, code="no_question")
    if found.state != Incoming.HELD:
        raise Refused(DECIDED, code="already_decided")
    if not is_answered and not reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    # Whoever became protected meanwhile is.
    found.is_withheld = found.is_withheld or bool(found.subject_id and is_protected(found.subject_id))
    found.reason = "" if is_answered else reason.strip()[:300]
    if is_answered:
        _answered(actor, found)
    else:
        _decided(actor, found, Incoming.REFUSED)
    return found


@operation("evidence.note_replied")
def note_replied(*, actor: Actor, question: int) -> IncomingQuestion:
    """The server has taken our answer (回答の送信の記録)."""
    found = IncomingQuestion.objects.select_for_update().get(pk=question)
    if found.replied_at is None:
        found.replied_at = clock.now()
        found.save(update_fields=["replied_at"])
    record(actor=actor, subjects=[found.subject_id] if found.subject_id else [], code=found.state)
    return found
