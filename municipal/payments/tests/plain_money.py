"""Money kept in plain sums, without accounts or a database: what the books must agree with (照合用の簡単な帳簿)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from municipal.core.refusals import Refused
from municipal.payments.balances import Standing
from municipal.payments.models import Slip


@contextmanager
def asked() -> Iterator[list[Refused]]:
    """Do something in a savepoint; a refusal leaves nothing behind and is noted."""
    refusals: list[Refused] = []
    try:
        with transaction.atomic():
            yield refusals
    except Refused as refused:
        refusals.append(refused)


@dataclass
class Debt:
    """One instalment: what was charged, what became of it."""

    charged: int
    applied: int = 0
    given_up: int = 0
    over: int = 0
    refunded: int = 0

    @property
    def owed(self) -> int:
        return self.charged - self.applied - self.given_up

    @property
    def is_possible(self) -> bool:
        return min(self.owed, self.applied, self.given_up, self.over) >= 0

    def standing(self) -> Standing:
        """As the books would say it."""
        return Standing(self.charged, self.applied, self.given_up, self.owed, self.over, self.refunded)


@dataclass(frozen=True)
class Said:
    """One line of a file: by which channel, how sure, for which number, how much, under which reference."""

    channel: str
    stage: str
    number: str
    yen: int
    paid_on: date
    reference: str

    @property
    def money(self) -> tuple[str, str, str]:
        return self.channel, self.number, self.reference


@dataclass
class Live:
    """Confirmed money that still counts: for which slip, if any, and whether an owner was found for it since."""

    slip: Slip | None
    yen: int
    identified_as: int | None = None


Sums = dict[int, dict[str, int]]


@dataclass
class PlainMoney:
    """Everything that is known, in sums."""

    debts: dict[int, Debt] = field(default_factory=dict)
    totals: dict[int, int] = field(default_factory=dict)
    instalments: dict[int, list[int]] = field(default_factory=dict)
    came: int = 0
    suspense: int = 0
    settled: int = 0
    live: dict[tuple[str, str, str], Live] = field(default_factory=dict)
    seen: set[Said] = field(default_factory=set)
    changes: dict[int, tuple[Sums, int, int, int]] = field(default_factory=dict)

    def charge(self, assessment: int, instalments: dict[int, int]) -> None:
        """``instalments``: yen by charge, in the order of the periods."""
        self.totals[assessment] = sum(instalments.values())
        self.instalments[assessment] = list(instalments)
        self.debts |= {charge: Debt(yen) for charge, yen in instalments.items()}

    def hear(self, said: Said, slip: Slip | None) -> str:
        """What a report is found to be; the sums follow."""
        if said in self.seen:
            return "repeated"
        self.seen.add(said)
        if said.stage == "provisional":
            return "noted" if slip else "unknown"
        return self._confirmed(said, slip) if said.stage == "confirmed" else self._cancelled(said, slip)

    def _confirmed(self, said: Said, slip: Slip | None) -> str:
        self.came += said.yen
        was_paid = slip is not None and any(one.slip == slip for one in self.live.values())
        self.live[said.money] = Live(slip, said.yen)
        if slip is None:
            self.suspense += said.yen
            return "unknown"
        applied = self.pay(slip.charge_id, said.yen)
        if was_paid or (said.yen == slip.yen and applied < said.yen):
            return "twice"
        return "matched" if said.yen == slip.yen else "differs"

    def _cancelled(self, said: Said, slip: Slip | None) -> str:
        found = self.live.get(said.money)
        if found is None:
            return "noted" if slip else "unknown"
        if found.slip is None:
            if found.identified_as is not None:
                return "contested"
            self.suspense -= found.yen
        else:
            debt = self.debts[found.slip.charge_id]
            over = min(found.yen, debt.over)
            if found.yen - over > debt.applied:
                return "contested"
            debt.over -= over
            debt.applied -= found.yen - over
        self.came -= found.yen
        del self.live[said.money]
        return "noted"

    def pay(self, charge: int, yen: int) -> int:
        """What is owed is paid, the rest is over; what was applied."""
        debt = self.debts[charge]
        applied = min(yen, debt.owed)
        debt.applied += applied
        debt.over += yen - applied
        return applied

    def revise(self, assessment: int, total: int) -> None:
        """More on the last instalment; less from the last one first, of each: owed, given up, paid."""
        change, self.totals[assessment] = total - self.totals[assessment], total
        if change > 0:
            self.debts[self.instalments[assessment][-1]].charged += change
            return
        for charge in reversed(self.instalments[assessment]):
            debt = self.debts[charge]
            part = min(-change, debt.charged)
            beyond = max(part - debt.owed, 0)
            given_up = min(beyond, debt.given_up)
            debt.charged, debt.given_up = debt.charged - part, debt.given_up - given_up
            debt.applied, debt.over = debt.applied - (beyond - given_up), debt.over + beyond - given_up
            change += part

    @contextmanager
    def noting(self) -> Iterator[list[int]]:
        """What changes inside is noted for the posting whose number is put into the list."""
        before, postings = self._sums(), list[int]()
        yield postings
        after = self._sums()
        parts: Any = tuple(there - here for here, there in zip(before[1:], after[1:], strict=True))
        difference = {
            charge: {name: yen - before[0].get(charge, {}).get(name, 0) for name, yen in sums.items()}
            for charge, sums in after[0].items()
        }
        for posting in postings:
            self.changes[posting] = (difference, *parts)

    def _sums(self) -> tuple[Sums, int, int, int]:
        return {charge: asdict(debt) for charge, debt in self.debts.items()}, self.came, self.suspense, self.settled

    def undo(self, posting: int) -> bool:
        """Take back what a posting changed; False, and nothing is changed, where later events rest on it."""
        difference, came, suspense, settled = self.changes[posting]
        debts = deepcopy(self.debts)
        for charge, parts in difference.items():
            for name, yen in parts.items():
                setattr(debts[charge], name, getattr(debts[charge], name) - yen)
        if not all(debt.is_possible for debt in debts.values()):
            return False
        self.debts = debts
        self.came, self.suspense, self.settled = self.came - came, self.suspense - suspense, self.settled - settled
        del self.changes[posting]
        return True

    def expected(self, charges: Sequence[int]) -> dict[int, Standing]:
        """How each charge must stand."""
        return {charge: self.debts[charge].standing() for charge in charges}
