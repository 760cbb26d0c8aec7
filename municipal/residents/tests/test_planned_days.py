"""Planned, filed, arrived, notified in every order: what the record says then (転出の予定と確定の例の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents import inquiry
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import CLERK, ELSEWHERE, act, day, member, newcomer_said, newest, people_of
from municipal.residents.tests.examples import rows_of

pytestmark = pytest.mark.django_db
ROWS = rows_of("planned_days.csv")
STATES = {"1": "住民", "2": "転出者"}
DOCUMENTS = {"move_out_certificate": "転出証明書", "equivalent_certificate": "転出証明書に準ずる証明書"}
BASES = {"notice": "届出", "ex_officio": "職権"}


def on(text: str) -> Any:
    """Ten in the morning of that day, after the removals of the night."""
    found = date.fromisoformat(text)
    return clock.stopped_at(datetime(found.year, found.month, found.day, 10, tzinfo=clock.TOKYO))


def exact(text: str) -> RegisterDate:
    return RegisterDate.exact(date.fromisoformat(text))


def played(row: dict[str, str]) -> Any:
    """A resident who leaves as the row says; the act by which the leaving was entered, and the person."""
    with on("2026-10-15"):
        person = people_of(act("move_in", people=(newcomer_said(),), event_on=day(2026, 10, 1)))[0]
    with on(row["届出日"]):
        left = act("move_out", people=(member(person),), place=ELSEWHERE, event_on=exact(row["転出予定日"]))
    if row["転入通知日"] and row["転入通知日"] <= row["照会日"]:
        with on(row["転入通知日"]):
            remove_announced(actor=CLERK)
            arrived = {"people": (member(person),), "place": ELSEWHERE, "basis": "municipality"}
            act("arrival_notice", **arrived, event_on=exact(row["転入日"]))
    return left, person


@pytest.mark.clause(
    "resident-record/1.0#1.1.5/m1", "resident-record/1.0#4.1.3.0.1/m1", "resident-record/1.0#4.1.3.0.1/m2",
    "resident-record/1.0#4.1.3.1.1/m1", "resident-record/1.0#4.1.3.1.1/m2",
)  # fmt: skip
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["番号"])
def test_a_row_of_the_table_is_what_the_record_says(town: int, row: dict[str, str]) -> None:
    left, person = played(row)
    with on(row["照会日"]):
        remove_announced(actor=CLERK)
        now = newest(person)
        removed_on = now.removed_on.shown() if now.removed_on else ""
        assert {
            "交付する書類": DOCUMENTS[left.document], "根拠": BASES[left.basis], "状態": STATES[now.status],
            "消除日": removed_on, "転出予定年月日": str(now.move_out_planned_on or ""),
            "転出年月日（確定）": str(now.move_out_confirmed_on or ""),
        } == {
            **{name: row[name] for name in ("交付する書類", "根拠", "状態", "転出予定年月日", "転出年月日（確定）")},
            "消除日": exact(row["消除日"]).shown() if row["消除日"] else "",
        }  # fmt: skip
        if row["消除の前日"]:
            known = {"known_at": clock.now() + timedelta(seconds=1)}
            days = [date.fromisoformat(row[name]) for name in ("消除の前日", "消除日")]
            held = [inquiry.as_of(now.addressee, valid_on=one, **known) for one in days]
            assert [one.status for one in held if one] == ["1", "2"]


def test_the_table_has_sixty_rows_and_every_order() -> None:
    assert len(ROWS) >= 60
    orders = {
        tuple(sorted((row[name], name) for name in ("転出予定日", "届出日", "転入日", "転入通知日") if row[name]))
        for row in ROWS
    }
    assert len({tuple(name for _, name in order) for order in orders}) >= 9
