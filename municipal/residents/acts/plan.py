"""What an act would change, before anything is changed (異動の内容).

An act reads a notice and the register, and says row by row what would follow. The confirmation page shows it, the
decision carries it out; both ask the same function.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from municipal.addressees.models import Addressee
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Household, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice

OF_THE_EVENT = (
    "reason", "event_on", "notified_on", "notification_number", "notice_on", "applied_on", "requested_on",
    "input_place", "input_terminal",
)  # fmt: skip
"""Items that every row says of its own event: they are not taken over from the row before."""


@dataclass(frozen=True)
class Alert:
    """Something a clerk must see and confirm before going on (アラート; resident-record/1.0#11.1).

    ``code`` goes into the notice's ``confirmed``.
    """

    code: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def refusal(self) -> Refused:
        """The alert as the refusal of whoever did not confirm it."""
        return Refused(self.sentence, field="confirmed", code=f"unconfirmed:{self.code}", **self.values)


@dataclass
class Change:
    """One row to come: whose, from which row, with which items, in which household, holding when (履歴行の案).

    ``addressee`` is None for a newcomer, ``household`` None for the household that the act forms. ``people`` counts
    which newcomer this is about where one gets several rows.
    """

    before: ResidentRecord | None
    items: dict[str, Any]
    household: Household | None
    valid_from: date
    valid_until: date | None = None

    @property
    def addressee(self) -> Addressee | None:
        """Whose row it is; None for somebody who has no number yet."""
        return self.before.addressee if self.before else None

    def after(self) -> ResidentRecord:
        """The row as it would stand, not saved."""
        said: dict[str, Any] = {}
        if self.before is not None:
            said = {name.attname: getattr(self.before, name.attname) for name in ResidentRecord._meta.fields}
            for name in ("id", "event_id", *OF_THE_EVENT):
                said.pop(name)
        row = ResidentRecord(**(said | self.items))
        if self.before is not None:
            row.addressee = self.before.addressee
        if self.household is not None:
            row.household = self.household
        return row


@dataclass
class Plan:
    """All that an act would change (異動の案).

    ``act``: under which other act's name the event is filed, where this one is a special case of it.
    """

    changes: list[Change] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    document: str = ""
    cancels: ResidentEvent | None = None
    follows: ResidentEvent | None = None
    basis: str = ""
    act: str = ""

    def touch(self, *households: Household) -> None:
        """These households change: no second act on them until this one is decided."""
        self.households = list(dict.fromkeys((*self.households, *households)))

    def people(self) -> list[int]:
        """Ids of everybody with a number whom the act changes, in order."""
        return list(dict.fromkeys(change.addressee.pk for change in self.changes if change.addressee))


Planner = Callable[[Notice], Plan]
Planning = TypeVar("Planning", bound=Planner)


@dataclass(frozen=True)
class Act:
    """A kind of act: its name, its Japanese term, and the function that plans it (異動の種類)."""

    name: str
    label: str
    plan: Planner
    may_be_ahead: bool = False


acts: dict[str, Act] = {}
"""Every act by its name, in the order in which the law lists them."""


def act(name: str, label: str, **options: bool) -> Callable[[Planning], Planning]:
    """Make a planning function an act (異動の種類の登録)."""

    def note(function: Planning) -> Planning:
        acts[name] = Act(name, label, function, **options)
        return function

    return note


@implements("resident-record/1.0#11.1/m2")
def unconfirmed(plan: Plan, notice: Notice) -> list[Alert]:
    """The alerts that the notice does not confirm yet."""
    return [alert for alert in plan.alerts if alert.code not in notice.confirmed]


def groups(changes: Sequence[Change]) -> Iterable[list[Change]]:
    """Changes person by person, newcomers each for themselves, in order."""
    found: dict[object, list[Change]] = {}
    for index, change in enumerate(changes):
        key = change.addressee.pk if change.addressee else f"new{index}"
        found.setdefault(key, []).append(change)
    return found.values()
