"""Birth and death, entered ex officio from the family register (出生・死亡; resident-record/1.0#4.2.1.2, #4.2.2.1)."""

from datetime import date

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.rules.days import refuse_before_birth

from . import newcomers
from .moves import address_of, placed, removed
from .plan import Change, Plan, act
from .seats import leave, seated_last
from .standing import household_of, members_of, newest_from, residents
from .timing import timing

QUOTED = tuple(
    name.attname
    for name in ResidentRecord._meta.fields
    if name.attname.startswith(("domicile", "register_head"))
)  # fmt: skip
"""The family register's items that may be taken over from a member of the household (#4.2.0.3/m2)."""


@implements("resident-record/1.0#4.2.1.2/m1", "resident-record/1.0#4.2.0.3/m2", "resident-record/1.0#4.2.1.1/m3")
@act("birth", "出生")
def birth(notice: Notice) -> Plan:
    """A child is born into a household (出生).

    The day of birth is the day of the act. A Japanese child takes over the head's family register where the notice
    says nothing else. Raises Refused without a household.
    """
    when, plan = timing(notice), Plan()
    home = household_of(notice.joins)
    if any(one.number for one in notice.people):
        raise Refused("出生では新しく記載する人を入力してください。", field="people", code="already_registered")
    _refuse_another_day(notice)
    said = newcomers.entered(notice, plan, when)
    plan.touch(home)
    members = members_of(home)
    quoted = {name: getattr(members[0], name) for name in QUOTED}
    since = dict.fromkeys(("became_resident_on", "address_set_on", "entry_event_on"), when.event_on)
    address = placed("address", address_of(members[0]))
    for items, seat in zip(said, seated_last(said, home), strict=True):
        register = quoted if items["kind"] == "1" and not items.get("domicile") else {}
        row = {**when.row("birth"), **since, "entry_reason": "birth", **address, **items, **register, **seat}
        plan.changes.append(Change(None, row, home, when.valid_from))
    return plan


def _refuse_another_day(notice: Notice) -> None:
    if any(one.items.get("born_on") not in (None, notice.event_on) for one in notice.people):
        raise Refused(
            "出生の異動日と生年月日が違います。日付を確かめてください。", field="born_on", code="born_another_day"
        )


@implements("resident-record/1.0#4.2.2.1/m1", "resident-record/1.0#4.0.2/m4")
@act("death", "死亡")
def death(notice: Notice) -> Plan:
    """Somebody died: the record is removed as of that day, whatever was recorded of later days (死亡).

    Raises Refused for a day before birth or before the person lived here.
    """
    when, plan, dead = timing(notice), Plan(), residents(notice.people)
    for one, record in zip(notice.people, dead, strict=True):
        refuse_before_birth(when.event_on, record.born_on)
        items = {**when.row("death"), **removed("death", when.told_on, when.event_on), "status": LifeState.DEAD.value}
        since = max(when.valid_from, _entered_on(record))
        plan.changes.append(Change(record, {**items, **one.items}, record.household, since))
    plan.touch(dead[0].household)
    leave(plan, dead, dead[0].household, max(when.valid_from, *map(newest_from, dead)), when.event_on)
    return plan


def _entered_on(record: ResidentRecord) -> date:
    """The first day of the person's present stay, which a death cannot lie before."""
    known: RegisterDate = record.entry_event_on or record.became_resident_on or record.born_on
    return known.earliest()
