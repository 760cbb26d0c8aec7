"""Cases that every register is asked about, told day by day (よくある事例の試験)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.operations import preview, remove_announced
from municipal.residents.tests.acting import (
    CLERK,
    ELSEWHERE,
    PLACE,
    act,
    code,
    day,
    entered,
    family,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
NOBODY_YET: dict[str, Any] = {"name": "", "name_kana": "", "sex": "2", "relationship": "子", "resident_code": code(90)}


@contextmanager
def on(month: int, of_month: int, hour: int = 10) -> Iterator[None]:
    """A day of 2026."""
    with clock.stopped_at(datetime(2026, month, of_month, hour, tzinfo=clock.TOKYO)):
        yield


def arrived_in_spring() -> list[Any]:
    with on(5, 20):
        return people_of(act("move_in", people=family()))


def as_of(row: Any, *of_2026: int) -> ResidentRecord:
    """The record that held on a day, as known now."""
    held = inquiry.as_of(row.addressee, valid_on=date(2026, *of_2026), known_at=clock.now() + timedelta(seconds=1))
    assert held is not None
    return held


@pytest.mark.clause(f"{V1}#4.1.3.0.1/m1", f"{V1}#1.1.5/m1")
def test_case_1_a_move_out_is_planned_for_30_november(town: int) -> None:
    """A copy on the 29th is of a resident and says no departure; on the 30th the record is removed."""
    rows = arrived_in_spring()
    with on(11, 20):
        act("move_out", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 11, 30))
    with on(11, 29, 16):
        assert remove_announced(actor=CLERK) == []
        now = newest(rows[0])
        assert (now.status, now.removed_on, now.move_out_planned_on) == ("1", None, date(2026, 11, 30))
        assert as_of(rows[0], 11, 29).status == "1"
    with on(11, 30, 8):
        assert len(remove_announced(actor=CLERK)) == 1
        assert [(newest(one).status, newest(one).removed_on) for one in rows] == [("2", day(2026, 11, 30))] * 4
        assert (as_of(rows[0], 11, 29).status, as_of(rows[0], 11, 30).status) == ("1", "2")


@pytest.mark.clause(f"{V1}#4.1.3.1.1/m1", f"{V1}#4.1.3.1.1/m2", f"{V1}#1.1.5/m1")
@pytest.mark.parametrize("told_on", [27, 30, 10])
def test_case_2_the_arrival_on_the_25th_is_notified_later(town: int, told_on: int) -> None:
    """The record is removed as of the 25th, whether the notice comes before, on or after the planned day; both stay."""
    rows = arrived_in_spring()
    with on(11, 20):
        act("move_out", people=tuple(map(member, rows)), place={"city": "見本市"}, event_on=day(2026, 11, 30))
    with on(12 if told_on == 10 else 11, told_on):
        remove_announced(actor=CLERK)
        arrived = {"people": tuple(map(member, rows)), "place": ELSEWHERE, "basis": "municipality"}
        act("arrival_notice", **arrived, event_on=day(2026, 11, 25))
        now = newest(rows[0])
        assert (now.status, now.removed_on) == ("2", day(2026, 11, 25))
        assert (now.move_out_planned_on, now.move_out_confirmed_on) == (date(2026, 11, 30), date(2026, 11, 25))
        assert (now.planned_destination_block, now.confirmed_destination_block) == ("", "本通")
        assert now.arrival_notice_on == clock.today()
        assert [as_of(rows[0], 11, of_month).status for of_month in (24, 25, 30)] == ["1", "2", "2"]


@pytest.mark.clause(f"{V1}#4.1.1.2/m1", f"{V1}#4.1.1.2/m3", f"{V1}#4.1.1.2/m4")
def test_case_4_a_returner_is_found_by_number(town: int) -> None:
    """A new entry is blocked; chosen as somebody who comes back, the person has the same addressee number."""
    rows = arrived_in_spring()
    with on(6, 10):
        act("move_out", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 6, 5))
    with on(9, 10):
        with pytest.raises(Refused) as refused:
            entered("move_in", people=(newcomer_said("甲野　改姓"),), event_on=day(2026, 9, 5))
        assert refused.value.code == "returning_by_number"
        assert refused.value.values["number"] == rows[0].addressee.number
        back = member(rows[0], relationship="世帯主")
        act("move_in", people=(back,), event_on=day(2026, 9, 5))
        now = newest(rows[0])
        assert (now.addressee_id, now.status, now.name) == (rows[0].addressee_id, "1", "甲野　太郎")
        assert (now.became_resident_on, now.removed_on, now.move_out_planned_on) == (day(2026, 9, 5), None, None)


@pytest.mark.clause(f"{V1}#4.6.0.1/m4", f"{V1}#4.6.0.1/m8")
def test_case_5_a_departure_is_cancelled_after_the_arrival_notice(town: int) -> None:
    """Departure, removal and arrival go together; everybody is a resident again, and the history keeps it all."""
    rows = arrived_in_spring()
    with on(6, 1):
        left = act("move_out", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 6, 10))
    with on(6, 12):
        remove_announced(actor=CLERK)
        act("arrival_notice", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 6, 8))
    with on(6, 15):
        act("cancellation", cancels=left.pk, event_on=day(2026, 6, 15), basis="application")
        for was in rows:
            now = newest(was)
            assert (now.status, now.reason) == ("1", "cancellation_adding")
            assert (now.move_out_planned_on, now.move_out_confirmed_on, now.arrival_notice_on) == (None, None, None)
            assert (now.relationship, now.head_name, now.address_lot) == (
                was.relationship, was.head_name, was.address_lot,
            )  # fmt: skip
            assert as_of(was, 6, 9).status == "1"
            reasons = ResidentRecord.objects.filter(addressee=was.addressee).order_by("serial").values_list("reason")
            assert [one for (one,) in reasons][:2] == ["move_in", "move_out"]
            assert inquiry.as_of(
                was.addressee, valid_on=date(2026, 6, 9), known_at=clock.now() - timedelta(days=1)
            ).status == "2"  # type: ignore[union-attr]  # fmt: skip


@pytest.mark.clause(f"{V1}#4.1.3.0.1/m2", f"{V1}#4.1.3.0.3/m2", f"{V1}#4.1.0.2/m1")
@pytest.mark.parametrize(
    ("filed_on", "document", "basis"),
    [(16, "move_out_certificate", "notice"), (17, "equivalent_certificate", "ex_officio")],
)
def test_case_6_moved_on_the_2nd_and_filed_late(town: int, filed_on: int, document: str, basis: str) -> None:
    """Filed on the 16th a certificate, on the 17th ex officio with the equivalent; ex officio has no filing day."""
    rows = arrived_in_spring()
    with on(11, filed_on):
        event = act("move_out", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 11, 2))
        assert (event.document, event.basis) == (document, basis)
        assert newest(rows[0]).notified_on == (date(2026, 11, filed_on) if basis == "notice" else None)
        assert newest(rows[0]).removed_on == day(2026, 11, 2)


@pytest.mark.clause(f"{V1}#4.5.3/m1", f"{V1}#4.5.3/m2", f"{V1}#4.5.3/m3", f"{V1}#4.5.3/m4")
def test_case_7_a_naturalisation_is_no_migration(town: int) -> None:
    """Same number, same household, same days; the kind changes, and nobody came or went from elsewhere."""
    foreign: dict[str, Any] = {
        "kind": "2", "nationality": "例示国", "article30_45_class": "special_permanent", "domicile": "",
        "residence_card_number": "AB12345678CD", "became_foreign_resident_on": day(2012, 7, 9), "register_head": "",
    }  # fmt: skip
    with on(5, 20):
        was = people_of(act("move_in", people=(newcomer_said("EXAMPLE ALICE", **foreign),)))[0]
    said = member(was, name="例示　愛", domicile="架空県架空市松町１番地", register_head="例示　愛")
    with on(6, 12):
        event = act("naturalisation", people=(said,), event_on=day(2026, 6, 10), basis="family_register")
        now = newest(was)
        assert (now.addressee_id, now.household_id, now.resident_code) == (
            was.addressee_id, was.household_id, was.resident_code,
        )  # fmt: skip
        assert (now.kind, now.became_resident_on, now.address_set_on) == ("1", day(2012, 7, 9), was.address_set_on)
        reasons = list(ResidentRecord.objects.filter(event=event).order_by("serial").values_list("reason", flat=True))
        assert reasons == ["deletion_by_naturalisation", "entry_by_naturalisation"]
        assert (as_of(was, 6, 9).kind, as_of(was, 6, 10).kind) == ("2", "1")


@pytest.mark.clause(f"{V1}#4.1.0.1/m3")
def test_case_8_a_newborn_without_a_name_moves_in_with_the_parents(town: int) -> None:
    """One notice, one reason: the move-in. The name stays blank, and the child stands last."""
    with on(11, 20):
        parents = family()[:2]
        baby = newcomer_said(**{**NOBODY_YET, "born_on": day(2026, 11, 12)})
        rows = people_of(act("move_in", people=(baby, *parents), event_on=day(2026, 11, 16), place=PLACE))
        assert [(row.name, row.member_order, row.reason) for row in rows] == [
            ("甲野　太郎", 1, "move_in"), ("甲野　花子", 2, "move_in"), ("", 3, "move_in"),
        ]  # fmt: skip
        assert rows[2].entry_reason == "move_in"
        named = member(rows[2], name="甲野　新", name_kana="コウノ　アラタ")
        act("correction_ex_officio", people=(named,), event_on=day(2026, 11, 18), basis="family_register")
        assert newest(rows[2]).name == "甲野　新"


@pytest.mark.clause(f"{V1}#4.1.0.1/m3")
@pytest.mark.parametrize("born_on", [day(2025, 11, 15), day(1990, 1, 1)])
def test_case_8_nobody_older_than_a_year_is_without_a_name(town: int, born_on: Any) -> None:
    with on(11, 20), pytest.raises(Refused) as refused:
        preview(
            notice("move_in", people=(newcomer_said(**{**NOBODY_YET, "born_on": born_on}),), event_on=day(2026, 11, 16))
        )
    assert (refused.value.field, refused.value.code) == ("name", "missing")
