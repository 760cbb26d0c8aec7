"""Two people decide, not one, and only once (二人目の決定の試験)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.models import Proposal
from municipal.office.operations import decide, propose

from .kinds import CLERK, OTHER_CLERK, Clerk


def proposed() -> Proposal:
    with wall.within(TOWN):
        return propose(actor=CLERK, act="tests.open", subject=55, payload={"record": 9})


def test_a_second_person_approves_and_both_are_in_the_audit(committed_db: str) -> None:
    made = proposed()
    with wall.within(TOWN):
        found = decide(actor=OTHER_CLERK, proposal=made.pk, is_approved=True)
    assert (found.is_approved, found.decided_by_id, found.act, found.payload) == (True, 8, "tests.open", {"record": 9})
    with wall.within(TOWN):
        trail = list(Entry.objects.order_by("seq").values_list("act", "actor_id", "subjects", "code"))
    assert trail == [("proposals.propose", 7, [55], "tests.open"), ("proposals.decide", 8, [55], "approved")]


def test_nobody_decides_what_they_proposed(committed_db: str) -> None:
    made = proposed()
    with wall.within(TOWN), pytest.raises(Refused, match="別の職員") as refused:
        decide(actor=CLERK, proposal=made.pk, is_approved=True)
    assert refused.value.code == "office_proposal_decided_by_another"
    with wall.within(TOWN):
        assert Proposal.objects.get().decided_at is None
        assert Entry.objects.count() == 1


def test_the_same_number_of_another_kind_is_another_person(committed_db: str) -> None:
    made = proposed()
    with wall.within(TOWN):
        found = decide(actor=Clerk(actor_kind="delegate"), proposal=made.pk, is_approved=False)
    assert found.is_approved is False


def test_a_decision_is_final(committed_db: str) -> None:
    made = proposed()
    with wall.within(TOWN):
        decide(actor=OTHER_CLERK, proposal=made.pk, is_approved=False)
    with wall.within(TOWN), pytest.raises(Refused) as refused:
        decide(actor=Clerk(actor_id=9), proposal=made.pk, is_approved=True)
    assert refused.value.code == "already_decided"


def test_of_two_who_decide_at_once_one_is_refused(committed_db: str) -> None:
    made = proposed()

    def one(number: int) -> str:
        try:
            with wall.within(TOWN):
                decide(actor=Clerk(actor_id=number), proposal=made.pk, is_approved=True)
            return "decided"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, (8, 9))) == ["already_decided", "decided"]


def test_another_towns_proposal_is_not_there(committed_db: str) -> None:
    made = proposed()
    with wall.within(OTHER_TOWN), pytest.raises(Refused) as refused:
        decide(actor=OTHER_CLERK, proposal=made.pk, is_approved=True)
    assert refused.value.code == "no_such_proposal"


@pytest.mark.parametrize(
    "change",
    [{"is_approved": False}, {"act": "tests.other"}, {"payload": {"record": 10}}, {"decided_by_id": 10}],
    ids=lambda change: next(iter(change)),
)
def test_the_database_itself_forbids_changing_a_decision(town: int, change: dict[str, object]) -> None:
    made = propose(actor=CLERK, act="tests.open", subject=55, payload={"record": 9})
    decide(actor=OTHER_CLERK, proposal=made.pk, is_approved=True)
    with pytest.raises(DatabaseError, match="only filled in once"), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(**change)


def test_the_database_itself_forbids_a_half_decision_and_removal(town: int) -> None:
    made = propose(actor=CLERK, act="tests.open", payload={})
    with pytest.raises(IntegrityError, match="office_proposal_decided_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(decided_at=clock.now())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Proposal.objects.all()._raw_delete("default")
