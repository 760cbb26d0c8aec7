"""Notices of other authorities: read, matched, taken in once, sent again (受信した通知の試験)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents.acts import unconfirmed
from municipal.residents.models import Received
from municipal.residents.notices import as_json, read
from municipal.residents.operations import close_received, decide, enter, preview, receive
from municipal.residents.received import COLUMNS, notice_of, waiting
from municipal.residents.tests.acting import (
    CHIEF,
    CLERK,
    ELSEWHERE,
    act,
    code,
    day,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)
from municipal.residents.tests.test_foreigners import comes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
ARRIVED = {
    "noticed_on": "2026-05-19", "sender": "見本市", "resident_code": code(1), "name": "甲野　太郎",
    "born_on": "1985-04-01",
    "event_on": "2026-05-16", "prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地",
}  # fmt: skip
RENEWED = {
    "noticed_on": "2026-05-18", "residence_card_number": "AB12345678CD", "name": "EXAMPLE ALICE",
    "event_on": "2026-05-15",
    "new_residence_card_number": "CD87654321EF", "stay_years": "5", "stay_expires_on": "2031-05-15",
}  # fmt: skip
BRINGS = {
    "noticed_on": "2026-05-10", "sender": "見本市", "resident_code": code(1), "name": "甲野　改名",
    "born_on": "1985-04-01",
    "sex": "1", "relationship": "世帯主", "domicile": "見本県見本市新町１番地", "register_head": "甲野　新",
    "planned_on": "2026-05-12", "prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地",
}  # fmt: skip


def file_of(kind: str, *lines: dict[str, str]) -> str:
    columns = COLUMNS[kind]
    rows = [",".join(columns.values()), *(",".join(line.get(name, "") for name in columns) for line in lines)]
    return "\r\n".join(rows)


def received(kind: str, *lines: dict[str, str]) -> list[Received]:
    return receive(actor=CLERK, kind=kind, text=file_of(kind, *lines))


def taken_in(row: Received, **changes: Any) -> Any:
    """Entered as a clerk enters it from the list, and decided."""
    said = replace(notice_of(row), **changes)
    said = said.confirming(*(alert.code for alert in unconfirmed(preview(said), said)))
    assert read(as_json(said)) == said
    return decide(actor=CHIEF, draft=enter(actor=CLERK, notice=said).pk)


def leavers() -> list[Any]:
    rows = people_of(act("move_in", people=family()))
    act("move_out", people=tuple(map(member, rows)), place={"city": "見本市"}, event_on=day(2026, 5, 17))
    return rows


@pytest.mark.clause(f"{V1}#4.1.3.1.2/m3", f"{V1}#4.1.3.1.2/m5")
def test_of_several_lines_about_one_person_the_newest_counts(town: int) -> None:
    leavers()
    older = ARRIVED | {"noticed_on": "2026-05-18", "city": "別市"}
    (kept,) = received("arrival", older, ARRIVED, older)
    assert (kept.said["city"], kept.noticed_on) == ("見本市", date(2026, 5, 19))
    assert list(waiting()) == [kept]


@pytest.mark.clause(f"{V1}#4.1.3.1.2/m4", f"{V1}#4.1.3.1.2/m6")
def test_a_line_that_is_sent_again_waits_again_and_corrects(town: int) -> None:
    rows = leavers()
    (first,) = received("arrival", ARRIVED)
    event = taken_in(first)
    assert (event.answers, event.basis) == (first, "municipality")
    assert newest(rows[0]).confirmed_destination_lot == "２番地"
    assert list(waiting()) == []
    (again,) = received("arrival", ARRIVED | {"noticed_on": "2026-05-20", "lot": "３番地"})
    assert list(waiting("arrival")) == [again]
    taken_in(again)
    assert newest(rows[0]).confirmed_destination_lot == "３番地"
    assert newest(rows[0]).arrival_notice_on == date(2026, 5, 20)
    assert list(waiting()) == []


def test_an_older_line_does_not_replace_a_newer_one_that_waits(town: int) -> None:
    leavers()
    (newer,) = received("arrival", ARRIVED)
    assert received("arrival", ARRIVED | {"noticed_on": "2026-05-01"}) == []
    (newest_line,) = received("arrival", ARRIVED | {"noticed_on": "2026-05-20"})
    assert list(waiting()) == [newest_line]
    newer.refresh_from_db()
    assert newer.closed_because


@pytest.mark.clause(f"{V1}#4.1.3.1.2/m2", f"{V1}#4.1.3.1.2/m5")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"lot": "〓番地"}, "番地: 文字化け"), ({"city": "\ufffd市"}, "市区町村: 文字化け"),
        ({"block": "町" * 301}, "町字: 桁あふれ"), ({"born_on": "いつか"}, "生年月日: 読取り不可"),
        ({"event_on": "2026-02-31"}, "転入年月日: 読取り不可"), ({}, ""),
    ],
)  # fmt: skip
def test_what_did_not_arrive_whole_is_listed_first_and_can_be_put_right(
    town: int, changes: dict[str, str], problem: str
) -> None:
    rows = leavers()
    (other,) = received("arrival", ARRIVED | {"resident_code": code(2), "noticed_on": "2026-05-01"})
    (row,) = received("arrival", ARRIVED | changes)
    assert row.problem == problem
    assert list(waiting()) == ([row, other] if problem else [other, row])
    taken_in(row, place=ELSEWHERE, event_on=day(2026, 5, 16))
    assert newest(rows[0]).confirmed_destination_block == "本通"


@pytest.mark.clause(f"{V1}#4.5.6/m1", f"{V1}#4.5.6/m4")
def test_a_renewal_is_taken_in_by_hand_however_old_the_notice(town: int) -> None:
    person = comes()
    (row,) = received("immigration", RENEWED | {"noticed_on": "2025-01-01"})
    assert row.addressee == person.addressee
    said = notice_of(row)
    assert (said.act, said.basis) == ("immigration_correction", "immigration")
    assert said.people[0].items == {
        "stay_years": 5, "stay_expires_on": date(2031, 5, 15), "residence_card_number": "CD87654321EF",
    }  # fmt: skip
    taken_in(row, notified_on=date(2026, 5, 18))
    assert (newest(person).residence_card_number, newest(person).stay_years) == ("CD87654321EF", 5)
    assert list(waiting()) == []


@pytest.mark.clause(f"{V1}#4.5.6/m3")
def test_before_it_is_written_a_notice_shows_what_changes(town: int) -> None:
    person = comes()
    (row,) = received("immigration", RENEWED)
    (change,) = preview(notice_of(row)).changes
    assert change.before is not None
    assert (change.before.stay_expires_on, change.after().stay_expires_on) == (date(2028, 4, 1), date(2031, 5, 15))
    assert newest(person).stay_expires_on == date(2028, 4, 1)
    assert list(waiting()) == [row]


@pytest.mark.clause(f"{V1}#4.5.6/m1")
def test_a_lost_status_removes(town: int) -> None:
    person = comes()
    (row,) = received("immigration", RENEWED | {"removal": "1"})
    assert taken_in(row).act == "immigration_removal"
    assert newest(person).status == "9"


@pytest.mark.clause(f"{V1}#4.1.1.2/m5", f"{V1}#4.1.1.3/m1", f"{V1}#4.1.1.3/m2")
def test_of_a_returner_the_certificate_counts_but_for_the_name(town: int) -> None:
    rows = people_of(act("move_in", people=(newcomer_said(),), event_on=day(2026, 5, 1)))
    act("move_out", people=tuple(map(member, rows)), place=ELSEWHERE, event_on=day(2026, 5, 8))
    (row,) = received("move_out", BRINGS)
    place = {"city": "架空市", "block": "松町", "lot": "５番地"}
    taken_in(row, event_on=day(2026, 5, 13), place=place)
    now = newest(rows[0])
    assert (now.addressee, now.name, now.status) == (rows[0].addressee, "甲野　太郎", "1")
    assert (now.domicile, now.register_head) == ("見本県見本市新町１番地", "甲野　新")
    assert (now.address_before_block, now.address_lot) == ("本通", "５番地")


@pytest.mark.clause(f"{V1}#4.1.1.3/m1", f"{V1}#4.1.1.3/m2")
def test_of_a_newcomer_everything_comes_from_the_certificate_and_can_be_corrected(town: int) -> None:
    (row,) = received("move_out", BRINGS)
    assert row.addressee is None
    said = notice_of(row)
    people = (replace(said.people[0], items={**said.people[0].items, "name": "甲野　正"}),)
    event = taken_in(row, people=people, event_on=day(2026, 5, 13), place={"city": "架空市", "block": "松町"})
    (now,) = people_of(event)
    assert (now.name, now.domicile, now.resident_code) == ("甲野　正", "見本県見本市新町１番地", code(1))


def test_a_line_is_taken_in_once_and_comes_back_when_that_is_cancelled(town: int) -> None:
    rows = leavers()
    (row,) = received("arrival", ARRIVED)
    event = taken_in(row)
    with pytest.raises(Refused) as refused:
        preview(notice_of(row))
    assert refused.value.code == "not_waiting"
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    assert list(waiting()) == [row]
    assert newest(rows[0]).arrival_notice_on is None


def test_a_line_is_not_taken_in_by_another_act(town: int) -> None:
    rows = people_of(act("move_in", people=family()))
    (row,) = received("arrival", ARRIVED)
    with pytest.raises(Refused) as refused:
        act("move_out", people=(member(rows[0]),), answers=row.pk, event_on=day(2026, 5, 18), place=ELSEWHERE)
    assert refused.value.code == "other_act"
    with pytest.raises(Refused) as refused:
        act("move_out", people=(member(rows[0]),), answers=10**9, event_on=day(2026, 5, 18), place=ELSEWHERE)
    assert refused.value.code == "not_waiting"


def test_what_needs_no_act_is_closed_with_a_reason_and_kept(town: int) -> None:
    (row,) = received("arrival", ARRIVED)
    with pytest.raises(Refused) as refused:
        close_received(actor=CLERK, received=row.pk, because=" ")
    assert refused.value.code == "reason_missing"
    close_received(actor=CLERK, received=row.pk, because="当市の住民ではない")
    assert list(waiting()) == []
    assert Received.objects.get(pk=row.pk).closed_because == "当市の住民ではない"
    with pytest.raises(Refused) as refused:
        close_received(actor=CLERK, received=row.pk, because="もう一度")
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("arrival", "", "no_column"), ("arrival", "氏名,通知年月日\r\n", "no_column"), ("fax", "", "invalid"),
        ("arrival", file_of("arrival", ARRIVED | {"resident_code": ""}), "no_subject"),
        ("arrival", file_of("arrival", ARRIVED | {"noticed_on": ""}), "no_subject"),
        ("arrival", file_of("arrival", ARRIVED | {"noticed_on": "2026-13-01"}), "no_subject"),
        ("arrival", file_of("arrival", *[ARRIVED] * 5001), "too_long"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_leaves_nothing(town: int, kind: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        receive(actor=CLERK, kind=kind, text=text)
    assert refused.value.code == code
    assert not Received.objects.exists()
