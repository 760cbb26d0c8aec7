"""Changing addresses in bulk, and what must not exist beside it (住所一括変更の試験)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import get_resolver

from municipal.addressees.operations import protect
from municipal.audit.operations import operations
from municipal.batches.exports import domiciles_like, households_of, results_of
from municipal.batches.models import AddressChange, AddressChangeRow
from municipal.batches.operations import order_final, order_trial
from municipal.batches.rules import read_changes
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.office import jobs
from municipal.office.models import OutboxEvent
from municipal.residents.models import Period, ResidentRecord
from municipal.residents.tests.acting import CLERK, act, entered, family, member, people_of

from .changing import DAY, NEW, NOVEMBER, OLD, file_of, run, taken


@pytest.fixture
def november(town: int) -> Iterator[int]:
    with clock.stopped_at(NOVEMBER):
        yield town


def newest(row: ResidentRecord) -> Any:
    return ResidentRecord.objects.filter(addressee=row.addressee).order_by("-serial")[0]


def tried(change: AddressChange) -> AddressChange:
    run(order_trial(actor=CLERK, change=change.pk))
    change.refresh_from_db()
    return change


@pytest.mark.clause("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4")
def test_a_household_has_its_new_address_from_the_day_on_and_nobody_moved(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    number = people[0].household.number
    change = tried(taken((number, *OLD, *NEW)))
    assert [newest(one).address_block for one in people] == ["松町"] * 4
    assert change.trial is not None
    assert (change.trial.state, change.trial.done, change.trial.errors) == ("done", 1, 0)
    run(order_final(actor=CLERK, change=change.pk))
    for one in people:
        now = newest(one)
        assert (now.address_block, now.address_lot, now.address_postal_code) == ("青葉一丁目", "2番3号", "0000101")
        assert (now.reason, now.event_on) == ("minor_correction", RegisterDate.exact(DAY))
        assert (now.address_set_on, now.became_resident_on) == (one.address_set_on, one.became_resident_on)
        assert now.lot_in_digits == "00002000030000000000"
        assert now.address_within_before_block == one.address_within_before_block
        valid = Period.objects.get(addressee=one.addressee, recorded__endswith=None, valid__endswith=None).valid
        assert valid.lower == DAY
        # As of the day before, the old name still answers.
        before: Any = Period.objects.get(
            addressee=one.addressee, recorded__endswith=None, valid__contains=date(2026, 11, 15)
        )
        assert before.record.address_block == "松町"
    row = AddressChangeRow.objects.get()
    assert (row.outcome, row.event is not None and row.event.act) == ("done", "address_renumbering")
    assert "変更した" in results_of(change).decode()


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_a_domicile_changes_by_addressee_number(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    before = people[0].domicile
    change = tried(taken((people[0].addressee.number, before, "見本県見本市新本通２番地"), kind="domicile"))
    run(order_final(actor=CLERK, change=change.pk))
    assert newest(people[0]).domicile == "見本県見本市新本通２番地"
    assert newest(people[1]).domicile == before


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_the_network_is_told_of_a_minor_correction_by_itself(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    change = tried(taken((people[0].household.number, *OLD, *NEW)))
    assert not OutboxEvent.objects.filter(topic="residents.renumbered").exists()
    run(order_final(actor=CLERK, change=change.pk))
    told = OutboxEvent.objects.get(topic="residents.renumbered")
    assert told.payload["reason"] == "minor_correction"
    assert told.payload["sends"] == "identification:supplement:mailing"
    assert sorted(told.subjects) == sorted(one.addressee_id for one in people)


def left_out(change: AddressChange) -> str:
    assert change.trial is not None
    return "".join(change.trial.error_rows.values_list("sentence", flat=True))


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_who_differs_is_leaving_or_is_being_entered_is_left_out_with_a_reason(november: int) -> None:
    differing = people_of(act("move_in", people=family()))
    assert "変更前の住所と違います" in left_out(
        tried(taken((differing[0].household.number, "竹町", *OLD[1:], *NEW)))
    )  # fmt: skip
    assert "現在の住民はいません" in left_out(tried(taken(("999999999999999", *OLD, *NEW))))
    entered(
        "correction_ex_officio", basis="ex_officio", event_on=RegisterDate.exact(date(2026, 11, 18)), notified_on=None,
        people=(member(differing[0], name_kana="コウノ　タロー"),),
    )  # fmt: skip
    change = tried(taken((differing[0].household.number, *OLD, *NEW)))
    assert "仮登録中の異動があります" in left_out(change)
    run(order_final(actor=CLERK, change=change.pk))
    assert [newest(one).address_block for one in differing] == ["松町"] * 4
    assert AddressChangeRow.objects.get(change=change).outcome == "left_out"


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_who_has_announced_to_leave_is_left_out(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    act(
        "move_out", people=tuple(member(one) for one in people), event_on=RegisterDate.exact(date(2026, 11, 29)),
        place={"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地"},
    )  # fmt: skip
    assert "転出を予定している" in left_out(tried(taken((people[0].household.number, *OLD, *NEW))))


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_the_final_run_comes_after_the_trial_on_its_day_and_once(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    row = (people[0].household.number, *OLD, *NEW)
    with pytest.raises(Refused) as refused:
        order_final(actor=CLERK, change=taken(row).pk)
    assert refused.value.code == "trial_first"
    with pytest.raises(Refused) as refused:
        order_final(actor=CLERK, change=tried(taken(row, day=date(2026, 12, 1))).pk)
    assert refused.value.code == "before_its_day"
    change = tried(taken(row))
    order_final(actor=CLERK, change=change.pk)
    for again in (order_final, order_trial):
        with pytest.raises(Refused) as refused:
            again(actor=CLERK, change=change.pk)
        assert refused.value.code == "already_final"
    with pytest.raises(Refused) as refused:
        order_trial(actor=CLERK, change=10**9)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "見出し"),
        (b"\xff\xfe", "UTF-8"),
        (file_of(), "行がありません"),
        (file_of(("12", *OLD)), "列の数"),
        (file_of(("abc", *OLD, *NEW)), "15桁まで"),
        (file_of(("1", *OLD, *NEW), ("1", *OLD, *NEW)), "二度"),
        (file_of(("1", *OLD, *OLD)), "同じです"),
        (file_of(("1", *OLD, "", *NEW[1:])), "空欄"),
        (file_of(("1", *OLD, *NEW[:3], "12", "")), "7桁"),
        (file_of(("1", *OLD, "長" * 121, *NEW[1:])), "120文字"),
        (file_of(("1", *OLD, "青\u202e葉", *NEW[1:])), "向き"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_changes(content, "address")
    assert why in str(refused.value)
    assert refused.value.field == "file"


@pytest.mark.clause("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/n1")
def test_the_households_of_an_area_come_as_numbers_and_addresses_only(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    content, households, hidden = households_of(["松町"], (1, 3))
    said = content.decode()
    assert (households, hidden) == (1, 0)
    assert said.splitlines()[1].split(",")[:3] == [people[0].household.number, "松町", "１番地"]
    person = people[0]
    for forbidden in (person.name, person.domicile, person.register_head, "世帯主", "昭和60年", "1985"):
        assert forbidden not in said
    assert households_of(["松町"], (2, 3))[1] == 0
    assert households_of(["竹町"])[1] == 0


def test_a_protected_household_is_not_in_the_file(november: int) -> None:
    people: list[Any] = people_of(act("move_in", people=family()))
    protect(actor=CLERK, addressee=people[1].addressee, starts_on=DAY, ends_on=None, is_own=True)
    content, households, hidden = households_of(["松町"])
    assert (households, hidden) == (0, 1)
    assert "１番地" not in content.decode()
    assert people[1].addressee.number not in domiciles_like("見本県")[0].decode()


def names_of_routes() -> set[str]:
    found: set[str] = set()

    def walk(resolver: Any) -> None:
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                walk(one)
            else:
                found.add(f"{one.pattern} {one.name}")

    walk(get_resolver())
    return found


@pytest.mark.clause(
    "resident-record/1.0#9.7/n1", "resident-record/1.0#9.7/n2", "resident-record/1.0#9.7/n3",
    "resident-record/1.0#9.7/n4",
)  # fmt: skip
def test_no_list_of_an_area_no_bulk_supplement_notice_nothing_for_post_offices_and_banks() -> None:
    # What banks are given for direct debit and refunds is account numbers and yen, of another room; no address.
    offered = {
        one
        for one in (*names_of_routes(), *operations, *jobs.kinds)
        if not one.startswith(("banking", "money/banking"))
    }
    forbidden = ("area_list", "residents_of_area", "before_and_after", "post_office", "bank", "supplement")
    assert [(name, word) for name in offered for word in forbidden if word in name] == []
    # All that changes in bulk is these: the file, its trial, its final run, the results.
    assert {name for name in operations if "change" in name and name.startswith("batches.")} == {
        "batches.take_changes", "batches.try_changes", "batches.carry_out_changes",
    }  # fmt: skip
