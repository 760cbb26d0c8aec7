"""A record made anew: the former one becomes a removed record (改製・再製; resident-record/1.0#1.1.4)."""

from municipal.core.clauses import implements
from municipal.residents.notices import Notice

from .plan import Change, Plan, act
from .standing import refuse_unless_next, residents
from .timing import timing


@implements("resident-record/1.0#1.1.4/m3", "resident-record/1.0#1.1.4/m4", "resident-record/1.0#1.1.5/m1")
@act("remaking", "改製")
def remaking(notice: Notice) -> Plan:
    """The record is written anew whenever a clerk wants it; the rows before stay as 改製原住民票 (改製)."""
    return _anew(notice, "entry_by_rewriting")


@implements("resident-record/1.0#1.1.5/m1")
@act("restoration", "再製")
def restoration(notice: Notice) -> Plan:
    """The record is written anew because the former was lost or spoilt (再製)."""
    return _anew(notice, "entry_by_restoration")


def _anew(notice: Notice, reason: str) -> Plan:
    when, plan, people = timing(notice), Plan(), residents(notice.people)
    refuse_unless_next(people, when.valid_from)
    for one, record in zip(notice.people, people, strict=True):
        items = {**when.row(reason), "revised_on": when.event_on, "revision": record.revision + 1, **one.items}
        plan.changes.append(Change(record, items, record.household, when.valid_from))
    return plan
