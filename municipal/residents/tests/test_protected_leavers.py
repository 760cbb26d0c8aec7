"""Named case 10: a protected person leaves, the former spouse asks for the removed record (支援措置の転出の試験)."""

from datetime import date, datetime
from typing import Any

import pytest

from municipal.addressees.measures import case, standing_of
from municipal.addressees.models import MeasureStatus
from municipal.addressees.operations import apply_for_measure, name_perpetrator, start_measure
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.operations import remove_announced
from municipal.residents.suppression import EVENT, ISSUE, decide

from .acting import ACTS_ON, CLERK, ELSEWHERE, act, child, day, member, newcomer_said, people_of


def on(month: int, of_month: int, year: int = 2026) -> Any:
    return clock.stopped_at(datetime(year, month, of_month, 10, tzinfo=clock.TOKYO))


@pytest.fixture
def woman(town: int) -> Any:
    """She and a child have been under a measure since 20 May 2026; the former spouse lives in town."""
    with clock.stopped_at(ACTS_ON):
        said = (newcomer_said("丙山　澪", serial=31, sex="2"), child("丙山　陽", serial=32))
        rows = people_of(act("move_in", people=said))
        him = people_of(act("move_in", people=(newcomer_said("乙田　太郎", serial=33),)))[0]
        joined = [(rows[1].addressee, "子")]
        applied = {"kind": "violence", "applied_on": clock.today()}
        number = apply_for_measure(actor=CLERK, applicant=rows[0].addressee, said=applied, joined=joined).number
        name_perpetrator(actor=CLERK, number=number, name="乙田　太郎", addressee=him.addressee)
        start_measure(actor=CLERK, number=number, starts_on=clock.today())
    return rows[0]


def leaves(row: ResidentRecord, planned: int) -> None:
    members = [member(ResidentRecord.objects.get(pk=_newest(one))) for one in _home(row)]
    act("move_out", people=tuple(members), event_on=day(2026, 6, planned), place=ELSEWHERE)


def _home(row: ResidentRecord) -> list[dict[str, Any]]:
    return inquiry.members(row.household)


def _newest(found: dict[str, Any]) -> int:
    return int(ResidentRecord.objects.filter(addressee=found["addressee_id"]).latest("serial").pk)


@pytest.mark.clause("resident-record/1.0#3.4/m11", "resident-record/1.0#3.4/m1", "resident-record/1.0#3.1/m8")
@pytest.mark.parametrize("planned", [10, 25], ids=["left already", "leaves later"])
def test_case_10_the_removed_record_of_a_protected_person_is_refused_for_ever(
    woman: ResidentRecord, planned: int
) -> None:
    ids = [one["addressee_id"] for one in _home(woman)]
    with on(6, 15):
        leaves(woman, planned)
        if planned == 25:
            assert standing_of(ids)[ids[0]].status == MeasureStatus.RUNNING
    with on(6, 25):
        remove_announced(actor=CLERK)
        standing = standing_of(ids)
        assert {one.status for one in standing.values()} == {MeasureStatus.PROVISIONAL}
        assert case(standing[ids[0]].measure).step == "left_town"
    for year in (2026, 2027, 2040):
        # Past 19 May 2027 the period has ended; nobody ended the measure.
        with on(12, 1, year):
            for person in ids:
                with pytest.raises(Refused, match="仮支援措置の対象者") as refused:
                    decide(ISSUE, [person]).refuse_errors()
                assert "見本市" not in str(refused.value)
                assert inquiry.rows([person])[0]["is_protected"]
    told = [one.payload for one in OutboxEvent.objects.filter(topic="addressees.measure").order_by("pk")]
    assert [one["step"] for one in told][-1] == "left_town"


@pytest.mark.clause("resident-record/1.0#3.4/m11")
def test_who_moves_within_the_town_keeps_the_running_measure(woman: ResidentRecord) -> None:
    with on(6, 15):
        people = tuple(member(ResidentRecord.objects.get(pk=_newest(one))) for one in _home(woman))
        act("move_within", people=people, event_on=day(2026, 6, 10), place={"block": "梅町", "lot": "３番地"} | CITY)
        assert standing_of([woman.addressee_id])[woman.addressee_id].status == MeasureStatus.RUNNING
        assert {one.level for one in decide(EVENT, [woman.addressee_id]).grounds} == {"alert"}


CITY = {"municipality_code": "990019", "prefecture": "架空県", "city": "架空市", "postal_code": "9990001"}


def test_the_start_of_a_measure_is_not_the_end_of_another_persons(woman: ResidentRecord) -> None:
    with on(6, 15):
        other = people_of(act("move_in", people=(newcomer_said("丁野　一", serial=41),)))[0]
        said = {"kind": "stalking", "applied_on": date(2026, 6, 15)}
        apply_for_measure(actor=CLERK, applicant=other.addressee, said=said)
        found = standing_of([woman.addressee_id, other.addressee_id])
    assert found[woman.addressee_id].status == MeasureStatus.RUNNING
    assert found[other.addressee_id].status == MeasureStatus.PROVISIONAL
