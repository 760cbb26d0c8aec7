"""Many households changed at once leave what each act by itself leaves (住所一括変更の反映の試験)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.residents.acts.plan import Change
from municipal.residents.acts.renumbering import ACT, Renaming, renumbered
from municipal.residents.acts.standing import living_at
from municipal.residents.models import Lease, Period, ResidentEvent, ResidentRecord, SearchKey
from municipal.residents.notices import Notice
from municipal.residents.operations import bulk, carry_out, enter_record, renumber, renumbering

from .acting import CHIEF, CLERK, act, child, family, newcomer_said, people_of

NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
DAY = date(2026, 11, 16)
BEFORE = {"block": "松町", "lot": "１番地", "building": ""}
AFTER = {"block": "青葉一丁目", "lot": "2番3号", "building": "", "postal_code": "0000101", "block_code": "0010001"}


@pytest.fixture(autouse=True)
def november(town: int) -> Iterator[int]:
    with clock.stopped_at(NOVEMBER):
        yield town


def said(day: date = DAY) -> Renaming:
    return Renaming(BEFORE, AFTER, day)


def home_of(*people: Any) -> list[Any]:
    return people_of(act("move_in", people=people or family()))


def singles(count: int, first: int = 50) -> list[Any]:
    return [home_of(newcomer_said(f"乙野　{index}", serial=index))[0] for index in range(first, first + count)]


def left_behind(people: list[int]) -> dict[str, list[Any]]:
    """All that the register says of these people, without the ids that count on."""
    ids = {"id", "event_id"}
    rows = ResidentRecord.objects.filter(addressee__in=people).order_by("addressee", "serial")
    events = ResidentEvent.objects.filter(act=ACT).order_by("pk")
    return {
        "rows": [{name: value for name, value in row.items() if name not in ids} for row in rows.values()],
        "periods": sorted(
            Period.objects.filter(addressee__in=people).values_list(
                "addressee", "record__serial", "household", "is_registered", "is_head", "valid", "recorded"
            ),
            key=repr,
        ),
        "directory": list(Addressee.objects.filter(pk__in=people).order_by("pk").values()),
        "keys": list(
            SearchKey.objects.filter(addressee__in=people)
            .order_by("addressee", "script", "is_whole", "key", "reading")
            .values_list("addressee", "script", "is_whole", "key", "reading", "is_current")
        ),
        "events": [{name: value for name, value in row.items() if name not in ids} for row in events.values()],
        "told": [
            (one.topic, one.subjects, sorted(one.payload))
            for one in OutboxEvent.objects.order_by("pk")
            if one.payload.get("event") in {event.pk for event in events} and one.topic != renumbering.TOPIC
        ],
    }


@pytest.mark.parametrize("day", [DAY, date(2026, 5, 11)], ids=["later", "the day their rows began"])
@pytest.mark.clause("resident-record/1.0#9.7/m4", "resident-record/1.0#1.1.4/m2")
def test_what_is_written_at_once_is_what_the_acts_write_one_by_one(day: date) -> None:
    homes = [home_of(), singles(1)]
    # The last row known of one is about days long past, and says another name: keys and directory come back.
    past = Change(homes[1][0], {"name": "旧野　某", "reason": "minor_correction"}, homes[1][0].household, day).after()
    enter_record(actor=CLERK, entry=past, valid_from=date(2026, 5, 11), valid_until=date(2026, 5, 12))
    asked = {home[0].household.number: said(max(day, date(2026, 5, 12))) for home in homes}
    people = [one.addressee_id for home in homes for one in home]
    before = left_behind(people)
    with transaction.atomic():
        for number, one in asked.items():
            plan = renumbered(living_at([number])[number], one, {"lot_in_digits": "00002000030000000000"})
            carry_out(CLERK, Notice(act=ACT, event_on=RegisterDate.exact(one.effective_on)), plan)
        by_itself = left_behind(people)
        transaction.set_rollback(True)
    assert left_behind(people) == before
    outcomes = renumber(actor=CLERK, asked=asked)
    assert not [one for one in outcomes.values() if isinstance(one, Refused)]
    at_once = left_behind(people)
    for what, found in by_itself.items():
        if what == "told":
            # Each topic in the order of acts; one act by itself tells its two topics one after the other.
            assert sorted(found, key=repr) == sorted(at_once[what], key=repr)
        else:
            assert at_once[what] == found, what
    assert len(at_once["events"]) == 2
    assert at_once != before


@pytest.mark.clause("resident-record/1.0#9.7/m4")
def test_ten_households_take_no_more_statements_than_two() -> None:
    counts = []
    for homes in (singles(2), singles(10, first=80)):
        with CaptureQueriesContext(connection) as queries:
            renumber(actor=CLERK, asked={one.household.number: said() for one in homes})
        counts.append(len(queries))
    assert counts[0] == counts[1] < 40


@pytest.mark.clause("resident-record/1.0#9.7/m4", "resident-record/1.0#10.3/m9")
def test_one_household_in_somebody_elses_hands_keeps_its_address_and_the_others_change() -> None:
    held, free, own = singles(3)
    for person, actor in ((held, CHIEF), (own, CLERK)):
        Lease.objects.create(
            addressee=person.addressee, token=uuid4(), held_by_kind=actor.actor_kind, held_by_id=actor.actor_id,
            taken_at=clock.now(), expires_at=clock.now() + timedelta(minutes=5),
        )  # fmt: skip
    outcomes = renumber(actor=CLERK, asked={one.household.number: said() for one in (held, free, own)})
    refused = outcomes[held.household.number]
    assert isinstance(refused, Refused)
    assert refused.code == "leased"
    assert isinstance(outcomes[free.household.number], ResidentEvent)
    assert isinstance(outcomes[own.household.number], ResidentEvent)
    known = dict(Addressee.objects.values_list("pk", "mailing_block"))
    assert [known[one.addressee_id] for one in (held, free)] == ["松町", "青葉一丁目"]


def test_who_came_in_while_we_waited_for_the_locks_is_not_changed_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    (home,) = [home_of(newcomer_said(), child(serial=9))]
    number, calls = home[0].household.number, iter([slice(1), slice(2)])

    def seen(numbers: Any) -> Any:
        members = living_at(numbers)
        return {number: members[number][next(calls)]}

    monkeypatch.setattr(renumbering, "living_at", seen)
    outcome = renumber(actor=CLERK, asked={number: said()})[number]
    assert isinstance(outcome, Refused)
    assert outcome.code == "leased"
    assert not ResidentEvent.objects.filter(act=ACT).exists()


def test_two_rows_of_one_person_are_a_fault_of_ours() -> None:
    (one,) = singles(1)
    row = Change(one, {"reason": "minor_correction"}, one.household, DAY).after()
    with pytest.raises(ValueError, match="two rows"):
        bulk.add_rows([(row, DAY), (row, DAY)])
