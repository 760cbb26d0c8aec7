"""Changing addresses in bulk, and what must not exist beside it (住所一括変更の試験)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import get_resolver

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.audit.operations import operations
from municipal.batches.exports import domiciles_like, households_of, results_of
from municipal.batches.models import AddressChange, AddressChangeRow
from municipal.batches.operations import order_final, order_trial, take_changes
from municipal.batches.rules import headings, read_changes
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job, OutboxEvent
from municipal.residents.models import Period, ResidentEvent, ResidentRecord
from municipal.residents.operations import renumbering
from municipal.residents.tests.acting import CLERK, act, entered, family, member, newcomer_said, people_of

NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
DAY = date(2026, 11, 16)
OLD, NEW = ("松町", "１番地", "", "9990001", ""), ("青葉一丁目", "2番3号", "", "0000101", "0010001")


@pytest.fixture
def november(town: int) -> Iterator[int]:
    with clock.stopped_at(NOVEMBER):
        yield town


def file_of(*rows: tuple[str, ...], kind: str = "address") -> bytes:
    return "\n".join(",".join(cells) for cells in (tuple(headings(kind)), *rows)).encode("utf-8-sig")


def taken(*rows: tuple[str, ...], kind: str = "address", day: date = DAY) -> AddressChange:
    return take_changes(actor=CLERK, kind=kind, content=file_of(*rows, kind=kind), effective_on=day, basis="告示第1号")


def run(job: Job) -> Job:
    jobs.run(TOWN, job.pk)
    job.refresh_from_db()
    return job


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
    offered = {*names_of_routes(), *operations, *jobs.kinds}
    forbidden = ("area_list", "residents_of_area", "before_and_after", "post_office", "bank", "supplement")
    assert [(name, word) for name in offered for word in forbidden if word in name] == []
    # All that changes in bulk is these: the file, its trial, its final run, the results.
    assert {name for name in operations if "change" in name and name.startswith("batches.")} == {
        "batches.take_changes", "batches.try_changes", "batches.carry_out_changes",
    }  # fmt: skip


def everybody_renamed() -> tuple[dict[str, ResidentRecord], list[tuple[str, ...]]]:
    """The first resident of each household of the town, and the lines that give each block another name."""
    here = Period.objects.filter(recorded__endswith=None, valid__endswith=None, is_registered=True)
    rows = ResidentRecord.objects.filter(pk__in=here.values("record")).select_related("household")
    homes = {one.household.number: one for one in rows.order_by("member_order")}
    parts = ("block", "lot", "building", "postal_code", "block_code")
    lines = [
        (
            number,
            *(getattr(one, f"address_{part}") for part in parts),
            "新町",
            *(getattr(one, f"address_{part}") for part in parts[1:]),
        )
        for number, one in homes.items()
    ]
    return homes, lines


@pytest.mark.clause("resident-record/1.0#9.1/m6", "resident-record/1.0#9.7/m4")
def test_a_run_that_was_killed_goes_on_and_the_counter_never_waits_between_its_steps(two_towns: str) -> None:
    from municipal.batches import jobs as ours

    with wall.within(TOWN), clock.stopped_at(NOVEMBER):
        homes, lines = everybody_renamed()
        change = taken(*lines, day=date(2026, 11, 19))
        trial = order_trial(actor=CLERK, change=change.pk)
    with clock.stopped_at(NOVEMBER):
        jobs.run(TOWN, trial.pk)
        with wall.within(TOWN):
            final = order_final(actor=CLERK, change=change.pk)
        # A worker dies after its first step; nothing is locked then, and the next worker goes on.
        ours_at_once, ours.AT_ONCE = ours.AT_ONCE, 10
        try:
            steps = jobs._take_up(TOWN, final.pk)
            assert steps is not None
            assert jobs._step(TOWN, final.pk, *steps) == 1
            with wall.within(TOWN):
                list(Job.objects.select_for_update(nowait=True).filter(pk=final.pk))
                list(ResidentRecord.objects.filter(addressee__in=[one.addressee_id for one in homes.values()])[:1])
            jobs.run(TOWN, final.pk)
        finally:
            ours.AT_ONCE = ours_at_once
    with wall.within(TOWN):
        final.refresh_from_db()
        assert final.state == Job.State.DONE
        outcomes = list(AddressChangeRow.objects.filter(change=change).values_list("outcome", flat=True))
        assert len(outcomes) == len(lines)
        assert "" not in outcomes
        assert outcomes.count("done") > len(lines) * 0.8
        assert ResidentEvent.objects.filter(act="address_renumbering").count() == outcomes.count("done")
        # One entry in the audit for each step, which names everybody; the trial changed nothing and left none.
        entries = list(Entry.objects.filter(act="residents.renumber").values_list("subjects", flat=True))
        assert len(entries) == -(-len(lines) // 10)
        changed = ResidentRecord.objects.filter(event__act="address_renumbering").values_list("addressee", flat=True)
        assert sorted(person for entry in entries for person in entry) == sorted(changed)


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_a_constraint_against_one_row_leaves_that_row_out_and_no_other(
    november: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [
        people_of(act("move_in", people=(newcomer_said(f"乙野　{index}", serial=60 + index),)))[0].household.number
        for index in range(5)
    ]
    carry_out_all = renumbering.carry_out_all

    def as_the_database(actor: Any, acts: Any) -> Any:
        events = carry_out_all(actor, acts)
        if any(home.number == homes[3] for one in acts for home in one.plan.households):
            raise Refused("一つの世帯に世帯主は一人です。先に世帯主を変更してください。", code="one_head_at_a_time")
        return events

    monkeypatch.setattr(renumbering, "carry_out_all", as_the_database)
    change = taken(*((number, *OLD, *NEW) for number in homes))
    run(order_trial(actor=CLERK, change=change.pk))
    final = run(order_final(actor=CLERK, change=change.pk))
    assert (final.state, final.done, final.errors) == ("done", 5, 1)
    outcomes = dict(AddressChangeRow.objects.filter(change=change).values_list("number", "outcome"))
    assert outcomes == dict.fromkeys(homes, "done") | {homes[3]: "left_out"}
    assert "世帯主は一人です" in AddressChangeRow.objects.get(number=homes[3]).sentence
    assert ResidentEvent.objects.filter(act="address_renumbering").count() == 4
