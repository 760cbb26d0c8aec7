"""An intermediate server for training, behind the same interface as the real one (模擬の中間サーバー).

It keeps records of its own, opens the wall by itself, and finds a person in another town by the resident-record code,
as the network turns one office's code into the other's. Only made-up municipalities have it; what it makes up is
marked.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from uuid import UUID, uuid4

from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.inquiry import latest
from municipal.residents.models import ResidentRecord

from .answering import SOURCES
from .kinds import Item, items_of, kinds
from .models import Behaviour, LinkageCode, SimulatedBehaviour, SimulatedMail, SimulatedQuestion
from .rules.payloads import LARGEST, Items, Question, Reply, read_question, write_question, write_reply
from .rules.states import State
from .server import Progress, ServerDown

MOST_POLLS = 20
OFFICE = "情報提供ネットワークシステム（模擬）"


class Simulator:
    """The intermediate server of the training room (模擬の中間サーバー)."""

    is_simulated = True

    @classmethod
    def of(cls, town: int) -> "Simulator | None":
        """The simulator of a made-up municipality; None for a real one, which must never believe it (研修用)."""
        return cls() if Municipality.objects.filter(pk=town, is_fictional=True).exists() else None

    def register(self, town: int, public: UUID, body: bytes) -> str:
        """Keep a question, once (照会の登録)."""
        question = read_question(body)
        with wall.within(town):
            _refuse_when_down(chosen(question.kind))
            found, _is_new = SimulatedQuestion.objects.get_or_create(
                public=public, defaults={"receipt": token_hex(16), "body": body.decode(), "received_at": clock.now()}
            )
        return found.receipt

    def status(self, town: int, receipt: str) -> Progress:
        """Count that it was asked, and say whether there is a reply (照会の進み具合)."""
        with wall.within(town):
            found, question, how = _kept(receipt)
            found.polls += 1
            found.save(update_fields=["polls"])
        if how.behaviour == Behaviour.NEVER or found.polls <= how.polls:
            return Progress.WAITING
        if how.behaviour == Behaviour.REGISTER:
            other = found.asked_town or _forwarded(town, found, question)
            return Progress.READY if other is None or _mail(other, question.public).reply else Progress.WAITING
        return Progress.READY

    def fetch(self, town: int, receipt: str) -> Sequence[bytes]:
        """Every reply, as the trainer chose it (結果の取得)."""
        with wall.within(town):
            found, question, how = _kept(receipt)
        if how.behaviour == Behaviour.REGISTER:
            if found.asked_town is None:
                return [write_reply(_empty(question, State.NOT_FOUND))]
            return [_mail(found.asked_town, question.public).reply.encode()]
        return _played(Behaviour(how.behaviour), question)

    def questions(self, town: int) -> Sequence[bytes]:
        """What lies in the town's mailbox without a reply (他機関からの照会の取得)."""
        with wall.within(town):
            waiting = SimulatedMail.objects.filter(reply="").order_by("pk")
            return [body.encode() for body in waiting.values_list("body", flat=True)]

    def reply(self, town: int, public: UUID, body: bytes) -> None:
        """Keep the first reply (回答の送信)."""
        with wall.within(town):
            SimulatedMail.objects.filter(public=public, reply="").update(reply=body.decode())


def chosen(kind: str) -> SimulatedBehaviour:
    """How questions of this kind are answered: as the trainer chose, or as is usual (振る舞いの照会)."""
    usual = Behaviour.REGISTER if kind in SOURCES else Behaviour.ANSWER
    found = SimulatedBehaviour.objects.filter(kind=kind).first()
    return found or SimulatedBehaviour(kind=kind, behaviour=usual.value, polls=0)


def _refuse_when_down(how: SimulatedBehaviour) -> None:
    if how.behaviour == Behaviour.DOWN:
        raise ServerDown("simulated")


def _kept(receipt: str) -> tuple[SimulatedQuestion, Question, SimulatedBehaviour]:
    found = SimulatedQuestion.objects.filter(receipt=receipt).first()
    if found is None:
        raise ServerDown("unknown receipt")
    question = read_question(found.body.encode())
    how = chosen(question.kind)
    _refuse_when_down(how)
    return found, question, how


def _mail(town: int, public: UUID) -> SimulatedMail:
    with wall.within(town):
        return SimulatedMail.objects.get(public=public)


def _forwarded(town: int, kept: SimulatedQuestion, question: Question) -> int | None:
    """Lay the question into the mailbox of the first other town that knows the person; which town it is."""
    with wall.within(town):
        person = LinkageCode.objects.filter(code=question.code).values_list("addressee", flat=True).first()
        known = latest().filter(addressee=person).first()
    if known is None or not known.resident_code:
        return None
    others = Municipality.objects.filter(is_fictional=True).exclude(pk=town).order_by("pk")
    for other in others.values_list("pk", flat=True):
        if _laid(other, str(known.resident_code), question):
            with wall.within(town):
                kept.asked_town = other
                kept.save(update_fields=["asked_town"])
            return int(other)
    return None


def _laid(town: int, resident_code: str, question: Question) -> bool:
    with wall.within(town):
        record = ResidentRecord.objects.filter(resident_code=resident_code).order_by("-serial").first()
        if record is None:
            return False
        code, _is_new = LinkageCode.objects.get_or_create(
            addressee_id=record.addressee_id, defaults={"code": token_hex(16)}
        )
        body = write_question(replace(question, code=code.code)).decode()
        SimulatedMail.objects.get_or_create(public=question.public, defaults={"body": body, "received_at": clock.now()})
    return True


def _empty(question: Question, outcome: State) -> Reply:
    return Reply(question.public, question.town, outcome, OFFICE, None, {}, is_specimen=True)


def _made_up(question: Question, seed: str = "") -> Reply:
    """Items that nobody has recorded anywhere: the same each time for the same question."""
    kind = kinds()[question.kind]
    items: Items = {
        item.name: _value(item, int.from_bytes(sha256(f"{question.code}{item.name}{seed}".encode()).digest()[:4]))
        for item in items_of(question.kind).values() if not item.name.startswith("lost")
    }  # fmt: skip
    return Reply(question.public, question.town, State.ANSWERED, kind.office.ja, clock.today(), items, is_specimen=True)


def _value(item: Item, chance: int) -> str | int | bool:
    if item.name == "fiscal_year":
        return clock.today().year
    found: dict[str, str | int | bool] = {
        "yes_no": chance % 2 == 0, "yen": chance % 4_000 * 1_000, "number": chance % 4,
        "date": (clock.today() - timedelta(days=chance % 1_000)).isoformat(), "text": "見本",
    }  # fmt: skip
    return found[item.type]


def _played(how: Behaviour, question: Question) -> list[bytes]:
    reply = _made_up(question)
    told = {
        Behaviour.NOT_FOUND: [_empty(question, State.NOT_FOUND)],
        Behaviour.REFUSED: [_empty(question, State.REFUSED)],
        Behaviour.WITHHELD: [replace(reply, is_withheld=True)],
        Behaviour.TWICE: [reply, _made_up(question, "again")],
        Behaviour.SWAPPED: [replace(reply, public=uuid4())],
        Behaviour.WRONG_TOWN: [replace(reply, town=999_999)],
    }.get(how, [reply])
    if how == Behaviour.BROKEN:
        return [write_reply(reply)[:-9]]
    if how == Behaviour.HUGE:
        return [write_reply(replace(reply, office="見" * LARGEST))]
    return [write_reply(one) for one in told]
