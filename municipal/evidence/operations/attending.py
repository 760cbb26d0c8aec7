"""Everything that is due between us and the intermediate server, called outside of our transactions (情報連携の見回り).

Whatever is lost between two lines here is done again: a question is registered under our own number, so that sending it
twice sends it once, and an outcome is noted once however often it is fetched.
"""

import logging

from django.db.models import Q

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.evidence.models import EvidenceRequest, IncomingQuestion
from municipal.evidence.rules.payloads import (
    LARGEST,
    Question,
    Reply,
    Unreadable,
    read_question,
    write_question,
    write_reply,
)
from municipal.evidence.rules.states import OPEN, Incoming, State
from municipal.evidence.server import Progress, Server, ServerDown, server
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .actors import CLOCK, SERVER
from .asking import code_of
from .learning import expire, learn, note_pending, note_sent, postpone
from .replying import note_replied, take_question

logger = logging.getLogger(__name__)

AT_ONCE = 200
OUTCOMES = {
    Incoming.ANSWERED: State.ANSWERED, Incoming.NOT_FOUND: State.NOT_FOUND, Incoming.REFUSED: State.REFUSED,
}  # fmt: skip


def attend(*, town: int) -> None:
    """Answer what others ask, send what we ask, fetch what came, stop waiting; opens the door itself (見回り)."""
    who = server(town)
    if who is None:
        return
    try:
        _answer_others(who, town)
    except ServerDown:
        logger.warning("The intermediate server is away; questions of others wait.")
    with wall.within(town):
        now = clock.now()
        due = EvidenceRequest.objects.filter(state__in=OPEN).filter(Q(next_at__lte=now) | Q(answer_by__lte=now))
        found = list(due.select_related("subject").order_by("next_at", "pk")[:AT_ONCE])
    for request in found:
        try:
            _carry(who, town, request)
        except Refused as refused:
            logger.warning("A question could not be brought up to date: %s", refused.code)


def _carry(who: Server, town: int, request: EvidenceRequest) -> None:
    """One question by one step; nothing is held open while the server is asked."""
    if request.answer_by <= clock.now():
        with wall.within(town):
            expire(actor=CLOCK, request=request.pk)
        return
    try:
        if request.state == State.CREATED:
            receipt = who.register(town, request.public, _written(town, request))
            with wall.within(town):
                note_sent(actor=CLOCK, request=request.pk, receipt=receipt)
            return
        is_ready = who.status(town, request.receipt) == Progress.READY
        bodies = who.fetch(town, request.receipt) if is_ready else ()
    except ServerDown:
        with wall.within(town):
            postpone(actor=CLOCK, request=request.pk)
        return
    with wall.within(town):
        if is_ready:
            # A reply too large to be one is not even read.
            learn(actor=SERVER, request=request.pk, bodies=[one[: LARGEST + 1] for one in bodies])
        else:
            note_pending(actor=CLOCK, request=request.pk)


def _written(town: int, request: EvidenceRequest) -> bytes:
    with wall.within(town):
        code = code_of(request.subject)
    return write_question(
        Question(request.public, town, code, request.kind, request.procedure, request.law, request.article)
    )


def _answer_others(who: Server, town: int) -> None:
    for body in who.questions(town)[:AT_ONCE]:
        try:
            question = read_question(body)
        except Unreadable as error:
            logger.warning("A question of another office cannot be read: %s", error)
            continue
        with wall.within(town):
            take_question(actor=SERVER, question=question)
    with wall.within(town):
        name = Municipality.objects.get(pk=town).name
        ready = IncomingQuestion.objects.filter(replied_at=None, state__in=list(OUTCOMES)).order_by("pk")
        replies = [(one, _reply(one, name)) for one in ready[:AT_ONCE]]
    for answered, reply in replies:
        who.reply(town, answered.public, write_reply(reply))
        with wall.within(town):
            note_replied(actor=CLOCK, question=answered.pk)


def _reply(one: IncomingQuestion, office: str) -> Reply:
    return Reply(
        one.public, one.asker_town, OUTCOMES[Incoming(one.state)], office, one.as_of, one.answer or {}, one.is_withheld
    )  # fmt: skip
