"""What goes wrong between offices changes nothing twice and nothing half (情報連携の不具合の試験)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.evidence.models import EvidenceRequest, SimulatedQuestion
from municipal.evidence.operations import CAME, CLOCK, SERVER, ask, attend, expire, learn, note_sent, use
from municipal.evidence.operations.attending import _written
from municipal.evidence.rules.payloads import Reply, write_reply
from municipal.evidence.rules.states import State
from municipal.evidence.server import ServerDown
from municipal.evidence.simulator import Simulator
from municipal.office.models import OutboxEvent

from .acting import CLERK, NOON, after, asked, beats, played, resident

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def reply(request: EvidenceRequest, **said: Any) -> bytes:
    usual: dict[str, Any] = {
        "public": request.public, "town": TOWN, "outcome": State.ANSWERED, "office": "模擬町", "as_of": NOON.date(),
        "items": {"total_income": 1_000},
    }  # fmt: skip
    return write_reply(Reply(**usual | said))


def sent(kind: str = "income") -> EvidenceRequest:
    made = asked(resident(), kind)
    return note_sent(actor=CLOCK, request=made.pk, receipt="r1")


def told() -> int:
    return OutboxEvent.objects.filter(topic=CAME).count()


def test_an_answer_that_comes_twice_counts_once() -> None:
    found = sent()
    learn(actor=SERVER, request=found.pk, bodies=[reply(found), reply(found, items={"total_income": 9})])
    learn(actor=SERVER, request=found.pk, bodies=[reply(found, outcome=State.NOT_FOUND)])
    assert (after(found).state, after(found).answer) == ("answered", {"total_income": 1_000})
    assert told() == 1


def test_the_simulator_that_answers_twice_is_believed_once() -> None:
    played("income", "twice")
    found = asked(resident())
    beats(4)
    first = after(found).answer
    beats(2)
    assert first is not None
    assert after(found).answer == first
    assert after(found).steps.filter(state="answered").count() == told() == 1


def test_what_comes_after_the_time_is_over_counts_for_nothing() -> None:
    found = sent()
    with clock.stopped_at(found.answer_by):
        attend(town=TOWN)
    assert after(found).state == "expired"
    learn(actor=SERVER, request=found.pk, bodies=[reply(found)])
    late = after(found)
    assert (late.state, late.answer, late.office) == ("expired", None, "")
    assert late.steps.latest("number").code == "late"


def test_who_never_answers_is_waited_for_until_the_day_and_no_longer() -> None:
    played("income", "never")
    found = asked(resident())
    beats(20)
    assert (after(found).state, after(found).polls) == ("pending", 19)
    with clock.stopped_at(NOON + timedelta(days=7)):
        attend(town=TOWN)
    assert (after(found).state, after(found).outcome) == ("expired", "expired")


@pytest.mark.parametrize(("behaviour", "code"), [
    ("swapped", "misdelivered"), ("wrong_town", "misdelivered"), ("broken", "unreadable"), ("huge", "unreadable"),
])  # fmt: skip
def test_a_reply_of_another_question_or_none_at_all_is_kept_nowhere(behaviour: str, code: str) -> None:
    played("income", behaviour)
    found = asked(resident())
    beats(3)
    open_one = after(found)
    assert (open_one.state, open_one.answer, open_one.office, told()) == ("sent", None, "", 0)
    beats(2, NOON + timedelta(hours=6))
    assert (after(found).state, after(found).code) == ("refused", code)
    assert after(found).answer is None


def test_a_good_reply_among_bad_ones_is_found() -> None:
    found = sent()
    learn(actor=SERVER, request=found.pk, bodies=[b"{", reply(found, town=OTHER_TOWN), reply(found)])
    assert after(found).state == "answered"


def test_an_unknown_receipt_is_a_server_that_does_not_answer() -> None:
    found = sent()
    with pytest.raises(ServerDown):
        Simulator().status(TOWN, "r1")
    attend(town=TOWN)
    assert (after(found).state, after(found).attempts) == ("sent", 1)
    assert after(found).next_at > NOON


def test_a_server_that_is_away_is_asked_again_less_and_less_often() -> None:
    played("income", "down")
    found, waits = asked(resident()), []
    for _ in range(9):
        at = after(found).next_at
        with clock.stopped_at(at):
            attend(town=TOWN)
        waits.append((after(found).next_at - at).total_seconds())
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert after(found).state == "created"
    played("income", "answer")
    beats(2, NOON + timedelta(hours=6))
    assert after(found).state == "answered"


def test_a_worker_that_dies_between_sending_and_noting_asks_once() -> None:
    """The server took the question, the note of it was lost: the next beat sends it again under the same number."""
    found = asked(resident())
    receipt = Simulator().register(TOWN, found.public, _written(TOWN, found))
    beats(2)
    assert (after(found).receipt, after(found).state) == (receipt, "answered")
    assert SimulatedQuestion.objects.count() == 1


def test_asking_again_is_the_same_question_until_it_failed() -> None:
    person = resident()
    found = asked(person)
    assert asked(person).pk == found.pk
    expire(actor=CLERK, request=found.pk)
    assert asked(person).pk != found.pk


def test_without_a_server_nothing_is_asked(settings: Any) -> None:
    person = resident()
    settings.KIJUN_LINKAGE_SERVER = ""
    with pytest.raises(Refused) as said:
        asked(person)
    assert said.value.code == "no_server"
    attend(town=TOWN)
    assert not EvidenceRequest.objects.exists()


def test_an_outcome_is_used_once_and_never_before_it_came() -> None:
    found = sent()
    with pytest.raises(Refused) as said:
        use(actor=CLERK, request=found.pk)
    assert said.value.code == "not_answered"
    learn(actor=SERVER, request=found.pk, bodies=[reply(found)])
    for _ in range(2):
        assert use(actor=CLERK, request=found.pk).state == "used"
    assert after(found).steps.filter(state="used").count() == 1


def broken(request: EvidenceRequest, **changes: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceRequest.objects.filter(pk=request.pk).update(**changes)


def test_the_database_itself_knows_what_follows_what() -> None:
    found = asked(resident())
    for state in ("answered", "used", "disclosed", "pending"):
        broken(found, state=state, outcome="answered", answered_at=NOON)
    sent_one = note_sent(actor=CLOCK, request=found.pk, receipt="r1")
    learn(actor=SERVER, request=found.pk, bodies=[reply(sent_one)])
    broken(found, answer={"total_income": 5})
    broken(found, as_of=date(2020, 1, 1))
    broken(found, receipt="r2")
    broken(found, state="sent")
    broken(found, law="")


def test_every_exchange_is_a_disclosure_with_its_subject_purpose_and_basis() -> None:
    person = resident()
    found = note_sent(actor=CLOCK, request=asked(person).pk, receipt="r1")
    learn(actor=SERVER, request=found.pk, bodies=[reply(found)])
    # The audit is written when the door closes: what waits to be written is asked for.
    from municipal.audit.operations import _queue

    drafts = [one for one in _queue().alive() if person.pk in one.subjects]
    shown = [one for one in drafts if one.kind == "disclosure"]
    assert [(one.act, one.fields) for one in shown] == [("evidence.learn", ("total_income",))]
    assert shown[0].purpose.startswith(
        "child-allowance 行政手続における特定の個人を識別するための番号の利用等に関する法律"
    )
    assert {one.act for one in drafts} >= {"evidence.ask", "evidence.note_sent", "evidence.learn"}
    assert Entry.objects.filter(act="evidence.learn").count() == 0


def test_nothing_but_a_code_names_the_person_outside() -> None:
    """番号法: the individual number does not leave; neither does anything else that we call the person by."""
    person = resident()
    body = _written(TOWN, asked(person)).decode()
    for word in (f'"{person.number}"', "甲野", "花子", "コウノ", "99900000002", "松町", "1985"):
        assert word not in body, word
    assert asked(resident(resident_code="99900000010"), reference="2").subject_id != person.pk


def test_the_operation_of_asking_needs_a_basis(monkeypatch: Any) -> None:
    from municipal.evidence.kinds import Wanted, kinds
    from municipal.procedures.catalogue import Basis

    person, none = resident(), Basis("", "", "unverified")
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(
            actor=CLERK, subject=person, wanted=Wanted(kinds()["income"], (), (), none), procedure="x", reference="1"
        )  # fmt: skip
