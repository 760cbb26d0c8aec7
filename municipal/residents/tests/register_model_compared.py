"""The register and its model held against each other, on both times (模型との突合せ)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents import inquiry
from municipal.residents.models import Household, Period, ResidentRecord

from .acting import ACTS_ON
from .register_model import HEAD, Stretch, on
from .register_model_acts import Office

COMPARED = (
    "name", "household_id", "relationship", "member_order", "head_name", "address_lot", "entry_event_on", "status",
    "reason", "move_out_planned_on", "removed_on", "move_out_confirmed_on", "kind", "alias",
)  # fmt: skip


@dataclass
class Probe:
    """What was answered once for a moment of knowledge, and must be answered ever after (時点照会の控え)."""

    known_at: datetime
    day: date
    said: dict[str, int | None]
    homes: dict[int, set[str]] = field(default_factory=dict)


class Compared(RuleBasedStateMachine):
    """What the register and the model say of the same people must be the same after every step (突合せ)."""

    def __init__(self) -> None:
        super().__init__()
        self.now = ACTS_ON
        self.office = Office()
        self.numbers: dict[str, Addressee] = {}
        self.homes: dict[int, Household] = {}
        self.probes: list[Probe] = []

    @property
    def today(self) -> date:
        return self.now.date()

    @invariant()
    def both_say_the_same(self) -> None:
        self.now += timedelta(minutes=1)
        with clock.stopped_at(self.now):
            self._compare_rows()
            self._compare_truth()
            homes = self.office.occupied()
            for home in homes[len(self.probes) % max(1, len(homes)) :][:2]:
                found = inquiry.members_as_of(self.homes[home], valid_on=date.max, known_at=self.now)
                assert [row.addressee_id for row in found] == [
                    self.numbers[one].pk for one in self.office.members(home)
                ]
        self._note()
        self._ask_again(self.probes[-40::20])
        # What comes next is known later than what was noted.
        self.now += timedelta(minutes=1)

    def _compare_rows(self) -> None:
        found: dict[int, list[tuple[Any, ...]]] = {}
        for person, serial, *values in ResidentRecord.objects.order_by("addressee", "serial").values_list(
            "addressee_id", "serial", *COMPARED
        ):
            found.setdefault(person, []).append(
                (serial, *(getattr(one, "date", one) if isinstance(one, RegisterDate) else one for one in values))
            )
        for person, rows in self.office.rows.items():
            mine = [
                (
                    number, row.name, self.homes[row.home].pk, row.relation, row.order, row.head_name, row.lot,
                    row.since, row.status, row.reason, row.planned, row.gone, row.arrived, row.kind, row.alias,
                )
                for number, row in enumerate(rows, 1)
            ]  # fmt: skip
            theirs = [
                tuple(None if one == "" and place == 11 else one for place, one in enumerate(row))
                for row in found.pop(self.numbers[person].pk)
            ]
            assert theirs == mine, person
        assert not found

    def _compare_truth(self) -> None:
        found: dict[int, list[tuple[Any, ...]]] = {}
        now = (
            Period.objects.filter(recorded__endswith__isnull=True)
            .select_related("record")
            .order_by("addressee", "valid")
        )
        for one in now:
            stretch = (
                one.valid.lower,
                one.valid.upper,
                one.record.serial,
                one.household_id,
                one.is_registered,
                one.is_head,
            )
            found.setdefault(one.addressee_id, []).append(stretch)
        for person, truth in self.office.truth.items():
            assert found[self.numbers[person].pk] == [self._seen(one) for one in truth], person

    def _seen(self, stretch: Stretch) -> tuple[Any, ...]:
        since, until, row = stretch
        return since, until, row.serial, self.homes[row.home].pk, row.is_here, row.relation == HEAD

    def _note(self) -> None:
        day = self.today - timedelta(days=(7 * len(self.probes)) % 40)
        rows = {person: on(truth, day) for person, truth in self.office.truth.items()}
        homes: dict[int, set[str]] = {home: set() for home in self.homes}
        for person, row in rows.items():
            if row is not None and row.is_here:
                homes[row.home].add(person)
        said = {person: row.serial if row else None for person, row in rows.items()}
        self.probes.append(Probe(self.now, day, said, homes))

    def _ask_again(self, probes: list[Probe]) -> None:
        for probe in probes:
            for person, serial in list(probe.said.items())[:: max(1, len(probes) // 5)]:
                found = inquiry.as_of(self.numbers[person], valid_on=probe.day, known_at=probe.known_at)
                assert (found.serial if found else None) == serial, (person, probe)
            for home, people in list(probe.homes.items())[::3]:
                rows = inquiry.members_as_of(self.homes[home], valid_on=probe.day, known_at=probe.known_at)
                assert {row.addressee_id for row in rows} == {self.numbers[one].pk for one in people}
