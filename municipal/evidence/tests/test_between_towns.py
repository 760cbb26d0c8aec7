"""Two towns of one installation ask each other, from the real register (自治体間の情報連携の試験)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.evidence.exchanges import exchanges_of
from municipal.evidence.models import EvidenceRequest, IncomingQuestion, SimulatedMail
from municipal.evidence.operations import attend
from municipal.municipalities import wall

from .acting import NOON, after, asked, beats, played, resident
from .test_protected import insured

CODE = "99900000028"


def at_once(person: Addressee) -> int:
    try:
        with clock.stopped_at(NOON), wall.within(TOWN):
            return asked(person, "care").pk
    finally:
        connections.close_all()


def test_the_former_town_answers_from_its_register(committed_db: str) -> None:
    with wall.within(OTHER_TOWN):
        there = insured(resident_code=CODE, address_city="模擬町", status="1")
    with wall.within(TOWN):
        here = resident(resident_code=CODE)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(at_once, [here] * 4))) == 1
    beats(2)
    with wall.within(TOWN):
        found = EvidenceRequest.objects.get()
        assert found.state == "pending"
    with clock.stopped_at(NOON):
        attend(town=OTHER_TOWN)
    with wall.within(OTHER_TOWN):
        asked_there = IncomingQuestion.objects.get()
        assert (asked_there.subject, asked_there.state, asked_there.asker) == (there, "answered", "架空市")
        entry = Entry.objects.get(act="evidence.take_question", kind="disclosure")
        assert (entry.subjects, entry.fields) == ([there.pk], ["qualified_on"])
        assert "介護" in exchanges_of(there)[0].what.ja
        assert not SimulatedMail.objects.filter(reply="").exists()
    beats(3)
    with wall.within(TOWN):
        done = after(found)
        assert (done.state, done.office, done.as_of) == ("answered", "模擬町", NOON.date())
        assert done.answer == {"qualified_on": "2020-04-01"}
        assert not done.is_specimen


def test_who_lived_in_no_other_town_is_not_found(committed_db: str) -> None:
    with clock.stopped_at(NOON), wall.within(TOWN):
        found = asked(resident(resident_code=CODE), "care")
        played("income", "answer", polls=3)
        slow = asked(resident(resident_code="99900000010"), "income", reference="2")
    beats(2)
    with wall.within(TOWN):
        assert after(found).state == "not_found"
        # Whoever was asked later may answer first.
        assert after(slow).state == "pending"


@pytest.mark.parametrize("town", [TOWN, OTHER_TOWN])
def test_a_town_sees_the_questions_of_no_other(committed_db: str, town: int) -> None:
    with wall.within(TOWN):
        asked(resident())
    with wall.within(town):
        assert EvidenceRequest.objects.count() == (1 if town == TOWN else 0)
