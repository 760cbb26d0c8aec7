"""The register against a second telling of every act, step by step, on both times (模型による試験)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Household, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.operations import amend, decide, enter, preview, remove_announced, return_draft, withdraw

from .acting import CHIEF, CLERK, PLACE, newcomer_said, notice
from .register_model import Deed, Intent, Wish
from .register_model_compared import Compared
from .register_model_wishes import Dice, Wishes

NUMBERS = st.integers(0, 2**60)
STEPS = (
    "move_in", "move_out", "move_out", "move_within", "household", "household", "householder_change", "birth", "death",
    "correction", "correction_of_error", "cancellation", "cancellation", "arrival_notice", "entry", "entry", "days",
    "entry_ex_officio", "removal_ex_officio", "family", "nationality", "alias",
)  # fmt: skip
BASES = {"disappearance": "family_register", "marriage": "family_register", "name_change": "family_register",
         "naturalisation": "family_register", "nationality_lost": "family_register", "alias_entry": "application",
         "alias_deletion": "application"}  # fmt: skip
ITEMS = {"relation": "relationship", "name": "name", "lot": "address_lot", "alias": "alias"}
OF_AN_ACT: dict[str, dict[str, Any]] = {
    "naturalisation": {"domicile": "架空県架空市", "register_head": "国　一"},
    "nationality_lost": {"nationality": "例示国"},
}


@dataclass
class Open:
    """An entry that is not decided: what it was, stood on and claimed (仮登録)."""

    wish: Wish
    notice: Notice
    version: int
    stood: set[tuple[str, int]]
    people: set[str]
    homes: set[int]
    is_returned: bool = False


class Counter(Compared):
    """The counter of a town for some weeks: each rule is a clerk's step, played by both (窓口)."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.wishes = Wishes(self.office)
        self.open: dict[int, Open] = {}

    def teardown(self) -> None:
        try:
            self._ask_again(self.probes)
        finally:
            transaction.savepoint_rollback(self.savepoint)

    # What clerks do.

    @initialize(number=NUMBERS)
    def some_households_live_here(self, number: int) -> None:
        for place in range(6):
            self.somebody_notifies("move_in", number + place, True)
        self.now += timedelta(days=12)

    # One rule for everything: the search would leave whole rules out of an example.
    @rule(what=st.sampled_from(STEPS), number=NUMBERS)
    def a_step(self, what: str, number: int) -> None:
        if what == "days":
            self.days_go_by(Dice.thrown(number).of((1, 1, 3, 9)))
        elif what == "entry":
            self.an_entry_goes_on(number)
        else:
            self.somebody_notifies(what, number, not Dice.thrown(number + 1).once_in(8))

    def somebody_notifies(self, kind: str, number: int, at_once: bool) -> None:
        wish = getattr(self.wishes, kind)(Dice.thrown(number), self.today)
        if wish is None or not (wish.people or wish.deed):
            return
        draft = self._enter(replace(wish, told=self.today))
        if draft is not None and at_once:
            self._decide(draft)

    def an_entry_goes_on(self, number: int) -> None:
        if not self.open:
            return
        step = Dice.thrown(number + 1).of(("decide", "decide", "own", "return", "amend", "withdraw"))
        draft = Dice.thrown(number).of(sorted(self.open))
        found = self.open[draft]
        with clock.stopped_at(self.now):
            if step == "decide":
                self._decide(draft)
            elif step == "own":
                assert self._refusal_of(lambda: decide(actor=CLERK, draft=draft)) in {"own_entry", "returned"}
            elif step == "return":
                found.version = return_draft(actor=CHIEF, draft=draft, because="確認").version
                found.is_returned = True
            elif step == "withdraw":
                withdraw(actor=CLERK, draft=draft)
                del self.open[draft]
            else:
                self._amend(draft, found)

    def days_go_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.stopped_at(self.now):
            events = remove_announced(actor=CLERK)
        for deed in self.office.remove_due(self.today):
            people = {self.numbers[one].pk for one in deed.subjects}
            self._bind(
                deed, next(event for event in events if set(event.subjects) == people and not self._is_bound(event))
            )
        assert all(self._is_bound(event) for event in events)

    def _is_bound(self, event: ResidentEvent) -> bool:
        return any(deed.event == event.pk for deed in self.office.deeds)

    # Both do it.

    def _enter(self, wish: Wish) -> int | None:
        """The number of the entry, None if it is refused, as it must be."""
        intent = self.office.intend(wish, self.today)
        reasons = intent.reasons or self._two_heads(intent) or self._claimed(intent, None)
        with clock.stopped_at(self.now):
            said, answered = self._notice(wish), ""
            try:
                plan = preview(said)
                codes = {alert.code for alert in plan.alerts}
                entered = enter(actor=CLERK, notice=said.confirming(*codes))
            except Refused as refused:
                answered = refused.code
        if answered or reasons:
            assert answered in reasons, (answered, reasons, wish)
            return None
        assert codes == intent.alerts
        self.open[entered.pk] = self._opened(wish, intent, said.confirming(*codes), 1)
        return entered.pk

    def _two_heads(self, intent: Intent) -> set[str]:
        return {"one_head_at_a_time"} if self.office.clash(intent) else set()

    def _opened(self, wish: Wish, intent: Intent, said: Notice, version: int) -> Open:
        people = {person for person, *_ in intent.lines if person in self.office.rows}
        return Open(wish, said, version, self._stood(intent), people, intent.homes)

    def _stood(self, intent: Intent) -> set[tuple[str, int]]:
        """On which rows an intent rests: the newest of everybody who changes or lives in a household that does."""
        people = {person for person, *_ in intent.lines if person in self.office.rows}
        people |= {person for home in intent.homes for person in self.office.members(home)}
        return {(person, self.office.newest(person).serial) for person in people}

    def _claimed(self, intent: Intent, but: int | None) -> set[str]:
        others = [one for number, one in self.open.items() if number != but]
        people = {person for person, *_ in intent.lines}
        reasons = {"one_open_entry_for_a_person"} if any(people & one.people for one in others) else set()
        return reasons | (
            {"one_open_entry_for_a_household"} if any(intent.homes & one.homes for one in others) else set()
        )

    def _decide(self, draft: int) -> None:
        found = self.open[draft]
        intent = self.office.intend(found.wish, self.today)
        reasons = {"returned"} if found.is_returned else set(intent.reasons)
        reasons |= {f"unconfirmed:{code}" for code in intent.alerts - found.notice.confirmed}
        if self._stood(intent) != found.stood:
            reasons.add("register_changed")
        if not intent.reasons and self.office.clash(intent):
            reasons.add("one_head_at_a_time")
        with clock.stopped_at(self.now):
            refused = self._refusal_of(lambda: self._done(draft, intent))
        assert (refused in reasons) if reasons else refused is None, (refused, reasons, found.wish)

    def _done(self, draft: int, intent: Intent) -> None:
        event = decide(actor=CHIEF, draft=draft, version=self.open[draft].version)
        del self.open[draft]
        new = [person for person in dict.fromkeys(line[0] for line in intent.lines) if person not in self.numbers]
        rows = ResidentRecord.objects.filter(event=event).select_related("addressee").order_by("addressee")
        unknown = [row.addressee for row in rows if row.addressee not in self.numbers.values()]
        self.numbers |= dict(zip(new, unknown, strict=True))
        self._bind(self.office.carry_out(intent), event)

    def _bind(self, deed: Deed, event: ResidentEvent) -> None:
        deed.event = event.pk
        if self.office.homes > len(self.homes):
            self.homes[self.office.homes] = Household.objects.latest("pk")

    def _amend(self, draft: int, found: Open) -> None:
        intent = self.office.intend(found.wish, self.today)
        reasons = intent.reasons or self._two_heads(intent) or self._claimed(intent, draft)
        said = found.notice.confirming(*intent.alerts)
        refused = self._refusal_of(lambda: amend(actor=CLERK, draft=draft, notice=said, version=found.version))
        assert (refused in reasons) if reasons else refused is None, (refused, reasons, found.wish)
        if refused is None:
            self.open[draft] = self._opened(found.wish, intent, said, found.version + 1)

    def _refusal_of(self, act: Any) -> str | None:
        try:
            act()
        except Refused as refused:
            return refused.code
        return None

    def _notice(self, wish: Wish) -> Notice:
        place = {"place": PLACE | {"lot": wish.lot}} if wish.lot and not wish.joins else {}
        return notice(
            wish.act, notified_on=wish.told, event_on=RegisterDate.exact(wish.day),
            people=tuple(self._said(wish, *one) for one in wish.people),
            others=tuple(self._said(wish, *one) for one in wish.others), corrects=wish.serial,
            joins=self.homes[wish.joins].number if wish.joins else "", cancels=wish.deed.event if wish.deed else None,
            basis=BASES.get(wish.act, "notice"), **{"place": {}} | place,
        )  # fmt: skip

    def _said(self, wish: Wish, person: str, said: dict[str, Any]) -> Said:
        if person in self.numbers:
            items = {ITEMS[item]: value for item, value in said.items()}
            return Said(self.numbers[person].number, OF_AN_ACT.get(wish.act, {}) | items)
        born = {"born_on": RegisterDate.exact(wish.day)} if wish.act == "birth" else {}
        return newcomer_said(said["name"], serial=int(said["code"][1:]), relationship=said["relation"], **born)


def play(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink), database=None,
        ),
    )  # fmt: skip


@pytest.mark.long
def test_the_register_says_what_the_model_says(town: int) -> None:
    play(4, 20)


@pytest.mark.faults
def test_thousands_of_steps_later_the_register_still_says_what_the_model_says(town: int) -> None:
    play(60, 60)
