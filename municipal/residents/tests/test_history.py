"""The history of a resident on both times, and what the database itself forbids (異動履歴の試験)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import Household, Period, ResidentRecord, SearchKey
from municipal.residents.operations import enter_record
from municipal.residents.search import find
from municipal.residents.tests.people import draft, enter, newcomer

TOKYO = ZoneInfo("Asia/Tokyo")
CLERK = System()


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=TOKYO)


@pytest.fixture
def resident(town: int) -> ResidentRecord:
    with clock.stopped_at(at(2025, 4, 1)):
        return newcomer(valid_from=date(2025, 4, 1))


@pytest.mark.clause("resident-record/1.0#1.2.1/m2")
def test_serials_count_from_one_and_the_highest_is_the_record_as_it_stands(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 5, 2)):
        moved = enter(resident, date(2026, 5, 1), address_lot="８番地", reason="move_within")
    assert [row.serial for row in inquiry.history(resident.addressee)] == [1, 2]
    assert inquiry.latest().get(addressee=resident.addressee) == moved


def test_both_times_answer_what_held_and_what_was_known(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 5, 20)):
        enter(resident, date(2026, 5, 1), address_lot="８番地", reason="move_within")

    def lot(valid_on: date, known_at: datetime) -> str | None:
        found = inquiry.as_of(resident.addressee, valid_on=valid_on, known_at=known_at)
        return getattr(found, "address_lot", None)

    assert lot(date(2025, 3, 31), at(2026, 6, 1)) is None
    assert lot(date(2025, 4, 1), at(2026, 6, 1)) == "１番地"
    assert lot(date(2026, 4, 30), at(2026, 6, 1)) == "１番地"
    assert lot(date(2026, 5, 1), at(2026, 6, 1)) == "８番地"
    # On 10 May nobody knew of the move yet.
    assert lot(date(2026, 5, 10), at(2026, 5, 10)) == "１番地"
    assert lot(date(2026, 5, 10), at(2025, 3, 1)) is None


def test_acts_of_one_day_are_ordered_by_serial(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 5, 1)):
        enter(resident, date(2026, 5, 1), address_lot="２番地")
        last = enter(resident, date(2026, 5, 1), address_lot="３番地")
    found = inquiry.as_of(resident.addressee, valid_on=date(2026, 5, 1), known_at=at(2026, 5, 2))
    assert found == last


def test_a_correction_of_the_past_leaves_what_came_later(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 5, 1)):
        enter(resident, date(2026, 5, 1), address_lot="８番地")
    wrong = ResidentRecord.objects.get(addressee=resident.addressee, serial=1)
    with clock.stopped_at(at(2026, 6, 1)):
        corrected = draft(wrong, address_lot="１番地の２", reason="error_correction")
        enter_record(actor=CLERK, entry=corrected, valid_from=date(2025, 4, 1), valid_until=date(2026, 5, 1))
    later = inquiry.as_of(resident.addressee, valid_on=date(2026, 5, 2), known_at=at(2026, 6, 2))
    before = inquiry.as_of(resident.addressee, valid_on=date(2026, 4, 1), known_at=at(2026, 6, 2))
    believed = inquiry.as_of(resident.addressee, valid_on=date(2026, 4, 1), known_at=at(2026, 5, 15))
    assert [getattr(found, "address_lot", None) for found in (later, before, believed)] == [
        "８番地",
        "１番地の２",
        "１番地",
    ]


@pytest.mark.clause("resident-record/1.0#4.0.3/n1")
def test_the_processing_date_is_today_whatever_the_entry_says(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 5, 1)):
        entered = enter(resident, date(2026, 5, 1), processed_on=date(2020, 1, 1))
    assert entered.processed_on == date(2026, 5, 1)


def test_a_recorded_row_cannot_be_entered_again(resident: ResidentRecord) -> None:
    with pytest.raises(Refused, match="新しい異動"):
        enter_record(actor=CLERK, entry=resident, valid_from=date(2026, 1, 1))


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE residents_residentrecord SET name = 'x'",
        "DELETE FROM residents_residentrecord",
        "TRUNCATE residents_residentrecord CASCADE",
        "DELETE FROM residents_period",
        "UPDATE residents_period SET is_head = false",
        "UPDATE residents_period SET recorded = tstzrange(lower(recorded) - interval '1 day', now())",
        "UPDATE residents_period SET valid = daterange('2000-01-01', NULL)",
        "UPDATE residents_household SET number = '1'",
    ],
)
def test_no_role_of_the_application_overwrites_history(committed_db: str, alias: str, statement: str) -> None:
    with wall.within(TOWN), clock.stopped_at(at(2025, 4, 1)):
        newcomer(valid_from=date(2025, 4, 1))
    with pytest.raises(DatabaseError, match=r"permission denied|never changed|only ever closed"), as_role(alias) as run:
        run(statement)


def as_role(alias: str) -> Any:
    from contextlib import contextmanager

    from django.db import connections

    @contextmanager
    def running() -> Iterator[Any]:
        with wall.within(TOWN, using=alias), connections[alias].cursor() as cursor:
            yield cursor.execute

    return running()


def test_the_database_itself_forbids_two_truths_at_once(resident: ResidentRecord) -> None:
    period = Period.objects.get(addressee=resident.addressee)
    period.pk = None
    with pytest.raises(IntegrityError, match="one_truth_at_a_time"), transaction.atomic():
        period.save(force_insert=True)


def test_the_database_itself_forbids_two_heads_in_one_household(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2025, 4, 1)), pytest.raises(Refused, match="世帯主は一人") as refused:
        newcomer(valid_from=date(2025, 4, 1), household=resident.household, is_head=True)
    assert refused.value.code == "one_head_at_a_time"


@pytest.mark.clause("resident-record/1.0#1.1.10/m1")
def test_a_household_without_a_head_is_allowed(town: int) -> None:
    alone = newcomer(valid_from=date(2025, 4, 1), relationship="縁故者")
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert inquiry.members(alone.household)[0]["relationship"] == "縁故者"


@pytest.mark.clause("resident-record/1.0#1.1.6/m1")
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"born_on": ""}, "record_has_birth"),
        ({"domicile": ""}, "record_has_family_register"),
        ({"register_head": ""}, "record_has_family_register"),
        ({"became_resident_on": ""}, "record_has_became_resident"),
        ({"address_city": ""}, "record_has_address"),
        ({"resident_code": ""}, "record_has_resident_code"),
        ({"kind": "2", "article30_45_class": "special_permanent"}, "record_has_became_foreign_resident"),
        ({"kind": "2", "became_foreign_resident_on": RegisterDate(2020, 1, 1)}, "record_has_article30_45"),
        (
            {
                "kind": "2",
                "became_foreign_resident_on": RegisterDate(2020, 1, 1),
                "article30_45_class": "mid_long_term",
            },
            "record_has_card_number",
        ),
    ],
)
def test_items_that_may_never_be_empty_are_refused_when_empty(
    resident: ResidentRecord, changes: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(Refused, match="空欄にできません") as refused:
        enter(resident, date(2026, 1, 1), **changes)
    assert refused.value.code == constraint


def test_a_removed_record_needs_no_resident_code(resident: ResidentRecord) -> None:
    assert enter(resident, date(2026, 1, 1), status="3", resident_code="").status == "3"


def test_a_row_cannot_point_into_another_town(committed_db: str) -> None:
    with wall.within(OTHER_TOWN):
        stranger = Addressee.objects.create(number="27", kind="resident", name="他町")
        theirs = Household.objects.create(number="27")
    with wall.within(TOWN), clock.stopped_at(at(2025, 4, 1)):
        ours = newcomer(valid_from=date(2025, 4, 1))
        with pytest.raises(IntegrityError, match="of_this_town"), transaction.atomic():
            SearchKey.objects.create(addressee_id=stranger.pk, script="k", is_whole=True, key="タマチ")
        with pytest.raises(IntegrityError, match="of_this_town"), transaction.atomic():
            enter_record(actor=CLERK, entry=draft(ours, household_id=theirs.pk), valid_from=date(2026, 1, 1))
        assert Addressee.objects.count() == 1
        assert find("タマチ").addressees == ()


def test_a_former_name_still_finds_the_person(resident: ResidentRecord) -> None:
    with clock.stopped_at(at(2026, 1, 1) + timedelta(hours=1)):
        enter(resident, date(2026, 1, 1), name="乙川　花子", family_name="乙川", given_name="花子",
              name_kana="オツカワ　ハナコ", family_kana="オツカワ", given_kana="ハナコ")  # fmt: skip
    hits = find("コウノ")
    assert hits.addressees == (resident.addressee_id,)
    assert hits.by_former_name == {resident.addressee_id}
    assert find("おつかわ").by_former_name == frozenset()
