"""Foreign residents: first entries, and what the Immigration Services Agency tells (外国人住民; #4.5)."""

from dataclasses import replace

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, Kind, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.rules.stays import OF_THE_ENTRY, whole_stay

from .corrections import from_a_day_on
from .ex_officio import removal_ex_officio
from .moves import move_in
from .plan import Change, Plan, act
from .standing import record_of, refuse_unless_next, resident, residents
from .timing import timing

ABROAD = "move_in_from_abroad"
TOLD_BY_THE_AGENCY = frozenset(
    {
        "name", "roman_name", "kanji_name", "born_on", "sex", "nationality", "nationality_code", "article30_45_class",
        "residence_card_number", "residence_card_kind", "residence_status", "stay_years", "stay_months", "stay_days",
        "stay_expires_on", "landing_period", "provisional_stay_period", "remarks",
    }
)  # fmt: skip
"""What a notice of the agency may change (Act article 30-50)."""


@implements("resident-record/1.0#4.5.1/m1", "resident-record/1.0#4.5.1/m2")
@act("article30_46", "法第30条の46の届出")
def article30_46(notice: Notice) -> Plan:
    """Somebody with a residence status settles here for the first time (法第30条の46転入).

    As a move-in from abroad; the address before may stay empty. Raises Refused for anybody who is not of the four
    classes of the article.
    """
    return _first_entry(notice, "46")


@implements("resident-record/1.0#4.5.2/m1", "resident-record/1.0#4.5.2/m2")
@act("article30_47", "法第30条の47の届出")
def article30_47(notice: Notice) -> Plan:
    """Somebody who lives here already gets a residence status (法第30条の47届出).

    As ``article30_46``; the day of the act is the day on which the status began, and the address may have been set
    before it where the notice says so.
    """
    return _first_entry(notice, "47")


def _first_entry(notice: Notice, article: str) -> Plan:
    people = tuple(_foreign(one, notice, article) for one in notice.people)
    for one in people:
        known = vars(record_of(one.number)) if one.number else {}
        stay = {name: one.items.get(name, known.get(name)) for name in TOLD_BY_THE_AGENCY}
        if str(stay["article30_45_class"] or "") not in OF_THE_ENTRY:
            raise Refused(
                "中長期在留者、特別永住者、一時庇護許可者、仮滞在許可者のいずれかを選んでください。",
                field="article30_45_class", code="wrong_class",
            )  # fmt: skip
        whole_stay(stay)
    plan = move_in(replace(notice, people=people))
    for change in plan.changes:
        change.items |= {"reason": ABROAD, "entry_reason": ABROAD, "became_resident_on": None}
    return plan


def _foreign(one: Said, notice: Notice, article: str) -> Said:
    since = {"became_foreign_resident_on": notice.event_on} if notice.event_on else {}
    own = {"kind": Kind.FOREIGN.value, "article30_46_47_class": article, **since}
    return replace(one, items={**own, **one.items, "kind": Kind.FOREIGN.value})


@implements("resident-record/1.0#4.5.6/m1")
@act("immigration_correction", "入管庁通知による修正")
def immigration_correction(notice: Notice) -> Plan:
    """Name, status, period or card of a foreign resident changed, as the agency tells (入管庁通知による修正).

    Raises Refused for items that the agency does not tell, and for classes without their items.
    """
    _refuse_others(notice)
    for one in notice.people:
        if set(one.items) - TOLD_BY_THE_AGENCY:
            raise Refused(
                "入管庁の通知では直せない項目があります。別の異動として入力してください。", field="people",
                code="item_not_allowed",
            )  # fmt: skip
        record = resident(one)
        whole_stay({name: one.items.get(name, getattr(record, name)) for name in TOLD_BY_THE_AGENCY})
    return from_a_day_on(notice, "correction_ex_officio")


@implements("resident-record/1.0#4.5.6/m1")
@act("immigration_removal", "入管庁通知による消除")
def immigration_removal(notice: Notice) -> Plan:
    """A foreign resident has no residence status any more, as the agency tells (出入国在留管理庁長官通知による消除)."""
    _refuse_others(notice)
    return removal_ex_officio(notice)


def _refuse_others(notice: Notice) -> None:
    if notice.basis != Basis.IMMIGRATION:
        raise Refused(
            "出入国在留管理庁長官の通知に基づく異動です。異動の根拠を選び直してください。", field="basis",
            code="wrong_basis",
        )  # fmt: skip
    if any(record.kind != Kind.FOREIGN for record in residents(notice.people)):
        raise Refused(
            "この方の住民種別では、この異動は入力できません。対象者を確かめてください。",
            field="people",
            code="wrong_kind",
        )


@act("place_notification", "住居地の届出")
def place_notification(notice: Notice) -> Plan:
    """The residence card was brought and the place of living written on it (入管法の住居地届出)."""
    when, plan = timing(notice), Plan()
    found = residents(notice.people)
    refuse_unless_next(found, when.valid_from)
    for one, record in zip(notice.people, found, strict=True):
        if one.items:
            raise Refused("住居地の届出では、ほかの項目は直せません。", field="people", code="others")
        _refuse_unless_to_notify(record)
        said = {**when.row("minor_correction"), "is_place_notified": True}
        plan.changes.append(Change(record, said, record.household, when.valid_from))
    return plan


def _refuse_unless_to_notify(record: ResidentRecord) -> None:
    if record.kind != Kind.FOREIGN or not record.residence_card_number:
        raise Refused(
            "在留カード又は特別永住者証明書を持つ外国人住民だけが届け出ます。対象者を確かめてください。",
            field="people", code="wrong_kind",
        )  # fmt: skip
    if record.is_place_notified:
        raise Refused("この方の住居地の届出は、すでに済んでいます。", field="people", code="already_notified")
