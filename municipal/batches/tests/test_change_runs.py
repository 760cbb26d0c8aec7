"""A run over many changes: in steps, killed, resumed, halved where one row fails (住所一括変更の実行の試験)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.batches.models import AddressChangeRow
from municipal.batches.operations import order_final, order_trial
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.models import Period, ResidentEvent, ResidentRecord
from municipal.residents.operations import bulk, renumbering
from municipal.residents.tests.acting import CLERK, act, newcomer_said, people_of

from .changing import NEW, NOVEMBER, OLD, run, taken


@pytest.fixture
def november(town: int) -> Iterator[int]:
    with clock.stopped_at(NOVEMBER):
        yield town


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

    def as_the_database(actor: Any, acts: Any) -> Any:
        events = bulk.carry_out_all(actor, acts)
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
