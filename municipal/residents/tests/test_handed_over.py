"""After every act the files that the register hands over pass its own checker (出力と適合検査の試験)."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from municipal.conformance.commands import main as conform
from municipal.core import clock
from municipal.residents import inquiry
from municipal.residents.acts import acts
from municipal.residents.models import Draft, DraftState, ResidentEvent
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import (
    CHIEF,
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)
from municipal.transfer.operations import export_residents

from .ex_officio_lives import live_through_ex_officio, live_through_family_events, live_through_numbers
from .foreigners_lives import live_through_foreigners

pytestmark = pytest.mark.django_db


def live_through_everything() -> None:
    """Every act at least once, with its cancellation where that says something else."""
    home = people_of(act("move_in", people=family(), event_on=day(2026, 5, 1)))
    number = home[0].household.number
    [guest] = people_of(act("move_in_by_card", people=(newcomer_said("乙川　梅", serial=20, sex="2"),),
                            planned_on=date(2026, 5, 9)))  # fmt: skip
    baby = child("甲野　三郎", serial=21, born_on=day(2026, 5, 12))
    [born] = people_of(act("birth", people=(baby,), joins=number, event_on=day(2026, 5, 12)))
    lot = {**PLACE, "lot": "８番地"}
    moved = act("move_within", people=(member(home[2], relationship="世帯主"),), place=lot, event_on=day(2026, 5, 12))
    act("cancellation", cancels=moved.pk, event_on=day(2026, 5, 20))
    act("household_split", people=(member(home[3], relationship="世帯主"),), event_on=day(2026, 5, 13))
    act("household_merger", people=(member(home[3], relationship="子"),), joins=number, event_on=day(2026, 5, 14))
    act("household_transfer", people=(member(home[2], relationship="同居人"),), joins=guest.household.number,
        event_on=day(2026, 5, 14))  # fmt: skip
    act("householder_change", people=(member(home[1]),), event_on=day(2026, 5, 15))
    act(
        "correction_ex_officio",
        people=(member(home[1], name="甲山　花子", family_name="甲山"),),
        event_on=day(2026, 5, 16),
    )
    act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=day(2026, 5, 16))
    act("correction_of_error", people=(member(born, sex="2"),), corrects=1, event_on=day(2026, 5, 17))
    death = act("death", people=(member(home[0]),), event_on=day(2026, 5, 17), basis="family_register")
    act("cancellation", cancels=death.pk, event_on=day(2026, 5, 18))
    act("death", people=(member(home[0]),), event_on=day(2026, 5, 18), basis="family_register")
    [wrong] = people_of(act("move_in", people=(newcomer_said("丙山　松", serial=22),)))
    act("cancellation", cancels=wrong.event_id, event_on=day(2026, 5, 20))
    act("move_out", people=(member(home[1]),), place=ELSEWHERE, event_on=day(2026, 6, 1))
    act("move_out", people=(member(home[2]),), place={"country": "ペルー", "abroad": "Lima"}, event_on=day(2026, 5, 19))
    with clock.stopped_at(datetime(2026, 6, 1, 0, 5, tzinfo=clock.TOKYO)):
        remove_announced(actor=CHIEF)
    with clock.stopped_at(datetime(2026, 6, 9, 9, tzinfo=clock.TOKYO)):
        act(
            "arrival_notice", people=(member(home[1]),), place=ELSEWHERE, event_on=day(2026, 6, 2), basis="municipality"
        )


def test_the_checker_finds_nothing_in_the_files_after_every_act(
    town: int, may: None, tmp_path: Path, capsys: Any
) -> None:
    live_through_everything()
    live_through_foreigners()
    live_through_ex_officio()
    live_through_family_events()
    live_through_numbers()
    # As entered: a special case of another act is filed under that one's name.
    done = set(Draft.objects.filter(state=DraftState.DECIDED).values_list("act", flat=True))
    assert sorted({*acts} ^ done) == []
    assert ResidentEvent.objects.filter(act="removal_of_announced").exists()
    with clock.stopped_at(datetime(2026, 6, 9, 10, tzinfo=clock.TOKYO)):
        export_residents(actor=CHIEF, folder=tmp_path)
    status = conform(["check", str(tmp_path), "--today", "2026-06-09"])
    assert status == 0, capsys.readouterr().out


@pytest.mark.clause("resident-record/1.0#2.2.1/m1")
def test_an_act_entered_late_and_two_of_one_day_are_right_on_both_times(town: int, may: None) -> None:
    home = people_of(act("move_in", people=family(), event_on=day(2026, 5, 1)))
    before = clock.now()
    with clock.stopped_at(before + timedelta(days=5)):
        # Told on 25 May of what happened on 11 May, and on the same day back again.
        everybody = tuple(map(member, home))
        act("move_within", people=everybody, place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 11))
        between = clock.now() + timedelta(seconds=1)
    with clock.stopped_at(before + timedelta(days=5, hours=1)):
        act("move_within", people=everybody, place={**PLACE, "lot": "９番地"}, event_on=day(2026, 5, 11))
        after = clock.now() + timedelta(seconds=1)

    def lot(valid_on: date, known_at: datetime) -> Any:
        found: Any = inquiry.as_of(home[0].addressee, valid_on=valid_on, known_at=known_at)
        return found.address_lot

    assert [lot(date(2026, 5, 10), moment) for moment in (before, between, after)] == ["１番地"] * 3
    assert [lot(date(2026, 5, 11), moment) for moment in (before, between, after)] == ["１番地", "８番地", "９番地"]
    assert newest(home[0]).serial == 3
