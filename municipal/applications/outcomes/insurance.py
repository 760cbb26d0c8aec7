"""Insured by the town or no longer, and the category of the pension: entitlement and register (資格の得喪の実施).

What the office decides is an entitlement at once; the items of the resident record (Residential Basic Book Act,
article 7) are entered provisionally, as staff does by hand, and somebody else confirms them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.applications.operations.findings import day_found
from municipal.applications.rules.findings import GROUPS, OF_THE_REGISTER, ref_of
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.entitlements.kinds import kind_of
from municipal.entitlements.models import Cause, Entitlement, State
from municipal.entitlements.operations import Granting, end, grant
from municipal.entitlements.rules.health_insurance import lost_on, qualified_on
from municipal.entitlements.rules.pension import first_category_on
from municipal.residents.acts.standing import RESIDENT, members_of
from municipal.residents.models import Basis, Household, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.operations import enter

from . import Done, carries
from .entering import ENTRY
from .entitlement_days import NO_DAY
from .entitlements import NOTHING_HELD
from .persons import NOBODY, known_subject_of, member_named, subject_of

ENTITLEMENT, CORRECTION, LOSS = "entitlement", "correction_ex_officio", "register:nhi_loss"
FIRST_CATEGORY = "1"
"""第1号被保険者; the register's codes of categories are provisional."""
NO_DAY_FOUND = _("前の保険が終わった日などを、まだだれも確かめていません。日を入れてから、もう一度実施してください。")
AHEAD = _("資格の変わる日がまだ来ていません。その日になってから、もう一度実施してください。")
Noted = tuple[ResidentRecord, dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """One person of a form: the newest row, the cause that was answered, the day of what happened (届け出た人)."""

    record: ResidentRecord
    cause: str
    happened_on: date


@carries("register:nhi_join")
def join(actor: Actor, case: Case) -> Done:
    """Everybody named is insured from the day of qualification, however late it was notified (国保の資格取得)."""
    made, noted = list[Entitlement](), list[Noted]()
    for one in _told(case):
        first = _not_ahead(qualified_on(one.cause, one.happened_on))
        made.append(grant(actor=actor, granting=_granting(case, one.record, first)))
        items = {
            "has_national_health_insurance": True, "national_health_insurance_from": first,
            "national_health_insurance_until": None,
        }  # fmt: skip
        noted.append((one.record, items))
    return _entered(actor, noted) or Done(ENTITLEMENT, min(one.pk for one in made))


@carries(LOSS)
def lose(actor: Actor, case: Case) -> Done:
    """The insurance of everybody named ends; what a move-out or a death ended already stays so (国保の資格喪失).

    Raises Refused where neither an entitlement nor the record says that anybody named was insured.
    """
    ended, noted = list[Entitlement](), list[Noted]()
    for one in _told(case):
        lost = _not_ahead(lost_on(one.cause, one.happened_on))
        held = _held(case, one.record, State.GRANTED)
        ended += [_ended(actor, case, entitlement, lost - timedelta(days=1)) for entitlement in held]
        ended += [] if held else _held(case, one.record, State.ENDED)[-1:]
        if one.record.status == RESIDENT and one.record.has_national_health_insurance:
            items = {"has_national_health_insurance": False, "national_health_insurance_until": lost}
            noted.append((one.record, items))
    if not ended and not noted:
        raise Refused(NOTHING_HELD, code="nothing_held")
    return _entered(actor, noted) or Done(ENTITLEMENT, min(one.pk for one in ended))


@carries("register:pension_category")
def first_category(actor: Actor, case: Case) -> Done:
    """Insured in the first category from the day after the last day of work (国民年金の種別変更)."""
    own = subject_of(case)
    first = _not_ahead(first_category_on(_answered(case, "left_on")))
    made = grant(actor=actor, granting=_granting(case, own, first))
    items = {"has_pension": True, "pension_class": FIRST_CATEGORY, "pension_class_changed_on": first}
    if not own.has_pension:
        items |= {"pension_from": first, "pension_until": None}
    return _entered(actor, [(own, items)]) or Done(ENTITLEMENT, made.pk)


def _granting(case: Case, record: ResidentRecord, first: date) -> Granting:
    kind = kind_of(case.procedure)
    if kind is None:
        raise LookupError(f"no entitlement for {case.procedure}")
    who = record.addressee
    return Granting(
        person=who, about=who, kind=kind.kind, procedure=case.procedure, name=kind.name_ja, first=first,
        decided_in=case.number,
    )  # fmt: skip


def _entered(actor: Actor, noted: Sequence[Noted]) -> Done | None:
    """The provisional entry of what the record does not say yet; None where it says all of it (資格の仮登録).

    The day of the act is that of the entry: an item says itself since when it is so.
    """
    new = [
        Said(record.addressee.number, items) for record, items in noted
        if any((getattr(record, name) or None) != (value or None) for name, value in items.items())
    ]  # fmt: skip
    if not new:
        return None
    today = RegisterDate.exact(clock.today())
    notice = Notice(act=CORRECTION, event_on=today, basis=Basis.EX_OFFICIO.value, people=tuple(new))
    return Done(ENTRY, enter(actor=actor, notice=notice).pk, is_over=False)


def _held(case: Case, record: ResidentRecord, state: State) -> list[Entitlement]:
    kind = kind_of(case.procedure)
    rows = Entitlement.objects.filter(about=record.addressee, kind=kind.kind if kind else "", state=state)
    return list(rows.filter(recorded__endswith__isnull=True).order_by("pk"))


def _ended(actor: Actor, case: Case, one: Entitlement, last: date) -> Entitlement:
    return end(actor=actor, number=one.number, last=last, reason=f"受付番号 {case.number}", cause=Cause.CEASED)


def _told(case: Case) -> list[Told]:
    """Everybody whom the form names, once. Raises Refused for nobody, strangers, and days that nobody knows."""
    # A family that moved out is no resident any more when its notice of loss is decided.
    own = known_subject_of(case) if case.asked.does == LOSS else subject_of(case)
    home = own.household
    known, found = [*members_of(home), *_gone_from(home)], dict[int, Told]()
    for at, row in enumerate(case.answers.get(GROUPS[case.asked.does]) or []):
        record = member_named(known, case.people.get(ref_of(row.get("member")), {}))
        cause = str(row.get("cause"))
        found.setdefault(record.addressee_id, Told(record, cause, _day(case, at, cause, record)))
    if not found:
        raise Refused(NOBODY, code="nobody_named")
    return list(found.values())


def _gone_from(home: Household) -> list[ResidentRecord]:
    """The newest rows of those who died or left out of this household."""
    ids = ResidentRecord.objects.filter(household=home).values("addressee")
    rows = ResidentRecord.objects.filter(addressee__in=ids).select_related("addressee")
    newest = rows.order_by("addressee_id", "-serial").distinct("addressee_id")
    return [row for row in newest if row.status != RESIDENT and row.household_id == home.pk]


def _day(case: Case, at: int, cause: str, record: ResidentRecord) -> date:
    if cause not in OF_THE_REGISTER:
        found = day_found(case, f"day_{at}")
        if found is None:
            raise Refused(NO_DAY_FOUND, code="no_day_found")
        return found
    came = record.became_resident_on or record.became_foreign_resident_on
    left = (record.removed_on or record.event_on) if record.status != RESIDENT else record.move_out_planned_on
    said = {"moved_in": came, "born": record.born_on}.get(cause, left)
    day = said.date if isinstance(said, RegisterDate) else said
    if day is None:
        raise Refused(NO_DAY, code="no_day")
    return day


def _answered(case: Case, name: str) -> date:
    return date.fromisoformat(case.answers[name])


def _not_ahead(day: date) -> date:
    if day > clock.today():
        raise Refused(AHEAD, code="ahead")
    return day
