"""When an act happened and when it was told, checked once for every act (異動日と届出日)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Basis
from municipal.residents.notices import Notice
from municipal.residents.rules import days
from municipal.residents.rules.records import refuse_unless_dated

from .plan import acts

TOLD_AS = {
    Basis.NOTICE: "notified_on", Basis.APPLICATION: "applied_on", Basis.FAMILY_REGISTER: "notice_on",
    Basis.MUNICIPALITY: "notice_on", Basis.IMMIGRATION: "notice_on", Basis.REQUEST: "requested_on",
}  # fmt: skip
"""Which item of the history holds the day on which the municipality was told; ex officio, none does."""


@dataclass(frozen=True)
class Timing:
    """The day of the act, the day from which rows hold, and the day it was told, None ex officio (時点)."""

    event_on: RegisterDate
    valid_from: date
    told_on: date | None
    basis: str

    def row(self, reason: str) -> dict[str, Any]:
        """The items that a row says of its own event; a note (留意事項) belongs to the event before it."""
        said: dict[str, Any] = {"reason": reason, "event_on": self.event_on, "remarks": ""}
        if self.told_on is not None:
            said[TOLD_AS[Basis(self.basis)]] = self.told_on
        return said


@implements(
    "resident-record/1.0#4.0.3/m1", "resident-record/1.0#4.1.0.2/m1", "resident-record/1.0#4.2.0.2/m1",
    "resident-record/1.0#4.2.0.4/m1", "resident-record/1.0#4.2.0.5/m1", "resident-record/1.0#4.2.0.5/m2",
)  # fmt: skip
def timing(notice: Notice) -> Timing:
    """The days of ``notice``, checked by #4.0.3, #1.1.8 and #4.1.0.2 (異動日・届出日).

    Raises Refused for a missing or doubtful day, one in the future, a notice given before the event.
    """
    kind, today = acts[notice.act], clock.today()
    if notice.event_on is None:
        raise Refused("異動日を入力してください。", field="event_on", code="event_day_missing")
    refuse_unless_dated(notice.act, notice.event_on)
    days.refuse_future(notice.event_on, today, may_be_ahead=kind.may_be_ahead)
    told = None if notice.basis == Basis.EX_OFFICIO else notice.notified_on or today
    if told is not None:
        days.refuse_untimely_notice(notice.event_on, told, today, may_be_ahead=kind.may_be_ahead)
    return Timing(notice.event_on, days.ordering_day(notice.event_on, today), told, notice.basis)
